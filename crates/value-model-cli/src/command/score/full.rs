//! The full path: every account assessed with its explanation.

use std::ops::ControlFlow;

use value_model::Date;
use value_model::answer::Record;
use value_model::scorecard::Assessment;

use super::Tally;
use crate::input::{Input, Plan};
use crate::message::{Failure, Refused};
use crate::output::flat::Columns;
use crate::output::rejects::Rejects;
use crate::progress::Progress;

/// One scoring of one or more files.
pub(super) struct Run<'a> {
    pub(super) plan: Plan<'a>,
    pub(super) as_of: Date,
    pub(super) columns: &'a Columns,
    /// The columns carried over.
    pub(super) keep: &'a [String],
    pub(super) progress: &'a Progress,
    pub(super) tally: Tally,
    /// What else is done with every assessment: keeping it in a history.
    pub(super) watch: Option<&'a mut Watch<'a>>,
}

/// What is done with an assessment beside writing it: given its line, record and result, it may refuse the account.
pub(super) type Watch<'a> = dyn FnMut(u64, &Record, &Assessment) -> Result<Result<(), Refused>, Failure> + 'a;

/// What writes one account: its assessment and its kept attributes.
type Write<'a> = dyn FnMut(&Assessment, &[String]) -> Result<(), Failure> + 'a;

impl Run<'_> {
    /// Gives every account that can be assessed to `write`, with its kept attributes.
    pub(super) fn each(
        &mut self,
        input: Input,
        rejects: &mut Rejects,
        write: &mut Write<'_>,
    ) -> Result<(), Failure> {
        let (plan, keep) = (self.plan, self.keep);
        input.each(&plan, &mut |line, record| {
            let assessed = record.and_then(|record| {
                let result = plan.scorer.assess(&record, self.as_of);
                let result = result.map_err(|error| Refused::by(&error, line, &record.account))?;
                Ok((result, record))
            });
            let assessed = match (assessed, &mut self.watch) {
                (Ok((result, record)), Some(watch)) => {
                    watch(line, &record, &result)?.map(|()| (result, record))
                }
                (assessed, _) => assessed,
            };
            let assessed = assessed.map(|(result, record)| (result, kept(&record, keep)));
            match assessed {
                Ok((result, keep)) => {
                    self.tally.count(result.score);
                    write(&result, &keep)?;
                }
                Err(refused) => rejects.add(&refused)?,
            }
            self.progress.tick();
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// The texts of the kept attributes; an attribute that the account lacks is empty.
pub(crate) fn kept(record: &Record, attributes: &[String]) -> Vec<String> {
    attributes.iter().map(|name| record.attributes.get(name).map_or_else(String::new, full_text)).collect()
}

/// An attribute's text, whole: `Display` cuts long ones for messages.
pub(crate) fn full_text(value: &value_model::answer::Value) -> String {
    match value {
        value_model::answer::Value::Text(text) => text.clone(),
        other => other.to_string(),
    }
}
