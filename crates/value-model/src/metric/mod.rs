//! Metrics that stand alone: survey scores, cash flows, progress, waiting lines, money.

pub mod ces;
pub mod csat;
pub mod discount;
pub mod interval;
pub mod irr;
pub mod nps;
pub mod npv;
pub mod payback;
pub mod roi;
mod roots;
pub mod xirr;
pub mod xnpv;
