//! A sorted long table, piece by piece: accounts that no piece holds as a whole are handed on to the next one.

use super::answers::Answers;
use super::matched::{Found, Matched};
use crate::command::in_pieces::Link;
use crate::input::cells::Cells;
use crate::input::long::Gathered;
use crate::message::Failure;

/// The account that the last row of a piece belongs to, with all of its rows so far.
pub(super) type Carried = Option<(Vec<u8>, Gathered)>;

/// Scores the accounts that end in a piece; says why no more can be read, if that is so.
///
/// # Errors
/// As [`Matched::add_alone`].
pub(super) fn score(
    matched: &Matched<'_>,
    answers: &Answers,
    link: &Link<Carried>,
) -> Result<(Found, Option<Failure>), Failure> {
    let mut found = Found::default();
    let mut cells = Cells::new(matched.plan.args.decimal);
    let mut carried = link.receive()?;
    let sinks = |run: &usize| answers.names.get(*run) < answers.names.get(run - 1);
    let broken = (1..answers.runs()).find(sinks);
    let end = broken.unwrap_or(answers.runs());
    let mut from = 0;
    if answers.runs() > 0 {
        let name = answers.names.get(0);
        match carried.take() {
            Some((before, account)) if before == name => {
                carried = matched.gather(answers, 0, Some(account), &mut cells).map(|all| (before, all));
                from = 1;
            }
            Some((before, _)) if name < before.as_slice() => {
                return Ok((found, Some(failure(matched, answers, 0))));
            }
            before => carried = before,
        }
    }
    // The account of the last row may go on; where a row is out of order it is over, but nobody has asked for it.
    let to = if link.last && broken.is_none() { end } else { end.saturating_sub(1) };
    let is_over = to >= from && (end > from || link.last);
    if is_over && let Some((_, account)) = carried.take() {
        matched.add_alone(vec![matched.assess(account)], &mut found)?;
    }
    if broken.is_none() && !link.last {
        if end > from {
            let last = matched.gather(answers, end - 1, None, &mut cells);
            carried = last.map(|account| (answers.names.get(end - 1).to_vec(), account));
        }
        link.send(carried);
    }
    matched.score(answers, from..to.max(from), &mut found)?;
    Ok((found, broken.map(|run| failure(matched, answers, run))))
}

fn failure(matched: &Matched<'_>, answers: &Answers, run: usize) -> Failure {
    let line = answers.line(answers.rows(run).start);
    matched.shape.columns.not_sorted(answers.names.get(run), line)
}
