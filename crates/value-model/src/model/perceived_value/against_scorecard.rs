//! The tree as it is computed here against a scorecard document of the same customer, compiled and assessed by the
//! engine: the same bits, and the same words about what is wrong.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{
    BusinessOutcome, Combine, ExpansionAnswer, ExpansionRule, IntendedValue, PerceivedValueInput, Rating,
    ValueArea, expansion, outcomes, perceived_value, perception, unknown,
};
use crate::answer::{Answer, EvidenceRule, Grades, Missing, RecencyRule, Source, Value};
use crate::model::sheet::{Marks, Place, Sheet, change, replace};
use crate::model::{NoScore, Part};
use crate::presets::perceived_value::{ID, RBO, VE, VP, VU};
use crate::scale::{CompiledScale, Scale};
use crate::scorecard::{Aggregator, Flag, Group, Measure, MissingRule, Node, Scorecard};
use crate::{Date, Error, presets};

/// The root and its parts; unit, reason, personas and missing day of each value; personas of expansion.
type Found = (Vec<Part>, Vec<Said>, BTreeMap<String, f64>);
type Said = (Option<f64>, Option<NoScore>, BTreeMap<String, f64>, bool);

fn by_scorecard(input: &PerceivedValueInput) -> Result<Found, Error> {
    let mut sheet = Sheet::new();
    sheet.record.default_source = input.default_source;
    sheet.record.default_on = input.default_on;
    let mut realised = Group::new(RBO).missing(MissingRule::Zero).min_coverage(0.0);
    for judged in outcomes::judged(input)? {
        let id = format!("{RBO}_{}", judged.place);
        realised =
            realised.child(Measure::new(&*id, Scale::Unit).weight(judged.weight).recency(RecencyRule::None));
        sheet.answer(&id, Place::Entry("outcomes", judged.place, ""), vec![judged.answer]);
    }
    let rating = input.rating.scale();
    let compiled = CompiledScale::new(&rating).map_err(|error| error.at("rating"))?;
    let answers = expansion::answers(input, &compiled)?;
    let place = if answers.len() == 1 { "expansion[0]" } else { "expansion" };
    sheet.answer(VE, place, answers);
    let (mut perceived, mut ids) = (Group::new(VP), Vec::new());
    for (index, value) in perception::values(input)? {
        let id = format!("{VP}_{index}");
        perceived = perceived.child(Measure::new(&*id, rating.clone()).weight(value.importance));
        sheet.answer(&id, Place::Entry("intended_values", index, "responses"), value.responses.clone());
        ids.push(id);
    }
    if let Some(unknown) = unknown::judged(input)?.unknown {
        sheet.answer(VU, "new_areas", vec![unknown]);
    }
    let marks = sheet.assess(card(input, [realised, perceived])?, input.as_of)?;
    let parts = [RBO, VP, VE, VU].map(|id| marks.part(id));
    let values = ids.iter().map(|id| said(&marks, id)).collect();
    let root = Part { points: 0.0, ..marks.root };
    Ok((std::iter::once(root).chain(parts).collect(), values, said(&marks, VE).2))
}

fn said(marks: &Marks, id: &str) -> Said {
    let found = marks.measure(id).unwrap();
    let mut personas = found.personas.clone();
    personas.remove("");
    (found.unit, found.missing.map(NoScore::from), personas, found.flags.contains(&Flag::Undated))
}

/// The preset with the lists in the place of its leaves.
fn card(input: &PerceivedValueInput, lists: [Group; 2]) -> Result<Scorecard, Error> {
    let mut card = presets::scorecard(ID)?;
    card.evidence = input.evidence.clone();
    card.recency = input.recency;
    card.persona_weights = input.persona_weights.clone();
    for group in lists.into_iter().filter(|group| !group.children.is_empty()) {
        replace(&mut card.tree, &group.id.clone(), &Node::Group(group));
    }
    for id in [VE, VU] {
        change(&mut card.tree, id, &mut |measure| measure.scale = Scale::Unit);
    }
    change(&mut card.tree, VU, &mut |measure| measure.evidence = Some(EvidenceRule::Any));
    if input.combine == Combine::Mean {
        card.tree.aggregator = Aggregator::Mean;
        for id in [VE, VU] {
            change(&mut card.tree, id, &mut |measure| measure.weight = 1.0);
        }
    }
    Ok(card)
}

