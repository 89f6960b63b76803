//! The columns of results under a set of models.

use value_model::block::{Column, Selection};
use value_model::scorecard::{Assessment, Id, Scorer};
use value_model::set::{CardAssessment, ParentAssessment, SetColumn, SetScorer};

use super::Score;
use super::set::ROLL_UP;
use crate::message::Failure;
use crate::output::sheet::Field;

/// The columns of results under a set: those of every model, one after the other, each name once.
pub(super) struct Columns {
    all: Vec<SetColumn>,
    /// The names of the models, in the order in which columns know them.
    models: Vec<(Id, Scorer)>,
    /// How many of the first columns are texts.
    pub(super) texts: usize,
    /// Whether it is a table for people.
    pub(super) table: bool,
}

impl Columns {
    /// The columns for a set.
    ///
    /// # Errors
    /// `duplicate` when a kept column has the name of another.
    pub(super) fn new(set: &SetScorer, args: &Score) -> Result<Self, Failure> {
        let selection =
            Selection { contributions: args.contributions, flags: args.flags, ..Selection::default() };
        let mut columns = Self {
            all: selection.of_set(set)?,
            models: set.models().iter().map(|named| (named.name.clone(), named.scorer.clone())).collect(),
            texts: 3,
            table: args.output.is_table(),
        };
        if columns.table {
            columns.texts += args.keep.len();
        }
        let header = columns.header(&[]);
        if let Some(name) = args.keep.iter().find(|name| header.iter().any(|(column, _)| column == *name)) {
            let message = format!("`--keep {name}` would give a second column `{name}`");
            return Err(Failure::new("duplicate", message));
        }
        Ok(columns)
    }

    /// Names with an example of their kind. A table for people is shorter: no groups, kept columns first.
    pub(super) fn header(&self, keep: &[String]) -> Vec<(String, Field)> {
        let text = |name: &str| (name.to_owned(), Field::Text(String::new()));
        let number = |name: &str| (name.to_owned(), Field::Number(None));
        let kept = keep.iter().map(|name| text(name));
        if self.table {
            let mut header = vec![text("account"), text("model"), text("band")];
            header.extend(kept);
            header.extend(["score", "lower", "upper", "coverage"].map(number));
            return header;
        }
        let mut header = vec![text("account"), text("model"), text("case")];
        header.extend(self.all.iter().map(|column| {
            let code = column.columns.iter().flatten().any(|column| column.is_code());
            if code { text(&column.name) } else { number(&column.name) }
        }));
        header.extend(kept);
        header
    }

    /// The row of an account under one model.
    pub(super) fn account(&self, one: &CardAssessment, keep: &[String]) -> Vec<Field> {
        let found = &one.assessment;
        let kept = keep.iter().map(|text| Field::Text(text.clone()));
        let band = found.band.as_deref();
        if self.table {
            let band = Field::name(band.or(Some(found.outcome.name())));
            let mut row = vec![Field::Text(found.account.clone()), Field::name(Some(&one.card)), band];
            row.extend(kept);
            row.extend([found.score, Some(found.lower), Some(found.upper)].map(Field::Number));
            row.push(Field::Share(Some(found.coverage)));
            return row;
        }
        let mut row = vec![Field::Text(found.account.clone()), Field::name(Some(&one.card))];
        row.push(Field::name(Some(&one.case)));
        let known = self.models.iter().enumerate().find(|(_, (name, _))| *name == one.card);
        row.extend(self.all.iter().map(|column| {
            let Some((model, (_, scorer))) = known else { return Field::Number(None) };
            let column = column.columns.get(model).copied().flatten();
            column.map_or(Field::Number(None), |column| field(scorer, found, column))
        }));
        row.extend(kept);
        row
    }

    /// The row of a parent.
    pub(super) fn parent(&self, parent: &ParentAssessment, keep: usize) -> Vec<Field> {
        let band = parent.band.as_deref();
        let name = [Field::Text(parent.account.clone()), Field::name(Some(&parent.model))];
        let kept = std::iter::repeat_n(Field::Text(String::new()), keep);
        let mut row = name.to_vec();
        if self.table {
            row.push(Field::name(band.or(Some(parent.outcome.name()))));
            row.extend(kept);
            row.extend([parent.score, Some(parent.lower), Some(parent.upper)].map(Field::Number));
            row.push(Field::Share(Some(parent.coverage)));
            return row;
        }
        row.push(Field::name(Some(ROLL_UP)));
        row.extend(self.all.iter().map(|column| {
            let column = column.columns.iter().flatten().next();
            column.map_or(Field::Number(None), |column| field_of_parent(parent, *column))
        }));
        row.extend(kept);
        row
    }
}

/// What an account has in a column.
fn field(scorer: &Scorer, found: &Assessment, column: Column) -> Field {
    if column.is_flag() {
        return scorer.flag(column, found).map_or(Field::Number(None), Field::Flag);
    }
    let points = |place: usize| {
        let measure = found.raw.and_then(|_| found.measures.get(place));
        measure.map(|measure| measure.contribution)
    };
    Field::Number(match column {
        Column::Band => return Field::name(found.band.as_deref()),
        Column::LowerBand => return Field::name(Some(&found.lower_band)),
        Column::Outcome => return Field::name(Some(found.outcome.name())),
        Column::Score => found.score,
        Column::Raw => found.raw,
        Column::Coverage => Some(found.coverage),
        Column::Lower => Some(found.lower),
        Column::Upper => Some(found.upper),
        Column::ValidatedShare => Some(found.validated_share),
        Column::FreshShare => Some(found.fresh_share),
        Column::Group(place) => found.groups.get(place).and_then(|group| group.score),
        Column::GroupCost(place) => found.groups.get(place).and_then(|group| group.cost_score),
        Column::Contribution(place) => points(place),
        Column::Headroom(place) => found.measures.get(place).and_then(|measure| measure.headroom),
        _ => None,
    })
}

/// What a parent has in a column; its children have the rest.
fn field_of_parent(parent: &ParentAssessment, column: Column) -> Field {
    Field::Number(match column {
        Column::Band => return Field::name(parent.band.as_deref()),
        Column::LowerBand => return Field::name(Some(&parent.lower_band)),
        Column::Outcome => return Field::name(Some(parent.outcome.name())),
        Column::Score => parent.score,
        Column::Coverage => Some(parent.coverage),
        Column::Lower => Some(parent.lower),
        Column::Upper => Some(parent.upper),
        _ => None,
    })
}
