//! Records: one account per JSON text, read fast when it is right and precisely when it is not.

use serde::Deserialize;
use value_model::answer::Record;

use crate::refusal::Refusal;
use crate::text::{Limits, decode, read_json};
use crate::{Tree, locate, quick};

/// Reads one account from JSON, such as one line of an NDJSON file.
///
/// # Errors
/// As [`read_json`]; then `unknown_field`, `unknown_id`, `missing`, `invalid_date`, `invalid_input` naming the path.
///
/// # Examples
/// ```
/// use value_model_bridge::record_from_json;
/// let record = record_from_json(r#"{"account": "acme", "answers": {"csat": 9}}"#)?;
/// assert_eq!(record.account, "acme");
/// let refusal = record_from_json(r#"{"account": "acme", "answers": {"csat": {"valeu": 9}}}"#).unwrap_err();
/// assert_eq!((refusal.code, refusal.field.as_str()), ("unknown_field", "answers.csat.valeu"));
/// # Ok::<(), value_model_bridge::Refusal>(())
/// ```
pub fn record_from_json(text: impl AsRef<[u8]>) -> Result<Record, Refusal> {
    let limits = Limits::default();
    let text = decode(text.as_ref(), &limits)?;
    // The quick reader is many times faster but knows neither paths nor codes.
    if let Ok(record) = quick::read(text) {
        return Ok(record);
    }
    let tree = read_json(text, &limits)?;
    Record::deserialize(tree).map_err(|problem| {
        let error = value_model::Error::from(problem);
        let place = locate::in_json(text, error.field());
        Refusal::from(error).at_place(place)
    })
}

/// Reads one account from a host's value.
///
/// # Errors
/// As [`record_from_json`], without line and column.
pub fn record_from_tree(tree: Tree) -> Result<Record, Refusal> {
    Ok(Record::deserialize(tree)?)
}
