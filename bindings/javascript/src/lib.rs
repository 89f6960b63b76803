//! What the packages for the browser and for Node share.
//!
//! Values of JavaScript cross the border packed (see [`Packed`]), so that one reader, in JavaScript, looks at them for
//! both packages. Results cross back as JSON, which every engine parses faster than objects can be built from outside.
//! Nothing is computed here.
#![forbid(unsafe_code)]

mod columns;
mod documents;
mod lines;
mod model;
mod packed;
mod quick;
mod reply;

pub use columns::{ArrowOptions, Bench, Kernel, MAX_BANDS, NO_CODE, Refused, Sheet};
pub use documents::{call, catalog, codes, lint, presets};
pub use model::{Model, SCORE};
pub use packed::Packed;
pub use reply::{Reply, guarded, refuse};
