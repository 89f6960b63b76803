//! The output of a scoring, in whatever form; files of the input are added to it one after the other.

use arrow_schema::{DataType, Field};

use super::Score;
use super::fast::To;
use super::full::Run;
use super::objects::Objects;
use super::shown::Shown;
use crate::input::Input;
use crate::message::Failure;
use crate::output::lines::{self, Lines};
use crate::output::rejects::Rejects;
use crate::output::scored::Layout;
use crate::output::sink::{Encoder, Sink};
use crate::output::{Format, Output};

/// An output being written.
pub(super) enum Writer {
    /// One line per account.
    Csv(Output),
    /// One object per account.
    Objects(Objects),
    /// A table for people.
    Shown(Shown),
    /// Batches of accounts.
    Columns(Layout, Sink, Encoder),
    /// Nowhere: they are kept in a history alone.
    Nothing,
}

impl Writer {
    /// Starts the output; `kept` are the columns carried over, with their types.
    pub(super) fn open(run: &Run<'_>, args: &Score, kept: &[Field]) -> Result<Self, Failure> {
        if args.is_kept_alone() {
            return Ok(Self::Nothing);
        }
        let (path, scorer) = (args.output.output.as_deref(), run.plan.scorer);
        let format = Format::of(args.output.format, path);
        if format.is_columnar() {
            let layout = Layout::new(scorer, run.as_of, kept, args.more())?;
            let (sink, encoder) = Sink::open(format, layout.schema(), path)?;
            return Ok(Self::Columns(layout, sink, encoder));
        }
        let mut output = Output::open(path)?;
        Ok(match format {
            Format::Ndjson => Self::Objects(Objects::new(output, false)),
            Format::Json => Self::Objects(Objects::new(output, true)),
            Format::Table => Self::Shown(Shown::new(output, scorer, &args.keep, args.rows)),
            _ => {
                run.columns.head(&mut output.text);
                Self::Csv(output)
            }
        })
    }

    /// Scores one file of the input, whose kept columns have these types.
    pub(super) fn add(
        &mut self,
        run: &mut Run<'_>,
        (input, kept): (Input, &[Field]),
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let columns = run.columns;
        // Rows of a text that are scored as they are read have no explanation, and one day for all of them.
        let watched = run.watch.is_some();
        let fast = !columns.more.any() && run.plan.args.on.is_none() && !watched;
        match (self, input) {
            (Self::Nothing, input) => run.each(input, rejects, &mut |_, _| Ok(())),
            (Self::Csv(output), Input::Columns(columnar)) if !watched => {
                let layout = Layout::new(run.plan.scorer, run.as_of, kept, columns.more)?;
                lines::check(layout.schema())?;
                let encoder = Encoder::Csv(Lines { style: columns.style });
                run.columns(columnar, (&layout, &encoder), &mut |piece| piece.text(output), rejects)
            }
            (Self::Csv(output), Input::Wide(wide)) if fast => run.fast(wide, To::Text(output), rejects),
            (Self::Csv(output), input) => {
                let Some(input) = long(run, input, output, rejects)? else { return Ok(()) };
                run.each(input, rejects, &mut |result, keep| {
                    columns.assessed(&mut output.text, result, keep);
                    output.spill()
                })
            }
            (Self::Objects(objects), input) => run.each(input, rejects, &mut |result, _| objects.add(result)),
            (Self::Shown(shown), input) => run.each(input, rejects, &mut |result, keep| {
                shown.add(result, keep);
                Ok(())
            }),
            (Self::Columns(layout, sink, encoder), Input::Wide(wide)) if fast => {
                run.fast(wide, To::Columns(layout, sink, encoder), rejects)
            }
            (Self::Columns(layout, sink, encoder), input) => {
                let put = &mut |piece| sink.put(piece);
                match input {
                    Input::Columns(columnar) if !watched => {
                        run.columns(columnar, (layout, encoder), put, rejects)
                    }
                    input => {
                        let left = run.long(input, (layout, encoder), put, rejects)?;
                        left.map_or(Ok(()), |input| run.rows(input, (layout, encoder), put, rejects))
                    }
                }
            }
        }
    }

    /// Writes the end and makes a file appear under its name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Csv(output) => output.finish(),
            Self::Objects(objects) => objects.finish(),
            Self::Shown(shown) => shown.finish(),
            Self::Columns(_, sink, _) => sink.finish(),
            Self::Nothing => Ok(()),
        }
    }
}

/// Scores a long table to lines of CSV, or gives the input back.
fn long(
    run: &mut Run<'_>,
    input: Input,
    output: &mut Output,
    rejects: &mut Rejects,
) -> Result<Option<Input>, Failure> {
    let texts: Vec<Field> = run.keep.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    let columns = run.columns;
    let Ok(layout) = Layout::new(run.plan.scorer, run.as_of, &texts, columns.more) else {
        return Ok(Some(input));
    };
    let encoder = Encoder::Csv(Lines { style: columns.style });
    run.long(input, (&layout, &encoder), &mut |piece| piece.text(output), rejects)
}
