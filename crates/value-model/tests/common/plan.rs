//! What a random case is made of, and how it becomes a scorecard and a record.

use value_model::answer::{Answer, EvidenceRule, Missing, RecencyRule, Record, Source, Value};
use value_model::scale::{Level, Point, Scale, Step};
use value_model::scorecard::{
    Action, Aggregator, Group, Measure, MissingRule, Node, Polarity, Predicate, Scorecard,
};

use super::as_of;

/// One answer: where it stands from the worst (0) to the best (1) raw value of its scale, and its details.
#[derive(Clone, Debug)]
pub struct AnswerPlan {
    pub x: f64,
    pub said: Option<Missing>,
    pub source: Option<Source>,
    pub age: Option<i32>,
    pub persona: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct LeafPlan {
    pub id: String,
    pub weight: f64,
    pub scale: Scale,
    pub reverse: bool,
    pub required: bool,
    pub recency: RecencyRule,
    pub evidence: EvidenceRule,
    pub answers: Vec<AnswerPlan>,
}

#[derive(Clone, Debug)]
pub struct GroupPlan {
    pub weight: f64,
    pub aggregator: Aggregator,
    pub missing: MissingRule,
    pub min_coverage: f64,
    pub required: bool,
    pub cost: bool,
    pub children: Vec<Plan>,
}

#[derive(Clone, Debug)]
pub enum Plan {
    Leaf(LeafPlan),
    Group(GroupPlan),
}

#[derive(Clone, Debug)]
pub struct RulePlan {
    pub which: usize,
    pub test: u8,
    pub unit: f64,
    pub action: Action,
}

/// A scorecard with the answers of one account.
#[derive(Clone)]
pub struct Case {
    pub card: Scorecard,
    pub leaves: Vec<LeafPlan>,
}

/// As documents: what can be pasted into a test.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = |value: serde_json::Value| value.to_string();
        let (card, record) = (serde_json::to_value(&self.card), serde_json::to_value(self.record()));
        write!(f, "{}\n{}", json(card.unwrap()), json(record.unwrap()))
    }
}

impl Case {
    pub fn new(root: GroupPlan, rules: &[RulePlan]) -> Self {
        let mut build = Build::default();
        let tree = build.group(root);
        let mut card = Scorecard::new("random", "1", tree);
        for (number, plan) in rules.iter().enumerate() {
            let measure = build.leaves[plan.which % build.leaves.len()].id.clone();
            let unit = plan.unit;
            let when = match plan.test {
                0 => Predicate::Below { measure, unit },
                1 => Predicate::Above { measure, unit },
                2 => Predicate::Equals { measure, unit },
                _ => Predicate::Missing { measure },
            };
            card = card.rule(&format!("rule{number}"), when, plan.action);
        }
        Self { card, leaves: build.leaves }
    }

    pub fn record(&self) -> Record {
        let mut record = Record::new("acme");
        for leaf in self.leaves.iter().filter(|leaf| !leaf.answers.is_empty()) {
            let answers = leaf.answers.iter().map(|plan| plan.answer(&leaf.scale)).collect();
            record.answers.insert(leaf.id.clone(), answers);
        }
        record
    }

    /// One measure's place, whatever number was drawn.
    pub fn pick(&self, number: usize) -> usize {
        number % self.leaves.len()
    }

    /// Moves all answers of one measure a share of the way to its best.
    pub fn raise(&mut self, leaf: usize, share: f64) {
        let leaf = &mut self.leaves[leaf];
        for answer in &mut leaf.answers {
            let to = if leaf.reverse { 0.0 } else { 1.0 };
            answer.x += (to - answer.x) * share;
        }
    }
}

impl AnswerPlan {
    fn answer(&self, scale: &Scale) -> Answer {
        let mut answer = match self.said {
            Some(reason) => Answer::missing(reason),
            None => Answer::new(raw(scale, self.x)),
        };
        answer.source = self.source;
        answer.persona = self.persona.map(str::to_owned);
        answer.on = self.age.map(|age| as_of().plus_days(-age).unwrap());
        answer
    }
}

