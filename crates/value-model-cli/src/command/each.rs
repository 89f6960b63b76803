//! Reading the accounts of a file for the commands that look at each of them in full.

use std::ops::ControlFlow;

use value_model::answer::Record;
use value_model::scorecard::Scorer;

use crate::args::{InputArgs, RejectArgs};
use crate::input::source::Source;
use crate::input::{Input, Plan};
use crate::message::{Done, Failure, Notes, Refused};
use crate::output::differ;
use crate::output::rejects::Rejects;
use crate::progress::Progress;

/// What is done with one account: its result, a refusal of the account, or a failure that ends the run.
pub(super) type Step<'a> = dyn FnMut(Record) -> Result<Result<(), Refusal>, Failure> + 'a;

/// Why an account is refused: by the engine, with its name.
pub(super) struct Refusal {
    pub(super) error: value_model::Error,
    pub(super) account: String,
}

/// Reads every account; those that cannot be read or judged are refused, the others go on.
pub(super) fn each(
    (input, rejects): (&InputArgs, &RejectArgs),
    scorer: &Scorer,
    attributes: &[String],
    notes: Notes,
    step: &mut Step<'_>,
) -> Result<Done, Failure> {
    differ(&input.input, rejects.rejects.as_ref())?;
    let source = Source::open(&input.input)?;
    let mut refused = Rejects::open(rejects, &source.name, false, notes)?;
    let progress = Progress::new(source.length, source.read.clone(), notes.quiet);
    let plan = Plan { args: input, scorer, attributes, notes };
    Input::open(source, &plan)?.each(&plan, &mut |line, record| {
        match record {
            Err(row) => refused.add(&row)?,
            Ok(record) => {
                if let Err(Refusal { error, account }) = step(record)? {
                    refused.add(&Refused::by(&error, line, &account))?;
                }
            }
        }
        progress.tick();
        Ok(ControlFlow::Continue(()))
    })?;
    drop(progress);
    refused.finish()
}
