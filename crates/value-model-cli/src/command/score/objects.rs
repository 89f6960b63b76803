//! Assessments as JSON: one object per account, on lines or in a list.

use value_model::scorecard::Assessment;

use crate::message::Failure;
use crate::output::{Output, json};

/// Objects being written.
pub(super) struct Objects {
    output: Output,
    list: bool,
    any: bool,
}

impl Objects {
    /// Starts lines, or a list.
    pub(super) fn new(output: Output, list: bool) -> Self {
        Self { output, list, any: false }
    }

    /// Writes one account.
    pub(super) fn add(&mut self, result: &Assessment) -> Result<(), Failure> {
        let before: &[u8] = match (self.any, self.list) {
            (false, true) => b"[\n",
            (false, false) => b"",
            (true, true) => b",\n",
            (true, false) => b"\n",
        };
        self.any = true;
        self.output.text.extend_from_slice(before);
        json(&mut self.output.text, result, false)?;
        self.output.spill()
    }

    /// Ends the list or the last line.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let end: &[u8] = match (self.any, self.list) {
            (true, true) => b"\n]\n",
            (false, true) => b"[\n\n]\n",
            (_, false) => b"\n",
        };
        self.output.text.extend_from_slice(end);
        self.output.finish()
    }
}
