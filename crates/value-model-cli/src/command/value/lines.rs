//! A table of money lines, gathered by customer and given to the formula.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use value_model::model::customer_value::customer_value;
use value_model::model::customer_value_portfolio::CustomerValueRow;
use value_model_bridge::{Tree, run};

use super::Value;
use crate::input::Opened;
use crate::input::cells;
use crate::input::records::Row;
use crate::input::table::Table;
use crate::input::{detect, no_accounts};
use crate::message::{Failure, Notes, Refused, names};
use crate::output::rejects::Rejects;

/// The most lines that are gathered in memory.
const IN_MEMORY: usize = 500_000;

/// Columns of a line that hold text, and those that hold numbers.
const TEXTS: [&str; 7] = ["id", "kind", "currency", "period", "source", "on", "method"];
const NUMBERS: [&str; 4] = ["amount", "share", "rate", "points"];
/// Columns that say something about the customer.
const ABOUT: [&str; 3] = ["csm", "segment", "arr"];

/// One customer being gathered.
#[derive(Default)]
struct Gathered {
    first: u64,
    lines: Vec<Tree>,
    about: BTreeMap<&'static str, String>,
    /// A customer one of whose lines cannot be read is refused: the others would add up to something else.
    refused: Option<Refused>,
}

/// What of a row was wrong: field, code, message.
type Wrong = (String, Cow<'static, str>, String);

/// Whether a column of this name is read.
fn known(name: &str) -> bool {
    [&["customer"][..], &TEXTS, &NUMBERS, &ABOUT].concat().contains(&name)
}

/// Every customer with their value; those that the formula refuses go to the rejects.
pub(crate) fn customers(
    args: &Value,
    notes: Notes,
    rejects: &mut Rejects,
) -> Result<Vec<CustomerValueRow>, Failure> {
    let opened = Opened::open(&args.input, &Arc::default())?;
    let columnar = matches!(opened, Opened::Columns(_));
    // In a columnar file rows are counted from the first one, in its text the header comes before them.
    let line = |row: &Row| row.line().saturating_sub(u64::from(columnar));
    let mut table = opened.table(args.delimiter, known)?;
    let customer = table.require("customer", "a header with")?;
    for column in ["id", "kind", "currency", "period"] {
        table.require(column, "a header with")?;
    }
    let unread: Vec<&String> = table.header.iter().filter(|name| !known(name)).collect();
    if !unread.is_empty() {
        notes.warn(&format!("columns not read: {}", names(&unread)));
    }
    let (mut order, mut all): (Vec<String>, BTreeMap<String, Gathered>) = (Vec::new(), BTreeMap::new());
    let (mut row, mut count) = (Row::default(), 0_usize);
    while table.read(&mut row)? {
        count += 1;
        if count > IN_MEMORY {
            return Err(Failure::new("limit", format!("more than {IN_MEMORY} lines do not fit in memory"))
                .at(&table.name));
        }
        let name = String::from_utf8_lossy(row.get(customer).unwrap_or_default()).into_owned();
        let gathered = all.entry(name.clone()).or_insert_with(|| {
            order.push(name.clone());
            Gathered { first: line(&row), ..Gathered::default() }
        });
        if gathered.refused.is_none()
            && let Err((field, code, message)) = gathered.add(&table, &row, customer, args.decimal)
        {
            let account = value_model::error::excerpt(&name);
            gathered.refused = Some(Refused { line: line(&row), account, field, code, message });
        }
    }
    if count == 0 {
        return Err(no_accounts(&table.name));
    }
    let mut rows = Vec::new();
    for name in order {
        let Some(gathered) = all.remove(&name) else { continue };
        match gathered.value(&name, args) {
            Ok(row) => rows.push(row),
            Err(refused) => rejects.add(&refused)?,
        }
    }
    Ok(rows)
}

impl Gathered {
    /// Adds the line of a row.
    fn add(&mut self, table: &Table, row: &Row, customer: usize, decimal: char) -> Result<(), Wrong> {
        if row.len() != table.header.len() {
            let message = format!("the row has {} fields, the header has {}", row.len(), table.header.len());
            return Err((String::new(), "ragged_row".into(), message));
        }
        if row.get(customer).is_none_or(<[u8]>::is_empty) {
            return Err(("customer".to_owned(), "missing".into(), "`customer` is required".to_owned()));
        }
        let cell = |column: &str| -> Result<Option<&str>, Wrong> {
            let bytes = table.find(column).and_then(|place| row.get(place)).unwrap_or_default();
            let text =
                detect::utf8(bytes).map_err(|message| (column.to_owned(), "encoding".into(), message))?;
            Ok(Some(text).filter(|text| !text.is_empty()))
        };
        let mut fields: Vec<(String, Tree)> = Vec::new();
        for column in TEXTS {
            fields.extend(cell(column)?.map(|text| (column.to_owned(), Tree::Text(text.to_owned()))));
        }
        for column in NUMBERS {
            if let Some(text) = cell(column)? {
                fields.push((column.to_owned(), Tree::Number(number(column, text, decimal)?)));
            }
        }
        per_point(&mut fields);
        self.lines.push(Tree::Record(fields));
        for column in ABOUT {
            if let Some(text) = cell(column)? {
                self.about.entry(column).or_insert_with(|| text.to_owned());
            }
        }
        Ok(())
    }

    /// Applies the formula.
    fn value(mut self, name: &str, args: &Value) -> Result<CustomerValueRow, Refused> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let refuse = |(field, code, message): Wrong| Refused {
            line: self.first,
            account: value_model::error::excerpt(name),
            field,
            code,
            message,
        };
        let arr = match self.about.get("arr") {
            Some(text) => Some(number("arr", text, args.decimal).map_err(refuse)?),
            None => None,
        };
        let mut fields = vec![("customer".to_owned(), Tree::Text(name.to_owned()))];
        fields.push(("lines".to_owned(), Tree::List(std::mem::take(&mut self.lines))));
        fields.extend(args.fields());
        fields.extend(arr.map(|arr| ("arr".to_owned(), Tree::Number(arr))));
        let value = run(Tree::Record(fields), customer_value)
            .map_err(|refusal| refuse((refusal.field, refusal.code.into(), refusal.message)))?;
        let about = |column| self.about.get(column).cloned();
        Ok(CustomerValueRow {
            customer: name.to_owned(),
            csm: about("csm"),
            segment: about("segment"),
            arr,
            input: None,
            value: Some(value),
        })
    }
}

