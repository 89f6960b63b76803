//! How random cases are drawn.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use value_model::answer::{EvidenceRule, Missing, RecencyRule, Source};
use value_model::scale::Scale;
use value_model::scorecard::{Action, Aggregator, MissingRule};

use super::plan::{AnswerPlan, Case, GroupPlan, LeafPlan, Plan, RulePlan, scales};

/// What a case may hold beside full, undated answers.
#[derive(Clone, Copy, Debug)]
pub struct Knobs {
    /// Answers may be missing or not apply.
    pub gaps: bool,
    /// Age and source may take weight from answers.
    pub decay: bool,
    /// Several people may answer.
    pub people: bool,
    /// Groups may demand coverage and children.
    pub demands: bool,
    /// Groups may join uplift children.
    pub headroom: bool,
    /// Measures may have any scale; else every scale is `unit` and none is reversed.
    pub scales: bool,
    /// Rules may stand behind the tree.
    pub rules: bool,
    /// Rules may ask whether a measure is missing.
    pub missing_rules: bool,
}

impl Knobs {
    pub const ALL: Self = Self {
        gaps: true,
        decay: true,
        people: true,
        demands: true,
        headroom: true,
        scales: true,
        rules: true,
        missing_rules: true,
    };
    /// No rules.
    pub const TREE: Self = Self { rules: false, missing_rules: false, ..Self::ALL };
    /// No rules, and every answer there with its full weight.
    pub const FULL: Self = Self { gaps: false, decay: false, ..Self::TREE };
}

/// Random cases: trees of depth 1 to 4.
pub fn cases(k: Knobs) -> impl Strategy<Value = Case> {
    let node = leaf(k)
        .prop_map(Plan::Leaf)
        .prop_recursive(3, 20, 4, move |inner| group(k, inner.boxed()).prop_map(Plan::Group));
    let rules = if k.rules { 0..4_usize } else { 0..1 };
    (group(k, node.boxed()), vec(rule(k), rules))
        .prop_filter("a tree without measures", |(root, _)| !root.children.is_empty())
        .prop_map(|(root, rules)| Case::new(root, &rules))
}

fn weight() -> impl Strategy<Value = f64> {
    prop_oneof![4 => Just(1.0), 4 => 0.25..8.0, 1 => Just(0.0)]
}

fn group(k: Knobs, inner: BoxedStrategy<Plan>) -> impl Strategy<Value = GroupPlan> {
    let kinds: u8 = if k.headroom { 6 } else { 5 };
    let missing = if k.gaps {
        prop_oneof![
            3 => Just(MissingRule::Renormalise),
            1 => Just(MissingRule::Zero),
            1 => (0.0..=1.0).prop_map(MissingRule::Neutral),
        ]
        .boxed()
    } else {
        prop_oneof![Just(MissingRule::Renormalise), Just(MissingRule::Zero), Just(MissingRule::Fail)].boxed()
    };
    let coverage = if k.demands { select(vec![0.0, 0.25, 0.5, 0.8]).boxed() } else { Just(0.0).boxed() };
    let demands = if k.demands { 0.15 } else { 0.0 };
    (weight(), 0..kinds, missing, coverage, prop::bool::weighted(demands), any::<bool>(), vec(inner, 1..5))
        .prop_map(|(weight, kind, missing, min_coverage, required, cost, children)| GroupPlan {
            weight,
            aggregator: aggregator(kind),
            missing,
            min_coverage,
            required,
            cost,
            children,
        })
}

fn aggregator(kind: u8) -> Aggregator {
    match kind {
        0 => Aggregator::Mean,
        1 => Aggregator::Geometric,
        2 => Aggregator::Harmonic,
        3 => Aggregator::Min,
        4 => Aggregator::Max,
        _ => Aggregator::Headroom { uplift: Vec::new() },
    }
}

fn leaf(k: Knobs) -> impl Strategy<Value = LeafPlan> {
    let scale = select(if k.scales { scales() } else { vec![Scale::Unit] });
    let recency = if k.decay {
        prop_oneof![
            Just(RecencyRule::None),
            Just(RecencyRule::Window { days: 90 }),
            (20..400_u32).prop_map(|days| RecencyRule::HalfLife { days }),
        ]
        .boxed()
    } else {
        Just(RecencyRule::None).boxed()
    };
    let evidence = if k.decay {
        prop_oneof![2 => Just(EvidenceRule::Any), 1 => Just(EvidenceRule::CustomerBacked)].boxed()
    } else {
        Just(EvidenceRule::Any).boxed()
    };
    let most = if k.people { 4 } else { 2 };
    let least = usize::from(!k.gaps);
    let answers = prop_oneof![3 => vec(answer(k), 1..2), 1 => vec(answer(k), least..most)];
    let demands = if k.demands { 0.15 } else { 0.0 };
    (weight(), scale, any::<bool>(), prop::bool::weighted(demands), recency, evidence, answers).prop_map(
        move |(weight, scale, reverse, required, recency, evidence, answers)| LeafPlan {
            id: String::new(),
            weight,
            scale,
            reverse: reverse && k.scales,
            required,
            recency,
            evidence,
            answers,
        },
    )
}

fn answer(k: Knobs) -> impl Strategy<Value = AnswerPlan> {
    let x = prop_oneof![4 => 0.0..=1.0, 1 => Just(0.0), 1 => Just(1.0), 1 => Just(0.5)];
    let said = if k.gaps {
        prop_oneof![6 => Just(None), 1 => Just(Some(Missing::NotApplicable)), 1 => Just(Some(Missing::NoData))]
            .boxed()
    } else {
        Just(None).boxed()
    };
    let source = prop::option::of(select(vec![
        Source::VendorAsserted,
        Source::CustomerProvided,
        Source::ValidatedWithPersona,
        Source::Measured,
    ]));
    let persona = if k.people {
        prop::option::of(select(vec!["cfo", "user", "admin"])).boxed()
    } else {
        Just(None).boxed()
    };
    (x, said, source, prop::option::of(0..400_i32), persona)
        .prop_map(|(x, said, source, age, persona)| AnswerPlan { x, said, source, age, persona })
}

fn rule(k: Knobs) -> impl Strategy<Value = RulePlan> {
    let tests: u8 = if k.missing_rules { 4 } else { 3 };
    let unit = || prop_oneof![0.0..=1.0, Just(0.0), Just(1.0), Just(0.5)];
    let action = prop_oneof![
        unit().prop_map(Action::Cap),
        unit().prop_map(Action::Floor),
        unit().prop_map(Action::Set)
    ];
    (any::<usize>(), 0..tests, unit(), action).prop_map(|(which, test, unit, action)| RulePlan {
        which,
        test,
        unit,
        action,
    })
}
