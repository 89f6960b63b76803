//! Many inputs of one formula, one a line: pieces of whole lines go to all cores, their results come back in order.
//!
//! Batches go round between the threads: nothing is allocated once they have been filled, and because there is a fixed
//! number of them the length of the file makes no difference to the memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use memchr::{memchr_iter, memrchr};
use value_model_bridge::{call_json, to_json};

use super::Call;
use crate::command::in_order::start;
use crate::input::source::{DOCUMENT_BYTES, Source};
use crate::message::{Done, Failure, Notes, Refused};
use crate::output::rejects::Rejects;
use crate::output::{Output, differ};

/// The bytes of a piece: enough to be worth a turn, few enough to stay in the cache of a core.
const PIECE: usize = 256 * 1024;

/// Batches per worker: one in its hands, one on its way to be put out, one on its way back.
const BATCHES: usize = 3;

/// Whole lines, and what became of them.
#[derive(Default)]
struct Batch {
    lines: Vec<u8>,
    /// The number of the first line.
    first: u64,
    text: Vec<u8>,
    refused: Vec<Refused>,
}

/// A batch by its place in the file, or why no more can be read.
type Placed = (u64, Result<Batch, Failure>);

/// Where workers get their batches, filled with lines.
struct Feed {
    empty: Receiver<Batch>,
    name: String,
    inner: Box<dyn Read + Send>,
    /// The beginning of a line that did not fit into the piece before.
    rest: Vec<u8>,
    next: u64,
    line: u64,
    ended: bool,
}

/// Calls the formula for every line.
pub(super) fn run(args: &Call, notes: Notes) -> Result<Done, Failure> {
    differ(&args.input, args.rejects.rejects.as_ref())?;
    let source = Source::open(&args.input)?;
    let mut rejects = Rejects::open(&args.rejects, false, notes)?;
    rejects.read_from(&source.name);
    let mut output = Output::open(args.output.as_deref())?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (empty_to, empty) = channel();
    for _ in 0..workers * BATCHES {
        let _ = empty_to.send(Batch::default()); // The other end is in our hands.
    }
    let Source { name, reader, .. } = source;
    let feed = Feed { empty, name, inner: reader, rest: Vec::new(), next: 0, line: 1, ended: false };
    let feed = &Mutex::new(feed);
    thread::scope(|scope| {
        let (done_to, done) = channel();
        for _ in 0..workers {
            let done_to = done_to.clone();
            start(scope, move || work(&args.id, feed, &done_to))?;
        }
        drop(done_to);
        gather(&done, empty_to, &mut output, &mut rejects)
    })?;
    output.finish()?;
    rejects.finish()
}

/// Puts out batches in the order of the file, until there are no more or something is wrong.
#[expect(clippy::needless_pass_by_value, reason = "workers stop waiting once the sender is gone")]
fn gather(
    done: &Receiver<Placed>,
    empty: Sender<Batch>,
    output: &mut Output,
    rejects: &mut Rejects,
) -> Result<(), Failure> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (place, batch) in done {
        waiting.insert(place, batch);
        while let Some(batch) = waiting.remove(&next) {
            let mut batch: Batch = batch?;
            output.write(&batch.text)?;
            for refused in batch.refused.drain(..) {
                rejects.add(&refused)?;
            }
            let _ = empty.send(batch); // Workers may be through: then nobody needs it.
            next += 1;
        }
    }
    Ok(())
}

/// Calls the formula for pieces until there are no more, or nobody wants them.
fn work(id: &str, feed: &Mutex<Feed>, to: &Sender<Placed>) {
    loop {
        let next = feed.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((place, batch)) = next else { return };
        let done = batch.and_then(|mut batch| batch.call(id).map(|()| batch));
        if to.send((place, done)).is_err() {
            return;
        }
    }
}

impl Batch {
    fn call(&mut self, id: &str) -> Result<(), Failure> {
        let Self { lines, first, text, refused } = self;
        text.clear();
        for (line, record) in (*first..).zip(split(lines)) {
            // An empty line is no record.
            if record.trim_ascii().is_empty() {
                continue;
            }
            if let Err(refusal) = call_json(id, record, text) {
                to_json(&refusal, text).map_err(|refusal| Failure::new(refusal.code, refusal.message))?;
                refused.push(Refused {
                    line,
                    account: String::new(),
                    field: refusal.field,
                    code: Cow::Borrowed(refusal.code),
                    message: refusal.message,
                });
            }
            text.push(b'\n');
        }
        Ok(())
    }
}

/// The lines of a text, without their ends; behind the last end another line begins.
fn split(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    memchr_iter(b'\n', text).chain([text.len()]).map(move |end| {
        let line = text.get(from..end).unwrap_or_default();
        from = end + 1;
        line
    })
}

impl Feed {
    /// The next whole lines in an empty batch; nothing at the end, or when nobody wants more.
    fn next(&mut self) -> Option<Placed> {
        if self.ended {
            return None;
        }
        let mut batch = self.empty.recv().ok()?;
        let read = self.read(&mut batch.lines);
        self.ended |= read.is_err();
        batch.first = self.line;
        self.line += memchr_iter(b'\n', &batch.lines).count() as u64;
        self.next += 1;
        Some((self.next - 1, read.map(|()| batch)))
    }

    fn read(&mut self, lines: &mut Vec<u8>) -> Result<(), Failure> {
        lines.clear();
        lines.append(&mut self.rest);
        loop {
            let before = lines.len();
            let taken = self.inner.by_ref().take(PIECE as u64).read_to_end(lines);
            match taken {
                Ok(0) => {
                    self.ended = true;
                    return Ok(());
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failure::io(&error, "read", &self.name)),
            }
            if let Some(end) = memrchr(b'\n', lines.get(before..).unwrap_or_default()) {
                self.rest.extend_from_slice(lines.get(before + end + 1..).unwrap_or_default());
                lines.truncate(before + end + 1);
                return Ok(());
            }
            if lines.len() as u64 > DOCUMENT_BYTES {
                let at = format!("{}:{}", self.name, self.line);
                let message = format!("the line is longer than {DOCUMENT_BYTES} bytes");
                return Err(Failure::new("limit", message).at(at));
            }
        }
    }
}
