//! The columnar path: accounts in batches, to Parquet, Arrow or CSV.

use super::full::Run;
use crate::input::Input;
use crate::message::Failure;
use crate::output::rejects::Rejects;
use crate::output::rows::Rows;
use crate::output::scored::Layout;
use crate::output::sink::{Encoder, Sink};

/// Rows per piece of a columnar output, where they are scored one at a time.
const ROWS: usize = 64 * 1024;

impl Run<'_> {
    /// Scores accounts one at a time to a columnar output.
    pub(super) fn rows(
        &mut self,
        input: Input,
        layout: &Layout,
        (sink, encoder): (&mut Sink, &Encoder),
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let mut rows = Rows::new(layout, self.plan.scorer);
        self.each(input, rejects, &mut |result, keep| {
            rows.assessment(result, keep.iter().map(String::as_str));
            if rows.len() >= ROWS { sink.put(encoder.encode(vec![rows.take()?])?) } else { Ok(()) }
        })?;
        if rows.len() > 0 { sink.put(encoder.encode(vec![rows.take()?])?) } else { Ok(()) }
    }
}
