//! The quick way for the most common record: an object of bare answers.

use value_model::answer::{Missing, Value};
use value_model::scale::Cell;
use value_model::scorecard::Scorer;

use crate::packed::{Packed, Step};

/// One cell per measure of a record such as `{account: "acme", answers: {csat: 9}}`.
///
/// Nothing for every other form and for whatever might be refused: [`Packed::tree`] reads all of it and says what is
/// wrong. What is read here is read to the same cells.
pub(crate) fn cells(scorer: &Scorer, packed: &mut Packed<'_>, cells: &mut Vec<Cell>) -> Option<()> {
    cells.clear();
    cells.resize(scorer.measures().len(), Cell::Missing(Missing::NoData));
    let Step::Record(fields) = packed.step() else { return None };
    let mut named = false;
    for _ in 0..fields {
        match (packed.step(), packed.step()) {
            (Step::Text("account"), Step::Text(account)) => {
                named = value_model::check::name("account", account).is_ok();
            }
            (Step::Text("answers"), Step::Record(count)) => answers(scorer, packed, count, cells)?,
            _ => return None,
        }
    }
    named.then_some(())
}

/// One cell per measure of a number each, NaN where there is no answer.
pub(crate) fn numbers(scorer: &Scorer, numbers: &[f64], cells: &mut Vec<Cell>) -> Option<()> {
    cells.clear();
    for (measure, number) in numbers.iter().enumerate() {
        cells.push(if number.is_nan() {
            Cell::Missing(Missing::NoData)
        } else {
            scorer.read(measure, &Value::Number(*number)).ok()?
        });
    }
    Some(())
}

fn answers(scorer: &Scorer, packed: &mut Packed<'_>, count: usize, cells: &mut [Cell]) -> Option<()> {
    for _ in 0..count {
        let Step::Text(name) = packed.step() else { return None };
        // A slip of the pen is one without an answer, too.
        let measure = scorer.measure_index(name).ok()?;
        let value = match packed.step() {
            Step::Null => continue,
            Step::Bool(flag) => Value::YesNo(flag),
            Step::Number(number) => Value::Number(number),
            Step::Text(text) => Value::Text(text.to_owned()),
            Step::List(_) | Step::Record(_) | Step::Bad(_) => return None,
        };
        *cells.get_mut(measure)? = scorer.read(measure, &value).ok()?;
    }
    Some(())
}
