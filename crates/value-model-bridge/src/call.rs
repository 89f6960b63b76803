//! One call for every formula: the catalog id and a tree in, a result or a refusal out.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use value_model::{Error, catalog, compare, metric, model};

use crate::document::check_schema;
use crate::{Refusal, Tree};

/// Reads the input of one formula and applies it.
///
/// # Errors
/// `unknown_field`, `unknown_id`, `missing`, `invalid_input` and their kin for an input of the wrong shape, by path;
/// then whatever the formula refuses.
pub fn run<I: DeserializeOwned, O>(input: Tree, formula: fn(&I) -> Result<O, Error>) -> Result<O, Refusal> {
    let input = I::deserialize(input)?;
    Ok(formula(&input)?)
}

/// The result of any formula, ready to be serialised into whatever the host understands.
pub struct Output(Box<dyn erased_serde::Serialize + Send>);

impl Output {
    fn new(result: impl Serialize + Send + 'static) -> Self {
        Self(Box::new(result))
    }
}

impl Serialize for Output {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        erased_serde::serialize(&self.0, serializer)
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

macro_rules! formulas {
    ($($id:literal => $formula:path,)*) => {
        /// The ids that [`call`] knows, in the order of the catalog.
        pub const IDS: &[&str] = &[$($id),*];

        /// Applies the formula with this catalog id to an input.
        ///
        /// # Errors
        /// `unknown_id` for an id that the catalog does not have; else as [`run`].
        pub fn call(id: &str, input: Tree) -> Result<Output, Refusal> {
            check_models(&input)?;
            match id {
                $($id => run(input, $formula).map(Output::new),)*
                _ => Err(unknown(id).into()),
            }
        }

        /// The JSON Schemas of a formula's input and result.
        #[cfg(feature = "schema")]
        pub fn schemas(id: &str) -> Option<(schemars::Schema, schemars::Schema)> {
            match id {
                $($id => Some(schemas_of($formula)),)*
                _ => None,
            }
        }
    };
}

formulas! {
    "score" => compare::score::score,
    "delta" => compare::delta::delta_of,
    "what_if" => compare::what_if::what_if_of,
    "next_best" => compare::next_best::next_best_of,
    "robustness" => compare::robustness::robustness_of,
    "portfolio" => compare::portfolio::portfolio,
    "transitions" => compare::transitions::transitions,
    "nps" => metric::nps::nps,
    "csat" => metric::csat::csat,
    "ces" => metric::ces::ces,
    "wilson" => metric::interval::wilson,
    "npv" => metric::npv::npv,
    "xnpv" => metric::xnpv::xnpv,
    "irr" => metric::irr::irr,
    "xirr" => metric::xirr::xirr,
    "payback" => metric::payback::payback,
    "roi" => metric::roi::roi,
    "progress" => metric::progress::progress,
    "pace" => metric::pace::pace,
    "growth" => metric::growth::growth,
    "peer" => metric::peer::peer,
    "opportunity" => metric::opportunity::opportunity,
    "erlang_c" => metric::erlang::erlang_c,
    "staffing" => metric::staffing::staffing,
    "channel_advice" => metric::channel::channel_advice,
    "convert" => metric::convert::convert,
    "perceived_value" => model::perceived_value::perceived_value,
    "customer_value" => model::customer_value::customer_value,
    "customer_value_portfolio" => model::customer_value_portfolio::customer_value_portfolio,
    "customers_metric" => model::customers_metric::customers_metric,
    "value_realization" => model::value_realization::value_realization,
    "value_generated" => model::value_generated::value_generated,
}

#[cfg(feature = "schema")]
fn schemas_of<I: schemars::JsonSchema, O: schemars::JsonSchema>(
    _formula: fn(&I) -> Result<O, Error>,
) -> (schemars::Schema, schemars::Schema) {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let result = settings.clone().for_serialize().into_generator().into_root_schema_for::<O>();
    (settings.into_generator().into_root_schema_for::<I>(), result)
}

/// Looks at the schemas of documents in an input before anything else is read.
fn check_models(input: &Tree) -> Result<(), Error> {
    let inside = |tree: Option<&Tree>| match tree.and_then(|tree| tree.get("model")) {
        Some(model) => check_schema(model).map_err(|error| error.within("model")),
        None => Ok(()),
    };
    inside(Some(input))?;
    inside(input.get("before")).map_err(|error| error.within("before"))?;
    inside(input.get("after")).map_err(|error| error.within("after"))
}

fn unknown(id: &str) -> Error {
    Error::UnknownId {
        field: "formula".into(),
        id: value_model::error::excerpt(id),
        suggestion: value_model::suggest::nearest(id, catalog::ALL.iter().map(|formula| formula.id)),
    }
}

#[cfg(test)]
mod tests {
    use super::IDS;
    use value_model::catalog;

    #[test]
    fn every_formula_of_the_catalog_can_be_called() {
        let catalog: Vec<&str> = catalog::ALL.iter().map(|formula| formula.id).collect();
        assert_eq!(IDS, catalog);
    }
}
