//! The columns of results under a set of models.

use value_model::scorecard::Polarity;
use value_model::set::{CardAssessment, ParentAssessment, SetScorer};

use super::Score;
use super::set::ROLL_UP;
use crate::message::Failure;
use crate::output::sheet::Field;

/// The columns of results under a set: those of every model, one after the other, each name once.
pub(super) struct Columns {
    groups: Vec<(String, bool)>,
    points: Vec<String>,
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
        let mut columns =
            Self { groups: Vec::new(), points: Vec::new(), texts: 3, table: args.output.is_table() };
        for named in set.models() {
            for group in named.scorer.groups().iter().skip(1) {
                let cost = group.polarity == Polarity::Cost;
                if !columns.groups.iter().any(|(id, _)| **id == *group.id) {
                    columns.groups.push((group.id.to_string(), cost));
                }
            }
            for measure in named.scorer.measures().iter().filter(|_| args.contributions) {
                if !columns.points.iter().any(|id| **id == *measure.id) {
                    columns.points.push(measure.id.to_string());
                }
            }
        }
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
        let mut header = vec![text("account"), text("model"), text("case"), number("score"), text("band")];
        header.extend(["coverage", "lower", "upper"].map(number));
        header.extend([
            text("lower_band"),
            number("validated_share"),
            number("fresh_share"),
            text("outcome"),
        ]);
        for (group, cost) in &self.groups {
            let taken = header.iter().any(|(name, _)| name == group);
            header.push(number(&if taken { format!("{group}_group") } else { group.clone() }));
            if *cost {
                header.push(number(&format!("{group}_cost")));
            }
        }
        header.extend(self.points.iter().map(|measure| number(&format!("{measure}_points"))));
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
        row.extend([Field::name(Some(&one.case)), Field::Number(found.score), Field::name(band)]);
        row.extend([found.coverage, found.lower, found.upper].map(|number| Field::Number(Some(number))));
        row.push(Field::name(Some(&found.lower_band)));
        row.extend([found.validated_share, found.fresh_share].map(|share| Field::Number(Some(share))));
        row.push(Field::name(Some(found.outcome.name())));
        for (id, cost) in &self.groups {
            let group = found.group(id);
            row.push(Field::Number(group.and_then(|group| group.score)));
            if *cost {
                row.push(Field::Number(group.and_then(|group| group.cost_score)));
            }
        }
        row.extend(self.points.iter().map(|id| {
            let measure = found.raw.and_then(|_| found.measure(id));
            Field::Number(measure.map(|measure| measure.contribution))
        }));
        row.extend(kept);
        row
    }

    /// The row of a parent.
    pub(super) fn parent(&self, parent: &ParentAssessment, keep: usize) -> Vec<Field> {
        let band = parent.band.as_deref();
        let name = [Field::Text(parent.account.clone()), Field::name(Some(&parent.model))];
        let empty = |count: usize| std::iter::repeat_n(Field::Number(None), count);
        let kept = std::iter::repeat_n(Field::Text(String::new()), keep);
        let mut row = name.to_vec();
        if self.table {
            row.push(Field::name(band.or(Some(parent.outcome.name()))));
            row.extend(kept);
            row.extend([parent.score, Some(parent.lower), Some(parent.upper)].map(Field::Number));
            row.push(Field::Share(Some(parent.coverage)));
            return row;
        }
        row.extend([Field::name(Some(ROLL_UP)), Field::Number(parent.score), Field::name(band)]);
        row.extend([parent.coverage, parent.lower, parent.upper].map(|number| Field::Number(Some(number))));
        row.extend([Field::name(Some(&parent.lower_band)), Field::Number(None), Field::Number(None)]);
        row.push(Field::name(Some(parent.outcome.name())));
        let groups = self.groups.iter().map(|(_, cost)| 1 + usize::from(*cost)).sum::<usize>();
        row.extend(empty(groups + self.points.len()));
        row.extend(kept);
        row
    }
}
