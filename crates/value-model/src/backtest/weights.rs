//! Suggested weights: what the outcomes say about which measures matter. Advice, never applied.

use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

use super::auc::{self, Auc};
use super::folds;
use super::rank::Ranking;
use super::ridge::{self, Data};
use super::{NoResult, one_class, same_length};

/// Catalog entry of [`suggest_weights`].
pub const FORMULA: Formula = Formula {
    id: "suggest_weights",
    version: 1,
    source: Source::Standard,
    expression: "least sum ln(1 + exp(-y (b + sum w_i u_i))) + ridge/2 * sum w_i^2 over w >= 0; \
                 weight_i = w_i / sum w; auc = mean over the folds of the AUC of sum weight u / sum weight",
};

/// Units of measures and what happened to their accounts.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SuggestWeightsInput {
    /// The measures, each with one unit per account.
    pub measures: Vec<MeasureUnits>,
    /// Whether each account was kept.
    pub outcomes: Vec<bool>,
    /// The penalty on large weights, above 0.
    #[serde(default = "one")]
    pub ridge: f64,
    /// Parts into which the accounts are dealt to judge the weights, 2 to 20.
    #[serde(default = "folds::five")]
    pub folds: u32,
}

// CHOICE: the default strength of the field's libraries.
const fn one() -> f64 {
    1.0
}

/// One measure.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MeasureUnits {
    /// Its id.
    pub id: String,
    /// Its units, 0..1 with higher better, one per account; null where the answer is missing.
    pub units: Vec<Option<f64>>,
}

/// Weights that told kept from lost accounts best.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SuggestedWeights {
    /// What it comes to, in a sentence, with the measures that do not help.
    pub summary: String,
    /// The measures in their order.
    pub measures: Vec<SuggestedWeight>,
    /// Mean AUC of accounts that were not learnt from, fold by fold.
    pub auc: Option<f64>,
    /// The AUC of each fold.
    pub fold_aucs: Vec<f64>,
    /// AUC with equal weights for all measures.
    pub equal_weights: Auc,
    /// Why there are no weights, or no AUC.
    pub reason: Option<NoResult>,
    /// Accounts that were kept.
    pub kept: u32,
    /// Accounts that were lost.
    pub lost: u32,
}

/// What is advised for one measure.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SuggestedWeight {
    /// Its id.
    pub id: String,
    /// Its share of all weights, 0..1.
    pub weight: Option<f64>,
    /// Whether it deserves a weight beside the others. `false` is a weight of 0: this measure does not help.
    pub helps: Option<bool>,
    /// The AUC of its units alone, over the accounts that have one.
    pub alone: Auc,
}

/// Suggests weights.
///
/// A missing unit is learnt from as the mean of its measure, and scored by leaving its weight out.
///
/// # Errors
/// [`Error::Empty`] without measures, [`Error::Text`] or [`Error::Duplicate`] for their ids, [`Error::Conflict`] for columns of
/// different lengths, [`Error::OutOfRange`] for a unit outside of 0..1, a ridge that is not above 0 or folds outside of
/// 2..20, [`Error::NotFinite`].
///
/// # Examples
/// ```
/// use value_model::backtest::weights::{MeasureUnits, SuggestWeightsInput, suggest_weights};
/// let outcomes: Vec<bool> = (0..40).map(|account| account % 2 == 0).collect();
/// let usage = outcomes.iter().map(|kept| Some(if *kept { 0.9 } else { 0.4 })).collect();
/// let noise = (0..40).map(|account| Some(f64::from(account % 4 / 2))).collect();
/// let measures = vec![
///     MeasureUnits { id: "usage".into(), units: usage },
///     MeasureUnits { id: "noise".into(), units: noise },
/// ];
/// let advice = suggest_weights(&SuggestWeightsInput { measures, outcomes, ridge: 1.0, folds: 5 })?;
/// assert_eq!(advice.auc, Some(1.0));
/// assert_eq!(advice.measures[0].helps, Some(true));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn suggest_weights(input: &SuggestWeightsInput) -> Result<SuggestedWeights, Error> {
    let folds = checked(input)?;
    let table = Table::of(input);
    let (kept, lost) = table.classes();
    let mut advice = SuggestedWeights {
        summary: String::new(),
        measures: alone(input)?,
        auc: None,
        fold_aucs: Vec::new(),
        equal_weights: table.auc(&vec![1.0; table.columns.len()], |_| true)?,
        reason: one_class(kept, lost),
        kept,
        lost,
    };
    if advice.reason.is_none() {
        let weights = table.fit(input.ridge, |_| true);
        let sum: f64 = weights.iter().sum();
        if sum > 0.0 {
            for (measure, weight) in advice.measures.iter_mut().zip(&weights) {
                (measure.weight, measure.helps) = (Some(weight / sum), Some(*weight > 0.0));
            }
            table.judge(input.ridge, folds, &mut advice)?;
        } else {
            advice.reason = Some(NoResult::NothingHelps);
        }
    }
    advice.summary = summary(&advice);
    Ok(advice)
}

