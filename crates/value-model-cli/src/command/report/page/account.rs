//! The panels: one account each, with where its points come from and what to do next.

use std::rc::Rc;

use serde::Serialize;
use value_model::compare::State;
use value_model::compare::delta::Delta;
use value_model::compare::next_best::next_best;
use value_model::scorecard::{Assessment, MeasureResult, Scorer};

use super::super::Report;
use super::super::gather::{Gathered, Kept};
use super::super::setting::Setting;
use super::super::words::{Tally, accounts, clean, column as column_name, cut, money, name, score, signed};
use super::look;
use super::movement::change;
use super::waterfall::{Line, waterfall, why};
use crate::command::explain::text::why as no_score;
use crate::command::score::full::full_text;
use crate::message::Failure;
use crate::output::table::percent;

/// Next steps that are named.
const STEPS: usize = 3;

/// The section.
#[derive(Serialize)]
pub(super) struct Panels {
    sentence: String,
    complete: bool,
    shown: Vec<Panel>,
}

/// One account.
#[derive(Serialize)]
struct Panel {
    /// Tells panels apart in links; names of accounts are no ids.
    number: u64,
    account: String,
    band: String,
    look: usize,
    score: String,
    scored: bool,
    change: Option<String>,
    facts: Vec<(String, String)>,
    sentences: Vec<String>,
    lines: Vec<Line>,
    total: String,
    steps: Vec<Step>,
    people: Vec<String>,
    moved: Option<Change>,
}

/// What would bring most.
#[derive(Serialize)]
struct Step {
    title: String,
    points: String,
    now: String,
}

/// What changed for one account.
#[derive(Serialize)]
struct Change {
    summary: String,
    measures: Vec<Part>,
}

/// A measure's part of a change.
#[derive(Serialize)]
struct Part {
    title: String,
    before: String,
    after: String,
    behaviour: String,
    coverage: String,
}

/// The panels of the page.
pub(super) fn panels(args: &Report, setting: &Setting, gathered: &Gathered) -> Result<Panels, Failure> {
    let panels: Result<Vec<Panel>, Failure> =
        gathered.panels.iter().map(|kept| panel(args, setting, kept)).collect();
    let complete = u64::try_from(gathered.panels.len()).is_ok_and(|shown| shown == gathered.accounts);
    Ok(Panels { sentence: sentence(gathered), complete, shown: panels? })
}

fn sentence(gathered: &Gathered) -> String {
    let shown = u64::try_from(gathered.panels.len()).unwrap_or(u64::MAX);
    let all = gathered.accounts;
    if shown == all {
        return "Every account has a panel, the most urgent first.".to_owned();
    }
    let left_out = all.saturating_sub(shown);
    let who = if gathered.moved.is_some() { "those that moved most and " } else { "" };
    format!(
        "{} of {} have a panel: {who}those in the lowest bands, of these the ones with the largest revenue and the lowest score. \
         {} are left out here; they are counted everywhere else.",
        Tally(shown),
        accounts(all),
        Tally(left_out)
    )
}

fn panel(args: &Report, setting: &Setting, kept: &Rc<Kept>) -> Result<Panel, Failure> {
    let Some((scorer, known)) = setting.headline(&kept.record)? else {
        return Err(Failure::new("missing", "an account without a model has a panel"));
    };
    let result = scorer.assess(&known, setting.as_of)?;
    let state = State { scorer, record: &known, as_of: setting.as_of };
    let best = next_best(&state)?;
    let delta = change(setting, kept)?;
    let judged = scorer.band_of(result.score.unwrap_or(result.lower));
    let steps = best.measures.iter().filter(|step| step.headroom >= 0.05).take(STEPS).map(|step| Step {
        title: cut(&step.title),
        points: signed(Some(step.headroom)),
        now: match (step.unit, step.missing) {
            (Some(unit), _) => format!("now {}", percent(unit)),
            (None, reason) => reason.map_or("missing", why).to_owned(),
        },
    });
    Ok(Panel {
        number: kept.number,
        account: cut(&kept.record.account),
        band: result.band.as_ref().map_or_else(|| "No score".to_owned(), |band| name(band)),
        look: look(usize::try_from(judged).unwrap_or(0), scorer.band_names().len()),
        score: score(result.score),
        scored: result.score.is_some(),
        change: delta.as_ref().and_then(|delta| delta.change).map(|change| signed(Some(change))),
        facts: facts(args, setting, kept)?,
        sentences: sentences(scorer, &result),
        lines: waterfall(scorer, &result),
        total: score(result.score),
        steps: steps.collect(),
        people: result.measures.iter().filter_map(disagreement).collect(),
        moved: delta.map(|delta| moved(&delta)),
    })
}

