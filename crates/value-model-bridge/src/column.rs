//! A list of numbers or flags that a host held as one array: entries of their own would take ten times the memory.

use serde::{Serialize, Serializer};

use crate::Tree;

/// A list whose entries are all of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers.
    Numbers(Vec<f64>),
    /// Numbers, some of which may not be there.
    MaybeNumbers(Vec<Option<f64>>),
    /// Yes or no.
    Flags(Vec<bool>),
    /// Yes or no, or nothing.
    MaybeFlags(Vec<Option<bool>>),
}

impl Column {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(entries) => entries.len(),
            Self::MaybeNumbers(entries) => entries.len(),
            Self::Flags(entries) => entries.len(),
            Self::MaybeFlags(entries) => entries.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An entry as a tree.
    pub(crate) fn get(&self, index: usize) -> Option<Tree> {
        let maybe = |entry: Option<Tree>| entry.unwrap_or(Tree::Null);
        match self {
            Self::Numbers(entries) => entries.get(index).map(|number| Tree::Number(*number)),
            Self::Flags(entries) => entries.get(index).map(|flag| Tree::Bool(*flag)),
            Self::MaybeNumbers(entries) => entries.get(index).map(|number| maybe(number.map(Tree::Number))),
            Self::MaybeFlags(entries) => entries.get(index).map(|flag| maybe(flag.map(Tree::Bool))),
        }
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.len()).filter_map(|index| self.get(index)))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;

    use super::Column;
    use crate::{Tree, call};

    #[test]
    fn a_column_is_read_as_a_list_is() {
        let column = Tree::Column(Column::MaybeNumbers(vec![Some(1.5), None, Some(2.0)]));
        assert_eq!(Vec::<Option<f64>>::deserialize(column).unwrap(), [Some(1.5), None, Some(2.0)]);
        let column = Tree::Column(Column::Flags(vec![true, false]));
        assert_eq!(serde_json::to_string(&column).unwrap(), "[true,false]");
    }

    #[test]
    fn what_is_wrong_in_a_column_is_named_by_its_place() {
        let scores = Tree::Column(Column::MaybeNumbers(vec![Some(1.0), None]));
        let outcomes = Tree::Column(Column::MaybeFlags(vec![Some(true), Some(false)]));
        let input = Tree::Record(vec![("scores".to_owned(), scores), ("outcomes".to_owned(), outcomes)]);
        let refusal = call("auc", input).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_str()), ("missing", "scores[1]"));
    }
}
