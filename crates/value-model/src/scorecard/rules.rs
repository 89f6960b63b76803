//! Rules: caps, floors and fixed units on the root, and what an undecided one does to the bounds.

use super::compile::{CompiledRule, Test};
use super::document::Action;
use super::evaluate::{Final, Leaf, points};
use super::scorer::Plan;
use crate::math::billionths;

/// Whether a rule's condition holds.
enum Verdict {
    Fires,
    Rests,
    /// The measure is missing: whether it would fire is not known.
    Undecided,
}

impl Plan {
    /// Applies every rule in order to an account with these leaves. `fired` is told the place of
    /// the rule and the unit before and after it.
    pub(crate) fn apply_rules(
        &self,
        start: Final,
        leaf: impl Fn(usize) -> Leaf,
        mut fired: impl FnMut(usize, f64, f64),
    ) -> Final {
        let mut now = start;
        for (place, rule) in self.rules.iter().enumerate() {
            match rule.verdict(&leaf(rule.measure)) {
                Verdict::Rests => {}
                Verdict::Fires => {
                    let before = now.unit;
                    now.unit = before.map(|unit| act(rule.action, unit));
                    now.lower = act(rule.action, now.lower);
                    now.upper = act(rule.action, now.upper);
                    if let (Some(before), Some(after)) = (before, now.unit) {
                        fired(place, before, after);
                    }
                }
                // What might still happen widens the bounds and never narrows them.
                Verdict::Undecided => {
                    if let Action::Cap(to) | Action::Set(to) = rule.action {
                        now.lower = now.lower.min(to);
                    }
                    if let Action::Floor(to) | Action::Set(to) = rule.action {
                        now.upper = now.upper.max(to);
                    }
                }
            }
        }
        now
    }
}

fn act(action: Action, unit: f64) -> f64 {
    match action {
        Action::Cap(to) => unit.min(to),
        Action::Floor(to) => unit.max(to),
        Action::Set(to) => to,
    }
}

impl CompiledRule {
    fn verdict(&self, leaf: &Leaf) -> Verdict {
        if !leaf.is_applicable() {
            return Verdict::Rests;
        }
        let holds = match self.test {
            Test::Missing => !leaf.is_present(),
            _ if !leaf.is_present() => return Verdict::Undecided,
            Test::Below(unit) => compare(leaf, unit).is_lt(),
            Test::Above(unit) => compare(leaf, unit).is_gt(),
            Test::Equals(unit) => compare(leaf, unit).is_eq(),
        };
        if holds { Verdict::Fires } else { Verdict::Rests }
    }
}

fn compare(leaf: &Leaf, unit: f64) -> std::cmp::Ordering {
    billionths(points(leaf.unit)).cmp(&billionths(points(unit)))
}
