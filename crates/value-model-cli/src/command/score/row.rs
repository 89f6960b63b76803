//! One row of a wide table on the fast path: read where it stands, scored, written.

use value_model::scale::Cell;
use value_model::scorecard::{Context, Scorer, Workspace};

use super::Tally;
use super::sheet::{Account, Form, Made, Sheet};
use crate::input::cells::Cells;
use crate::input::records::{Fields, Piece, Row};
use crate::input::wide::Columns as Matched;
use crate::message::{Failure, Refused};

/// Records read in one go, and what became of them.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) piece: Piece,
    pub(super) rows: u64,
    pub(super) made: Made,
    pub(super) refused: Vec<Refused>,
    pub(super) tally: Tally,
}

/// What every worker knows.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) scorer: &'a Scorer,
    pub(super) form: Form<'a>,
    pub(super) matched: &'a Matched,
    pub(super) attributes: &'a [String],
    pub(super) context: Context,
    pub(super) decimal: char,
}

/// Everything one row needs, made once per worker.
pub(super) struct Room<'a> {
    workspace: Workspace,
    cells: Vec<Cell>,
    reader: Cells,
    sheet: Sheet<'a>,
    fields: Fields,
    /// A record that needs a closer look.
    row: Row,
}

impl<'a> Job<'a> {
    /// Room for one worker.
    pub(super) fn room(&self) -> Room<'a> {
        Room {
            workspace: self.scorer.workspace(),
            cells: Vec::with_capacity(self.scorer.measures().len()),
            reader: Cells::new(self.decimal),
            sheet: Sheet::new(self.form, self.scorer),
            fields: Fields::default(),
            row: Row::default(),
        }
    }

    /// Scores the records of a piece.
    ///
    /// # Errors
    /// What the form of the output says.
    pub(super) fn score(&self, batch: &mut Batch, room: &mut Room<'_>) -> Result<(), Failure> {
        batch.made.text.clear();
        batch.rows = 0;
        while batch.piece.read(&mut room.fields) {
            batch.rows += 1;
            match self.row(&mut batch.piece, room, &mut batch.made) {
                Ok(score) => batch.tally.count(score),
                Err(refused) => batch.refused.push(refused),
            }
        }
        room.sheet.finish(&mut batch.made)
    }

    #[inline]
    fn row(&self, piece: &mut Piece, room: &mut Room<'_>, made: &mut Made) -> Result<Option<f64>, Refused> {
        let Self { scorer, matched, .. } = *self;
        let Room { workspace, cells, reader, sheet, fields, row } = room;
        if !matched.quick((&piece.bytes, fields), scorer, reader, cells) {
            row.copy(piece, fields);
            matched.account(row)?;
            matched.cells(row, scorer, reader, cells)?;
        }
        let score = scorer.score(cells, &self.context, workspace).map_err(|error| {
            row.copy(piece, fields);
            matched.by(error, row, scorer)
        })?;
        for (name, place) in self.attributes.iter().zip(&matched.attributes) {
            if std::str::from_utf8(fields.get(&piece.bytes, *place)).is_err() {
                row.copy(piece, fields);
                return Err(matched.not_utf8(row, name, row.get(*place).unwrap_or_default()));
            }
        }
        let account = Account {
            name: matched.name(&piece.bytes, fields),
            score: &score,
            workspace,
            kept: matched.attributes.iter().map(|place| fields.get(&piece.bytes, *place)),
        };
        sheet.add(account, made);
        Ok(score.score)
    }
}
