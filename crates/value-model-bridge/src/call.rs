//! One call for every formula: the catalog id and a tree in, a result or a refusal out.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use value_model::{Error, backtest, catalog, compare, metric, model, set};

use crate::document::check_schema;
use crate::text::{Limits, decode, read_json};
use crate::{Refusal, Tree, quick, to_json};

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

        /// Applies the formula to one JSON text, such as a line of NDJSON, and appends its result as [`to_json`] does.
        ///
        /// What comes out is that of [`read_json`] and [`call`], in less time: an input that is right is read without a
        /// tree.
        ///
        /// # Errors
        /// As [`read_json`] and [`call`]. Nothing is appended then.
        ///
        /// # Examples
        /// ```
        /// let mut text = Vec::new();
        /// value_model_bridge::call_json("nps", r#"{"promoters": 55, "passives": 30, "detractors": 15}"#, &mut text)?;
        /// assert!(text.starts_with(br#"{"nps":40.0,"#));
        /// # Ok::<(), value_model_bridge::Refusal>(())
        /// ```
        pub fn call_json(id: &str, text: impl AsRef<[u8]>, out: &mut Vec<u8>) -> Result<(), Refusal> {
            let limits = Limits::default();
            let text = decode(text.as_ref(), &limits)?;
            // No text has more values than bytes.
            let few = u64::try_from(text.len()).is_ok_and(|bytes| bytes < limits.values);
            let done = few && !MODELLED.contains(&id) && match id {
                $($id => done(text, $formula, out),)*
                _ => false,
            };
            if done { Ok(()) } else { to_json(&call(id, read_json(text, &limits)?)?, out) }
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
    "trend" => compare::trend::trend,
    "signals" => compare::signals::signals,
    "model_change" => compare::model_change::model_change,
    "score_set" => set::score_set,
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
    "auc" => backtest::auc::auc_of,
    "backtest" => backtest::report::backtest,
    "lead_curve" => backtest::lead::lead_curve,
    "concordance" => backtest::concordance::concordance,
    "calibrate" => backtest::calibrate::calibrate,
    "likelihood" => backtest::calibrate::likelihood,
    "reliability" => backtest::reliability::reliability,
    "suggest_weights" => backtest::weights::suggest_weights,
    "alpha" => backtest::alpha::alpha,
    "drift" => backtest::drift::drift,
}

/// Formulas whose inputs hold models, which have limits and versions of their own to look at.
const MODELLED: [&str; 11] = [
    "score",
    "delta",
    "what_if",
    "next_best",
    "robustness",
    "portfolio",
    "transitions",
    "trend",
    "signals",
    "model_change",
    "score_set",
];

/// Applies a formula to an input that is right; what is wrong with another one is for the tree to say.
fn done<I: DeserializeOwned, O: Serialize>(
    text: &str,
    formula: fn(&I) -> Result<O, Error>,
    out: &mut Vec<u8>,
) -> bool {
    let Ok(input) = quick::read_exact::<I>(text) else {
        return false;
    };
    formula(&input).is_ok_and(|result| to_json(&result, out).is_ok())
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
    if let Some(Tree::List(entries)) = input.get("history") {
        for (number, one) in entries.iter().enumerate() {
            inside(Some(one)).map_err(|error| error.within(&format!("history[{number}]")))?;
        }
    }
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
    use super::{IDS, call_json};
    use value_model::catalog;

    #[test]
    fn a_line_is_refused_as_its_tree_is() {
        for (text, code) in [
            (r#"{"promoters": -9007199254740993, "passives": 0, "detractors": 0}"#, "invalid_input"),
            (r#"{"promoters": 9007199254740993, "passives": 0, "detractors": 0}"#, "invalid_input"),
            (r#"{"promoters": 1, "promoters": 1, "passives": 0, "detractors": 0}"#, "duplicate"),
            (r#"{"promoters": 1, "passives": 0, "detractors": 0, "x": 1}"#, "unknown_field"),
            (r#"{"promoters": 1, "passives": 0"#, "invalid_input"),
            ("", "invalid_input"),
        ] {
            let mut out = Vec::new();
            assert_eq!(call_json("nps", text, &mut out).unwrap_err().code, code, "{text}");
            assert!(out.is_empty());
        }
        assert_eq!(call_json("npz", "{}", &mut Vec::new()).unwrap_err().code, "unknown_id");
    }

    #[test]
    fn every_formula_of_the_catalog_can_be_called() {
        let catalog: Vec<&str> = catalog::ALL.iter().map(|formula| formula.id).collect();
        assert_eq!(IDS, catalog);
    }
}
