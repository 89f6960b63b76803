//! Columns of results under a set: those of every model, each name once.

use super::compile::SetScorer;
use crate::block::{Column, Selection};
use crate::{Error, suggest};

/// What a table of results under a set holds beside the columns of its models.
const KEYS: [&str; 4] = ["row", "case", "model", "code"];

/// A column of results under a set: what it holds under each model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetColumn {
    /// The name.
    pub name: String,
    /// What it holds, for each of [`SetScorer::models`]; nothing for a model that has no column of this name.
    pub columns: Vec<Option<Column>>,
}

impl Selection {
    /// The columns of results under a set: each name once, and in it what each model calls so.
    ///
    /// Without names: what every model has, then the groups of all models in the order of their names, then
    /// contributions and headroom. A group called `row`, `case`, `model` or `code` gets `_group` behind its name.
    ///
    /// # Errors
    /// [`Error::UnknownId`] (`results`) for a name that no model has a column for.
    ///
    /// # Examples
    /// ```
    /// use value_model::block::Selection;
    /// use value_model::compare::ModelRef;
    /// use value_model::set::ModelSet;
    /// let set = ModelSet::new("ours", "1", ["standard"])
    ///     .model("standard", ModelRef::Preset("value-realization".into()))
    ///     .model("other", ModelRef::Preset("perceived-value".into()))
    ///     .compile()?;
    /// let columns = Selection::default().of_set(&set)?;
    /// assert_eq!(columns.iter().filter(|column| column.name == "score").count(), 1);
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn of_set(&self, set: &SetScorer) -> Result<Vec<SetColumn>, Error> {
        let count = set.models().len();
        let mut all: Vec<SetColumn> = Vec::new();
        // One kind of columns after the other, so that those of two models stand side by side.
        for part in 0..Self::PARTS {
            for (place, model) in set.models().iter().enumerate() {
                for column in self.part(part, &model.scorer) {
                    add(&mut all, count, place, (name(column, &model.scorer), column));
                }
            }
        }
        let Some(names) = &self.names else { return Ok(all) };
        let find = |asked: &String| {
            let found = all.iter().find(|column| column.name == *asked);
            found.cloned().ok_or_else(|| Error::UnknownId {
                field: "results".into(),
                id: crate::error::excerpt(asked),
                suggestion: suggest::nearest(asked, all.iter().map(|column| column.name.as_str())),
            })
        };
        names.iter().map(find).collect()
    }
}

/// Puts the column of a model under its name; one whose name the model has already used stands alone.
fn add(all: &mut Vec<SetColumn>, models: usize, place: usize, (name, column): (String, Column)) {
    // What one model holds as a number and another as a code cannot stand in one column.
    let kind = |column: &Column| (column.is_code(), column.is_flag());
    let free = |known: &SetColumn| {
        known.columns.get(place).is_some_and(Option::is_none)
            && known.columns.iter().flatten().all(|other| kind(other) == kind(&column))
    };
    let found = all.iter().position(|known| known.name == name && free(known)).unwrap_or(all.len());
    if found == all.len() {
        all.push(SetColumn { name, columns: vec![None; models] });
    }
    if let Some(slot) = all.get_mut(found).and_then(|known| known.columns.get_mut(place)) {
        *slot = Some(column);
    }
}

fn name(column: Column, scorer: &crate::scorecard::Scorer) -> String {
    let name = column.name(scorer);
    if KEYS.contains(&name.as_str()) { format!("{name}_group") } else { name }
}
