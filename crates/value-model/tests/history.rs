//! What holds for every history: effects that sum to the change, events that happen once, models that change alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeSet;

use common::{Knobs, as_of, cases};
use proptest::prelude::*;
use value_model::Date;
use value_model::answer::{Override, Record};
use value_model::compare::State;
use value_model::compare::delta::Cause;
use value_model::compare::model_change::{change_of, model_change};
use value_model::compare::signals::{Settings, Signal, SignalKind, signals_of};
use value_model::compare::trend::{TrendInput, trend, trends};
use value_model::compare::{ModelRef, ScoreInput};
use value_model::scale::Scale;
use value_model::scorecard::{Group, Measure, Scorecard, Scorer};

fn day(number: i32) -> Date {
    as_of().plus_days(number).unwrap()
}

fn model(version: &str, usage: f64) -> Scorer {
    let tree = Group::new("health")
        .child(Measure::new("usage", Scale::Score).weight(usage))
        .child(Measure::new("goals", Scale::Score));
    Scorecard::new("mine", version, tree).compile().unwrap()
}

fn account(usage: f64, goals: f64) -> Record {
    Record::new("acme").answer("usage", usage).answer("goals", goals)
}

fn told(scorer: &[&Scorer], records: &[Record], settings: &Settings) -> Vec<Signal> {
    let states: Vec<State<'_>> = (records.iter().zip(scorer.iter().cycle()).enumerate())
        .map(|(number, (record, scorer))| State {
            scorer,
            record,
            as_of: day(i32::try_from(number).unwrap()),
        })
        .collect();
    signals_of(&states, settings).unwrap().signals
}

