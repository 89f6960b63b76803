//! One row per money line: the customer value formula.

use value_model::Error;
use value_model::model::customer_value::{CustomerValueInput, Line, Method, customer_value};

use super::results::word;
use super::{Cells, EntryModel, Kind, Value};

/// Money lines: columns `id`, `kind`, `currency`, `period`, and `amount`, `source`, `on`, `share`, `method` with `rate` and
/// `points`, as the fields of [`Line`]; the first `arr` of an account is its revenue.
///
/// Everything but the lines, the customer and the revenue holds for every account.
#[derive(Clone, Debug)]
pub struct MoneyLines(pub CustomerValueInput);

impl EntryModel for MoneyLines {
    type Entry = (Line, Option<f64>);

    fn columns(&self) -> &'static [(&'static str, bool)] {
        &[
            ("id", true),
            ("kind", true),
            ("currency", true),
            ("period", true),
            ("amount", false),
            ("source", false),
            ("on", false),
            ("share", false),
            ("method", false),
            ("rate", false),
            ("points", false),
            ("arr", false),
        ]
    }

    fn entry(&self, cells: &Cells<'_>) -> Result<Self::Entry, Error> {
        let currency = cells.must_text("currency")?.parse()?;
        let (kind, period) = (cells.must_word("kind")?, cells.must_word("period")?);
        let mut line = Line::new(cells.must_text("id")?, kind, 0.0, currency, period);
        line.amount = cells.number("amount")?;
        line.source = cells.word("source")?;
        line.on = cells.day("on")?;
        line.share = cells.number("share")?.unwrap_or(line.share);
        line.method = match cells.text("method")?.as_deref() {
            Some("per_point") => Some(Method::PerPoint {
                rate: cells.must_number("rate")?,
                points: cells.must_number("points")?,
            }),
            Some(_) => cells.word("method")?,
            None => None,
        };
        Ok((line, cells.number("arr")?))
    }

    fn results(&self) -> &'static [(&'static str, Kind)] {
        &[
            ("gross", Kind::Number),
            ("net", Kind::Number),
            ("reason", Kind::Word),
            ("tangible_benefits", Kind::Number),
            ("perceived_benefits", Kind::Number),
            ("tangible_costs", Kind::Number),
            ("perceived_costs", Kind::Number),
            ("alternative_benefits", Kind::Number),
            ("alternative_costs", Kind::Number),
            ("more_value_than_paid", Kind::Flag),
            ("benefit_cost_ratio", Kind::Number),
            ("index", Kind::Number),
            ("break_even_haircut", Kind::Number),
            ("partial", Kind::Flag),
            ("documented", Kind::Flag),
            ("tangible_only", Kind::Flag),
            ("net_per_arr", Kind::Number),
            ("currency", Kind::Word),
            ("period", Kind::Word),
        ]
    }

    fn score(&self, account: &str, entries: Vec<Self::Entry>) -> Result<Vec<Value>, Error> {
        let mut input = self.0.clone();
        input.customer = Some(account.to_owned());
        input.arr = entries.iter().find_map(|(_, arr)| *arr).or(input.arr);
        input.lines = entries.into_iter().map(|(line, _)| line).collect();
        let found = customer_value(&input)?;
        Ok(vec![
            Value::Number(found.gross),
            Value::Number(found.net),
            Value::Word(found.reason.map(|reason| word(&reason))),
            Value::Number(found.tangible_benefits),
            Value::Number(found.perceived_benefits),
            Value::Number(found.tangible_costs),
            Value::Number(found.perceived_costs),
            Value::Number(found.alternative_benefits),
            Value::Number(found.alternative_costs),
            Value::Flag(found.more_value_than_paid),
            Value::Number(found.benefit_cost_ratio),
            Value::Number(found.index),
            Value::Number(found.break_even_haircut),
            Value::Flag(Some(found.partial)),
            Value::Flag(Some(found.documented)),
            Value::Flag(Some(found.tangible_only)),
            Value::Number(found.net_per_arr),
            Value::Word(Some(found.currency.to_string())),
            Value::Word(Some(found.period.to_string())),
        ])
    }
}
