//! Reading the accounts of a file for the commands that look at each of them in full.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use value_model::answer::Record;

use crate::args::{InputArgs, RejectArgs};
use crate::input::files::Files;
use crate::input::{self, Input, Plan};
use crate::message::{Done, Failure, Notes, Refused};
use crate::model::Model;
use crate::output::rejects::Rejects;

/// What is done with one account: its result, a refusal of the account, or a failure that ends the run.
pub(super) type Step<'a> = dyn FnMut(Record) -> Result<Result<(), Refusal>, Failure> + 'a;

/// What is done with files that may be read faster than account by account.
pub(super) trait Reader {
    /// Reads a whole file, or gives it back to be read account by account.
    ///
    /// # Errors
    /// What makes reading on impossible.
    fn whole(&mut self, input: Input, plan: &Plan<'_>, seen: &mut Seen<'_>)
    -> Result<Option<Input>, Failure>;

    /// What is done with one account.
    ///
    /// # Errors
    /// What ends the run.
    fn step(&mut self, record: Record) -> Result<Result<(), Refusal>, Failure>;
}

/// What a reader says while it reads: refused rows, in order, and that something was read.
pub(super) struct Seen<'a> {
    pub(super) refuse: &'a mut dyn FnMut(&Refused) -> Result<(), Failure>,
    pub(super) tick: &'a dyn Fn(),
}

/// Reads account by account.
struct Steps<'a, 's>(&'a mut Step<'s>);

impl Reader for Steps<'_, '_> {
    fn whole(&mut self, input: Input, _: &Plan<'_>, _: &mut Seen<'_>) -> Result<Option<Input>, Failure> {
        Ok(Some(input))
    }

    fn step(&mut self, record: Record) -> Result<Result<(), Refusal>, Failure> {
        (self.0)(record)
    }
}

/// Why an account is refused: by the engine, with its name.
pub(super) struct Refusal {
    pub(super) error: value_model::Error,
    pub(super) account: String,
}

/// What a reading of all accounts came to.
pub(super) struct Read {
    pub(super) done: Done,
    /// Rows refused, by the code of the reason.
    pub(super) refused: BTreeMap<String, u64>,
}

/// Reads every account; those that cannot be read or judged are refused, the others go on.
pub(super) fn each(
    files: (&InputArgs, &RejectArgs, Option<&PathBuf>),
    model: &Model,
    attributes: &[String],
    notes: Notes,
    step: &mut Step<'_>,
) -> Result<Done, Failure> {
    counted(files, model, attributes, notes, step).map(|read| read.done)
}

/// The same, with the refused rows counted by reason.
pub(super) fn counted(
    files: (&InputArgs, &RejectArgs, Option<&PathBuf>),
    model: &Model,
    attributes: &[String],
    notes: Notes,
    step: &mut Step<'_>,
) -> Result<Read, Failure> {
    whole(files, model, attributes, notes, &mut Steps(step))
}

/// The same, by a reader that may know a faster way.
pub(super) fn whole(
    (input, rejects, output): (&InputArgs, &RejectArgs, Option<&PathBuf>),
    model: &Model,
    attributes: &[String],
    notes: Notes,
    reader: &mut dyn Reader,
) -> Result<Read, Failure> {
    let scorer = model.first()?;
    let mut files = Files::list(&input.input, notes)?;
    files.differ(output)?;
    files.differ(rejects.rejects.as_ref())?;
    let mut refused = Rejects::open(rejects, false, notes)?;
    let mut reasons = BTreeMap::new();
    let mut refuse = |row: &Refused, refused: &mut Rejects| {
        *reasons.entry(row.code.to_string()).or_insert(0) += 1;
        refused.add(row)
    };
    let progress = files.progress(notes);
    let attributes = model.attributes(&input::attributes(input, attributes));
    let plan = Plan { args: input, scorer, set: model.set(), attributes: &attributes, notes };
    files.each(notes, &mut |opened| {
        refused.read_from(opened.name());
        let mut refuse = |row: &Refused| refuse(row, &mut refused);
        let mut seen = Seen { refuse: &mut refuse, tick: &|| progress.tick() };
        if let Some(input) = reader.whole(Input::open(opened, &plan)?, &plan, &mut seen)? {
            one_by_one(input, &plan, reader, &mut seen)?;
        }
        Ok(true)
    })?;
    drop(progress);
    Ok(Read { done: refused.finish()?, refused: reasons })
}

fn one_by_one(
    input: Input,
    plan: &Plan<'_>,
    reader: &mut dyn Reader,
    seen: &mut Seen<'_>,
) -> Result<(), Failure> {
    input.each(plan, &mut |line, record| {
        match record {
            Err(row) => (seen.refuse)(&row)?,
            Ok(record) => {
                if let Err(Refusal { error, account }) = reader.step(record)? {
                    (seen.refuse)(&Refused::by(&error, line, &account))?;
                }
            }
        }
        (seen.tick)();
        Ok(ControlFlow::Continue(()))
    })
}