fn by_lists(input: &PerceivedValueInput) -> Result<Found, Error> {
    let found = perceived_value(input)?;
    let root = Part {
        score: found.score,
        reason: found.reason,
        lower: found.lower,
        upper: found.upper,
        coverage: found.coverage,
        points: 0.0,
    };
    let parts = vec![root, found.rbo, found.vp, found.ve, found.vu];
    let values =
        found.values.into_iter().map(|value| (value.unit, value.reason, value.personas, value.undated));
    Ok((parts, values.collect(), found.expansion_personas))
}

fn pick<T: Clone + std::fmt::Debug + 'static>(from: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(from)
}

fn maybe<T: Clone + std::fmt::Debug + 'static>(from: &'static [T]) -> impl Strategy<Value = Option<T>> {
    prop::option::of(pick(from))
}

const SOURCES: &[Source] =
    &[Source::VendorAsserted, Source::CustomerProvided, Source::ValidatedWithPersona, Source::Measured];
const NAMES: &[&str] = &["exec", "user", "admin", ""];
const WEIGHTS: &[f64] = &[1.0, 2.5, 0.0, 3.0, 0.1];

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![60 => pick(WEIGHTS), 1 => pick(&[7e11, 2e12, 5e-324, -1.0, f64::INFINITY])]
}

/// A day about 2026-11-01, rarely after it.
fn day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of((-200..=1_i32).prop_map(|days| Date::new(2026, 11, 1).unwrap().plus_days(days).unwrap()))
}

fn answer() -> impl Strategy<Value = Answer> {
    let value = prop_oneof![
        200 => (1..=5).prop_map(|n| Value::Number(f64::from(n))),
        1 => pick(&[0.0, 2.5, 6.0, f64::NAN]).prop_map(Value::Number),
        1 => any::<bool>().prop_map(Value::YesNo),
        1 => Just(Value::Text("4".into())),
    ];
    let missing = maybe(&[Missing::NotApplicable, Missing::NoData, Missing::Stale]);
    let value = prop_oneof![6 => value.prop_map(Some), 1 => Just(None)];
    let before = prop_oneof![60 => Just(None), 1 => Just(Some(1.0))];
    (value, missing, before, maybe(SOURCES), maybe(NAMES), day()).prop_map(
        |(value, missing, before, source, persona, on)| Answer {
            missing: missing.filter(|_| value.is_none()),
            value,
            before,
            source,
            persona: persona.map(str::to_owned),
            on,
            note: None,
        },
    )
}

fn outcome() -> impl Strategy<Value = BusinessOutcome> {
    let number = || pick(&[0.0, 50.0, 60.0, 77.0, 100.0, 120.0]);
    let current = prop::option::of(number());
    (0..40, weight(), number(), current, any::<(bool, bool)>(), maybe(SOURCES), day()).prop_map(
        |(id, weight, baseline, current, (tangible, explainable), source, on)| BusinessOutcome {
            weight,
            current,
            tolerance: (id % 6 == 5).then_some(3.0),
            tangible,
            explainable,
            source,
            on,
            ..BusinessOutcome::new(format!("o{id}"), baseline, 110.0)
        },
    )
}

fn value() -> impl Strategy<Value = IntendedValue> {
    (0..40, weight(), prop::collection::vec(answer(), 0..5)).prop_map(|(id, importance, responses)| {
        IntendedValue { importance, ..IntendedValue::new(format!("v{id}"), responses) }
    })
}

fn expansion_answer() -> impl Strategy<Value = ExpansionAnswer> {
    let rating = || prop::option::weighted(0.9, (1..=5).prop_map(f64::from));
    (maybe(NAMES), rating(), rating(), maybe(SOURCES), day()).prop_map(
        |(persona, potential, openness, source, on)| ExpansionAnswer {
            persona: persona.map(str::to_owned),
            potential,
            openness,
            source,
            on,
        },
    )
}

fn areas() -> impl Strategy<Value = Option<Vec<ValueArea>>> {
    let area = (0..20, 0.0..1.0, maybe(SOURCES), day()).prop_map(|(id, value, source, on)| ValueArea {
        id: format!("a{id}"),
        value,
        area: None,
        source,
        on,
    });
    prop::option::of(prop::collection::vec(area, 0..3))
}