/// `method = per_point` takes its rate and points along; other methods are their name.
fn per_point(fields: &mut Vec<(String, Tree)>) {
    let is_per_point =
        |(name, value): &(String, Tree)| name == "method" && *value == Tree::Text("per_point".to_owned());
    if !fields.iter().any(is_per_point) {
        return;
    }
    let (inner, mut rest): (Vec<_>, Vec<_>) =
        std::mem::take(fields).into_iter().partition(|(name, _)| name == "rate" || name == "points");
    rest.retain(|(name, _)| name != "method");
    let method = Tree::Record(vec![("per_point".to_owned(), Tree::Record(inner))]);
    rest.push(("method".to_owned(), method));
    *fields = rest;
}

fn number(column: &str, text: &str, decimal: char) -> Result<f64, Wrong> {
    let value = value_model::answer::Value::Text(text.to_owned());
    cells::number(&value, decimal).ok_or_else(|| {
        let hint = if decimal == '.' && text.contains(',') {
            "; if this is a decimal comma, pass `--decimal ,`"
        } else {
            ""
        };
        let text = value_model::error::excerpt(text);
        let code = if text.parse::<f64>().is_ok() { "not_finite" } else { "invalid_input" };
        (column.to_owned(), code.into(), format!("`{column}` must be a finite number, got `{text}`{hint}"))
    })
}

/// A name as files spell it.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default().trim_matches('"').to_owned()
}
