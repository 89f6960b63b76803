//! Laws of back-tests, on random scores with ties.

use proptest::collection::vec;
use proptest::prelude::*;
use value_model::backtest::auc::{auc, weighted_auc};
use value_model::backtest::calibrate::{
    CalibrateInput, Curve, LikelihoodInput, Method, calibrate, likelihood,
};
use value_model::backtest::concordance::{ConcordanceInput, concordance};
use value_model::backtest::curve::roc;
use value_model::backtest::deciles::deciles;
use value_model::backtest::drift::{DriftInput, drift};
use value_model::backtest::rank::Ranking;
use value_model::backtest::weights::{MeasureUnits, SuggestWeightsInput, suggest_weights};

/// Scores from a few values, so that many tie, with an outcome each.
fn accounts() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    vec((0_u32..25, any::<bool>()), 0..60)
        .prop_map(|rows| rows.into_iter().map(|(score, kept)| (f64::from(score) * 4.0, kept)).unzip())
}

/// The definition, pair by pair.
fn by_pairs(scores: &[f64], kept: &[bool]) -> Option<f64> {
    let of = |class: bool| {
        scores.iter().zip(kept).filter(move |(_, kept)| **kept == class).map(|(score, _)| *score)
    };
    let (mut halves, mut pairs) = (0.0, 0.0);
    for high in of(true) {
        for low in of(false) {
            halves += if high > low {
                2.0
            } else if high < low {
                0.0
            } else {
                1.0
            };
            pairs += 2.0;
        }
    }
    (pairs > 0.0).then(|| halves / pairs)
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-12,
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_auc_is_the_share_of_pairs_in_the_right_order((scores, kept) in accounts()) {
        prop_assert!(near(auc(&scores, &kept).unwrap().auc, by_pairs(&scores, &kept)));
    }

    #[test]
    fn turning_the_scores_or_the_outcomes_turns_the_auc((scores, kept) in accounts()) {
        let found = auc(&scores, &kept).unwrap();
        let turned: Vec<f64> = scores.iter().map(|score| 100.0 - score).collect();
        let others: Vec<bool> = kept.iter().map(|kept| !kept).collect();
        let against = found.auc.map(|auc| 1.0 - auc);
        prop_assert!(near(auc(&turned, &kept).unwrap().auc, against));
        prop_assert!(near(auc(&scores, &others).unwrap().auc, against));
        if let (Some(a), Some(b)) = (found.interval, auc(&turned, &kept).unwrap().interval) {
            prop_assert!((a.low - (1.0 - b.high)).abs() < 1e-12 && (a.high - (1.0 - b.low)).abs() < 1e-12);
        }
    }

    #[test]
    fn the_order_of_accounts_changes_no_bit((scores, kept) in accounts()) {
        let (mut back, mut outcomes) = (scores.clone(), kept.clone());
        back.reverse();
        outcomes.reverse();
        prop_assert_eq!(auc(&scores, &kept).unwrap(), auc(&back, &outcomes).unwrap());
        let (a, b) = (Ranking::new(&scores, &kept).unwrap(), Ranking::new(&back, &outcomes).unwrap());
        prop_assert_eq!(deciles(&a), deciles(&b));
        prop_assert_eq!(roc(&a), roc(&b));
    }

    #[test]
    fn equal_revenue_weighs_nothing((scores, kept) in accounts(), revenue in 1_u32..100_000) {
        let weights = vec![f64::from(revenue); scores.len()];
        let weighted = weighted_auc(&scores, &kept, &weights).unwrap();
        prop_assert!(near(weighted, auc(&scores, &kept).unwrap().auc));
    }

    #[test]
    fn tenths_hold_every_account_and_every_loss((scores, kept) in accounts()) {
        let ranking = Ranking::new(&scores, &kept).unwrap();
        let rows = deciles(&ranking);
        prop_assert_eq!(rows.iter().map(|row| row.accounts).sum::<u32>(), ranking.accounts());
        let lost: f64 = rows.iter().map(|row| row.lost).sum();
        prop_assert!((lost - f64::from(ranking.lost())).abs() < 1e-9);
        let rising = rows.iter().zip(rows.iter().skip(1)).all(|(low, high)| low.high <= high.low);
        prop_assert!(rising);
    }

    #[test]
    fn a_roc_curve_rises_to_the_corner((scores, kept) in accounts()) {
        let points = roc(&Ranking::new(&scores, &kept).unwrap());
        prop_assert!(points.len() <= 100);
        let rises = |a: f64, b: f64| a <= b;
        let rising = points.iter().zip(points.iter().skip(1)).all(|(a, b)| {
            rises(a.lost_share, b.lost_share) && rises(a.kept_share, b.kept_share) && a.score > b.score
        });
        prop_assert!(rising);
        if let Some(last) = points.last() {
            prop_assert!(last.lost_share >= 1.0 && last.kept_share >= 1.0);
        }
    }

    #[test]
    fn with_one_moment_for_those_who_left_concordance_is_the_auc((scores, kept) in accounts()) {
        let times = kept.iter().map(|kept| if *kept { 2.0 } else { 1.0 }).collect();
        let left = kept.iter().map(|kept| !kept).collect();
        let found = concordance(&ConcordanceInput { scores: scores.clone(), times, left }).unwrap();
        prop_assert!(near(found.concordance, auc(&scores, &kept).unwrap().auc));
    }

    #[test]
    fn a_rising_curve_rises_and_keeps_the_mean((scores, outcomes) in accounts()) {
        let input = CalibrateInput { scores: scores.clone(), outcomes: outcomes.clone(), method: Method::Isotonic, folds: 5, model: None };
        let Some(curve @ Curve::Isotonic(_)) = calibrate(&input).unwrap().curve else { return Ok(()) };
        let found = likelihood(&LikelihoodInput { curve, scores: scores.iter().copied().map(Some).collect() }).unwrap();
        let sum: f64 = found.renewal_likelihood.iter().flatten().sum();
        let kept: u32 = outcomes.iter().map(|kept| u32::from(*kept)).sum();
        prop_assert!((sum - f64::from(kept)).abs() < 1e-9);
    }

    #[test]
    fn a_logistic_curve_is_finite_and_inside(accounts in accounts()) {
        let (scores, outcomes) = accounts;
        let input = CalibrateInput { scores: scores.clone(), outcomes, method: Method::Platt, folds: 5, model: None };
        let Some(curve) = calibrate(&input).unwrap().curve else { return Ok(()) };
        let found = likelihood(&LikelihoodInput { curve, scores: scores.into_iter().map(Some).collect() }).unwrap();
        prop_assert!(found.renewal_likelihood.iter().flatten().all(|likelihood| (0.0..=1.0).contains(likelihood)));
    }

    #[test]
    fn weights_are_shares_and_the_order_of_accounts_changes_no_bit(
        rows in vec((0_u32..10, 0_u32..10, any::<bool>()), 1..40)
    ) {
        let suggest = |rows: &[(u32, u32, bool)]| {
            let units = |of: fn(&(u32, u32, bool)) -> u32| rows.iter().map(|row| Some(f64::from(of(row)) / 10.0)).collect();
            let measures = vec![
                MeasureUnits { id: "a".into(), units: units(|row| row.0) },
                MeasureUnits { id: "b".into(), units: units(|row| row.1) },
            ];
            let outcomes = rows.iter().map(|row| row.2).collect();
            suggest_weights(&SuggestWeightsInput { measures, outcomes, ridge: 1.0, folds: 3 }).unwrap()
        };
        let found = suggest(&rows);
        let weights: Vec<f64> = found.measures.iter().filter_map(|measure| measure.weight).collect();
        prop_assert!(weights.is_empty() || (weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(weights.iter().all(|weight| *weight >= 0.0));
        let back: Vec<_> = rows.iter().rev().copied().collect();
        prop_assert_eq!(found, suggest(&back));
    }

    #[test]
    fn drift_is_none_of_a_period_against_itself_and_never_negative((before, _) in accounts(), (after, _) in accounts()) {
        prop_assume!(!before.is_empty() && !after.is_empty());
        let itself = drift(&DriftInput { before: before.clone(), after: before.clone(), cuts: None }).unwrap();
        prop_assert!(itself.psi.abs() < 1e-12);
        let moved = drift(&DriftInput { before, after, cuts: None }).unwrap();
        prop_assert!(moved.psi >= 0.0);
    }
}
