//! `value-model explain`: one account, for people.

pub(crate) mod text;

use std::ops::ControlFlow;

use clap::Args;
use value_model::answer::Record;
use value_model::compare::State;
use value_model::compare::next_best::next_best;

use crate::args::{InputArgs, ModelArgs};
use crate::input::files::Files;
use crate::input::{self, Input, Plan};
use crate::message::{Done, Failure, Notes};
use crate::model::{self, Model};
use crate::output::{Output, json};

/// Explain the score of one account.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model explain accounts.csv --account acme --model value-realization --as-of 2026-11-01

Says where the points come from, what is missing and why, what to do next, which rules fired and who disagrees.")]
pub(crate) struct Explain {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    /// The account to explain.
    #[arg(long, short, value_name = "ACCOUNT")]
    pub account: String,
    /// Draw with plain characters only, as happens anyway where the output is no terminal.
    #[arg(long)]
    pub ascii: bool,
    /// Print the assessment as JSON instead.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Explain, notes: Notes) -> Result<Done, Failure> {
    let model = model::any(&args.model)?;
    let as_of = model::as_of(&args.model, notes)?;
    let record = find(&args.account, args, &model, notes)?;
    let at = |error: value_model::Error| Failure::from(error).at(format!("account {}", args.account));
    let mut output = Output::open(None)?;
    let models = model.of(&record).map_err(at)?;
    if models.is_empty() {
        let message = "the account is the roll-up of its children; `value-model score` shows it";
        return Err(Failure::usage(message).at(format!("account {}", args.account)));
    }
    for (number, (scorer, record)) in models.iter().enumerate() {
        let result = scorer.assess(record, as_of).map_err(at)?;
        if args.json {
            json(&mut output.text, &result, true)?;
            output.text.push(b'\n');
            continue;
        }
        let best = next_best(&State { scorer, record, as_of }).map_err(at)?;
        let ascii = args.ascii || !std::io::IsTerminal::is_terminal(&std::io::stdout());
        if number > 0 {
            output.text.push(b'\n');
        }
        output.text.extend_from_slice(text::explanation(scorer, &result, &best, ascii).as_bytes());
    }
    output.finish()?;
    Ok(Done::Fully)
}

/// Looks for one account; the reading stops where it is found.
fn find(account: &str, args: &Explain, model: &Model, notes: Notes) -> Result<Record, Failure> {
    let mut files = Files::list(&args.input.input, notes)?;
    let attributes = model.attributes(&input::attributes(&args.input, &[]));
    let scorer = model.first()?;
    let plan = Plan { args: &args.input, scorer, set: model.set(), attributes: &attributes, notes };
    let (mut found, mut others, mut read) = (None, Vec::new(), Vec::new());
    files.each(notes, &mut |opened| {
        let name = opened.name().to_owned();
        read.push(name.clone());
        Input::open(opened, &plan)?.each(&plan, &mut |line, record| {
            match record {
                Ok(record) if record.account == account => {
                    found = Some(Ok(record));
                    return Ok(ControlFlow::Break(()));
                }
                Err(row) if row.account == account => {
                    let place = format!("{name}:{line}, account {account}");
                    found = Some(Err(Failure::new(row.code, row.message).at(place)));
                    return Ok(ControlFlow::Break(()));
                }
                Ok(record) if others.len() < 100_000 => others.push(record.account),
                _ => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found.is_none())
    })?;
    found.unwrap_or_else(|| {
        let near = value_model::suggest::nearest(account, others.iter().map(String::as_str));
        Err(Failure::from(value_model::Error::UnknownId {
            field: "--account".into(),
            id: value_model::error::excerpt(account),
            suggestion: near,
        })
        .at(read.join(", ")))
    })
}
