//! Accounts scored one at a time, gathered into batches.

use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, BooleanBuilder, Float64Builder, StringBuilder, UInt8Builder};
use arrow_array::{ArrayRef, RecordBatch};
use value_model::block::Column;
use value_model::scorecard::{Assessment, Outcome, Score, Scorer, Workspace};

use super::scored::Layout;
use crate::message::Failure;

/// Rows being gathered into a batch.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    layout: &'a Layout,
    scorer: &'a Scorer,
    accounts: StringBuilder,
    results: Vec<Built>,
    kept: Vec<StringBuilder>,
}

#[derive(Debug)]
enum Built {
    Numbers(Float64Builder),
    Codes(UInt8Builder),
    Flags(BooleanBuilder),
}

/// One value of a column.
enum Value {
    Number(Option<f64>),
    Code(Option<u8>),
    Flag(Option<bool>),
}

impl<'a> Rows<'a> {
    /// No rows yet. Kept columns are texts here.
    pub(crate) fn new(layout: &'a Layout, scorer: &'a Scorer) -> Self {
        let built = |column: &Column| {
            if column.is_flag() {
                Built::Flags(BooleanBuilder::new())
            } else if column.is_code() {
                Built::Codes(UInt8Builder::new())
            } else {
                Built::Numbers(Float64Builder::new())
            }
        };
        let kept = layout.schema().fields().len() - 1 - layout.columns().len();
        Self {
            layout,
            scorer,
            accounts: StringBuilder::new(),
            results: layout.columns().iter().map(built).collect(),
            kept: (0..kept).map(|_| StringBuilder::new()).collect(),
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Adds an account from the fast path, which gives no contributions and no flags. An empty kept text is null.
    pub(crate) fn score<'k>(
        &mut self,
        account: &str,
        score: &Score,
        workspace: &Workspace,
        kept: impl Iterator<Item = &'k str>,
    ) {
        let scorer = self.scorer;
        self.push(account, kept, |column| of_score(column, score, workspace, scorer));
    }

    /// Adds an account that was assessed in full.
    pub(crate) fn assessment<'k>(&mut self, result: &Assessment, kept: impl Iterator<Item = &'k str>) {
        let scorer = self.scorer;
        self.push(&result.account, kept, |column| of_assessment(column, result, scorer));
    }

    fn push<'k>(
        &mut self,
        account: &str,
        kept: impl Iterator<Item = &'k str>,
        value: impl Fn(Column) -> Value,
    ) {
        self.accounts.append_value(account);
        for (column, built) in self.layout.columns().iter().zip(&mut self.results) {
            match (value(*column), built) {
                (Value::Number(number), Built::Numbers(numbers)) => numbers.append_option(number),
                (Value::Code(code), Built::Codes(codes)) => codes.append_option(code),
                (Value::Flag(flag), Built::Flags(flags)) => flags.append_option(flag),
                (_, Built::Flags(flags)) => flags.append_null(),
                (_, Built::Numbers(numbers)) => numbers.append_null(),
                (_, Built::Codes(codes)) => codes.append_null(),
            }
        }
        for (text, texts) in kept.zip(&mut self.kept) {
            texts.append_option(Some(text).filter(|text| !text.is_empty()));
        }
    }

    /// The rows gathered so far; none are left.
    ///
    /// # Errors
    /// As [`Layout::batch`].
    pub(crate) fn take(&mut self) -> Result<RecordBatch, Failure> {
        let accounts = Arc::new(self.accounts.finish());
        let finish = |built: &mut Built| -> ArrayRef {
            match built {
                Built::Numbers(numbers) => Arc::new(numbers.finish()),
                Built::Codes(codes) => Arc::new(codes.finish()),
                Built::Flags(flags) => Arc::new(flags.finish()),
            }
        };
        let results: Vec<ArrayRef> = self.results.iter_mut().map(finish).collect();
        let kept = self.kept.iter_mut().map(|texts| -> ArrayRef { Arc::new(texts.finish()) }).collect();
        self.layout.batch(accounts, &results, kept)
    }
}

fn of_score(column: Column, score: &Score, workspace: &Workspace, scorer: &Scorer) -> Value {
    Value::Number(match column {
        Column::Band => return Value::Code(score.band.and_then(|band| u8::try_from(band).ok())),
        Column::LowerBand => return Value::Code(u8::try_from(score.lower_band).ok()),
        Column::Outcome => return Value::Code(Some(outcome(score.outcome))),
        Column::Score => score.score,
        Column::Coverage => Some(score.coverage),
        Column::Lower => Some(score.lower),
        Column::Upper => Some(score.upper),
        Column::ValidatedShare => Some(score.validated_share),
        Column::FreshShare => Some(score.fresh_share),
        Column::Group(place) => workspace.group(place).score,
        Column::GroupCost(place) => {
            let group = scorer.groups().get(place);
            group.and_then(|group| group.cost_score(workspace.group(place).score))
        }
        _ => None,
    })
}

fn of_assessment(column: Column, result: &Assessment, scorer: &Scorer) -> Value {
    let band = |name: &str| {
        let place = scorer.band_names().iter().position(|band| &**band == name);
        Value::Code(place.and_then(|place| u8::try_from(place).ok()))
    };
    let group = |place: usize| result.groups.get(place);
    if column.is_flag() {
        return Value::Flag(scorer.flag(column, result));
    }
    Value::Number(match column {
        Column::Band => return result.band.as_deref().map_or(Value::Code(None), band),
        Column::LowerBand => return band(&result.lower_band),
        Column::Outcome => return Value::Code(Some(outcome(result.outcome))),
        Column::Score => result.score,
        Column::Coverage => Some(result.coverage),
        Column::Lower => Some(result.lower),
        Column::Upper => Some(result.upper),
        Column::ValidatedShare => Some(result.validated_share),
        Column::FreshShare => Some(result.fresh_share),
        Column::Group(place) => group(place).and_then(|group| group.score),
        Column::GroupCost(place) => group(place).and_then(|group| group.cost_score),
        Column::Contribution(place) => {
            let measure = result.measures.get(place);
            result.raw.and(measure).map(|measure| measure.contribution)
        }
        _ => None,
    })
}

/// The code of an outcome: its place in the dictionary of [`Layout`].
const fn outcome(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Scored => 0,
        Outcome::Insufficient => 1,
        Outcome::NotApplicable => 2,
    }
}
