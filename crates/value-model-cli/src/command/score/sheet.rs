//! What a worker makes of scored accounts: lines of CSV, or a row group of a columnar file.

use value_model::scorecard::{Score, Scorer, Workspace};

use crate::message::Failure;
use crate::output::flat::{Columns, Line};
use crate::output::numbers::Numbers;
use crate::output::rows::Rows;
use crate::output::scored::Layout;
use crate::output::sink::{Encoder, Piece};

/// The form of the output, the same for every worker.
#[derive(Clone, Copy)]
pub(super) enum Form<'a> {
    /// Lines of CSV.
    Lines(&'a Columns),
    /// Row groups.
    Columns(&'a Layout, &'a Encoder),
}

/// What was made of a piece of the table.
#[derive(Default)]
pub(super) struct Made {
    /// Lines of CSV.
    pub(super) text: Vec<u8>,
    /// A row group.
    pub(super) group: Option<Piece>,
}

/// One scored account; the kept texts are UTF-8, as the name is.
pub(super) struct Account<'a, K> {
    pub(super) name: &'a [u8],
    pub(super) score: &'a Score,
    /// The scores of groups.
    pub(super) workspace: &'a Workspace,
    pub(super) kept: K,
}

/// What one worker writes with.
pub(super) enum Sheet<'a> {
    Lines(&'a Columns, &'a Scorer, Numbers),
    Rows(Box<Rows<'a>>, &'a Encoder),
}

impl<'a> Sheet<'a> {
    /// An empty sheet.
    pub(super) fn new(form: Form<'a>, scorer: &'a Scorer) -> Self {
        match form {
            Form::Lines(columns) => Self::Lines(columns, scorer, Numbers::new()),
            Form::Columns(layout, encoder) => Self::Rows(Box::new(Rows::new(layout, scorer)), encoder),
        }
    }

    /// Adds an account.
    #[inline]
    pub(super) fn add<'t>(&mut self, account: Account<'t, impl Iterator<Item = &'t [u8]>>, made: &mut Made) {
        let text = |bytes: &'t [u8]| std::str::from_utf8(bytes).unwrap_or_default();
        match self {
            Self::Lines(columns, scorer, numbers) => line(columns, scorer, numbers, account, &mut made.text),
            Self::Rows(rows, _) => {
                let Account { name, score, workspace, kept } = account;
                rows.score(text(name), score, workspace, kept.map(text));
            }
        }
    }

    /// Closes what was made of a piece.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub(super) fn finish(&mut self, made: &mut Made) -> Result<(), Failure> {
        if let Self::Rows(rows, encoder) = self
            && rows.len() > 0
        {
            made.group = Some(encoder.encode(vec![rows.take()?])?);
        }
        Ok(())
    }
}

/// Appends the line of an account.
#[inline]
fn line<'t>(
    columns: &Columns,
    scorer: &Scorer,
    numbers: &mut Numbers,
    account: Account<'t, impl Iterator<Item = &'t [u8]>>,
    out: &mut Vec<u8>,
) {
    let Account { name, score, workspace, kept } = account;
    let style = columns.style;
    let mut number = |out: &mut Vec<u8>, number: Option<f64>| {
        out.push(style.delimiter);
        if let Some(number) = number {
            numbers.write(out, number);
        }
    };
    columns.start(out, &Line::of_score(name, score, columns), &mut number);
    for (place, cost) in &columns.groups {
        let group = workspace.group(*place);
        number(out, group.score);
        if *cost {
            let cost = scorer.groups().get(*place).and_then(|compiled| compiled.cost_score(group.score));
            number(out, cost);
        }
    }
    for text in kept {
        style.next_text(out, text);
    }
    out.push(b'\n');
}
