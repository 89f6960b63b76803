//! Cronbach's alpha: do the questions of a survey ask the same thing?

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

use super::{NoResult, same_length};

/// Catalog entry of [`alpha`].
pub const FORMULA: Formula = Formula {
    id: "alpha",
    version: 1,
    source: Source::Standard,
    expression: "alpha = k/(k - 1) * (1 - sum var(item) / var(total)); \
                 standardised = k r / (1 + (k - 1) r) with r the mean correlation; \
                 item_rest = correlation of an item with the sum of the others",
};

/// Answers to the questions of one group.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlphaInput {
    /// The questions, at least two, each with one answer per respondent.
    pub items: Vec<AlphaItem>,
    /// Whether these are questions of one survey scale, which should go together. Indicators need not, and get no warning.
    #[serde(default)]
    pub survey_scale: bool,
}

/// One question.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlphaItem {
    /// Its id.
    pub id: String,
    /// The answers as numbers, one per respondent; null where there is none.
    pub answers: Vec<Option<f64>>,
}

/// How far answers go together.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Alpha {
    /// Cronbach's alpha, at most 1.
    pub alpha: Option<f64>,
    /// The same after giving all items one variance; none when an item does not vary.
    pub standardised: Option<f64>,
    /// Why there is none.
    pub reason: Option<NoResult>,
    /// Whether alpha is below .7. Said of survey scales alone.
    pub low: Option<bool>,
    /// Respondents who answered every item: those that were looked at.
    pub respondents: u32,
    /// Respondents who did not.
    pub left_out: u32,
    /// The items in their order.
    pub items: Vec<AlphaOfItem>,
}

/// One item beside the others.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AlphaOfItem {
    /// Its id.
    pub id: String,
    /// Its correlation with the sum of the other items, -1..1; none when one of them does not vary.
    pub item_rest: Option<f64>,
    /// Alpha of the other items; none with fewer than two of them.
    pub alpha_without: Option<f64>,
}

/// What survey scales are usually asked for.
// CHOICE: a rule of thumb of the field.
const LOW: f64 = 0.7;

/// Cronbach's alpha with item-rest correlations.
///
/// # Errors
/// [`Error::Empty`] (`items`) for fewer than two items, [`Error::Conflict`] for items of different lengths,
/// [`Error::Text`] or [`Error::Duplicate`] for ids, [`Error::NotFinite`].
///
/// # Examples
/// ```
/// use value_model::backtest::alpha::{AlphaInput, AlphaItem, alpha};
/// let item = |id: &str, answers: [f64; 4]| AlphaItem { id: id.into(), answers: answers.map(Some).to_vec() };
/// let items = vec![item("a", [1.0, 2.0, 3.0, 4.0]), item("b", [2.0, 2.0, 4.0, 4.0])];
/// let found = alpha(&AlphaInput { items, survey_scale: true })?;
/// assert!(found.alpha.unwrap() > 0.93 && found.low == Some(false));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn alpha(input: &AlphaInput) -> Result<Alpha, Error> {
    let items = checked(input)?;
    let all = items.first().map_or(0, |item| item.answers.len());
    let whole = |row: &usize| items.iter().all(|item| item.answers.get(*row).copied().flatten().is_some());
    let rows: Vec<usize> = (0..all).filter(whole).collect();
    let of =
        |item: &AlphaItem| rows.iter().filter_map(|row| item.answers.get(*row).copied().flatten()).collect();
    let columns: Vec<Vec<f64>> = items.iter().map(of).collect();
    let (whole, standardised) = (alpha_of(&columns), standardised(&columns));
    let reason = match (rows.len(), whole) {
        (0 | 1, _) => Some(NoResult::TooFew),
        (_, None) => Some(NoResult::NoVariation),
        _ => None,
    };
    let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let numbered = items.iter().enumerate();
    Ok(Alpha {
        alpha: whole,
        standardised: whole.and(standardised),
        reason,
        low: whole.filter(|_| input.survey_scale).map(|alpha| alpha < LOW),
        respondents: count(rows.len()),
        left_out: count(all - rows.len()),
        items: numbered.map(|(place, item)| beside(&columns, place, &item.id)).collect(),
    })
}

fn checked(input: &AlphaInput) -> Result<&[AlphaItem], Error> {
    let items = &input.items;
    if items.len() < 2 {
        return Err(Error::Empty { field: "items".into() });
    }
    check::by_id("items", items, |item| &item.id)?;
    let all = items.first().map_or(0, |item| item.answers.len());
    super::rank::limit(all)?;
    for (place, item) in items.iter().enumerate() {
        let within = |error: Error| error.within(&format!("items[{place}]"));
        same_length("answers", item.answers.len(), all).map_err(within)?;
        for (row, answer) in
            item.answers.iter().enumerate().filter_map(|(row, answer)| Some((row, (*answer)?)))
        {
            if !answer.is_finite() {
                check::finite(format!("items[{place}].answers[{row}]"), answer)?;
            }
        }
    }
    Ok(items)
}

/// Sum of squared differences from the mean.
fn spread(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / math::length(values.len());
    values.iter().map(|value| (value - mean) * (value - mean)).sum()
}

fn sums(columns: &[Vec<f64>], without: Option<usize>) -> Vec<f64> {
    let mut total = vec![0.0; columns.first().map_or(0, Vec::len)];
    for (_, column) in columns.iter().enumerate().filter(|(place, _)| Some(*place) != without) {
        for (sum, answer) in total.iter_mut().zip(column) {
            *sum += answer;
        }
    }
    total
}

/// Alpha of these columns; none without two of them or without variation. Both variances share their divisor.
fn alpha_of(columns: &[Vec<f64>]) -> Option<f64> {
    let (items, total) = (math::length(columns.len()), spread(&sums(columns, None)));
    let own: f64 = columns.iter().map(|column| spread(column)).sum();
    (columns.len() > 1 && total > 0.0).then(|| items / (items - 1.0) * (1.0 - own / total))
}

fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / math::length(values.len());
    let (mean_a, mean_b) = (mean(a), mean(b));
    let together: f64 = a.iter().zip(b).map(|(x, y)| (x - mean_a) * (y - mean_b)).sum();
    let size = (spread(a) * spread(b)).sqrt();
    (size > 0.0).then(|| together / size)
}

fn standardised(columns: &[Vec<f64>]) -> Option<f64> {
    let (mut sum, mut pairs) = (0.0, 0.0);
    for (place, a) in columns.iter().enumerate() {
        for b in columns.iter().skip(place + 1) {
            sum += correlation(a, b)?;
            pairs += 1.0;
        }
    }
    let (items, mean) = (math::length(columns.len()), sum / pairs);
    let under = 1.0 + (items - 1.0) * mean;
    (under > 0.0).then(|| items * mean / under)
}

fn beside(columns: &[Vec<f64>], place: usize, id: &str) -> AlphaOfItem {
    let rest = sums(columns, Some(place));
    let others: Vec<Vec<f64>> =
        columns.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, column)| column.clone()).collect();
    AlphaOfItem {
        id: id.to_owned(),
        item_rest: columns.get(place).and_then(|column| correlation(column, &rest)),
        alpha_without: alpha_of(&others),
    }
}