/// A raw value whose unit never falls as `x` rises from 0 to 1.
pub fn raw(scale: &Scale, x: f64) -> Value {
    let days = |days: i32| Value::from(as_of().plus_days(-days).unwrap());
    match scale {
        Scale::YesNo => Value::YesNo(x >= 0.5),
        Scale::Percent | Scale::Score => Value::Number(100.0 * x),
        Scale::Likert { min, max } => Value::Number((f64::from(*min) + x * f64::from(max - min)).round()),
        Scale::Levels(_) => Value::from(if x < 0.3 {
            "low"
        } else if x < 0.7 {
            "mid"
        } else {
            "high"
        }),
        Scale::Linear { worst, best } => Value::Number(worst + x * 1.2 * (best - worst)),
        Scale::Steps { .. } | Scale::Points(_) => Value::Number(30.0 * x),
        Scale::Within { .. } => days(if x >= 0.5 { 10 } else { 200 }),
        Scale::Progress { baseline, target, .. } => {
            Value::Number(baseline + (1.4 * x - 0.2) * (target - baseline))
        }
        Scale::Peer { .. } => Value::Number(5.0 * x),
        _ => Value::Number(x),
    }
}

/// The scales that random measures draw from.
pub fn scales() -> Vec<Scale> {
    let levels = [("low", 0.0), ("mid", 0.4), ("high", 1.0)];
    vec![
        Scale::Unit,
        Scale::YesNo,
        Scale::Percent,
        Scale::Likert { min: 1, max: 5 },
        Scale::Likert { min: 0, max: 10 },
        Scale::Levels(levels.map(|(name, unit)| (name.to_owned(), Level::Unit(unit))).into()),
        Scale::Linear { worst: 20.0, best: 0.0 },
        Scale::Steps {
            below: 0.1,
            steps: vec![Step { from: 10.0, unit: 0.3 }, Step { from: 20.0, unit: 0.9 }],
        },
        Scale::Points(vec![
            Point { at: 0.0, unit: 0.0 },
            Point { at: 10.0, unit: 0.7 },
            Point { at: 20.0, unit: 1.0 },
        ]),
        Scale::Within { days: 90 },
        Scale::Progress { baseline: 100.0, target: 60.0, tolerance: None },
        Scale::Peer { cohort: vec![1.0, 2.0, 2.0, 4.0] },
    ]
}

#[derive(Default)]
struct Build {
    leaves: Vec<LeafPlan>,
    groups: u32,
}

impl Build {
    fn group(&mut self, plan: GroupPlan) -> Group {
        let id = format!("g{}", self.groups);
        self.groups += 1;
        let mut group =
            Group::new(id).weight(plan.weight).missing(plan.missing).min_coverage(plan.min_coverage);
        if plan.cost {
            group.polarity = Polarity::Cost;
        }
        let half = plan.children.len().div_ceil(2);
        let headroom = matches!(plan.aggregator, Aggregator::Headroom { .. });
        let mut uplift = Vec::new();
        for (number, child) in plan.children.into_iter().enumerate() {
            let (mut node, required) = self.node(child);
            let lifts = headroom && number >= half;
            // The first child always counts; up to two uplift weights of at most 8 / 16 sum to at most 1.
            match &mut node {
                Node::Group(Group { weight, .. }) | Node::Measure(Measure { weight, .. }) => match number {
                    0 if *weight <= 0.0 => *weight = 1.0,
                    _ if lifts => *weight /= 16.0,
                    _ => {}
                },
            }
            if lifts {
                uplift.push(node.id().to_owned());
            }
            if required {
                group.require.push(node.id().to_owned());
            }
            group.children.push(node);
        }
        group.aggregator = if headroom { Aggregator::Headroom { uplift } } else { plan.aggregator };
        group
    }

    fn node(&mut self, plan: Plan) -> (Node, bool) {
        match plan {
            Plan::Group(plan) => {
                let required = plan.required;
                (self.group(plan).into(), required)
            }
            Plan::Leaf(mut leaf) => {
                leaf.id = format!("m{}", self.leaves.len());
                let measure = Measure {
                    reverse: leaf.reverse,
                    evidence: Some(leaf.evidence.clone()),
                    ..Measure::new(&leaf.id, leaf.scale.clone()).weight(leaf.weight).recency(leaf.recency)
                };
                let required = leaf.required;
                self.leaves.push(leaf);
                (measure.into(), required)
            }
        }
    }
}
