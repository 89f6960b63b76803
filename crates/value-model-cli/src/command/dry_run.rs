//! What another model does to accounts, as rows: for `replay` and `lint --against`.

use std::path::PathBuf;

use value_model::answer::Record;
use value_model::compare::model_change::{ModelChange, change_of};
use value_model::compare::transitions::Direction;
use value_model::scorecard::Scorer;
use value_model::set::ModelSet;
use value_model::{Date, Error, math};

use super::each::{Step, each};
use crate::args::{InputArgs, OutputArgs, RejectArgs};
use crate::message::{Done, Failure, Notes};
use crate::model::Model;
use crate::output::grid::Grid;
use crate::output::sheet::Field;

/// A model, and the one that it would replace.
pub(super) struct Both {
    pub(super) new: Model,
    pub(super) old: Model,
}

impl Both {
    /// Reads every account with the answers to both models.
    pub(super) fn each(
        &self,
        files: (&InputArgs, &RejectArgs, Option<&PathBuf>),
        notes: Notes,
        step: &mut Step<'_>,
    ) -> Result<Done, Failure> {
        let models = [&self.old, &self.new].map(Model::of_all);
        let all = models.concat();
        // A set reads the answers to each of its models: this one has both, and takes all of them for every account.
        let names: Vec<String> = (0..all.len()).map(|number| number.to_string()).collect();
        let mut set = ModelSet::new("both", "1", names.clone());
        for (name, scorer) in names.iter().zip(&all) {
            set = set.model(name, scorer.scorecard().clone());
        }
        let attributes = self.new.attributes(&self.old.attributes(&[]));
        each(files, &Model::Set(set.compile()?), &attributes, notes, step)
    }

    /// What the new model does to an account; nothing where one of them has no card for it.
    pub(super) fn change(&self, record: &Record, as_of: Date) -> Result<Option<ModelChange>, Error> {
        let scorer = |model: &Model| -> Result<Option<Scorer>, Error> {
            Ok(match model {
                Model::One(scorer) => Some(scorer.clone()),
                Model::Set(set) => set.choose(record)?.models().next().map(|named| named.scorer.clone()),
            })
        };
        let (Some(old), Some(new)) = (scorer(&self.old)?, scorer(&self.new)?) else { return Ok(None) };
        let mut known = record.clone();
        let has = |scorer: &Scorer, measure: &str| scorer.measure_index(measure).is_ok();
        known.answers.retain(|measure, _| has(&old, measure) || has(&new, measure));
        change_of(&old, &new, &known, as_of).map(Some)
    }
}

/// Rows being written.
pub(super) struct Changes {
    grid: Grid,
    /// Whether it is a table for people, whose reasons are sentences below it.
    table: bool,
    dated: bool,
    bands: bool,
    all: u64,
    moved: u64,
    down: u64,
    least: Option<f64>,
    most: Option<f64>,
}

/// A change in a JSON form.
#[derive(serde::Serialize)]
struct Whole<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Date>,
    #[serde(flatten)]
    change: &'a ModelChange,
}

impl Changes {
    /// Starts rows, each with its day if they have several; with `bands` only those whose band changes.
    pub(super) fn open(output: &OutputArgs, dated: bool, bands: bool) -> Result<Self, Failure> {
        let text = |name: &str| (name.to_owned(), Field::Text(String::new()));
        let mut header = if dated { vec![text("as_of")] } else { Vec::new() };
        header.extend(["account", "from", "to"].map(text));
        let table = output.is_table();
        header.extend((!table).then(|| text("reason")));
        let texts = header.len();
        header.extend(["before", "after", "model_effect"].map(|name| (name.to_owned(), Field::Number(None))));
        let grid = Grid::open(output, &header, texts)?;
        Ok(Self { grid, table, dated, bands, all: 0, moved: 0, down: 0, least: None, most: None })
    }

    /// Writes one account.
    pub(super) fn write(&mut self, as_of: Option<Date>, change: &ModelChange) -> Result<(), Failure> {
        self.all += 1;
        self.moved += u64::from(change.direction.is_some());
        self.down += u64::from(matches!(change.direction, Some(Direction::Down | Direction::Lost)));
        if let Some(effect) = change.model_effect {
            self.least = Some(self.least.map_or(effect, |least| least.min(effect)));
            self.most = Some(self.most.map_or(effect, |most| most.max(effect)));
        }
        let still = change.model_effect.is_none_or(|effect| math::billionths(effect) == 0);
        if change.direction.is_none() && (self.bands || still) {
            return Ok(());
        }
        let day = as_of.map(|day| Field::Text(day.to_string())).filter(|_| self.dated);
        let mut row: Vec<Field> = day.into_iter().collect();
        row.extend([Field::Text(change.account.clone()), Field::name(change.from.as_deref())]);
        row.push(Field::name(change.to.as_deref()));
        if self.table {
            let day = as_of.filter(|_| self.dated).map(|day| format!(", {day}")).unwrap_or_default();
            self.grid.below(&format!("{}{day}: {}", change.account, change.reason));
        } else {
            row.push(Field::Text(change.reason.clone()));
        }
        row.extend([change.before, change.after, change.model_effect].map(Field::Number));
        self.grid.row(row, &Whole { as_of, change })
    }

    /// Writes what is left and says how much moved.
    pub(super) fn finish(self, notes: Notes) -> Result<(), Failure> {
        self.grid.finish()?;
        let what = if self.dated { "assessments" } else { "accounts" };
        let range = match (self.least, self.most) {
            (Some(least), Some(most)) => {
                format!("; the model alone moves scores by {least:+.1} to {most:+.1} points")
            }
            _ => String::new(),
        };
        let (moved, all, down) = (self.moved, self.all, self.down);
        notes.note(&format!("{moved} of {all} {what} change their band, {down} to a worse one{range}"));
        Ok(())
    }
}
