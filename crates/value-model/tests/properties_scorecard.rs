//! What holds for every scorecard and every account: answers, bounds, coverage.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeSet;

use common::plan::Case;
use common::{Knobs, as_of, assess, bits, cases, each_group};
use proptest::prelude::*;
use value_model::answer::{Answer, EvidenceRule, Missing, RecencyRule, Source};
use value_model::scorecard::{Aggregator, Group, MissingRule, Node, Outcome, Predicate, Rule};

/// Points by which two sums of the same numbers in another order may differ.
const SLACK: f64 = 1e-9;

proptest! {
    #![proptest_config(common::config())]

    #[test]
    fn the_bounds_contain_the_score(case in cases(Knobs::ALL)) {
        let result = assess(&case.card, &case.record());
        prop_assert!(result.lower <= result.upper + SLACK);
        // A group that is too little answered for a score still holds its parent's bounds, and renormalising leaves
        // its answers out of the parent's score: only then may the score lie outside.
        let partial = result.groups.iter().skip(1).any(|group| {
            group.outcome == Outcome::Insufficient && (group.lower > 0.0 || group.upper < 100.0)
        });
        if let (Some(score), false) = (result.score, partial) {
            prop_assert!(result.lower - SLACK <= score && score <= result.upper + SLACK, "{result:?}");
        }
    }

    #[test]
    fn losing_an_answer_never_raises_lower_nor_lowers_upper(
        mut case in cases(Knobs { missing_rules: false, ..Knobs::ALL }),
        which in any::<usize>(),
    ) {
        let before = assess(&case.card, &case.record());
        let leaf = case.pick(which);
        prop_assume!(before.measures[leaf].missing != Some(Missing::NotApplicable));
        case.leaves[leaf].answers.clear();
        let after = assess(&case.card, &case.record());
        prop_assert!(after.lower <= before.lower + SLACK);
        prop_assert!(after.upper >= before.upper - SLACK);
        prop_assert!(after.coverage <= before.coverage);
    }

    #[test]
    fn a_better_answer_never_lowers_the_score_or_a_bound(
        mut case in cases(Knobs::TREE),
        which in any::<usize>(),
        share in 0.0..=1.0,
    ) {
        let before = assess(&case.card, &case.record());
        case.raise(case.pick(which), share);
        let after = assess(&case.card, &case.record());
        prop_assert_eq!(before.outcome, after.outcome);
        if let (Some(before), Some(after)) = (before.score, after.score) {
            prop_assert!(after >= before - SLACK);
        }
        prop_assert!(after.lower >= before.lower - SLACK && after.upper >= before.upper - SLACK);
        prop_assert_eq!(after.coverage.to_bits(), before.coverage.to_bits());
    }

    #[test]
    fn full_answers_leave_no_doubt(case in cases(Knobs { rules: true, ..Knobs::FULL })) {
        let result = assess(&case.card, &case.record());
        prop_assert_eq!(result.coverage.to_bits(), 1.0_f64.to_bits());
        prop_assert_eq!(result.score.map(f64::to_bits), Some(result.lower.to_bits()));
        prop_assert_eq!(result.score.map(f64::to_bits), Some(result.upper.to_bits()));
    }

    #[test]
    fn coverage_is_1_only_where_nothing_is_missing(case in cases(Knobs::TREE)) {
        let result = assess(&case.card, &case.record());
        prop_assert!((0.0..=1.0).contains(&result.coverage));
        if result.coverage >= 1.0 {
            prop_assert_eq!(result.lower.to_bits(), result.upper.to_bits());
        }
    }

    #[test]
    fn what_does_not_apply_can_be_taken_out_of_the_model(case in cases(Knobs::ALL)) {
        let before = assess(&case.card, &case.record());
        let mut gone: BTreeSet<String> = before
            .measures
            .iter()
            .filter(|measure| measure.missing == Some(Missing::NotApplicable))
            .map(|measure| measure.id.to_string())
            .collect();
        let (mut card, mut record) = (case.card.clone(), case.record());
        prop_assume!(before.outcome != Outcome::NotApplicable && prune(&mut card.tree, &mut gone));
        record.answers.retain(|id, _| !gone.contains(id));
        // A rule on a measure inside a group that leaves as a whole still reads that measure's answer.
        let applies = |id: &str| before.measure(id).unwrap().missing != Some(Missing::NotApplicable);
        prop_assume!(!card.rules.iter().any(|rule| gone.contains(reads(rule)) && applies(reads(rule))));
        card.rules.retain(|rule| !gone.contains(reads(rule)));
        prop_assert_eq!(bits(&before), bits(&assess(&card, &record)));
    }

    #[test]
    fn coverage_never_rises_as_answers_age(case in cases(Knobs::TREE), days in 0..400_i32) {
        let scorer = case.card.compile().unwrap();
        let record = case.record();
        let before = scorer.assess(&record, as_of()).unwrap();
        let after = scorer.assess(&record, as_of().plus_days(days).unwrap()).unwrap();
        prop_assert!(after.coverage <= before.coverage + 1e-12);
        prop_assert!(after.validated_share <= before.validated_share + 1e-12);
        prop_assert!(after.fresh_share <= before.fresh_share + 1e-12);
    }

    #[test]
    fn inside_its_window_an_answer_keeps_its_weight(mut case in cases(Knobs::FULL), age in 0..=90_i32) {
        let undated = bits(&assess(&case.card, &case.record()));
        case.card.recency = RecencyRule::Window { days: 90 };
        common::each_measure(&mut case.card.tree, &mut |measure| measure.recency = None);
        for answer in case.leaves.iter_mut().flat_map(|leaf| &mut leaf.answers) {
            answer.age = Some(age);
        }
        let dated = assess(&case.card, &case.record());
        prop_assert_eq!((undated.0, undated.1), (bits(&dated).0, bits(&dated).1));
        prop_assert_eq!(dated.fresh_share.to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn a_declared_missing_code_is_no_answer(mut case in cases(Knobs::ALL), which in any::<usize>()) {
        let leaf = case.pick(which);
        let id = case.leaves[leaf].id.clone();
        case.leaves[leaf].answers.clear();
        let without = assess(&case.card, &case.record());
        for (code, value) in [("-99", Answer::new(-99.0)), ("N/A", Answer::new("N/A"))] {
            let mut card = case.card.clone();
            card.missing_codes.insert(code.into(), Missing::NoData);
            prop_assert_eq!(&without, &assess(&card, &case.record().answer(&id, value)));
        }
    }

    #[test]
    fn an_answer_without_the_evidence_asked_for_is_no_answer(mut case in cases(Knobs::ALL)) {
        for leaf in &mut case.leaves {
            leaf.answers.iter_mut().for_each(|answer| answer.source = Some(Source::VendorAsserted));
        }
        common::each_measure(&mut case.card.tree, &mut |measure| {
            measure.evidence = Some(EvidenceRule::CustomerBacked);
        });
        let asserted = assess(&case.card, &case.record());
        for leaf in &mut case.leaves {
            // What does not apply needs no evidence.
            if asserted.measure(&leaf.id).unwrap().missing != Some(Missing::NotApplicable) {
                leaf.answers.clear();
            }
        }
        prop_assert_eq!(bits(&asserted), bits(&assess(&case.card, &case.record())));
        prop_assert!(asserted.validated_share <= 0.0);
    }

    #[test]
    fn the_order_of_the_people_who_answer_changes_no_bit(mut case in cases(Knobs::ALL)) {
        // One answer per persona: within a persona answers are added as given.
        for leaf in &mut case.leaves {
            let mut seen = BTreeSet::new();
            leaf.answers.retain(|answer| seen.insert(answer.persona));
        }
        let before = assess(&case.card, &case.record());
        case.leaves.iter_mut().for_each(|leaf| leaf.answers.reverse());
        prop_assert_eq!(before, assess(&case.card, &case.record()));
    }

    #[test]
    fn missing_rules_matter_only_where_something_is_missing(
        mut case in cases(Knobs::FULL),
        unit in 0.0..=1.0,
    ) {
        let before = assess(&case.card, &case.record());
        for rule in [MissingRule::Renormalise, MissingRule::Zero, MissingRule::Neutral(unit), MissingRule::Fail] {
            each_group(&mut case.card.tree, &mut |group| group.missing = rule);
            prop_assert_eq!(bits(&before), bits(&assess(&case.card, &case.record())));
        }
    }

    #[test]
    fn a_neutral_unit_of_0_is_zero(mut case in cases(Knobs::ALL)) {
        each_group(&mut case.card.tree, &mut |group| group.missing = MissingRule::Zero);
        let zero = assess(&case.card, &case.record());
        each_group(&mut case.card.tree, &mut |group| group.missing = MissingRule::Neutral(0.0));
        prop_assert_eq!(zero, assess(&case.card, &case.record()));
    }

    #[test]
    fn counting_missing_as_0_never_gives_a_higher_score(mut case in cases(Knobs { demands: false, headroom: false, ..Knobs::TREE })) {
        // Without uplift: it gives a group without base answers a score that renormalising leaves out.
        each_group(&mut case.card.tree, &mut |group| group.missing = MissingRule::Renormalise);
        let renormalised = assess(&case.card, &case.record());
        each_group(&mut case.card.tree, &mut |group| group.missing = MissingRule::Zero);
        let zero = assess(&case.card, &case.record());
        if let (Some(renormalised), Some(zero)) = (renormalised.score, zero.score) {
            prop_assert!(zero <= renormalised + SLACK);
        }
    }

    #[test]
    fn a_group_that_must_not_miss_anything_refuses_exactly_that(mut case in cases(Knobs::ALL)) {
        case.card.tree.missing = MissingRule::Renormalise;
        let before = assess(&case.card, &case.record());
        let lost = |id: &str| match (before.measure(id), before.group(id)) {
            (Some(leaf), _) => leaf.unit.is_none() && leaf.missing != Some(Missing::NotApplicable),
            (None, Some(group)) => group.outcome == Outcome::Insufficient,
            (None, None) => false,
        };
        // A group that does not apply asks for nothing.
        let expected = before.outcome != Outcome::NotApplicable
            && case.card.tree.children.iter().any(|child| child.weight() > 0.0 && lost(child.id()));
        case.card.tree.missing = MissingRule::Fail;
        match case.card.compile().unwrap().assess(&case.record(), as_of()) {
            Ok(after) => prop_assert!(!expected && before == after),
            Err(error) => prop_assert!(expected && error.code() == "missing"),
        }
    }
}

fn reads(rule: &Rule) -> &str {
    let (Predicate::Below { measure, .. }
    | Predicate::Above { measure, .. }
    | Predicate::Equals { measure, .. }
    | Predicate::Missing { measure }) = &rule.when;
    measure
}

/// Takes out every leaf in `gone` and every group in which nothing is left that counts, leaves and all. Says whether
/// the group itself still counts.
fn prune(group: &mut Group, gone: &mut BTreeSet<String>) -> bool {
    let uplift = match &group.aggregator {
        Aggregator::Headroom { uplift } => uplift.clone(),
        _ => Vec::new(),
    };
    group.children.retain_mut(|child| match child {
        Node::Measure(measure) => !gone.contains(&measure.id),
        Node::Group(inner) => {
            let stays = prune(inner, gone);
            if !stays {
                common::each_measure(inner, &mut |measure| {
                    gone.insert(measure.id.clone());
                });
            }
            stays
        }
    });
    let stays: BTreeSet<String> = group.children.iter().map(|child| child.id().to_owned()).collect();
    group.require.retain(|id| stays.contains(id));
    if let Aggregator::Headroom { uplift } = &mut group.aggregator {
        uplift.retain(|id| stays.contains(id));
    }
    group.children.iter().any(|child| child.weight() > 0.0 && !uplift.iter().any(|id| id == child.id()))
}

/// The generator reaches what the properties are about.
#[test]
fn random_cases_are_varied() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut outcomes, mut rules, mut decayed, mut deepest) = (BTreeSet::new(), 0, 0, 0);
    for _ in 0..400 {
        let case: Case = cases(Knobs::ALL).new_tree(&mut runner).unwrap().current();
        let result = assess(&case.card, &case.record());
        outcomes.insert(format!("{:?}", result.outcome));
        rules += result.rules.len();
        decayed +=
            result.measures.iter().filter(|measure| measure.factor > 0.0 && measure.factor < 1.0).count();
        deepest = deepest.max(result.groups.iter().map(|group| group.depth).max().unwrap());
    }
    assert!(
        outcomes.len() == 3 && rules > 40 && decayed > 100 && deepest == 3,
        "{outcomes:?} {rules} {decayed} {deepest}"
    );
}
