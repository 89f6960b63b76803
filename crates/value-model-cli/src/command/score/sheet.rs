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

/// What one worker writes with.
pub(super) enum Sheet<'a> {
    Lines(&'a Columns, Numbers),
    Rows(Box<Rows<'a>>, &'a Layout, &'a Encoder),
}

impl<'a> Sheet<'a> {
    /// An empty sheet.
    pub(super) fn new(form: Form<'a>, scorer: &'a Scorer) -> Self {
        match form {
            Form::Lines(columns) => Self::Lines(columns, Numbers::new()),
            Form::Columns(layout, encoder) => {
                Self::Rows(Box::new(Rows::new(layout, scorer)), layout, encoder)
            }
        }
    }

    /// Adds an account scored alone. Its name and the kept texts are UTF-8.
    #[inline]
    pub(super) fn add<'t>(
        &mut self,
        name: &'t [u8],
        (scorer, score, workspace): (&Scorer, &Score, &Workspace),
        kept: impl Iterator<Item = &'t [u8]>,
        made: &mut Made,
    ) {
        let text = |bytes: &'t [u8]| std::str::from_utf8(bytes).unwrap_or_default();
        match self {
            Self::Lines(columns, numbers) => {
                let groups = columns.groups.iter().flat_map(|(place, cost)| {
                    let score = workspace.group(*place).score;
                    let group = scorer.groups().get(*place).filter(|_| *cost);
                    [Some(score), group.map(|group| group.cost_score(score))].into_iter().flatten()
                });
                let first = Line::of_score(name, score, columns);
                line((columns, numbers), &first, groups, kept, &mut made.text);
            }
            Self::Rows(rows, ..) => rows.score(text(name), score, workspace, kept.map(text)),
        }
    }

    /// Closes what was made of a piece.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub(super) fn finish(&mut self, made: &mut Made) -> Result<(), Failure> {
        if let Self::Rows(rows, _, encoder) = self
            && rows.len() > 0
        {
            made.group = Some(encoder.encode(vec![rows.take()?])?);
        }
        Ok(())
    }
}

/// Appends the line of an account: what every account has, the numbers of its groups, and kept texts.
#[inline]
pub(super) fn line<'t>(
    (columns, numbers): (&Columns, &mut Numbers),
    first: &Line<'_>,
    groups: impl Iterator<Item = Option<f64>>,
    kept: impl Iterator<Item = &'t [u8]>,
    out: &mut Vec<u8>,
) {
    let style = columns.style;
    let mut number = |out: &mut Vec<u8>, number: Option<f64>| {
        out.push(style.delimiter);
        if let Some(number) = number {
            numbers.write(out, number);
        }
    };
    columns.start(out, first, &mut number);
    for group in groups {
        number(out, group);
    }
    for text in kept {
        style.next_text(out, text);
    }
    out.push(b'\n');
}
