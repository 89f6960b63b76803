//! A model as people name it: one scorecard, or a set of them.

use serde::Deserialize;
use value_model::Error;
use value_model::compare::ModelRef;
use value_model::error::excerpt;
use value_model::scorecard::{SCHEMA, Scorecard};
use value_model::set::{ModelSet, SET_SCHEMA};

use crate::refusal::{Place, Refusal};
use crate::text::{Limits, decode, read_json, read_toml};
use crate::{Tree, locate};

/// A document that `--model` and its kin accept.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// One scorecard for every account.
    One(Box<Scorecard>),
    /// A set that chooses among several.
    Set(Box<ModelSet>),
}

/// Reads the scorecard in a file that stands beside a set. The name holds no folder.
pub type Beside<'a> = dyn FnMut(&str) -> Result<Scorecard, Refusal> + 'a;

/// Reads a scorecard or a set from JSON; files that a set names are asked of `beside`.
///
/// # Errors
/// As [`scorecard_from_json`](crate::scorecard_from_json), and what `beside` refuses, under the model's name.
pub fn model_from_json(text: impl AsRef<[u8]>, beside: &mut Beside<'_>) -> Result<Model, Refusal> {
    let limits = Limits::default();
    let tree = read_json(&text, &limits)?;
    let model = read(tree).map_err(|error| placed(error, text.as_ref(), &limits, locate::in_json))?;
    with_files(model, beside)
}

/// Reads a scorecard or a set from TOML; files that a set names are asked of `beside`.
///
/// # Errors
/// As [`model_from_json`].
///
/// # Examples
/// ```
/// use value_model_bridge::{Model, model_from_toml};
/// let text = "schema = \"value-model-set/1\"\nid = \"ours\"\nversion = \"1\"\ndefault = [\"standard\"]\n\
///             models.standard = \"value-realization\"";
/// let model = model_from_toml(text, &mut |_| unreachable!("no file is named"))?;
/// assert!(matches!(model, Model::Set(set) if set.id == "ours"));
/// # Ok::<(), value_model_bridge::Refusal>(())
/// ```
pub fn model_from_toml(text: impl AsRef<[u8]>, beside: &mut Beside<'_>) -> Result<Model, Refusal> {
    let limits = Limits::default();
    let tree = read_toml(&text, &limits)?;
    let model = read(tree).map_err(|error| placed(error, text.as_ref(), &limits, locate::in_toml))?;
    with_files(model, beside)
}

/// Reads a scorecard or a set from a host's value.
///
/// # Errors
/// As [`model_from_json`], without line and column.
pub fn model_from_tree(tree: Tree, beside: &mut Beside<'_>) -> Result<Model, Refusal> {
    with_files(read(tree)?, beside)
}

fn read(tree: Tree) -> Result<Model, Error> {
    let is_record = matches!(tree, Tree::Record(_));
    match tree.get("schema") {
        Some(Tree::Text(schema)) if schema == SCHEMA => card(tree),
        Some(Tree::Text(schema)) if schema == SET_SCHEMA => set(tree),
        Some(Tree::Text(schema)) if is_record => {
            let supported = if schema.starts_with("value-model-set") { SET_SCHEMA } else { SCHEMA };
            Err(Error::SchemaVersion { field: "schema".into(), found: excerpt(schema), supported })
        }
        Some(Tree::Null) | None if is_record => Err(Error::Missing { field: "schema".into() }),
        _ => card(tree),
    }
}

fn card(tree: Tree) -> Result<Model, Error> {
    let card = Scorecard::deserialize(tree).map_err(Error::from)?;
    Ok(Model::One(Box::new(card)))
}

fn set(tree: Tree) -> Result<Model, Error> {
    if let Some(Tree::Record(models)) = tree.get("models") {
        for (name, model) in models {
            crate::document::check_schema(model).map_err(|error| error.within(&format!("models.{name}")))?;
        }
    }
    let set = ModelSet::deserialize(tree).map_err(Error::from)?;
    Ok(Model::Set(Box::new(set)))
}

/// Puts scorecards in the place of the files that a set names.
fn with_files(model: Model, beside: &mut Beside<'_>) -> Result<Model, Refusal> {
    let Model::Set(mut set) = model else { return Ok(model) };
    for (name, model) in &mut set.models {
        let ModelRef::Preset(file) = model else { continue };
        let end = file.rsplit_once('.').map_or("", |(_, end)| end);
        if !end.eq_ignore_ascii_case("toml") && !end.eq_ignore_ascii_case("json") {
            continue;
        }
        let field = format!("models.{name}");
        // A document may come from anywhere: it opens what lies beside it and nothing else.
        if file.starts_with('.') || file.contains(['/', '\\', ':', '\0']) {
            let reason =
                format!("`{}` must be the name of a file beside the set, without a folder", excerpt(file));
            return Err(Error::Invalid { field: field.into(), reason }.into());
        }
        let card = beside(file).map_err(|refusal| Refusal { field: field.clone(), ..refusal })?;
        *model = card.into();
    }
    Ok(Model::Set(set))
}

fn placed(error: Error, text: &[u8], limits: &Limits, locate: fn(&str, &str) -> Option<Place>) -> Refusal {
    let place = decode(text, limits).ok().and_then(|text| locate(text, error.field()));
    Refusal::from(error).at_place(place)
}
