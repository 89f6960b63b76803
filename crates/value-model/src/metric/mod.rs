//! Metrics that stand alone: survey scores, cash flows, progress, waiting lines, money.

pub mod ces;
pub mod channel;
pub mod convert;
pub mod csat;
pub mod discount;
pub mod erlang;
pub mod growth;
pub mod interval;
pub mod irr;
pub mod money;
pub mod nps;
pub mod npv;
pub mod opportunity;
pub mod pace;
pub mod payback;
pub mod peer;
pub mod progress;
pub mod roi;
mod roots;
pub mod staffing;
pub mod xirr;
pub mod xnpv;
