//! The explanation of one account in plain words, with bars.

use std::fmt::Write as _;

use value_model::answer::Missing;
use value_model::compare::next_best::NextBest;
use value_model::scorecard::{
    Assessment, ContributionKind, Flag, Group, GroupResult, InsufficientReason, MeasureResult, Node, Outcome,
    Scorer,
};

use crate::output::table::{bar, percent, points, printable};

/// How many next steps are named.
const STEPS: usize = 3;
/// The longest label before it is cut, and the longest bar.
const LABEL: usize = 44;
const BAR: u16 = 24;

/// The whole explanation, ending with a line break.
pub(crate) fn explanation(scorer: &Scorer, result: &Assessment, best: &NextBest, ascii: bool) -> String {
    let mut out = String::new();
    headline(&mut out, scorer, result);
    breakdown(&mut out, scorer, result, ascii);
    adjustments(&mut out, result);
    missing(&mut out, result);
    steps(&mut out, best);
    disagreement(&mut out, result);
    out
}

/// Writing to a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($text:tt)*) => { let _ = writeln!($out, $($text)*); };
}

fn headline(out: &mut String, scorer: &Scorer, result: &Assessment) {
    let account = printable(&result.account);
    match (result.score, &result.band) {
        (Some(score), Some(band)) => {
            line!(out, "{account}: {score:.1} of 100, {}", printable(band));
        }
        _ => {
            line!(out, "{account}: no score, because {}", why(scorer, result));
        }
    }
    let title = printable(&scorer.scorecard().title);
    line!(out, "  {title} ({} {}), as of {}", result.model, result.version, result.as_of);
    if result.outcome == Outcome::NotApplicable {
        return;
    }
    if result.coverage < 1.0 {
        line!(
            out,
            "  {} of it is answered. Once everything is, it ends between {:.1} and {:.1}: {} at worst.",
            percent(result.coverage),
            result.lower,
            result.upper,
            printable(&result.lower_band)
        );
    } else {
        line!(out, "  Everything is answered.");
    }
    line!(
        out,
        "  {} of it is backed by the customer or by measurement, {} is fresh.",
        percent(result.validated_share),
        percent(result.fresh_share)
    );
}

/// Why there is no score.
pub(crate) fn why(scorer: &Scorer, result: &Assessment) -> String {
    let reason = match result.groups.first() {
        Some(GroupResult { outcome: Outcome::NotApplicable, .. }) => "nothing of it applies",
        Some(GroupResult { reason: Some(InsufficientReason::RequiredMissing), .. }) => {
            return format!("nothing can be said without {}", required(scorer, result));
        }
        Some(GroupResult { reason: Some(InsufficientReason::NothingAnswered), .. }) => {
            "nothing that counts is answered"
        }
        _ => "too little is answered",
    };
    reason.to_owned()
}

/// The parts without which the model has no score, and which have none.
fn required(scorer: &Scorer, result: &Assessment) -> String {
    let titles: Vec<String> = (scorer.scorecard().tree.require.iter())
        .filter_map(|id| {
            let group = result.group(id).filter(|group| group.score.is_none()).map(|group| &group.title);
            let measure =
                result.measure(id).filter(|measure| measure.unit.is_none()).map(|measure| &measure.title);
            group.or(measure).map(|title| format!("\"{}\"", printable(title)))
        })
        .collect();
    titles.join(" and ")
}

/// Groups and measures as the model's tree has them, with the points they bring.
fn breakdown(out: &mut String, scorer: &Scorer, result: &Assessment, ascii: bool) {
    line!(out, "\nWhere the points come from (0% is the worst answer, 100% the best)");
    let tree = &scorer.scorecard().tree;
    let deepest = result.measures.iter().map(|measure| measure.title.chars().count()).max().unwrap_or(0);
    let groups = result.groups.iter().map(|group| group.title.chars().count() + 2).max().unwrap_or(0);
    let depth = result.groups.iter().map(|group| group.depth).max().unwrap_or(0);
    let label = deepest.max(groups) + 2 * usize::try_from(depth).unwrap_or(0) + 2;
    let scored = result.raw.is_some();
    let full = result.measures.iter().map(|measure| measure.contribution).fold(0.0, f64::max);
    Tree { result, ascii, label: label.min(LABEL), full, scored }.children(out, tree, 1);
}

struct Tree<'a> {
    result: &'a Assessment,
    ascii: bool,
    label: usize,
    full: f64,
    /// Without a score nothing has points.
    scored: bool,
}

