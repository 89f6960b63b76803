//! value-model for Node: packed values in, JSON out. Everything that is computed is computed in `value-model`.
//!
//! This library becomes the addon of `@value-model/node`; what people import is written in JavaScript around it, the
//! same as around the WebAssembly module of the browser.

#![allow(clippy::needless_pass_by_value, reason = "made from what JavaScript gave, and nobody else's")]

mod arrow;
mod table;

use napi::bindgen_prelude::{BufferSlice, Float64ArraySlice};
use napi_derive::napi;
use value_model::scorecard::Scorer;
use value_model_javascript::{Model, Packed, SCORE, guarded};

/// A refusal as an error whose message JavaScript reads.
fn thrown(refusal: String) -> napi::Error {
    napi::Error::from_reason(refusal)
}

/// Runs a call so that nothing it does can end the process.
fn safely<T>(work: impl FnOnce() -> Result<T, String>) -> napi::Result<T> {
    guarded(work).map_err(thrown)
}

/// Applies the formula with this id to an input.
///
/// # Errors
/// `!` and a refusal.
#[napi(catch_unwind)]
pub fn call(id: String, numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<String> {
    safely(|| value_model_javascript::call(&id, Packed::new(&numbers, &texts)))
}

/// Every formula.
///
/// # Errors
/// None is expected.
#[napi(catch_unwind)]
pub fn catalog() -> napi::Result<String> {
    safely(value_model_javascript::catalog)
}

/// The models that come with the package.
///
/// # Errors
/// None is expected.
#[napi(catch_unwind)]
pub fn presets() -> napi::Result<String> {
    safely(value_model_javascript::presets)
}

/// Every code that a refusal can have.
///
/// # Errors
/// None is expected.
#[napi(catch_unwind)]
pub fn codes() -> napi::Result<String> {
    safely(value_model_javascript::codes)
}

/// What is allowed but probably not meant in a model.
///
/// # Errors
/// `!` and a refusal.
#[napi(catch_unwind)]
pub fn lint(numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<String> {
    safely(|| value_model_javascript::lint(Packed::new(&numbers, &texts)))
}

/// A compiled model.
#[napi]
#[derive(Debug)]
pub struct NativeScorer(Model);

impl NativeScorer {
    pub(crate) const fn scorer(&self) -> &Scorer {
        self.0.scorer()
    }
}

#[napi]
impl NativeScorer {
    /// Compiles a model.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(constructor, catch_unwind)]
    pub fn new(numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<Self> {
        safely(|| Model::new(Packed::new(&numbers, &texts)).map(Self))
    }

    /// Id, version, measures, their columns, bands.
    ///
    /// # Errors
    /// None is expected.
    #[napi(catch_unwind)]
    pub fn about(&self) -> napi::Result<String> {
        safely(|| self.0.about())
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// None is expected.
    #[napi(catch_unwind)]
    pub fn document(&self) -> napi::Result<String> {
        safely(|| self.0.document())
    }

    /// The document as TOML.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(catch_unwind)]
    pub fn toml(&self) -> napi::Result<String> {
        safely(|| self.0.toml())
    }

    /// Scores one account, packed behind the date of scoring, and explains the score.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(catch_unwind)]
    pub fn assess(&self, numbers: Float64ArraySlice<'_>, texts: String) -> napi::Result<String> {
        safely(|| self.0.assess(Packed::new(&numbers, &texts)))
    }

    /// Scores the accounts of a text with one JSON object per line.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(catch_unwind)]
    pub fn lines(&self, numbers: Float64ArraySlice<'_>, texts: String, text: String) -> napi::Result<String> {
        safely(|| self.0.lines(Packed::new(&numbers, &texts), &text))
    }

    /// Scores one account, packed behind the date of scoring, into the memory of [`SCORE`] numbers: made anew, each of them
    /// would be a value of JavaScript's on its own.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[napi(catch_unwind)]
    pub fn score(
        &mut self,
        numbers: Float64ArraySlice<'_>,
        texts: String,
        mut room: BufferSlice<'_>,
    ) -> napi::Result<()> {
        let mut found = [0.0; SCORE];
        safely(|| self.0.score(Packed::new(&numbers, &texts), &mut found))?;
        write(&mut room, &found);
        Ok(())
    }

    /// Scores one more account on the day of the last one, from a number per measure; says whether it could.
    ///
    /// # Errors
    /// None is expected.
    #[napi(catch_unwind)]
    pub fn score_numbers(
        &mut self,
        numbers: Float64ArraySlice<'_>,
        mut room: BufferSlice<'_>,
    ) -> napi::Result<bool> {
        let mut found = [0.0; SCORE];
        let done = safely(|| Ok(self.0.score_numbers(&numbers, &mut found)))?;
        if done {
            write(&mut room, &found);
        }
        Ok(done)
    }
}

/// Puts numbers into memory of JavaScript.
fn write(room: &mut [u8], numbers: &[f64]) {
    for (place, number) in room.chunks_exact_mut(size_of::<f64>()).zip(numbers) {
        place.copy_from_slice(&number.to_ne_bytes());
    }
}
