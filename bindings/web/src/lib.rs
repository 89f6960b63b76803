//! value-model for browsers: packed values in, JSON out. Everything that is computed is computed in `value-model`.
//!
//! This library becomes the WebAssembly module of `@value-model/web`; what people import is written in JavaScript
//! around it, the same as around the addon of Node.
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod simd;
mod table;

use value_model::scorecard::Scorer;
use value_model_javascript::{Model, Packed};
use wasm_bindgen::prelude::wasm_bindgen;

/// Applies the formula with this id to an input.
///
/// # Errors
/// `!` and a refusal.
#[wasm_bindgen]
pub fn call(id: &str, numbers: &[f64], texts: &str) -> Result<String, String> {
    value_model_javascript::call(id, Packed::new(numbers, texts))
}

/// Every formula.
///
/// # Errors
/// None is expected.
#[wasm_bindgen]
pub fn catalog() -> Result<String, String> {
    value_model_javascript::catalog()
}

/// The models that come with the package.
///
/// # Errors
/// None is expected.
#[wasm_bindgen]
pub fn presets() -> Result<String, String> {
    value_model_javascript::presets()
}

/// Every code that a refusal can have.
///
/// # Errors
/// None is expected.
#[wasm_bindgen]
pub fn codes() -> Result<String, String> {
    value_model_javascript::codes()
}

/// What is allowed but probably not meant in a model.
///
/// # Errors
/// `!` and a refusal.
#[wasm_bindgen]
pub fn lint(numbers: &[f64], texts: &str) -> Result<String, String> {
    value_model_javascript::lint(Packed::new(numbers, texts))
}

/// A compiled model.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeScorer(Model);

impl NativeScorer {
    pub(crate) const fn scorer(&self) -> &Scorer {
        self.0.scorer()
    }
}

#[wasm_bindgen]
impl NativeScorer {
    /// Compiles a model.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[wasm_bindgen(constructor)]
    pub fn new(numbers: &[f64], texts: &str) -> Result<NativeScorer, String> {
        Model::new(Packed::new(numbers, texts)).map(Self)
    }

    /// Id, version, measures, their columns, bands.
    ///
    /// # Errors
    /// None is expected.
    pub fn about(&self) -> Result<String, String> {
        self.0.about()
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// None is expected.
    pub fn document(&self) -> Result<String, String> {
        self.0.document()
    }

    /// The document as TOML.
    ///
    /// # Errors
    /// `!` and a refusal.
    pub fn toml(&self) -> Result<String, String> {
        self.0.toml()
    }

    /// Scores one account, packed behind the date of scoring, and explains the score.
    ///
    /// # Errors
    /// `!` and a refusal.
    pub fn assess(&self, numbers: &[f64], texts: &str) -> Result<String, String> {
        self.0.assess(Packed::new(numbers, texts))
    }

    /// Scores the accounts of a text with one JSON object per line.
    ///
    /// # Errors
    /// `!` and a refusal.
    pub fn lines(&self, numbers: &[f64], texts: &str, text: &str) -> Result<String, String> {
        self.0.lines(Packed::new(numbers, texts), text)
    }

    /// Scores one account, packed behind the date of scoring, into `out`.
    ///
    /// # Errors
    /// `!` and a refusal.
    pub fn score(&mut self, numbers: &[f64], texts: &str, out: &mut [f64]) -> Result<(), String> {
        self.0.score(Packed::new(numbers, texts), out)
    }

    /// Scores one more account on the day of the last one, from a number per measure; says whether it could.
    #[wasm_bindgen(js_name = scoreNumbers)]
    pub fn score_numbers(&mut self, numbers: &[f64], out: &mut [f64]) -> bool {
        self.0.score_numbers(numbers, out)
    }
}

/// The memory of the module.
#[wasm_bindgen(js_name = wasmMemory)]
pub fn wasm_memory() -> wasm_bindgen::JsValue {
    wasm_bindgen::memory()
}

/// The most rows of a table that are scored at once.
#[wasm_bindgen]
pub fn piece() -> usize {
    table::PIECE
}