/// What is known of the account beside its answers; under a set also who decided, and what its other models say.
fn facts(args: &Report, setting: &Setting, kept: &Kept) -> Result<Vec<(String, String)>, Failure> {
    let attribute = |column: &String| {
        let text = kept.record.attributes.get(column).map(full_text).filter(|text| !text.is_empty())?;
        Some((column_name(column), cut(&text)))
    };
    let by = args.by.iter().filter(|column| Some(*column) != args.revenue.as_ref()).filter_map(attribute);
    let mut facts: Vec<_> =
        by.chain(kept.revenue.map(|revenue| ("Revenue".to_owned(), money(revenue)))).collect();
    let Some((case, models)) = setting.chosen(&kept.record)? else { return Ok(facts) };
    facts.push(("Case".to_owned(), cut(&case)));
    facts.extend(models.first().map(|model| ("Model".to_owned(), cut(model))));
    let all = setting.model.of(&kept.record)?;
    for (model, (scorer, known)) in models.iter().zip(all).skip(1) {
        let result = scorer.assess(&known, setting.as_of)?;
        let said = match &result.band {
            Some(band) => format!("{} ({})", score(result.score), name(band).to_lowercase()),
            None => "no score".to_owned(),
        };
        facts.push((format!("Under {}", cut(model)), said));
    }
    Ok(facts)
}

fn sentences(scorer: &Scorer, result: &Assessment) -> Vec<String> {
    let mut said = Vec::new();
    if result.score.is_none() {
        said.push(format!("There is no score, because {}.", clean(&no_score(scorer, result))));
    }
    if result.coverage < 1.0 {
        said.push(format!(
            "{} of the weight is answered. Once everything is, the score lies between {:.1} and {:.1}: “{}” at worst.",
            percent(result.coverage),
            result.lower,
            result.upper,
            name(&result.lower_band).to_lowercase()
        ));
    } else {
        said.push("Everything is answered.".to_owned());
    }
    said.push(format!(
        "{} is backed by the customer or a measurement, {} is fresh.",
        percent(result.validated_share),
        percent(result.fresh_share)
    ));
    if let Some(set) = &result.override_ {
        let until = if set.active { "set the score until" } else { "had set the score; that ended on" };
        let (author, reason) = (cut(&set.author), clean(&set.reason));
        said.push(format!("{author} {until} {} to {:.1}: {reason}", set.expires_on, set.score));
    }
    said
}

/// Personas that differ on a measure.
fn disagreement(measure: &MeasureResult) -> Option<String> {
    measure.disagreement.filter(|gap| *gap > 0.0)?;
    let said: Vec<String> = (measure.personas.iter())
        .map(|(persona, unit)| {
            let persona = if persona.is_empty() { "unnamed".to_owned() } else { cut(persona) };
            format!("{persona} {}", percent(*unit))
        })
        .collect();
    Some(format!("{}: {}", cut(&measure.title), said.join(", ")))
}

fn moved(delta: &Delta) -> Change {
    let unit = |unit: Option<f64>| unit.map_or_else(|| "not known".to_owned(), percent);
    let measures = delta.measures.iter().map(|part| Part {
        title: cut(&part.title),
        before: unit(part.before),
        after: unit(part.after),
        behaviour: signed(Some(part.behaviour)),
        coverage: signed(Some(part.coverage)),
    });
    Change { summary: delta.summary.clone(), measures: measures.collect() }
}
