//! The full path: every account assessed with its explanation, written in any form.

use std::ops::ControlFlow;

use value_model::Date;
use value_model::answer::Record;
use value_model::scorecard::{Assessment, Polarity};

use super::Tally;
use crate::input::{Input, Plan};
use crate::message::{Failure, Refused};
use crate::output::flat::{Columns, outcome};
use crate::output::rejects::Rejects;
use crate::output::table::{percent, points, table};
use crate::output::{Output, json};
use crate::progress::Progress;

/// One scoring of one file.
pub(super) struct Run<'a> {
    pub(super) plan: Plan<'a>,
    pub(super) as_of: Date,
    pub(super) columns: &'a Columns,
    pub(super) progress: &'a Progress,
    pub(super) tally: Tally,
}

/// What writes one account: its assessment and its kept attributes.
type Write<'a> = dyn FnMut(&mut Output, &Assessment, &[String]) -> Result<(), Failure> + 'a;

impl Run<'_> {
    /// Gives every account that can be assessed to `write`, with its kept attributes.
    fn each(
        &mut self,
        input: Input,
        output: &mut Output,
        rejects: &mut Rejects,
        write: &mut Write<'_>,
    ) -> Result<(), Failure> {
        let plan = self.plan;
        input.each(&plan, &mut |line, record| {
            let assessed = record.and_then(|record| {
                let result = plan.scorer.assess(&record, self.as_of);
                let result = result.map_err(|error| Refused::by(&error, line, &record.account))?;
                Ok((result, kept(&record, plan.attributes)))
            });
            match assessed {
                Ok((result, keep)) => {
                    self.tally.count(result.score);
                    write(output, &result, &keep)?;
                    output.spill()?;
                }
                Err(refused) => rejects.add(&refused)?,
            }
            self.progress.tick();
            Ok(ControlFlow::Continue(()))
        })
    }

    /// One line of CSV per account.
    pub(super) fn csv(
        &mut self,
        input: Input,
        output: &mut Output,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let columns = self.columns;
        columns.head(&mut output.text);
        self.each(input, output, rejects, &mut |output, result, keep| {
            columns.assessed(&mut output.text, result, keep);
            Ok(())
        })
    }

    /// One JSON object per account: on lines, or in a list.
    pub(super) fn objects(
        &mut self,
        input: Input,
        list: bool,
        output: &mut Output,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let mut before: &[u8] = if list { b"[\n" } else { b"" };
        let between: &[u8] = if list { b",\n" } else { b"\n" };
        self.each(input, output, rejects, &mut |output, result, _| {
            output.text.extend_from_slice(before);
            before = between;
            json(&mut output.text, result, false)
        })?;
        if before != between {
            output.text.extend_from_slice(before);
        }
        output.text.extend_from_slice(if list { b"\n]\n" } else { b"\n" });
        Ok(())
    }

    /// A table of the first accounts.
    pub(super) fn table(
        &mut self,
        input: Input,
        rows: u32,
        output: &mut Output,
        rejects: &mut Rejects,
    ) -> Result<(), Failure> {
        let groups: Vec<(usize, bool, String)> = (self.plan.scorer.groups().iter().enumerate())
            .filter(|(_, group)| group.depth == 1)
            .map(|(place, group)| (place, group.polarity == Polarity::Cost, group.id.to_string()))
            .collect();
        let mut header = vec!["account".to_owned(), "band".to_owned()];
        header.extend(self.plan.attributes.iter().cloned());
        let texts = header.len();
        header.extend(["score", "lower", "upper", "coverage"].map(str::to_owned));
        header.extend(
            groups.iter().map(|(_, cost, id)| if *cost { format!("{id} (cost)") } else { id.clone() }),
        );
        let (mut lines, mut more) = (Vec::new(), 0_u64);
        let most = usize::try_from(rows).unwrap_or(usize::MAX);
        self.each(input, output, rejects, &mut |_, result, keep| {
            if lines.len() >= most {
                more += 1;
                return Ok(());
            }
            let band = result.band.as_deref().unwrap_or(outcome(result.outcome));
            let mut line = vec![result.account.clone(), band.to_owned()];
            line.extend(keep.iter().cloned());
            line.push(points(result.score));
            line.extend([points(Some(result.lower)), points(Some(result.upper)), percent(result.coverage)]);
            line.extend(groups.iter().map(|(place, cost, _)| {
                let group = result.groups.get(*place);
                points(group.and_then(|group| if *cost { group.cost_score } else { group.score }))
            }));
            lines.push(line);
            Ok(())
        })?;
        output.text.extend_from_slice(table(&header, &lines, texts).as_bytes());
        if more > 0 {
            output.text.extend_from_slice(
                format!("\n... and {more} more; write all of them with `-o FILE`").as_bytes(),
            );
        }
        output.text.push(b'\n');
        Ok(())
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
