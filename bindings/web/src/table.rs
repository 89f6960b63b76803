//! A table being scored, a few thousand rows at a time: JavaScript copies columns into the memory of the module, and
//! results out of it.

use value_model::block::{Bits, Block, Input, Target, Values, present};
use value_model::scorecard::Scorer;
use value_model_javascript::{Bench, Kernel, Packed, Refused, Sheet};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::NativeScorer;

#[cfg(target_arch = "wasm32")]
use crate::simd::Two as Native;
#[cfg(not(target_arch = "wasm32"))]
type Native = f64;

/// The rows of a piece: its columns stay in the caches.
pub(crate) const PIECE: usize = 4096;

/// The instructions of the module.
struct Instructions;

impl Kernel for Instructions {
    fn score(
        &self,
        block: &mut Block,
        scorer: &Scorer,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        block.score::<Native>(scorer, input, targets, at)
    }

    fn present(&self, values: &[f64]) -> Bits {
        present::<Native>(values)
    }
}

/// A model matched to the columns of a table, with room for a piece of it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeTable {
    sheet: Sheet,
    bench: Bench,
    columns: Vec<Vec<f64>>,
    numbers: Vec<Vec<f64>>,
    codes: Vec<Vec<u8>>,
    valid: Vec<Vec<u8>>,
    refused: Vec<Refused>,
}

#[wasm_bindgen]
impl NativeTable {
    /// Matches a model to a table.
    ///
    /// # Errors
    /// `!` and a refusal.
    #[wasm_bindgen(constructor)]
    pub fn new(scorer: &NativeScorer, numbers: &[f64], texts: &str) -> Result<NativeTable, String> {
        let sheet = Sheet::new(scorer.scorer(), Packed::new(numbers, texts))?;
        let room = |codes: bool| {
            let wanted = sheet.results().iter();
            wanted.map(move |column| if column.is_code() == codes { PIECE } else { 0 })
        };
        Ok(Self {
            bench: Bench::new(&sheet, false),
            columns: vec![vec![0.0; PIECE]; sheet.numbers()],
            numbers: room(false).map(|rows| vec![0.0; rows]).collect(),
            codes: room(true).map(|rows| vec![0; rows]).collect(),
            valid: sheet.results().iter().map(|_| vec![0; PIECE / 8]).collect(),
            refused: Vec::new(),
            sheet,
        })
    }

    /// What to give, and what comes back.
    ///
    /// # Errors
    /// None is expected.
    pub fn about(&self) -> Result<String, String> {
        self.sheet.about()
    }

    /// Takes a column of values, packed as a list.
    pub fn give(&mut self, place: usize, numbers: &[f64], texts: &str) {
        self.sheet.give(place, Packed::new(numbers, texts));
    }

    /// Where the numbers of a column are put.
    pub fn input(&self, place: usize) -> usize {
        self.columns.get(place).map_or(0, |column| column.as_ptr().addr())
    }

    /// Where the results of a column stand.
    pub fn output(&self, place: usize) -> usize {
        match (self.numbers.get(place), self.codes.get(place)) {
            (Some(numbers), Some(codes)) if numbers.is_empty() => codes.as_ptr().addr(),
            (Some(numbers), _) => numbers.as_ptr().addr(),
            (None, _) => 0,
        }
    }

    /// Scores the rows of a piece.
    pub fn score(&mut self, start: usize, rows: usize) {
        let columns: Vec<&[f64]> = self.columns.iter().map(Vec::as_slice).collect();
        let wanted = self.sheet.results().iter();
        let memory = self.numbers.iter_mut().zip(&mut self.codes).zip(&mut self.valid);
        let mut targets: Vec<Target<'_>> = wanted
            .zip(memory)
            .map(|(&column, ((numbers, codes), valid))| {
                let values = if column.is_code() { Values::Codes(codes) } else { Values::Numbers(numbers) };
                Target { column, values, valid }
            })
            .collect();
        let span = (start, rows.min(PIECE));
        let done =
            self.sheet.score(&mut self.bench, &Instructions, (&columns, start), span, &mut targets, &|| true);
        self.refused.extend(done.unwrap_or_default());
    }

    /// The refused rows as JSON.
    ///
    /// # Errors
    /// `!` and the first of them, where the options say so.
    pub fn refusals(&self) -> Result<String, String> {
        self.sheet.refusals(&self.refused)
    }
}
