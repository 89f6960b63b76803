//! One row per outcome, response, expansion answer or value area: perceived value.

use value_model::Error;
use value_model::answer::Answer;
use value_model::model::perceived_value::{
    BusinessOutcome, ExpansionAnswer, IntendedValue, PerceivedValueInput, ValueArea, perceived_value,
};

use super::results::word;
use super::{Cells, EntryModel, Kind, Value};

/// What a customer realised and perceived. The column `entry` says what a row is; without it every row is an outcome.
///
/// | `entry` | columns |
/// |---|---|
/// | `outcome` | `id`, `baseline`, `target`, `tangible`, `explainable`, and `weight`, `current`, `tolerance` |
/// | `intended_value` | `id`, and `importance`, `value` (a rating), `persona`; several rows of one `id` are several responses |
/// | `expansion` | `persona`, `potential`, `openness` |
/// | `planned_area`, `new_area` | `id`, `value`, and `area`; a `new_area` without `id` says that nobody found any |
///
/// `source` and `on` stand beside all of them. Everything else of the input holds for every account.
#[derive(Clone, Debug)]
pub struct Outcomes(pub PerceivedValueInput);

/// What one row says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fact {
    /// An agreed outcome.
    Outcome(BusinessOutcome),
    /// A response to an intended value, with its importance where the row says one.
    Response(String, Option<f64>, Option<Answer>),
    /// An answer about expansion.
    Expansion(ExpansionAnswer),
    /// A planned area; none: asked, and there is none.
    Planned(Option<ValueArea>),
    /// An area that nobody had planned for; none: asked, and none was found.
    New(Option<ValueArea>),
}

impl EntryModel for Outcomes {
    type Entry = Fact;

    fn columns(&self) -> &'static [(&'static str, bool)] {
        &[
            ("id", true),
            ("entry", false),
            ("weight", false),
            ("baseline", false),
            ("target", false),
            ("current", false),
            ("tolerance", false),
            ("tangible", false),
            ("explainable", false),
            ("importance", false),
            ("value", false),
            ("persona", false),
            ("potential", false),
            ("openness", false),
            ("area", false),
            ("source", false),
            ("on", false),
        ]
    }

    fn entry(&self, cells: &Cells<'_>) -> Result<Fact, Error> {
        match cells.text("entry")?.as_deref() {
            None | Some("outcome") => outcome(cells).map(Fact::Outcome),
            Some("intended_value") => response(cells),
            Some("expansion") => Ok(Fact::Expansion(ExpansionAnswer {
                persona: cells.text("persona")?,
                potential: cells.number("potential")?,
                openness: cells.number("openness")?,
                source: cells.word("source")?,
                on: cells.day("on")?,
            })),
            Some("planned_area") => area(cells).map(Fact::Planned),
            Some("new_area") => area(cells).map(Fact::New),
            Some(other) => Err(Error::Invalid {
                field: "entry".into(),
                reason: format!(
                    "is `{}`; expected `outcome`, `intended_value`, `expansion`, `planned_area` or `new_area`",
                    value_model::error::excerpt(other)
                ),
            }),
        }
    }

    fn results(&self) -> &'static [(&'static str, Kind)] {
        &[
            ("score", Kind::Number),
            ("reason", Kind::Word),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
            ("coverage", Kind::Number),
            ("rbo", Kind::Number),
            ("rbo_upper", Kind::Number),
            ("vp", Kind::Number),
            ("vp_lower", Kind::Number),
            ("vp_upper", Kind::Number),
            ("ve", Kind::Number),
            ("vu", Kind::Number),
            ("gap", Kind::Number),
            ("disagreement", Kind::Number),
            ("unplanned_share", Kind::Number),
        ]
    }

    fn score(&self, _account: &str, entries: Vec<Fact>) -> Result<Vec<Value>, Error> {
        let found = perceived_value(&input(&self.0, entries)?)?;
        Ok(vec![
            Value::Number(found.score),
            Value::Word(found.reason.map(|reason| word(&reason))),
            Value::Number(Some(found.lower)),
            Value::Number(Some(found.upper)),
            Value::Number(Some(found.coverage)),
            Value::Number(found.rbo.score),
            Value::Number(Some(found.rbo.upper)),
            Value::Number(found.vp.score),
            Value::Number(Some(found.vp.lower)),
            Value::Number(Some(found.vp.upper)),
            Value::Number(found.ve.score),
            Value::Number(found.vu.score),
            Value::Number(found.gap),
            Value::Number(found.disagreement),
            Value::Number(found.unplanned_share),
        ])
    }
}

fn outcome(cells: &Cells<'_>) -> Result<BusinessOutcome, Error> {
    let flag = |name: &'static str| cells.flag(name)?.ok_or(Error::Missing { field: name.into() });
    let (baseline, target) = (cells.must_number("baseline")?, cells.must_number("target")?);
    let mut outcome = BusinessOutcome::new(cells.must_text("id")?, baseline, target);
    outcome.weight = cells.number("weight")?.unwrap_or(outcome.weight);
    outcome.current = cells.number("current")?;
    outcome.tolerance = cells.number("tolerance")?;
    outcome.tangible = flag("tangible")?;
    outcome.explainable = flag("explainable")?;
    outcome.source = cells.word("source")?;
    outcome.on = cells.day("on")?;
    Ok(outcome)
}

fn response(cells: &Cells<'_>) -> Result<Fact, Error> {
    let mut answer = cells.number("value")?.map(Answer::new);
    if let Some(answer) = &mut answer {
        answer.persona = cells.text("persona")?;
        answer.source = cells.word("source")?;
        answer.on = cells.day("on")?;
    }
    Ok(Fact::Response(cells.must_text("id")?, cells.number("importance")?, answer))
}

fn area(cells: &Cells<'_>) -> Result<Option<ValueArea>, Error> {
    let Some(id) = cells.text("id")? else { return Ok(None) };
    let (area, source, on) = (cells.word("area")?, cells.word("source")?, cells.day("on")?);
    Ok(Some(ValueArea { id, value: cells.must_number("value")?, area, source, on }))
}

/// The input of one account: rows of one intended value become one value with several responses.
fn input(rules: &PerceivedValueInput, facts: Vec<Fact>) -> Result<PerceivedValueInput, Error> {
    let mut input = rules.clone();
    let mut stated: Vec<bool> = Vec::new();
    for fact in facts {
        match fact {
            Fact::Outcome(outcome) => input.outcomes.push(outcome),
            Fact::Expansion(answer) => input.expansion.push(answer),
            Fact::Planned(area) => input.planned_areas.get_or_insert_default().extend(area),
            Fact::New(area) => input.new_areas.get_or_insert_default().extend(area),
            Fact::Response(id, importance, answer) => {
                let place = input.intended_values.iter().position(|value| value.id == id);
                let place = place.unwrap_or_else(|| {
                    input.intended_values.push(IntendedValue::new(id, Vec::new()));
                    input.intended_values.len() - 1
                });
                stated.resize(input.intended_values.len(), false);
                let (Some(value), Some(stated)) =
                    (input.intended_values.get_mut(place), stated.get_mut(place))
                else {
                    continue;
                };
                value.responses.extend(answer);
                if let Some(importance) = importance {
                    if *stated && importance.total_cmp(&value.importance).is_ne() {
                        let reason = format!("of `{}` is stated twice, differently", value.id);
                        return Err(Error::Conflict { field: "importance".into(), reason: reason.into() });
                    }
                    (*stated, value.importance) = (true, importance);
                }
            }
        }
    }
    Ok(input)
}
