//! One call for every formula: the catalog id and a tree in, a result or a refusal out.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use value_model::{Error, catalog};

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
            match id {
                $($id => run(input, $formula).map(Output::new),)*
                _ => Err(unknown(id).into()),
            }
        }
    };
}

formulas! {
    "nps" => value_model::metric::nps::nps,
    "csat" => value_model::metric::csat::csat,
    "ces" => value_model::metric::ces::ces,
    "wilson" => value_model::metric::interval::wilson,
    "npv" => value_model::metric::npv::npv,
    "xnpv" => value_model::metric::xnpv::xnpv,
    "irr" => value_model::metric::irr::irr,
    "xirr" => value_model::metric::xirr::xirr,
    "payback" => value_model::metric::payback::payback,
    "roi" => value_model::metric::roi::roi,
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
