//! What holds for every result: contributions, rules, overrides, the fast path, documents.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::plan::raw;
use common::{Knobs, as_of, assess, bits, cases, each_group, each_measure};
use proptest::prelude::*;
use value_model::answer::{Answer, Missing, Override, Record, Source};
use value_model::scale::{Cell, Scale};
use value_model::scorecard::{
    Action, Aggregator, Context, Group, Measure, MissingRule, Node, Outcome, Polarity, Scorecard,
};

/// Points by which two sums of the same numbers in another order may differ.
const SLACK: f64 = 1e-9;

fn every_aggregator(card: &Scorecard, aggregator: &Aggregator) -> Scorecard {
    let mut card = card.clone();
    each_group(&mut card.tree, &mut |group| group.aggregator = aggregator.clone());
    card
}

fn wish(score: f64, made_on: i32, expires_on: Option<i32>) -> Override {
    Override {
        score,
        reason: "the sponsor left".into(),
        author: "kim".into(),
        made_on: as_of().plus_days(made_on).unwrap(),
        expires_on: expires_on.map(|days| as_of().plus_days(days).unwrap()),
    }
}

proptest! {
    #![proptest_config(common::config())]

    #[test]
    fn contributions_sum_to_the_score(case in cases(Knobs::ALL), set in prop::option::of(0.0..=100.0)) {
        let mut record = case.record();
        record.override_ = set.map(|score| wish(score, -1, None));
        let result = assess(&case.card, &record);
        let sum: f64 = result.contributions.iter().map(|part| part.points).sum();
        prop_assert!((sum - result.score.unwrap_or(0.0)).abs() < SLACK, "{sum} {result:?}");
    }

    #[test]
    fn the_contributions_of_leaves_are_never_negative(case in cases(Knobs::TREE)) {
        let result = assess(&case.card, &case.record());
        prop_assert!(result.contributions.iter().all(|part| part.points >= 0.0));
        prop_assert!(result.measures.iter().all(|measure| measure.unit.is_some() || measure.contribution >= 0.0));
    }

    #[test]
    fn weights_scaled_by_a_power_of_two_change_no_bit(case in cases(Knobs::ALL), power in -20..20_i32) {
        let before = assess(&case.card, &case.record());
        let factor = 2.0_f64.powi_exact(power);
        let mut card = case.card.clone();
        each_group(&mut card.tree, &mut |group| {
            let uplift = match &group.aggregator {
                Aggregator::Headroom { uplift } => uplift.clone(),
                _ => Vec::new(),
            };
            // Uplift weights are shares of the room above the base, not ratios.
            for child in group.children.iter_mut().filter(|child| !uplift.iter().any(|id| id == child.id())) {
                match child {
                    Node::Group(Group { weight, .. }) | Node::Measure(Measure { weight, .. }) => *weight *= factor,
                }
            }
        });
        prop_assert_eq!(before, assess(&card, &case.record()));
    }

    #[test]
    fn equal_answers_give_that_answer(
        mut case in cases(Knobs { scales: false, headroom: false, gaps: false, ..Knobs::TREE }),
        unit in 0.0..=1.0,
    ) {
        each_group(&mut case.card.tree, &mut |group| group.missing = MissingRule::Renormalise);
        for answer in case.leaves.iter_mut().flat_map(|leaf| &mut leaf.answers) {
            answer.x = unit;
        }
        if let Some(score) = assess(&case.card, &case.record()).score {
            prop_assert!((score - 100.0 * unit).abs() <= 1e-10 * unit, "{score}");
        }
    }

    #[test]
    fn the_means_stand_in_their_order(case in cases(Knobs { headroom: false, ..Knobs::TREE })) {
        let scores: Vec<Option<f64>> =
            [Aggregator::Min, Aggregator::Harmonic, Aggregator::Geometric, Aggregator::Mean, Aggregator::Max]
                .iter()
                .map(|aggregator| assess(&every_aggregator(&case.card, aggregator), &case.record()).score)
                .collect();
        for pair in scores.windows(2) {
            prop_assert_eq!(pair[0].is_some(), pair[1].is_some());
            prop_assert!(pair[0] <= pair[1].map(|score| score + SLACK), "{scores:?}");
        }
    }

    #[test]
    fn uplift_only_adds(case in cases(Knobs::FULL)) {
        let mut card = case.card.clone();
        let with = assess(&card, &case.record()).score.unwrap();
        each_group(&mut card.tree, &mut |group| {
            let Aggregator::Headroom { uplift } = group.aggregator.clone() else { return };
            for child in group.children.iter_mut().filter(|child| uplift.iter().any(|id| id == child.id())) {
                match child {
                    Node::Group(Group { weight, .. }) | Node::Measure(Measure { weight, .. }) => *weight = 0.0,
                }
            }
        });
        prop_assert!(assess(&card, &case.record()).score.unwrap() <= with + SLACK);
    }

    #[test]
    fn headroom_is_what_a_new_score_gives(case in cases(Knobs::ALL), which in any::<usize>()) {
        let scorer = case.card.compile().unwrap();
        let before = scorer.assess(&case.record(), as_of()).unwrap();
        let leaf = &case.leaves[case.pick(which)];
        prop_assume!(before.measure(&leaf.id).unwrap().missing != Some(Missing::NotApplicable));
        let best = Answer::new(raw(&leaf.scale, if leaf.reverse { 0.0 } else { 1.0 })).source(Source::Measured);
        // The best rank among peers is above all of them; every other scale reaches 1.
        let mut record = case.record();
        record.answers.insert(leaf.id.clone(), vec![best]);
        let after = scorer.assess(&record, as_of()).unwrap();
        prop_assume!(after.measure(&leaf.id).unwrap().unit == Some(1.0));
        let expected = before.score.zip(after.score).map(|(before, after)| after - before);
        match (before.measure(&leaf.id).unwrap().headroom, expected) {
            (Some(found), Some(expected)) => prop_assert!((found - expected).abs() < 1e-11),
            (found, expected) => prop_assert_eq!(found, expected),
        }
    }

    #[test]
    fn headroom_is_never_negative_where_every_group_has_a_score(mut case in cases(Knobs { demands: false, ..Knobs::TREE })) {
        // A better answer can bring a weak group back into the score, and then the score falls. With a unit for
        // what is missing, every group that applies has a score.
        each_group(&mut case.card.tree, &mut |group| {
            if group.missing == MissingRule::Renormalise {
                group.missing = MissingRule::Zero;
            }
        });
        let result = assess(&case.card, &case.record());
        prop_assert!(result.groups.iter().all(|group| group.outcome != Outcome::Insufficient));
        for measure in &result.measures {
            prop_assert!(measure.headroom.is_none_or(|points| points >= -SLACK), "{measure:?}");
            prop_assert_eq!(measure.headroom.is_none(), measure.missing == Some(Missing::NotApplicable) || result.score.is_none());
        }
    }

    #[test]
    fn an_answer_at_its_best_has_no_headroom(case in cases(Knobs { rules: true, ..Knobs::FULL })) {
        let result = assess(&case.card, &case.record());
        for measure in result.measures.iter().filter(|measure| measure.unit == Some(1.0)) {
            prop_assert_eq!(measure.headroom.map(f64::to_bits), Some(0.0_f64.to_bits()));
        }
    }

    #[test]
    fn a_cap_never_raises_and_a_floor_never_lowers(case in cases(Knobs::ALL)) {
        let result = assess(&case.card, &case.record());
        let mut last = result.raw;
        for fired in &result.rules {
            let rule = case.card.rules.iter().find(|rule| *rule.id == *fired.id).unwrap();
            match rule.then {
                Action::Cap(to) => prop_assert!(fired.after <= fired.before && fired.after <= 100.0 * to),
                Action::Floor(to) => prop_assert!(fired.after >= fired.before && fired.after >= 100.0 * to),
                Action::Set(to) => prop_assert!((fired.after - 100.0 * to).abs() <= 0.0),
            }
            prop_assert_eq!(last, Some(fired.before));
            last = Some(fired.after);
        }
        prop_assert_eq!(last, result.score);
    }

    #[test]
    fn the_band_never_falls_when_the_score_rises(case in cases(Knobs::ALL), a in 0.0..=100.0, b in 0.0..=100.0) {
        let scorer = case.card.compile().unwrap();
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        prop_assert!(scorer.band_of(low) <= scorer.band_of(high));
        let result = assess(&case.card, &case.record());
        prop_assert_eq!(result.band, result.score.map(|score| scorer.band_name(scorer.band_of(score))));
        prop_assert_eq!(result.lower_band, scorer.band_name(scorer.band_of(result.lower)));
    }

    #[test]
    fn the_fast_path_gives_the_bits_of_the_assessment(
        case in cases(Knobs { people: false, ..Knobs::ALL }),
        source in prop::option::of(prop::sample::select(vec![Source::VendorAsserted, Source::Measured])),
        age in prop::option::of(0..400_i32),
    ) {
        let scorer = case.card.compile().unwrap();
        let mut record = case.record();
        record.default_source = source;
        record.default_on = age.map(|age| as_of().plus_days(-age).unwrap());
        let mut cells = vec![Cell::Missing(Missing::NoData); scorer.measures().len()];
        for (id, answers) in &mut record.answers {
            let index = scorer.measure_index(id).unwrap();
            for answer in answers {
                (answer.source, answer.on) = (None, None);
                cells[index] = match (&answer.value, answer.missing) {
                    (Some(value), _) => scorer.read(index, value).unwrap(),
                    (None, reason) => Cell::Missing(reason.unwrap_or(Missing::NoData)),
                };
            }
        }
        let context = Context { default_source: source, default_on: record.default_on, ..Context::new(as_of()) };
        let mut workspace = scorer.workspace();
        let full = scorer.assess(&record, as_of()).unwrap();
        // Twice, so that the second run meets what the first left behind.
        for _ in 0..2 {
            let fast = scorer.score(&cells, &context, &mut workspace).unwrap();
            prop_assert_eq!(fast.outcome, full.outcome);
            prop_assert_eq!(fast.band.map(|band| scorer.band_name(band)), full.band.clone());
            let rest = [fast.lower, fast.upper, fast.coverage, fast.validated_share, fast.fresh_share];
            let found = (fast.score.map(f64::to_bits), fast.raw.map(f64::to_bits), rest.map(f64::to_bits));
            prop_assert_eq!(found, bits(&full));
            for (index, group) in full.groups.iter().enumerate() {
                let fast = workspace.group(index);
                prop_assert_eq!((fast.outcome, fast.score, fast.lower), (group.outcome, group.score, group.lower));
            }
        }
    }

    #[test]
    fn a_record_survives_json(case in cases(Knobs::ALL), set in prop::option::of(0.0..=100.0)) {
        let mut record = case.record().attribute("segment", "enterprise").attribute("arr", 120_000.0);
        record.override_ = set.map(|score| wish(score, -1, Some(4)));
        let text = serde_json::to_string(&record).unwrap();
        prop_assert_eq!(record, serde_json::from_str::<Record>(&text).unwrap());
    }

    #[test]
    fn a_scorecard_survives_json(case in cases(Knobs::ALL)) {
        let text = serde_json::to_string(&case.card).unwrap();
        let card: Scorecard = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&card, &case.card);
        prop_assert_eq!(assess(&card, &case.record()), assess(&case.card, &case.record()));
    }

    #[test]
    fn turning_a_scale_twice_changes_nothing(mut case in cases(Knobs { scales: false, ..Knobs::TREE })) {
        let before = assess(&case.card, &case.record());
        each_measure(&mut case.card.tree, &mut |measure| {
            measure.reverse = true;
            measure.scale = Scale::Linear { worst: 1.0, best: 0.0 };
        });
        let record = case.record();
        let after = assess(&case.card, &record);
        for (before, after) in before.measures.iter().zip(&after.measures) {
            let near = before.unit.zip(after.unit).is_none_or(|(a, b)| (a - b).abs() <= 1e-15);
            prop_assert!(near && before.missing == after.missing, "{before:?} {after:?}");
        }
    }

    #[test]
    fn an_override_that_has_expired_changes_nothing(
        case in cases(Knobs::ALL),
        score in 0.0..=100.0,
        age in 0..200_i32,
        days in 0..100_i32,
    ) {
        let plain = assess(&case.card, &case.record());
        let mut record = case.record();
        record.override_ = Some(wish(score, -age - 1 - days, Some(-1 - days)));
        let mut expired = assess(&case.card, &record);
        prop_assert!(!expired.override_.take().unwrap().active);
        prop_assert_eq!(plain, expired);
    }

    #[test]
    fn an_override_that_holds_is_the_score_and_both_bounds(
        case in cases(Knobs::ALL),
        score in 0.0..=100.0,
        age in 0..30_i32,
    ) {
        let plain = assess(&case.card, &case.record());
        let mut record = case.record();
        record.override_ = Some(wish(score, -age, None));
        let result = assess(&case.card, &record);
        prop_assert_eq!((result.score, result.lower, result.upper), (Some(score), score, score));
        prop_assert_eq!(result.outcome, Outcome::Scored);
        prop_assert_eq!((plain.raw, plain.coverage, plain.measures), (result.raw, result.coverage, result.measures));
    }

    #[test]
    fn every_number_is_finite_and_in_its_range(case in cases(Knobs::ALL)) {
        let result = assess(&case.card, &case.record());
        for score in [result.score, result.raw, Some(result.lower), Some(result.upper)].into_iter().flatten() {
            prop_assert!((0.0..=100.0).contains(&score));
        }
        for share in [result.coverage, result.validated_share, result.fresh_share] {
            prop_assert!((0.0..=1.0).contains(&share));
        }
        // JSON writes what is not finite as null, and minus zero with its sign.
        let text = serde_json::to_string(&result).unwrap();
        prop_assert!(!["-0.0,", "-0.0}", "-0.0]"].iter().any(|zero| text.contains(zero)), "{text}");
        for group in &result.groups {
            prop_assert!(group.lower <= group.upper + SLACK && (0.0..=1.0).contains(&group.coverage), "{group:?}");
        }
    }

    #[test]
    fn a_child_of_weight_0_changes_no_bit(case in cases(Knobs { demands: false, ..Knobs::ALL }), unit in 0.0..=1.0) {
        let before = bits(&assess(&case.card, &case.record()));
        let mut card = case.card.clone();
        let mut record = case.record();
        let mut number = 0;
        each_group(&mut card.tree, &mut |group| {
            let id = format!("extra{number}");
            record = record.clone().answer(&id, unit);
            group.children.push(Measure::new(id, Scale::Unit).weight(0.0).into());
            number += 1;
        });
        prop_assert_eq!(before, bits(&assess(&card, &record)));
    }

    #[test]
    fn reporting_a_group_as_a_cost_changes_no_score(mut case in cases(Knobs::ALL)) {
        each_group(&mut case.card.tree, &mut |group| group.polarity = Polarity::Value);
        let value = assess(&case.card, &case.record());
        each_group(&mut case.card.tree, &mut |group| group.polarity = Polarity::Cost);
        let cost = assess(&case.card, &case.record());
        prop_assert_eq!(bits(&value), bits(&cost));
        for (value, cost) in value.groups.iter().zip(&cost.groups) {
            prop_assert_eq!((value.score, value.cost_score), (cost.score, None));
            prop_assert_eq!(cost.cost_score, cost.score.map(|score| 100.0 - score));
        }
    }

    #[test]
    fn a_group_around_the_whole_tree_changes_nothing(case in cases(Knobs::ALL)) {
        let before = assess(&case.card, &case.record());
        let mut card = case.card.clone();
        card.tree = Group::new("around").min_coverage(0.0).child(case.card.tree.clone().weight(1.0));
        let after = assess(&card, &case.record());
        prop_assert_eq!((before.score, before.raw, before.lower), (after.score, after.raw, after.lower));
        prop_assert_eq!((before.coverage, before.outcome), (after.coverage, after.outcome));
        // The upper bound is added up from the lower one and the gap between them.
        prop_assert!((before.upper - after.upper).abs() < SLACK);
    }

    #[test]
    fn a_demand_takes_the_score_away_and_never_changes_it(case in cases(Knobs::TREE), coverage in 0.0..=1.0) {
        let mut card = case.card.clone();
        (card.tree.min_coverage, card.tree.require) = (0.0, Vec::new());
        let free = assess(&card, &case.record());
        card.tree.min_coverage = coverage;
        card.tree.require = card.tree.children.iter().map(|child| child.id().to_owned()).collect();
        let strict = assess(&card, &case.record());
        prop_assert!(strict.score.is_none() || strict.score == free.score);
        prop_assert_eq!((free.lower, free.upper, free.coverage), (strict.lower, strict.upper, strict.coverage));
    }
}

/// Whole powers of two, exactly.
trait PowerOfTwo {
    fn powi_exact(self, power: i32) -> f64;
}

impl PowerOfTwo for f64 {
    fn powi_exact(self, power: i32) -> f64 {
        let whole = value_model::math::powi(self, power.unsigned_abs());
        if power < 0 { 1.0 / whole } else { whole }
    }
}