fn checked(input: &SuggestWeightsInput) -> Result<u32, Error> {
    if input.measures.is_empty() {
        return Err(Error::Empty { field: "measures".into() });
    }
    check::by_id("measures", &input.measures, |measure| &measure.id)?;
    check::positive("ridge", input.ridge)?;
    super::rank::limit(input.outcomes.len())?;
    for (place, measure) in input.measures.iter().enumerate() {
        let within = |error: Error| error.within(&format!("measures[{place}]"));
        same_length("units", measure.units.len(), input.outcomes.len()).map_err(within)?;
        for (row, unit) in measure.units.iter().enumerate().filter_map(|(row, unit)| Some((row, (*unit)?))) {
            if !(0.0..=1.0).contains(&unit) {
                check::unit(format!("measures[{place}].units[{row}]"), unit)?;
            }
        }
    }
    folds::checked(input.folds)
}

/// Each measure's units alone.
fn alone(input: &SuggestWeightsInput) -> Result<Vec<SuggestedWeight>, Error> {
    let one = |measure: &MeasureUnits| {
        let pairs = measure.units.iter().zip(&input.outcomes);
        let (units, kept): (Vec<f64>, Vec<bool>) =
            pairs.filter_map(|(unit, kept)| Some(((*unit)?, kept))).unzip();
        Ok(SuggestedWeight {
            id: measure.id.clone(),
            weight: None,
            helps: None,
            alone: auc::auc(&units, &kept)?,
        })
    };
    input.measures.iter().map(one).collect()
}

/// Units and outcomes in an order of their own, so that the order of the input cannot show.
struct Table {
    columns: Vec<Vec<Option<f64>>>,
    outcomes: Vec<bool>,
    /// The place of each account in its class, which deals it to a fold.
    places: Vec<usize>,
}

