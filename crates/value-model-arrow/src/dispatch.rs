//! Which instructions score a block: chosen once, when the program first asks.
#![expect(
    unsafe_code,
    reason = "calls of functions compiled for instructions that were asked for just before"
)]

use std::sync::OnceLock;

use value_model::Error;
use value_model::block::{Bits, Block, Input, Target, present};
use value_model::compare::rollup::{Lines, Rollup};
use value_model::model::customer_value::columns as money;
use value_model::scorecard::Scorer;

#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512, Sse2};

/// The instructions that score blocks. All of them give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Path {
    /// One account after the other, on any processor.
    Scalar,
    /// Two accounts per instruction, on any x86-64 processor.
    Sse2,
    /// Four accounts per instruction.
    Avx2,
    /// Eight accounts per instruction, with results written past the caches.
    Avx512,
}

/// The environment variable that forces a path, for tests and measurements.
const VARIABLE: &str = "VALUE_MODEL_SIMD";

/// Asks the memory for the lines that hold so many bytes from a place on, perhaps past the end of the slice: they will be
/// read soon. Changes nothing but the time that takes.
pub(crate) fn fetch(bytes: &[u8], from: usize, count: usize) {
    #[cfg(target_arch = "x86_64")]
    for line in (from..from.saturating_add(count)).step_by(64) {
        let line = bytes.as_ptr().wrapping_add(line).cast();
        // SAFETY: every x86-64 processor has this instruction; a hint reads nothing, whatever the address.
        unsafe { std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(line) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (bytes, from, count);
}

impl Path {
    /// Every path, the slowest first.
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Sse2, Self::Avx2, Self::Avx512];

    /// The name by which `VALUE_MODEL_SIMD` forces it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Sse2 => "sse2",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this processor has the instructions.
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => is_x86_feature_detected!("sse2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq"),
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// The fastest path of this processor, or the one that `VALUE_MODEL_SIMD` names.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the variable names a path that does not exist or that the processor does not have.
    pub fn best() -> Result<Self, Error> {
        static BEST: OnceLock<Result<Path, Error>> = OnceLock::new();
        BEST.get_or_init(|| match std::env::var(VARIABLE) {
            Ok(name) => Self::named(&name),
            Err(_) => {
                Ok(Self::ALL.into_iter().rev().find(|path| path.is_available()).unwrap_or(Self::Scalar))
            }
        })
        .clone()
    }

    /// The path of a name.
    ///
    /// # Errors
    /// [`Error::Invalid`] as for [`Path::best`].
    pub fn named(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|path| path.name() == name);
        found.filter(|path| path.is_available()).ok_or_else(|| {
            let here: Vec<&str> =
                Self::ALL.into_iter().filter(|path| path.is_available()).map(Self::name).collect();
            Error::Invalid {
                field: VARIABLE.into(),
                reason: format!(
                    "is `{}`; this processor has {}",
                    value_model::error::excerpt(name),
                    here.join(", ")
                ),
            }
        })
    }

    /// Makes the results of blocks visible to other threads: results written past the caches come in any order.
    pub fn finish(self) {
        #[cfg(target_arch = "x86_64")]
        if self != Self::Scalar {
            // SAFETY: every x86-64 processor has this instruction.
            unsafe { std::arch::x86_64::_mm_sfence() }
        }
    }

    /// Scores a block: see [`Block::score`]. Whoever drives blocks calls [`Path::finish`] before others read the results.
    pub fn score(
        self,
        block: &mut Block,
        scorer: &Scorer,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a path only exists where `is_available` has seen its instructions.
            Self::Sse2 => unsafe { sse2::any(block, scorer, input, targets, at) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx2 => unsafe { avx2::any(block, scorer, input, targets, at) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { avx512::any(block, scorer, input, targets, at) },
            // Not in the browser, where every kilobyte is loaded.
            #[cfg(not(target_family = "wasm"))]
            _ if block.is_tree::<f64>(scorer, input) => block.score_tree::<f64>(scorer, input, targets, at),
            _ => block.score::<f64>(scorer, input, targets, at),
        }
    }

    /// Which numbers of a block are not NaN: see [`present`].
    pub fn present(self, values: &[f64]) -> Bits {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Sse2 => unsafe { sse2::present(values) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx2 => unsafe { avx2::present(values) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { avx512::present(values) },
            _ => present::<f64>(values),
        }
    }

    /// Computes the customer value formula for a block: see [`money::Block::score`].
    pub(crate) fn value(
        self,
        block: &mut money::Block,
        input: &money::Input<'_>,
        targets: &mut [money::Target<'_>],
        at: usize,
    ) -> Bits {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Sse2 => unsafe { sse2::value(block, input, targets, at) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx2 => unsafe { avx2::value(block, input, targets, at) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { avx512::value(block, input, targets, at) },
            _ => block.score::<f64>(input, targets, at),
        }
    }

    /// Computes it for a run: see [`money::Run::score`].
    pub(crate) fn run(self, run: &money::Run<'_>, three: &mut money::Three<'_>) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Sse2 => unsafe { sse2::run(run, three) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx2 => unsafe { avx2::run(run, three) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { avx512::run(run, three) },
            _ => run.score::<f64>(three),
        }
    }

    /// Adds accounts to the rows of a portfolio: see [`Rollup::add_block`].
    pub(crate) fn add(
        self,
        sums: &mut Rollup,
        rows: &[u32],
        lines: &Lines<'_>,
        refuse: &mut dyn FnMut(usize, Error),
    ) -> Result<(), Error> {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Sse2 => unsafe { sse2::add(sums, rows, lines, refuse) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx2 => unsafe { avx2::add(sums, rows, lines, refuse) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { avx512::add(sums, rows, lines, refuse) },
            _ => sums.add_block::<f64>(rows, lines, refuse),
        }
    }
}

macro_rules! compiled {
    ($($name:ident for $features:literal with $lane:ty;)+) => {$(
        #[cfg(target_arch = "x86_64")]
        mod $name {
            #[allow(clippy::wildcard_imports, reason = "the words of this file")]
            use super::*;

            pub(super) unsafe fn any(
                block: &mut Block,
                scorer: &Scorer,
                input: &Input<'_>,
                targets: &mut [Target<'_>],
                at: usize,
            ) -> Bits {
                // Two functions, so that neither has the frame of the other in builds without optimisation.
                if block.is_tree::<$lane>(scorer, input) {
                    // SAFETY: the caller's promise.
                    unsafe { tree(block, scorer, input, targets, at) }
                } else {
                    // SAFETY: as above.
                    unsafe { score(block, scorer, input, targets, at) }
                }
            }

            #[target_feature(enable = $features)]
            fn score(
                block: &mut Block,
                scorer: &Scorer,
                input: &Input<'_>,
                targets: &mut [Target<'_>],
                at: usize,
            ) -> Bits {
                block.score::<$lane>(scorer, input, targets, at)
            }

            #[target_feature(enable = $features)]
            fn tree(
                block: &mut Block,
                scorer: &Scorer,
                input: &Input<'_>,
                targets: &mut [Target<'_>],
                at: usize,
            ) -> Bits {
                block.score_tree::<$lane>(scorer, input, targets, at)
            }

            #[target_feature(enable = $features)]
            pub(super) fn present(values: &[f64]) -> Bits {
                value_model::block::present::<$lane>(values)
            }

            #[target_feature(enable = $features)]
            pub(super) fn value(
                block: &mut money::Block,
                input: &money::Input<'_>,
                targets: &mut [money::Target<'_>],
                at: usize,
            ) -> Bits {
                block.score::<$lane>(input, targets, at)
            }

            #[target_feature(enable = $features)]
            pub(super) fn run(run: &money::Run<'_>, three: &mut money::Three<'_>) -> bool {
                run.score::<$lane>(three)
            }

            #[target_feature(enable = $features)]
            pub(super) fn add(
                sums: &mut Rollup,
                rows: &[u32],
                lines: &Lines<'_>,
                refuse: &mut dyn FnMut(usize, Error),
            ) -> Result<(), Error> {
                sums.add_block::<$lane>(rows, lines, refuse)
            }
        }
    )+};
}

compiled! {
    sse2 for "sse2" with Sse2;
    avx2 for "avx2,fma" with Avx2;
    avx512 for "avx512f,avx512dq" with Avx512;
}
