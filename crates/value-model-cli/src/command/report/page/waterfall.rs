//! Where the points of one account come from, step by step.

use std::collections::BTreeMap;

use serde::Serialize;
use value_model::answer::Missing;
use value_model::scorecard::{
    Assessment, ContributionKind, Flag, Group, MeasureResult, Node, Scorer, WaterfallStep,
};

use super::super::chart::bars::{self, Bar};
use super::super::words::{cut, score};
use crate::output::table::percent;

/// One line of a waterfall.
#[derive(Serialize)]
pub(super) struct Line {
    /// `group`, `measure` or `adjustment`.
    kind: &'static str,
    title: String,
    depth: usize,
    /// How good the answer is, or why there is none.
    answer: String,
    points: String,
    bar: Bar,
}

/// The lines in the order of the tree; adjustments last. Bars start where the one before ended.
pub(super) fn waterfall(scorer: &Scorer, result: &Assessment) -> Vec<Line> {
    let steps = result.waterfall();
    let by_id: BTreeMap<&str, &WaterfallStep> = (steps.iter())
        .filter(|step| step.kind == ContributionKind::Measure)
        .map(|step| (&*step.id, step))
        .collect();
    let mut drawn = Drawn { result, by_id, lines: Vec::new() };
    drawn.children(&scorer.scorecard().tree, 0);
    let mut lines = drawn.lines;
    lines.extend(steps.iter().filter(|step| step.kind != ContributionKind::Measure).map(adjustment));
    lines
}

struct Drawn<'a> {
    result: &'a Assessment,
    by_id: BTreeMap<&'a str, &'a WaterfallStep>,
    lines: Vec<Line>,
}

impl Drawn<'_> {
    fn children(&mut self, group: &Group, depth: usize) {
        for child in &group.children {
            match child {
                Node::Group(inner) => {
                    self.group(inner, depth);
                    self.children(inner, depth + 1);
                }
                Node::Measure(measure) => {
                    if let Some(found) = self.result.measure(&measure.id) {
                        self.measure(found, depth);
                    }
                }
            }
        }
    }

    fn group(&mut self, group: &Group, depth: usize) {
        let Some(found) = self.result.group(&group.id) else { return };
        let answer = match (found.score, found.cost_score) {
            (_, Some(cost)) => format!("cost {cost:.1}"),
            (Some(value), None) => format!("{value:.1}"),
            _ => "no score".to_owned(),
        };
        let points = if self.by_id.is_empty() { String::new() } else { score(Some(found.contribution)) };
        let title = cut(&found.title);
        self.lines.push(Line { kind: "group", title, depth, answer, points, bar: Bar::default() });
    }

    fn measure(&mut self, found: &MeasureResult, depth: usize) {
        let step = self.by_id.get(&*found.id);
        let answer = match (found.unit, found.missing) {
            (Some(unit), _) => {
                let notes = notes(found);
                let notes = if notes.is_empty() { notes } else { format!(" ({notes})") };
                format!("{}{notes}", percent(unit))
            }
            (None, reason) => reason.map_or("missing", why).to_owned(),
        };
        let shown = step.filter(|_| found.unit.is_some());
        self.lines.push(Line {
            kind: "measure",
            title: cut(&found.title),
            depth,
            answer,
            points: shown.map_or_else(String::new, |step| score(Some(step.points))),
            bar: shown.map_or_else(Bar::default, |step| bars::step(step.from, step.to)),
        });
    }
}

fn notes(found: &MeasureResult) -> String {
    let mut notes = Vec::new();
    if found.factor < 1.0 {
        notes.push(format!("counts {}", percent(found.factor)));
    }
    notes.extend(found.flags.iter().map(|flag| {
        match flag {
            Flag::Undated => "no date",
            Flag::Regressed => "moved away from its target",
        }
        .to_owned()
    }));
    notes.join(", ")
}

fn adjustment(step: &WaterfallStep) -> Line {
    let title = match step.kind {
        ContributionKind::Override => "Override".to_owned(),
        ContributionKind::Rule => format!("Rule: {}", cut(&step.title)),
        _ => format!("{}, not answered", cut(&step.title)),
    };
    Line {
        kind: "adjustment",
        title,
        depth: 0,
        answer: String::new(),
        points: super::super::words::signed(Some(step.points)),
        bar: bars::step(step.from, step.to),
    }
}

/// Why an answer is missing, for people.
pub(super) const fn why(reason: Missing) -> &'static str {
    match reason {
        Missing::NotApplicable => "does not apply",
        Missing::NoData => "nobody answered",
        Missing::Unvalidated => "only the vendor says so",
        Missing::Stale => "too old",
    }
}
