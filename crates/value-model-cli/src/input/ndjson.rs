//! One JSON record per line; a line that cannot be read is refused and the next one is read.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use super::source::Source;
use super::{Plan, Visit, no_accounts, with_defaults};
use crate::message::{Failure, Refused};

/// The longest line, in bytes.
const LINE_BYTES: u64 = 16 * 1024 * 1024;

/// Gives every record to `visit`.
pub(crate) fn each(source: Source, plan: &Plan<'_>, visit: &mut Visit<'_>) -> Result<(), Failure> {
    let name = source.name;
    let mut reader = BufReader::with_capacity(128 * 1024, source.reader);
    let (mut text, mut line, mut rows) = (Vec::new(), 0_u64, 0_u64);
    loop {
        text.clear();
        let read = reader.by_ref().take(LINE_BYTES + 1).read_until(b'\n', &mut text);
        let count = read.map_err(|error| Failure::io(&error, "read", &name))?;
        if count == 0 {
            break;
        }
        line += 1;
        if text.len() as u64 > LINE_BYTES {
            return Err(Failure::new("limit", format!("the line is longer than {LINE_BYTES} bytes"))
                .at(format!("{name}:{line}"))
                .help("is this one JSON document? then pass `--input-format json`"));
        }
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        rows += 1;
        let record = value_model_bridge::record_from_json(&text)
            .map(|record| with_defaults(record, plan.args))
            .map_err(|refusal| refused(refusal, line));
        if visit(line, record)?.is_break() {
            return Ok(());
        }
    }
    if rows == 0 { Err(no_accounts(&name)) } else { Ok(()) }
}

/// A record refused by the reader of JSON.
pub(crate) fn refused(refusal: value_model_bridge::Refusal, line: u64) -> Refused {
    Refused {
        line,
        account: String::new(),
        field: refusal.field,
        code: Cow::Borrowed(refusal.code),
        message: refusal.message,
    }
}