proptest! {
    #![proptest_config(common::config())]

    #[test]
    fn the_effects_of_a_trend_sum_to_its_change(case in cases(Knobs::ALL), other in cases(Knobs::ALL), cut in 0.1..0.9) {
        // Four days of one account: two states of its answers, then another version of the model.
        let scorer = case.card.compile().unwrap();
        let mut next = case.card.clone();
        next.version = "next".into();
        next.tree.children.truncate(1);
        let kept: Vec<String> = next.tree.children.iter().map(|child| child.id().to_owned()).collect();
        next.tree.require.retain(|id| kept.contains(id));
        next.rules.clear();
        next.tree.aggregator = value_model::scorecard::Aggregator::Mean;
        let Ok(next) = next.compile() else { return Ok(()) };
        let full = case.record();
        let mut part = full.clone();
        let count = part.answers.len();
        let mut left = 0;
        part.answers.retain(|_, _| { left += 1; f64::from(left) <= 1.0 + cut * f64::from(u32::try_from(count).unwrap()) });
        let only = |record: &Record, scorer: &Scorer| {
            let mut record = record.clone();
            record.answers.retain(|id, _| scorer.measure_index(id).is_ok());
            record
        };
        let (last, _) = (only(&full, &next), other);
        let states = [
            State { scorer: &scorer, record: &full, as_of: day(0) },
            State { scorer: &scorer, record: &part, as_of: day(30) },
            State { scorer: &scorer, record: &full, as_of: day(60) },
            State { scorer: &next, record: &last, as_of: day(90) },
        ];
        let Ok(found) = trends(&states) else { return Ok(()) };
        let found = &found.trends[0];
        prop_assert!(found.points[3].model_changed && !found.points[1].model_changed);
        if let (Some(change), Some(model)) = (found.change, found.model_effect) {
            let sum = model + found.behaviour.unwrap() + found.coverage.unwrap() + found.override_.unwrap();
            prop_assert!((sum - change).abs() < 1e-9, "{sum} {change}");
        }
    }

    #[test]
    fn every_event_has_an_id_of_its_own_in_any_order(
        days in prop::collection::vec((0.0..=100.0, prop::option::of(0.0..=100.0)), 2..12), turn in 0_usize..12,
    ) {
        let scorer = model("1", 1.0);
        let records: Vec<Record> = days.iter().map(|(usage, goals)| {
            let record = Record::new("acme").answer("usage", *usage);
            match goals { Some(goals) => record.answer("goals", *goals), None => record }
        }).collect();
        let mut states: Vec<State<'_>> = records.iter().enumerate()
            .map(|(number, record)| State { scorer: &scorer, record, as_of: day(i32::try_from(number).unwrap()) })
            .collect();
        let found = signals_of(&states, &Settings::default()).unwrap();
        let ids: BTreeSet<&str> = found.signals.iter().map(|signal| signal.id.as_str()).collect();
        prop_assert_eq!(ids.len(), found.signals.len());
        let turn = turn % states.len();
        states.rotate_left(turn);
        prop_assert_eq!(&signals_of(&states, &Settings::default()).unwrap(), &found);
        // A window of days holds the same events.
        let settings = Settings { since: Some(day(3)), ..Settings::default() };
        let late = found.signals.iter().filter(|signal| signal.as_of >= day(3)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(signals_of(&states, &settings).unwrap().signals, late);
    }

    #[test]
    fn the_parts_of_a_model_change_sum_to_it(case in cases(Knobs::ALL), weight in 0.1..9.0) {
        let old = case.card.compile().unwrap();
        let mut card = case.card.clone();
        common::each_measure(&mut card.tree, &mut |measure| measure.weight *= weight);
        card.rules.clear();
        let Ok(new) = card.compile() else { return Ok(()) };
        let Ok(change) = change_of(&old, &new, &case.record(), as_of()) else { return Ok(()) };
        if let (Some(before), Some(after)) = (change.before, change.after) {
            let parts: f64 = change.parts.iter().map(|part| part.change).sum();
            prop_assert!((parts - (after - before)).abs() < 1e-6, "{parts} {before} {after}");
        }
        prop_assert_eq!(change.direction.is_some(), change.from != change.to);
    }
}

#[test]
fn a_new_model_is_marked_and_never_read_as_behaviour() {
    let (old, new) = (model("1", 1.0), model("2", 3.0));
    let record = account(90.0, 10.0);
    let states = [
        State { scorer: &old, record: &record, as_of: day(0) },
        State { scorer: &new, record: &record, as_of: day(30) },
    ];
    let found = trends(&states).unwrap().trends.remove(0);
    assert_eq!((found.first, found.last, found.change), (Some(50.0), Some(70.0), Some(20.0)));
    assert_eq!((found.model_effect, found.behaviour, found.coverage), (Some(20.0), Some(0.0), Some(0.0)));
    assert!(found.points[1].model_changed);
    let records = [record.clone(), account(100.0, 10.0)];
    let found = told(&[&old, &new], &records, &Settings::default());
    let crossed = found.iter().find(|signal| signal.kind == SignalKind::BandCrossed).unwrap();
    assert!(crossed.model_changed && crossed.cause == Some(Cause::Several), "{crossed:?}");
}

#[test]
fn two_versions_side_by_side_are_one_series_of_the_newest() {
    let (old, new) = (model("1", 1.0), model("2", 3.0));
    let record = account(90.0, 10.0);
    let state = |scorer, number| State { scorer, record: &record, as_of: day(number) };
    let states = [state(&old, 0), state(&old, 30), state(&new, 30), state(&old, 60), state(&new, 60)];
    let found = trends(&states).unwrap().trends.remove(0);
    let versions: Vec<&str> = found.points.iter().map(|point| &*point.version).collect();
    assert_eq!(versions, ["1", "2", "2"]);
    let twice = [state(&old, 0), state(&old, 0)];
    assert_eq!(trends(&twice).unwrap_err().code(), "duplicate");
}

#[test]
fn each_event_is_told_once_with_its_reason() {
    let scorer = model("1", 1.0);
    let wish = Override {
        score: 60.0,
        reason: "sponsor left".into(),
        author: "kim".into(),
        made_on: day(0),
        expires_on: Some(day(9)),
    };
    let judged = Record { override_: Some(wish), ..account(90.0, 10.0) };
    let records = [
        account(90.0, 80.0),
        account(40.0, 80.0),
        Record::new("acme").answer("usage", 40.0),
        judged.clone(),
        judged,
    ];
    let found = told(&[&scorer], &records, &Settings::default());
    let told: Vec<(String, &str)> =
        found.iter().map(|one| (one.as_of.to_string(), one.kind.name())).collect();
    assert_eq!(
        told,
        [
            ("2026-11-02", "band_crossed"),
            ("2026-11-02", "lower_bound_crossed"),
            ("2026-11-03", "band_crossed"),
            ("2026-11-03", "lower_bound_crossed"),
            ("2026-11-03", "coverage_lost"),
            ("2026-11-04", "band_crossed"),
            ("2026-11-04", "lower_bound_crossed"),
            ("2026-11-04", "override_expiring"),
        ]
        .map(|(day, kind)| (day.to_owned(), kind))
    );
    assert_eq!(found[0].id, "band_crossed:2026-11-02:mine:healthy>watch:acme");
    assert_eq!((found[0].cause, found[2].cause), (Some(Cause::Behaviour), Some(Cause::Coverage)));
    assert!(found[2].reason.contains("only because a good answer went missing"), "{}", found[2].reason);
    assert_eq!(found[4].reason, "50% of the weight is answered, 100% was.");
    assert_eq!(found[7].expires_on, Some(day(9)));
    assert_eq!(found[7].id, "override_expiring:2026-11-10:mine:2026-11-01:acme");
    let none = Settings { coverage_drop: 0.0, ..Settings::default() };
    let states = [State { scorer: &scorer, record: &records[0], as_of: day(0) }];
    assert_eq!(signals_of(&states, &none).unwrap_err().code(), "out_of_range");
}

#[test]
fn a_gap_without_a_score_is_bridged_and_a_lost_score_is_told() {
    let tree = Group::new("health")
        .min_coverage(1.0)
        .child(Measure::new("usage", Scale::Score))
        .child(Measure::new("goals", Scale::Score));
    let scorer = Scorecard::new("mine", "1", tree).compile().unwrap();
    let records = [account(90.0, 70.0), Record::new("acme").answer("usage", 40.0), account(40.0, 20.0)];
    let found = told(&[&scorer], &records, &Settings::default());
    let lost = found.iter().find(|one| one.kind == SignalKind::CoverageLost).unwrap();
    assert_eq!(lost.id, "coverage_lost:2026-11-02:mine:score:acme");
    let crossed = found.iter().find(|one| one.kind == SignalKind::BandCrossed).unwrap();
    assert_eq!((crossed.as_of, crossed.before, crossed.score_before), (day(2), Some(day(0)), Some(80.0)));
}

#[test]
fn why_a_new_model_moves_an_account_is_said() {
    let (old, new) = (model("1", 1.0), model("2", 3.0));
    let change = |record: &Record, new: &Scorer| change_of(&old, new, record, as_of()).unwrap();
    let found = change(&account(90.0, 10.0), &new);
    assert_eq!(found.reason, "`usage` gives 22.5 points more, `goals` gives 2.5 points less");
    let mut card = old.scorecard().clone();
    card.tree.children.remove(1);
    card.tree.children.push(Measure::new("calls", Scale::Score).into());
    let found = change(&account(90.0, 10.0), &card.compile().unwrap());
    assert_eq!(found.reason, "`usage` gives 45.0 points more, `goals` is gone (-5.0 points)");
    let mut card = old.scorecard().clone();
    card.bands.cuts = vec![60.0, 75.0];
    let found = change(&account(90.0, 10.0), &card.compile().unwrap());
    assert_eq!((found.reason.as_str(), found.model_effect), ("the bands are cut elsewhere", Some(0.0)));
    let error = change_of(&old, &new, &Record::new("a").answer("usagi", 1.0), as_of()).unwrap_err();
    assert_eq!(error.code(), "unknown_id");
}

#[test]
fn documents_say_where_a_history_is_wrong() {
    let one = |model: &str| ScoreInput {
        model: ModelRef::Preset(model.into()),
        record: Record::new("a"),
        as_of: as_of(),
    };
    let history = vec![one("value-realization"), one("value-realisation")];
    let error = trend(&TrendInput { history }).unwrap_err();
    assert_eq!((error.code(), error.field()), ("unknown_id", "history[1].model"));
    let input = value_model::compare::model_change::ModelChangeInput {
        before: ModelRef::Preset("value-realization".into()),
        after: ModelRef::Preset("nothing".into()),
        records: vec![],
        as_of: as_of(),
    };
    let error = model_change(&input).unwrap_err();
    assert_eq!((error.code(), error.field()), ("unknown_id", "after"));
}