impl Tree<'_> {
    fn children(&self, out: &mut String, group: &Group, depth: usize) {
        for child in &group.children {
            match child {
                Node::Group(group) => {
                    if let Some(found) = self.result.group(&group.id) {
                        self.group(out, found, depth);
                    }
                    self.children(out, group, depth + 1);
                }
                Node::Measure(measure) => {
                    if let Some(found) = self.result.measure(&measure.id) {
                        self.measure(out, found, depth);
                    }
                }
            }
        }
    }

    fn label(&self, title: &str, depth: usize) -> String {
        let text = format!("{}{}", "  ".repeat(depth), printable(title));
        let cut: String = text.chars().take(self.label).collect();
        format!("{cut:<width$}", width = self.label)
    }

    fn group(&self, out: &mut String, group: &GroupResult, depth: usize) {
        let score = match (group.score, group.cost_score) {
            (_, Some(cost)) => format!("cost {cost:.1}"),
            (Some(score), None) => format!("{score:.1}"),
            _ => "no score".to_owned(),
        };
        let brought = if self.scored {
            format!("{:>6} points", points(Some(group.contribution)))
        } else {
            String::new()
        };
        line!(out, "{}", format!("{} {score:>9} {brought}", self.label(&group.title, depth)).trim_end());
    }

    fn measure(&self, out: &mut String, measure: &MeasureResult, depth: usize) {
        let label = self.label(&measure.title, depth);
        let Some(unit) = measure.unit else {
            let word = measure.missing.map_or("missing", word);
            line!(out, "{label} {:>9}", if word == "does not apply" { "n/a" } else { "-" });
            return;
        };
        let drawn = bar(measure.contribution, self.full, BAR, self.ascii);
        let mut notes = Vec::new();
        if measure.factor < 1.0 {
            notes.push(format!("counts {}", percent(measure.factor)));
        }
        notes.extend(measure.flags.iter().map(|flag| remark(*flag).to_owned()));
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let brought = if self.scored { points(Some(measure.contribution)) } else { String::new() };
        let text = format!("{label} {:>9} {brought:>6} {drawn}{notes}", percent(unit));
        line!(out, "{}", text.trim_end());
    }
}

const fn remark(flag: Flag) -> &'static str {
    match flag {
        Flag::Undated => "no date",
        Flag::Regressed => "moved away from its target",
    }
}

/// Rules that fired and the override, with what they did to the score.
fn adjustments(out: &mut String, result: &Assessment) {
    if result.rules.is_empty() && result.override_.is_none() {
        return;
    }
    line!(out, "\nAdjustments");
    for rule in &result.rules {
        line!(out, "  {}: {:.1} became {:.1}", printable(&rule.title), rule.before, rule.after);
    }
    if let Some(set) = &result.override_ {
        let points = result.contributions.iter().find(|part| part.kind == ContributionKind::Override);
        let (author, reason) = (printable(&set.author), printable(&set.reason));
        if set.active {
            let moved = points.map_or_else(String::new, |part| format!(" ({:+.1} points)", part.points));
            line!(
                out,
                "  {author} set the score to {:.1} until {}{moved}: {reason}",
                set.score,
                set.expires_on
            );
        } else {
            line!(out, "  An override by {author} to {:.1} ended on {}: {reason}", set.score, set.expires_on);
        }
    }
}

/// Measures without an answer that counts, by why.
fn missing(out: &mut String, result: &Assessment) {
    let gone: Vec<(&MeasureResult, Missing)> =
        result.measures.iter().filter_map(|measure| Some((measure, measure.missing?))).collect();
    if gone.is_empty() {
        return;
    }
    line!(out, "\nWhat is missing");
    for (measure, reason) in gone {
        line!(out, "  {}: {}", printable(&measure.title), word(reason));
    }
}

/// Why an answer is missing, for people.
const fn word(reason: Missing) -> &'static str {
    match reason {
        Missing::NotApplicable => "does not apply",
        Missing::NoData => "nobody answered",
        Missing::Unvalidated => "only the vendor says so; ask the customer",
        Missing::Stale => "the answer is too old; ask again",
    }
}

/// The measures that would raise the score most.
fn steps(out: &mut String, best: &NextBest) {
    let worth: Vec<_> = best.measures.iter().filter(|step| step.headroom > 0.05).take(STEPS).collect();
    if worth.is_empty() {
        return;
    }
    line!(out, "\nNext best value");
    for (number, step) in worth.iter().enumerate() {
        let effort = match step.effort {
            Some(effort) => format!(", {:.1} per unit of effort ({effort})", step.points_per_effort),
            None => String::new(),
        };
        let now = match (step.unit, step.missing) {
            (Some(unit), _) => format!("now {}", percent(unit)),
            (None, Some(reason)) => word(reason).to_owned(),
            (None, None) => "missing".to_owned(),
        };
        line!(
            out,
            "  {}. {}: up to +{:.1} points{effort} ({now})",
            number + 1,
            printable(&step.title),
            step.headroom
        );
    }
}

/// Measures on which personas differ.
fn disagreement(out: &mut String, result: &Assessment) {
    let split: Vec<&MeasureResult> =
        result.measures.iter().filter(|measure| measure.disagreement.is_some_and(|gap| gap > 0.0)).collect();
    if split.is_empty() {
        return;
    }
    line!(out, "\nWho disagrees");
    for measure in split {
        let said: Vec<String> = (measure.personas.iter())
            .map(|(persona, unit)| {
                let persona = if persona.is_empty() { "unnamed".to_owned() } else { printable(persona) };
                format!("{persona} {}", percent(*unit))
            })
            .collect();
        line!(out, "  {}: {}", printable(&measure.title), said.join(", "));
    }
}
