//! The five results of every example account.

use std::ops::ControlFlow;
use std::path::Path;

use value_model::model::customer_value::CustomerValue;
use value_model::model::customers_metric::{CustomersMetric, customers_metric};
use value_model::model::perceived_value::{PerceivedValue, perceived_value};
use value_model::model::value_generated::{ValueGenerated, value_generated};
use value_model::scorecard::Assessment;
use value_model_bridge::{Tree, run};

use super::{AS_OF, again};
use crate::args::Command;
use crate::command::document::{refused, tree};
use crate::command::score::full::full_text;
use crate::command::value::lines;
use crate::input::source::Source;
use crate::input::{Input, Opened, Plan};
use crate::message::{Failure, Notes};
use crate::model;
use crate::output::rejects::Rejects;

/// One account with its five results.
#[derive(serde::Serialize)]
pub(super) struct Account {
    #[serde(rename = "account")]
    pub(super) id: String,
    pub(super) csm: String,
    pub(super) value_realization: Assessment,
    pub(super) perceived_value: PerceivedValue,
    pub(super) value_generated: ValueGenerated,
    pub(super) customers_metric: CustomersMetric,
    pub(super) customer_value: CustomerValue,
    #[serde(skip)]
    pub(super) headlines: Headlines,
}

/// What the table shows of three of them.
pub(super) struct Headlines {
    pub(super) perceived_value: Headline,
    pub(super) value_generated: Headline,
    pub(super) customers_metric: Headline,
}

/// A score with its bounds.
pub(super) struct Headline {
    pub(super) score: Option<f64>,
    pub(super) lower: f64,
    pub(super) upper: f64,
}

/// Scores every account of the example.
pub(super) fn all(input: &Path, notes: Notes) -> Result<Vec<Account>, Failure> {
    let document = |name: &str| tree(&input.join(name));
    let perceived = document("perceived_value.json")?;
    let generated = document("value_generated.json")?;
    let needs = document("customers_metric.json")?;
    let mut money = money(input, notes)?;
    let mut accounts = Vec::new();
    for (assessment, csm) in realization(input, notes)? {
        let account = assessment.account.clone();
        let perceived_value = apply(&perceived, &account, perceived_value)?;
        let value_generated = apply(&generated, &account, value_generated)?;
        let customers_metric = apply(&needs, &account, customers_metric)?;
        let customer_value = money.remove(&account).ok_or_else(|| without(&account))?;
        let headlines = Headlines {
            perceived_value: headline(perceived_value.score, perceived_value.lower, perceived_value.upper),
            value_generated: headline(value_generated.score, value_generated.lower, value_generated.upper),
            customers_metric: headline(
                customers_metric.score,
                customers_metric.lower,
                customers_metric.upper,
            ),
        };
        let value_realization = assessment;
        accounts.push(Account {
            id: account,
            csm,
            value_realization,
            perceived_value,
            value_generated,
            customers_metric,
            customer_value,
            headlines,
        });
    }
    Ok(accounts)
}

const fn headline(score: Option<f64>, lower: f64, upper: f64) -> Headline {
    Headline { score, lower, upper }
}

fn without(account: &str) -> Failure {
    Failure::new("missing", format!("the example holds no input for `{account}`"))
}

/// Applies a formula to the input of one account.
fn apply<I: serde::de::DeserializeOwned, O>(
    inputs: &Tree,
    account: &str,
    formula: fn(&I) -> Result<O, value_model::Error>,
) -> Result<O, Failure> {
    let input = inputs.get(account).cloned().ok_or_else(|| without(account))?;
    run(input, formula).map_err(|refusal| refused(refusal, account))
}

/// Assessments of all accounts by `value-realization`, with their CSM.
fn realization(input: &Path, notes: Notes) -> Result<Vec<(Assessment, String)>, Failure> {
    let file = input.join("answers.csv").display().to_string();
    let line =
        ["value-model", "score", &file, "--model", "value-realization", "--as-of", AS_OF, "--keep", "csm"];
    let Command::Score(args) = again(&line)?.command else { return Ok(Vec::new()) };
    let scorer = model::scorer(&args.model)?;
    let as_of = model::as_of(&args.model, notes)?;
    let plan = Plan { args: &args.input, scorer: &scorer, set: None, attributes: &args.keep, notes };
    let mut all = Vec::new();
    let source = Source::open(std::path::Path::new(&file))?;
    Input::open(Opened::Text(source), &plan)?.each(&plan, &mut |line, record| {
        let record =
            record.map_err(|row| Failure::new(row.code, row.message).at(format!("{file}:{line}")))?;
        let csm = record.attributes.get("csm").map_or_else(String::new, full_text);
        all.push((scorer.assess(&record, as_of)?, csm));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// Customer values by account.
fn money(input: &Path, notes: Notes) -> Result<std::collections::BTreeMap<String, CustomerValue>, Failure> {
    let file = input.join("money_lines.csv").display().to_string();
    let line = ["value-model", "value", &file, "--as-of", AS_OF];
    let Command::Value(args) = again(&line)?.command else { return Ok(std::collections::BTreeMap::new()) };
    let mut rejects = Rejects::open(&args.rejects, false, notes)?;
    let rows = lines::customers(&args, notes, &mut rejects)?;
    Ok(rows.into_iter().filter_map(|row| Some((row.customer, row.value?))).collect())
}
