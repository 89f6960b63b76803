//! The five models of the sources as scorecards: written with the builder, published as documents.
//!
//! The builder is the source of truth; `presets/*.toml` is generated from it and embedded, so that a company can start
//! its own model from a file.

pub(crate) mod customer_value;
pub(crate) mod customers_metric;
pub(crate) mod perceived_value;
pub(crate) mod value_generated;
pub(crate) mod value_realization;

use crate::Error;
use crate::error::excerpt;
use crate::scorecard::Scorecard;
use crate::suggest::nearest;

/// A model that comes with this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preset {
    /// Its name, such as `value-realization`.
    pub id: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// The scorecard as a TOML document.
    pub document: &'static str,
}

macro_rules! presets {
    ($($module:ident),+ $(,)?) => {
        const ALL: &[Preset] = &[$(Preset {
            id: $module::ID,
            title: $module::TITLE,
            document: include_str!(concat!("../../presets/", stringify!($module), ".toml")),
        }),+];

        fn build(id: &str) -> Option<Scorecard> {
            match id {
                $($module::ID => Some($module::scorecard()),)+
                _ => None,
            }
        }
    };
}

presets!(perceived_value, value_realization, value_generated, customer_value, customers_metric);

/// Every preset, in the order of the sources.
pub const fn all() -> &'static [Preset] {
    ALL
}

/// The scorecard of a preset.
///
/// # Errors
/// [`Error::UnknownId`] (`preset`) with the nearest id.
///
/// # Examples
/// ```
/// let card = value_model::presets::scorecard("value-realization")?;
/// assert_eq!(card.tree.id, "final");
/// let slip = value_model::presets::scorecard("value-realisation").unwrap_err();
/// assert!(slip.to_string().ends_with("did you mean `value-realization`?"));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn scorecard(id: &str) -> Result<Scorecard, Error> {
    build(id).ok_or_else(|| Error::UnknownId {
        field: "preset".into(),
        id: excerpt(id),
        suggestion: nearest(id, ALL.iter().map(|preset| preset.id)),
    })
}

#[cfg(test)]
mod tests {
    use super::{all, scorecard};
    use crate::scorecard::{Group, Node};

    fn measures<'a>(group: &'a Group, out: &mut Vec<&'a crate::scorecard::Measure>) {
        for child in &group.children {
            match child {
                Node::Group(inner) => measures(inner, out),
                Node::Measure(measure) => out.push(measure),
            }
        }
    }

    #[test]
    fn every_preset_has_the_id_and_title_of_its_scorecard() {
        assert_eq!(all().len(), 5);
        for preset in all() {
            let card = scorecard(preset.id).unwrap();
            assert_eq!((card.id.as_str(), card.title.as_str()), (preset.id, preset.title));
            assert!(card.description.len() > 100, "{}", preset.id);
        }
    }

    #[test]
    fn every_measure_of_a_preset_has_a_title_a_question_and_an_area() {
        for preset in all() {
            let card = scorecard(preset.id).unwrap();
            let mut found = Vec::new();
            measures(&card.tree, &mut found);
            for measure in found {
                assert!(!measure.title.is_empty(), "{}", measure.id);
                assert!(measure.question.ends_with('?'), "{}", measure.id);
                assert!(measure.area.is_some(), "{}", measure.id);
            }
        }
    }

    #[test]
    fn a_preset_survives_json_unchanged() {
        for preset in all() {
            let card = scorecard(preset.id).unwrap();
            let json = serde_json::to_string(&card).unwrap();
            assert_eq!(serde_json::from_str::<crate::scorecard::Scorecard>(&json).unwrap(), card);
        }
    }

    #[test]
    fn an_unknown_preset_names_the_nearest() {
        let error = scorecard("perceived_valu").unwrap_err();
        assert_eq!((error.code(), error.field()), ("unknown_id", "preset"));
        assert!(error.to_string().contains("`perceived-value`"));
    }
}
