//! One row per need for guidance: the customer's metric.

use value_model::Error;
use value_model::model::customers_metric::{CustomersMetricInput, Need, customers_metric};

use super::results::word;
use super::{Cells, EntryModel, Kind, Value};

/// Needs: columns `id`, `anticipated`, `needed_on`, and `delivered_on`, `channel`, `cost`, `hours`, `effective`, as the
/// fields of [`Need`]. Everything but the needs holds for every account.
#[derive(Clone, Debug)]
pub struct Needs(pub CustomersMetricInput);

impl EntryModel for Needs {
    type Entry = Need;

    fn columns(&self) -> &'static [(&'static str, bool)] {
        &[
            ("id", true),
            ("anticipated", true),
            ("needed_on", true),
            ("delivered_on", false),
            ("channel", false),
            ("cost", false),
            ("hours", false),
            ("effective", false),
        ]
    }

    fn entry(&self, cells: &Cells<'_>) -> Result<Need, Error> {
        let missing = |field: &'static str| Error::Missing { field: field.into() };
        let anticipated = cells.flag("anticipated")?.ok_or_else(|| missing("anticipated"))?;
        let needed_on = cells.day("needed_on")?.ok_or_else(|| missing("needed_on"))?;
        let mut need = Need::new(cells.must_text("id")?, anticipated, needed_on);
        need.delivered_on = cells.day("delivered_on")?;
        need.channel = cells.text("channel")?;
        need.cost = cells.number("cost")?;
        need.hours = cells.number("hours")?;
        need.effective = cells.number("effective")?;
        Ok(need)
    }

    fn results(&self) -> &'static [(&'static str, Kind)] {
        &[
            ("score", Kind::Number),
            ("outcome", Kind::Word),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
            ("coverage", Kind::Number),
            ("needs_in_window", Kind::Count),
            ("anticipated", Kind::Number),
            ("timeliness", Kind::Number),
            ("effectiveness", Kind::Number),
            ("hours", Kind::Number),
            ("cost", Kind::Number),
        ]
    }

    fn score(&self, _account: &str, entries: Vec<Need>) -> Result<Vec<Value>, Error> {
        let found = customers_metric(&CustomersMetricInput { needs: entries, ..self.0.clone() })?;
        Ok(vec![
            Value::Number(found.score),
            Value::Word(Some(word(&found.outcome))),
            Value::Number(Some(found.lower)),
            Value::Number(Some(found.upper)),
            Value::Number(Some(found.coverage)),
            Value::Count(found.needs_in_window),
            Value::Number(found.anticipated.map(|share| share.share)),
            Value::Number(found.timeliness),
            Value::Number(found.effectiveness.mean),
            Value::Number(found.hours),
            Value::Number(found.cost),
        ])
    }
}
