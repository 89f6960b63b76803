//! The JSON Schema of a scorecard document, for editors.

use anyhow::Result;
use schemars::generate::SchemaSettings;
use value_model::scorecard::Scorecard;

use super::Generated;

pub(super) fn file() -> Result<Generated> {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Scorecard>();
    Generated::json("docs/schema/scorecard.schema.json", &schema)
}