impl Table {
    fn of(input: &SuggestWeightsInput) -> Self {
        let mut order: Vec<usize> = (0..input.outcomes.len()).collect();
        let unit = |measure: &MeasureUnits, row: usize| measure.units.get(row).copied().flatten();
        let outcome = |row: &usize| input.outcomes.get(*row).copied().unwrap_or_default();
        order.sort_by(|a, b| {
            let units = |row: usize| input.measures.iter().map(move |measure| unit(measure, row));
            // Missing is below 0.
            let key = |unit: Option<f64>| math::unsigned_zero(unit.unwrap_or(-1.0));
            let differs = units(*a).zip(units(*b)).map(|(x, y)| key(x).total_cmp(&key(y)));
            outcome(a)
                .cmp(&outcome(b))
                .then_with(|| differs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then))
        });
        let outcomes: Vec<bool> = order.iter().map(outcome).collect();
        let first_kept = outcomes.partition_point(|kept| !kept);
        let column = |measure: &MeasureUnits| order.iter().map(|row| unit(measure, *row)).collect();
        Self {
            columns: input.measures.iter().map(column).collect(),
            places: (0..outcomes.len())
                .map(|row| if row < first_kept { row } else { row - first_kept })
                .collect(),
            outcomes,
        }
    }

    fn classes(&self) -> (u32, u32) {
        let kept = self.outcomes.iter().filter(|kept| **kept).count();
        let count = |accounts: usize| u32::try_from(accounts).unwrap_or(u32::MAX);
        (count(kept), count(self.outcomes.len() - kept))
    }

    /// Weights learnt from some accounts, by their place in their class.
    fn fit(&self, ridge: f64, learn: impl Fn(usize) -> bool) -> Vec<f64> {
        let rows: Vec<bool> = self.places.iter().map(|place| learn(*place)).collect();
        let outcomes: Vec<bool> = taken(&self.outcomes, &rows).collect();
        let columns: Vec<Vec<f64>> =
            self.columns.iter().map(|column| centred(taken(column, &rows).collect())).collect();
        ridge::fit(&Data { columns: &columns, outcomes: &outcomes, ridge })
    }

    /// AUC of the scores that these weights give to some accounts. Accounts without a weighed answer have no score.
    fn auc(&self, weights: &[f64], judge: impl Fn(usize) -> bool) -> Result<Auc, Error> {
        let (mut scores, mut outcomes) = (Vec::new(), Vec::new());
        for (row, (&place, &kept)) in self.places.iter().zip(&self.outcomes).enumerate() {
            let units = self.columns.iter().map(|column| column.get(row).copied().flatten());
            let (mut sum, mut present) = (0.0, 0.0);
            for (weight, unit) in weights.iter().zip(units).filter_map(|(weight, unit)| Some((weight, unit?)))
            {
                sum += weight * unit;
                present += weight;
            }
            if present > 0.0 && judge(place) {
                scores.push(100.0 * (sum / present));
                outcomes.push(kept);
            }
        }
        Ok(auc::of(&Ranking::new(&scores, &outcomes)?))
    }

    /// Fills in the AUC of accounts that were not learnt from.
    fn judge(&self, ridge: f64, folds: u32, advice: &mut SuggestedWeights) -> Result<(), Error> {
        if advice.kept.min(advice.lost) < folds {
            advice.reason = Some(NoResult::TooFew);
            return Ok(());
        }
        let folds = usize::try_from(folds).unwrap_or(usize::MAX);
        for fold in 0..folds {
            let weights = self.fit(ridge, |place| place % folds != fold);
            // Without any weight all scores of this fold are one.
            let found = self.auc(&weights, |place| place % folds == fold)?.auc.unwrap_or(0.5);
            advice.fold_aucs.push(found);
        }
        advice.auc = Some(advice.fold_aucs.iter().sum::<f64>() / math::length(folds));
        Ok(())
    }
}

fn taken<'a, T: Copy>(values: &'a [T], rows: &'a [bool]) -> impl Iterator<Item = T> + 'a {
    values.iter().zip(rows).filter(|(_, taken)| **taken).map(|(value, _)| *value)
}

/// A column less its mean, and 0 where it is missing.
fn centred(column: Vec<Option<f64>>) -> Vec<f64> {
    let known = column.iter().flatten().count();
    let mean = column.iter().flatten().sum::<f64>() / math::length(known.max(1));
    column.into_iter().map(|unit| unit.map_or(0.0, |unit| unit - mean)).collect()
}

/// What the advice comes to.
fn summary(advice: &SuggestedWeights) -> String {
    let useless: Vec<&str> =
        advice.measures.iter().filter(|m| m.helps == Some(false)).map(|m| m.id.as_str()).collect();
    let silent = match useless.as_slice() {
        [] => String::new(),
        [one] => format!("; `{one}` does not help: its weight is 0"),
        many => format!("; these do not help, their weight is 0: `{}`", many.join("`, `")),
    };
    let equal =
        advice.equal_weights.auc.map_or(String::new(), |auc| format!(", {auc:.3} with equal weights"));
    match (advice.auc, advice.reason) {
        (Some(auc), _) => format!("AUC {auc:.3} on accounts not learnt from{equal}{silent}"),
        (None, Some(NoResult::NothingHelps)) => {
            "no measure deserves a weight: higher units do not go with staying".into()
        }
        (None, Some(NoResult::NoneKept)) => "no account was kept, so there is nothing to learn from".into(),
        (None, Some(NoResult::NoneLost)) => "no account was lost, so there is nothing to learn from".into(),
        (None, Some(NoResult::TooFew)) => format!("too few accounts to judge these weights{silent}"),
        (None, _) => "no account, so there is nothing to learn from".into(),
    }
}
