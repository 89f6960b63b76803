//! One row of a wide table on the fast path: read where it stands, scored, written.

use value_model::answer::Missing;
use value_model::scale::Cell;
use value_model::scorecard::{Context, Scorer, Workspace};
use value_model_arrow::ColumnScorer;

use super::Tally;
use super::block;
use super::gathered::{self, Gathered};
use super::sheet::{Form, Made, Sheet};
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
    pub(super) workspace: Workspace,
    pub(super) cells: Vec<Cell>,
    pub(super) reader: Cells,
    pub(super) sheet: Sheet<'a>,
    pub(super) fields: Fields,
    /// A record that needs a closer look.
    pub(super) row: Row,
    /// The rows of a piece, where they are scored by columns.
    pub(super) gathered: Gathered,
    columns: Option<ColumnScorer>,
}

impl<'a> Job<'a> {
    /// Room for one worker.
    pub(super) fn room(&self) -> Room<'a> {
        let measures = self.matched.numbers().into_iter().flatten();
        let (table, _) = gathered::table(self.scorer, measures);
        Room {
            workspace: self.scorer.workspace(),
            cells: Vec::with_capacity(self.scorer.measures().len()),
            reader: Cells::new(self.decimal),
            sheet: Sheet::new(self.form, self.scorer),
            fields: Fields::default(),
            row: Row::default(),
            gathered: Gathered::new(&table, self.attributes.len()),
            columns: block::by_columns(self),
        }
    }

    /// Scores the records of a piece.
    ///
    /// # Errors
    /// What the form of the output says.
    pub(super) fn score(&self, batch: &mut Batch, room: &mut Room<'_>) -> Result<(), Failure> {
        batch.made.text.clear();
        batch.rows = 0;
        if let Some(columns) = room.columns.clone() {
            return self.score_columns(&columns, batch, room);
        }
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
        let Room { workspace, cells, reader, sheet, fields, row, .. } = room;
        cells.clear();
        let quick = matched.quick((&piece.bytes, fields), scorer, reader, |cell| {
            cells.push(cell.unwrap_or(Cell::Missing(Missing::NoData)));
        });
        if !quick {
            row.copy(piece, fields);
            matched.account(row)?;
            matched.cells(row, scorer, reader, cells)?;
        }
        let score = scorer.score(cells, &self.context, workspace).map_err(|error| {
            row.copy(piece, fields);
            matched.by(error, row, scorer)
        })?;
        let kept = matched.attributes.iter().map(|place| fields.get(&piece.bytes, *place));
        if kept.clone().any(|text| std::str::from_utf8(text).is_err()) {
            row.copy(piece, fields);
            if let Some(refused) = self.not_utf8(row) {
                return Err(refused);
            }
        }
        let kept = matched.attributes.iter().map(|place| fields.get(&piece.bytes, *place));
        sheet.add(matched.name(&piece.bytes, fields), (scorer, &score, workspace), kept, made);
        Ok(score.score)
    }

    /// The refusal of a row whose kept cells are not UTF-8.
    #[cold]
    pub(super) fn not_utf8(&self, row: &Row) -> Option<Refused> {
        self.attributes.iter().zip(&self.matched.attributes).find_map(|(name, place)| {
            let bytes = row.get(*place).unwrap_or_default();
            std::str::from_utf8(bytes).is_err().then(|| self.matched.not_utf8(row, name, bytes))
        })
    }
}