fn rules() -> impl Strategy<Value = PerceivedValueInput> {
    let grades = |unstated, backed| {
        let (vendor_asserted, customer_provided) = (0.0, 0.7);
        let (validated_with_persona, measured) = (backed, 1.0);
        let grades =
            Grades { unstated, vendor_asserted, customer_provided, validated_with_persona, measured };
        EvidenceRule::Graded(grades)
    };
    let evidence = prop_oneof![
        4 => Just(EvidenceRule::CustomerBacked),
        2 => Just(EvidenceRule::Any),
        2 => (0.0..1.0, 0.0..1.02).prop_map(move |(unstated, backed)| grades(unstated, backed)),
    ];
    let recency = prop_oneof![
        4 => Just(RecencyRule::Window { days: 90 }),
        2 => Just(RecencyRule::None),
        2 => (0..300_u32).prop_map(|days| RecencyRule::HalfLife { days }),
    ];
    let weights = prop_oneof![
        4 => Just(BTreeMap::new()),
        2 => Just(BTreeMap::from([("exec".to_owned(), 2.5)])),
        1 => weight().prop_map(|weight| BTreeMap::from([("user".to_owned(), weight)])),
    ];
    let rating = prop_oneof![8 => Just((1, 5)), 4 => Just((0, 10)), 1 => Just((5, 5))];
    let rules = (rating, any::<(bool, bool)>(), evidence, recency, weights, maybe(SOURCES), day());
    rules.prop_map(|((min, max), (mean, least), evidence, recency, persona_weights, source, on)| {
        PerceivedValueInput {
            rating: Rating { min, max },
            combine: if mean { Combine::Mean } else { Combine::Headroom },
            expansion_rule: if least { ExpansionRule::Min } else { ExpansionRule::Geometric },
            evidence,
            recency,
            persona_weights,
            default_source: source,
            default_on: on,
            ..PerceivedValueInput::new(Date::new(2026, 11, 1).unwrap())
        }
    })
}

fn input() -> impl Strategy<Value = PerceivedValueInput> {
    let lists = (prop::collection::vec(outcome(), 0..4), prop::collection::vec(value(), 0..4));
    let more = (prop::collection::vec(expansion_answer(), 0..4), areas(), areas());
    (rules(), lists, more).prop_map(|(rules, (outcomes, values), (expansion, planned, new))| {
        PerceivedValueInput {
            outcomes,
            intended_values: values,
            expansion,
            planned_areas: planned,
            new_areas: new,
            ..rules
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn lists_are_scored_as_a_scorecard_of_them_is(input in input()) {
        // Printed, a number that is not the same to the bit differs.
        let print = |found: Result<Found, Error>| match found {
            Ok((parts, values, personas)) => {
                format!("{parts:?} {values:?} {personas:?}")
            }
            Err(error) => format!("{} {} {error}", error.code(), error.field()),
        };
        prop_assert_eq!(print(by_lists(&input)), print(by_scorecard(&input)));
    }
}

#[test]
fn the_inputs_of_this_test_are_right_and_wrong_in_many_ways() {
    let mut runner = TestRunner::deterministic();
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..4000 {
        let input = input().new_tree(&mut runner).unwrap().current();
        let key = match perceived_value(&input) {
            Ok(result) => format!("ok {:?}", result.reason),
            Err(error) => {
                let letters = |c: &char| c.is_ascii_alphabetic() || matches!(c, '.' | '_');
                format!("{} {}", error.code(), error.field().chars().filter(letters).collect::<String>())
            }
        };
        *found.entry(key).or_default() += 1;
    }
    let right: u32 = found.iter().filter(|(key, _)| key.starts_with("ok")).map(|(_, count)| count).sum();
    assert!(right > 1500, "{found:?}");
    for wrong in [
        "after_as_of default_on",
        "after_as_of expansion.on",
        "after_as_of intended_values.responses.on",
        "duplicate outcomes",
        "outside_scale intended_values.responses",
        "overflow tree.children.children",
        "conflict rating",
    ] {
        assert!(found.contains_key(wrong), "{wrong} is not among {found:?}");
    }
}
