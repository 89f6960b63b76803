//! Which columns of results somebody asks for.

use super::column::{Column, FIXED};
use crate::scorecard::Scorer;
use crate::{Error, suggest};

/// Columns of results as people ask for them: all that is usual, perhaps more, or some by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of columns, in the order in which they are wanted; none for the usual ones.
    pub names: Option<Vec<String>>,
    /// Whether the usual ones include what each measure contributes.
    pub contributions: bool,
    /// Whether they include the headroom of each measure.
    pub headroom: bool,
    /// Whether they include flags of measures and the rules that fired: see [`Column::flags`].
    pub flags: bool,
}

impl Selection {
    /// How many kinds of columns there are.
    pub(crate) const PARTS: usize = 6;

    /// The columns of results of a model.
    ///
    /// # Errors
    /// [`Error::UnknownId`] (`results`) for a name that no column has, with the nearest one.
    ///
    /// # Examples
    /// ```
    /// use value_model::block::{Column, Selection};
    /// let scorer = value_model::presets::scorecard("value-realization")?.compile()?;
    /// let selection = Selection { names: Some(vec!["lower".into(), "score".into()]), ..Selection::default() };
    /// assert_eq!(selection.of(&scorer)?, [Column::Lower, Column::Score]);
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn of(&self, scorer: &Scorer) -> Result<Vec<Column>, Error> {
        let all = (0..Self::PARTS).flat_map(|part| self.part(part, scorer));
        let Some(names) = &self.names else { return Ok(all.collect()) };
        let every: Vec<(String, Column)> = all.map(|column| (column.name(scorer), column)).collect();
        let find = |name: &String| {
            let found = every.iter().find(|(known, _)| known == name).map(|(_, column)| *column);
            found.ok_or_else(|| Error::UnknownId {
                field: "results".into(),
                id: crate::error::excerpt(name),
                suggestion: suggest::nearest(name, every.iter().map(|(known, _)| known.as_str())),
            })
        };
        names.iter().map(find).collect()
    }

    /// One kind of columns after the other: those that can be chosen from if names are given, else the wanted ones.
    pub(crate) fn part(&self, part: usize, scorer: &Scorer) -> Vec<Column> {
        let named = self.names.is_some();
        match part {
            0 => FIXED.to_vec(),
            1 => Column::groups(scorer),
            2 if named => vec![Column::Raw],
            3 if named || self.contributions => Column::contributions(scorer),
            4 if named || self.headroom => Column::headroom(scorer),
            5 if named || self.flags => Column::flags(scorer),
            _ => Vec::new(),
        }
    }
}
