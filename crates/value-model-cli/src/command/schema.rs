//! `value-model schema`: JSON Schemas, for editors and other programs.

use clap::Args;
use value_model::answer::Record;
use value_model::scorecard::Scorecard;
use value_model::set::ModelSet;

use crate::message::{Done, Failure};
use crate::output::{Output, json};

/// Print the JSON Schema of model files, records, or a formula's input.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  value-model schema > scorecard.schema.json
  value-model schema customer_value

Editors complete a model file once they know its schema.")]
pub(crate) struct Schema {
    /// `scorecard` (a model file), `set` (a model set), `record` (one account), or the id of a formula, whose input is described.
    #[arg(value_name = "OF", default_value = "scorecard")]
    pub of: String,
    /// Of a formula, the schema of its result instead.
    #[arg(long)]
    pub result: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Schema) -> Result<Done, Failure> {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let schema = match args.of.as_str() {
        "scorecard" => settings.into_generator().into_root_schema_for::<Scorecard>(),
        "set" => settings.into_generator().into_root_schema_for::<ModelSet>(),
        "record" => settings.into_generator().into_root_schema_for::<Record>(),
        id => match value_model_bridge::schemas(id) {
            Some((input, result)) => {
                if args.result {
                    result
                } else {
                    input
                }
            }
            None => return Err(unknown(id)),
        },
    };
    let mut output = Output::open(None)?;
    json(&mut output.text, &schema, true)?;
    output.text.push(b'\n');
    output.finish()?;
    Ok(Done::Fully)
}

fn unknown(id: &str) -> Failure {
    let known =
        value_model::catalog::ALL.iter().map(|formula| formula.id).chain(["scorecard", "set", "record"]);
    Failure::from(value_model::Error::UnknownId {
        field: "schema".into(),
        id: value_model::error::excerpt(id),
        suggestion: value_model::suggest::nearest(id, known),
    })
}
