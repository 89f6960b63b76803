//! Which rows are scored by which models, and where their results stand.

use std::collections::BTreeMap;

use rayon::prelude::*;
use value_model::Error;
use value_model::set::SetScorer;

use super::known::Known;
use crate::drive::PIECE;

/// What stands for the choice of a row that is refused.
const REFUSED: usize = usize::MAX;

/// The rows of a batch with what was chosen for each.
pub(super) struct Rows {
    /// Per row: its place among the choices of the set.
    chosen: Vec<usize>,
    /// Per choice: its models.
    models: Vec<Vec<usize>>,
    /// Why rows are refused.
    pub(super) errors: BTreeMap<usize, Error>,
}

/// Where results stand: an account has a row for each of its models, a refused one has one without a model.
#[derive(Default)]
pub(super) struct Layout {
    /// Per row of the results: the row of the batch, and what was chosen with which model.
    pub(super) rows: Vec<usize>,
    pub(super) keys: Vec<Option<(usize, usize)>>,
    /// Per model and row that it scored: the row of the results, if it is shown.
    pub(super) places: Vec<Vec<Option<usize>>>,
    /// The one model of all rows, where there is but one: its results are those of the table as they are.
    pub(super) only: Option<usize>,
}

impl Rows {
    /// Asks the set about every row, on all threads of the current pool.
    pub(super) fn choose(set: &SetScorer, known: &[Known<'_>], count: usize) -> Self {
        let pieces: Vec<usize> = (0..count).step_by(PIECE).collect();
        let piece = |start: usize| {
            let mut errors = Vec::new();
            let rows = start..count.min(start + PIECE);
            let one = |row: usize| match set.choose_by(|place| known.get(place)?.get(row)) {
                Ok(choice) => choice.place(),
                Err(error) => {
                    errors.push((row, error));
                    REFUSED
                }
            };
            let chosen: Vec<usize> = rows.map(one).collect();
            (chosen, errors)
        };
        let done: Vec<_> = if pieces.len() < 2 {
            pieces.into_iter().map(piece).collect()
        } else {
            pieces.into_par_iter().map(piece).collect()
        };
        let (mut chosen, mut errors) = (Vec::with_capacity(count), BTreeMap::new());
        for (of_piece, wrong) in done {
            chosen.extend(of_piece);
            errors.extend(wrong);
        }
        Self { chosen, models: set.choices().map(|choice| choice.places().to_vec()).collect(), errors }
    }

    pub(super) fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Refuses a row.
    pub(super) fn refuse(&mut self, row: usize, error: Error) {
        if let Some(chosen) = self.chosen.get_mut(row) {
            *chosen = REFUSED;
        }
        self.errors.entry(row).or_insert(error);
    }

    /// The models of a row, the headline first; none for one that is refused or rolled up.
    pub(super) fn models(&self, row: usize) -> &[usize] {
        let chosen = self.chosen.get(row).and_then(|chosen| self.models.get(*chosen));
        chosen.map_or(&[], Vec::as_slice)
    }

    /// Per model, of which there are so many: the rows that it scores, rising.
    pub(super) fn of_models(&self, models: usize) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new(); models];
        for row in 0..self.len() {
            for model in self.models(row) {
                if let Some(rows) = rows.get_mut(*model) {
                    rows.push(row);
                }
            }
        }
        rows
    }

    /// Refuses the rows that a model refused: the first model of a row says why.
    pub(super) fn refuse_all(&mut self, refused: impl Iterator<Item = (usize, usize, Error)>) {
        let mut first: BTreeMap<usize, (usize, Error)> = BTreeMap::new();
        for (row, model, error) in refused {
            let order = self.models(row).iter().position(|other| *other == model).unwrap_or_default();
            if first.get(&row).is_none_or(|(earlier, _)| order < *earlier) {
                first.insert(row, (order, error));
            }
        }
        for (row, (_, error)) in first {
            self.refuse(row, error);
        }
    }

    /// Where the results stand, given the rows that each model scored.
    pub(super) fn layout(&self, scored: &[Vec<usize>]) -> Layout {
        let mut layout = Layout {
            rows: Vec::with_capacity(self.len()),
            keys: Vec::with_capacity(self.len()),
            places: scored.iter().map(|rows| vec![None; rows.len()]).collect(),
            only: None,
        };
        let mut next = vec![0; scored.len()];
        for (row, chosen) in self.chosen.iter().enumerate() {
            if *chosen == REFUSED {
                layout.rows.push(row);
                layout.keys.push(None);
            }
            for model in self.models(row) {
                let place = layout.rows.len();
                layout.rows.push(row);
                layout.keys.push(Some((*chosen, *model)));
                let (Some(rows), Some(next)) = (scored.get(*model), next.get_mut(*model)) else { continue };
                // A row that this model scored may have been refused later, and is not shown.
                while rows.get(*next).is_some_and(|scored| *scored < row) {
                    *next += 1;
                }
                if let Some(slot) = layout.places.get_mut(*model).and_then(|places| places.get_mut(*next)) {
                    *slot = Some(place);
                }
            }
        }
        let all = layout.rows.len() == self.len() && self.errors.is_empty();
        layout.only = scored.iter().position(|rows| all && rows.len() == self.len());
        layout
    }
}
