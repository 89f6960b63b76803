//! A JSON list of records, read one element at a time so that a long list needs no more memory than a short one.

use std::cell::RefCell;
use std::fmt;
use std::io::BufReader;

use serde::Deserializer;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::source::Source;
use super::{Plan, Visit, ndjson, no_accounts, with_defaults};
use crate::message::Failure;

/// Gives every record to `visit`; its line is its number in the list.
pub(crate) fn each(source: Source, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
    let name = source.name.clone();
    if source.beginning.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'[') {
        let text = source.document()?;
        let record = value_model_bridge::record_from_json(&text)
            .map(|record| with_defaults(record, plan.args))
            .map_err(|refusal| Failure::new(refusal.code, refusal.message).at(&name))?;
        return visit(1, Ok(record)).map(|_| ());
    }
    let mut reader =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(128 * 1024, source.reader));
    let stopped = RefCell::new(None);
    let elements = Elements { plan, visit, stopped: &stopped };
    let read = reader.deserialize_seq(elements).and_then(|count| reader.end().map(|()| count));
    match (stopped.into_inner(), read) {
        (Some(stop), _) => stop,
        (None, Ok(0)) => Err(no_accounts(&name)),
        (None, Ok(_)) => Ok(()),
        (None, Err(error)) => {
            let place = format!("{name}:{}:{}", error.line(), error.column());
            let text = error.to_string();
            let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
            Err(Failure::new("invalid_input", format!("this is not a JSON list: {reason}")).at(place))
        }
    }
}

/// Visits the elements of the list; what ended it early is kept beside, because serde's errors carry only text.
struct Elements<'a, 'v> {
    plan: &'a Plan<'a>,
    visit: &'a mut Visit<'v>,
    stopped: &'a RefCell<Option<Result<(), Failure>>>,
}

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<u64, A::Error> {
        let mut number = 0_u64;
        while let Some(element) = list.next_element::<Box<RawValue>>()? {
            number += 1;
            let record = value_model_bridge::record_from_json(element.get())
                .map(|record| with_defaults(record, self.plan.args))
                .map_err(|refusal| ndjson::refused(refusal, number));
            let stop = match (self.visit)(number, record) {
                Ok(flow) if flow.is_continue() => continue,
                Ok(_) => Ok(()),
                Err(failure) => Err(failure),
            };
            *self.stopped.borrow_mut() = Some(stop);
            return Err(A::Error::custom("stopped"));
        }
        Ok(number)
    }
}
