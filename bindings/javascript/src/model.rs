//! A compiled model, and the score of one account.

use serde::{Deserialize, Serialize};
use value_model::answer::Record;
use value_model::scale::Cell;
use value_model::scorecard::{Assessment, Context, Score, Scorer, Workspace};
use value_model::{Date, Error};
use value_model_bridge::{Refusal, Tree, record_from_tree};

use crate::documents::scorecard;
use crate::lines::{self, Lines};
use crate::packed::{Packed, Step};
use crate::quick;
use crate::reply::{Reply, done, refused};

/// How many numbers a score is: outcome, score, raw, band, lower band, lower, upper, coverage, validated and fresh share.
pub const SCORE: usize = 10;

/// A model, compiled once, with room to score one account after the other.
#[derive(Debug)]
pub struct Model {
    scorer: Scorer,
    cells: Vec<Cell>,
    workspace: Workspace,
    /// The date of the last score.
    day: Option<Date>,
}

#[derive(Serialize)]
struct About<'a> {
    model: &'a str,
    version: &'a str,
    measures: Vec<&'a str>,
    columns: Vec<&'a str>,
    bands: Vec<&'a str>,
}

impl Model {
    /// Compiles a model.
    ///
    /// # Errors
    /// For what is no model.
    pub fn new(mut model: Packed<'_>) -> Result<Self, String> {
        let card = scorecard(&mut model).map_err(refused)?;
        let scorer = card.compile().map_err(refused)?;
        Ok(Self { cells: Vec::new(), workspace: scorer.workspace(), scorer, day: None })
    }

    /// The compiled model.
    pub const fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// Id, version, measures, their columns, bands.
    ///
    /// # Errors
    /// None is expected.
    pub fn about(&self) -> Reply {
        let scorer = &self.scorer;
        done(&About {
            model: scorer.model(),
            version: scorer.version(),
            measures: scorer.measures().iter().map(|measure| &*measure.id).collect(),
            columns: scorer.measures().iter().map(|measure| &*measure.column).collect(),
            bands: scorer.band_names().iter().map(|band| &**band).collect(),
        })
    }

    /// The document as JSON.
    ///
    /// # Errors
    /// None is expected.
    pub fn document(&self) -> Reply {
        done(self.scorer.scorecard())
    }

    /// The document as TOML.
    ///
    /// # Errors
    /// For what TOML cannot hold.
    pub fn toml(&self) -> Reply {
        value_model_bridge::scorecard_to_toml(self.scorer.scorecard()).map_err(refused)
    }

    /// Scores one account, packed behind the date of scoring, and explains the score.
    ///
    /// # Errors
    /// Whatever the model refuses.
    pub fn assess(&self, mut given: Packed<'_>) -> Reply {
        let as_of = given.tree().map_err(|error| refused(error.within("as_of"))).and_then(day)?;
        let record = given.tree().map_err(refused)?;
        done(&self.assessed(record, as_of).map_err(refused)?)
    }

    /// Scores one account, packed behind the date of scoring, into [`SCORE`] numbers; NaN where there is none.
    ///
    /// # Errors
    /// Whatever the model refuses.
    pub fn score(&mut self, mut given: Packed<'_>, out: &mut [f64]) -> Result<(), String> {
        let as_of = given.tree().map_err(|error| refused(error.within("as_of"))).and_then(day)?;
        self.day = Some(as_of);
        let mut again = given;
        if quick::cells(&self.scorer, &mut given, &mut self.cells).is_some()
            && let Ok(score) = self.scorer.score(&self.cells, &Context::new(as_of), &mut self.workspace)
        {
            write(&score, out);
            return Ok(());
        }
        let record = again.tree().map_err(refused)?;
        let found = self.assessed(record, as_of).map_err(refused)?;
        write(&self.score_of(&found), out);
        Ok(())
    }

    /// Scores one more account on the day of the last one, from a number per measure, NaN where there is none. Says no to
    /// whatever might be refused: [`Model::score`] says what is wrong with it.
    pub fn score_numbers(&mut self, numbers: &[f64], out: &mut [f64]) -> bool {
        let measures = self.scorer.measures().len();
        let Some(day) = self.day.filter(|_| numbers.len() == measures) else { return false };
        quick::numbers(&self.scorer, numbers, &mut self.cells)
            .and_then(|()| self.scorer.score(&self.cells, &Context::new(day), &mut self.workspace).ok())
            .inspect(|score| write(score, out))
            .is_some()
    }

    /// Scores the accounts of a text with one JSON object per line: packed are the date of scoring, whether each result
    /// explains itself, and the number of the first line. What comes back is such a text, too.
    ///
    /// # Errors
    /// For a date of scoring that is none. A line that cannot be scored has its reason in its place.
    pub fn lines(&self, mut given: Packed<'_>, text: &str) -> Reply {
        let as_of = given.tree().map_err(|error| refused(error.within("as_of"))).and_then(day)?;
        let explain = given.step() == Step::Bool(true);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counted by the wrapper")]
        let first = if let Step::Number(first) = given.step() { first as u64 } else { 1 };
        lines::score(&self.scorer, text, Lines { as_of, explain, first }).map_err(refused)
    }

    fn assessed(&self, record: Tree, as_of: Date) -> Result<Assessment, Refusal> {
        let record: Record = record_from_tree(record)?;
        Ok(self.scorer.assess(&record, as_of)?)
    }

    /// The numbers of an assessment.
    fn score_of(&self, found: &Assessment) -> Score {
        let place = |name: &str| {
            let at = self.scorer.band_names().iter().position(|band| **band == *name);
            at.and_then(|at| u32::try_from(at).ok())
        };
        Score {
            outcome: found.outcome,
            score: found.score,
            raw: found.raw,
            band: found.band.as_deref().and_then(place),
            lower_band: place(&found.lower_band).unwrap_or_default(),
            lower: found.lower,
            upper: found.upper,
            coverage: found.coverage,
            validated_share: found.validated_share,
            fresh_share: found.fresh_share,
        }
    }
}

fn write(score: &Score, out: &mut [f64]) {
    let all = [
        f64::from(score.outcome.code()),
        score.score.unwrap_or(f64::NAN),
        score.raw.unwrap_or(f64::NAN),
        score.band.map_or(f64::NAN, f64::from),
        f64::from(score.lower_band),
        score.lower,
        score.upper,
        score.coverage,
        score.validated_share,
        score.fresh_share,
    ];
    for (place, number) in out.iter_mut().zip(all) {
        *place = number;
    }
}

/// The date of scoring.
fn day(value: Tree) -> Result<Date, String> {
    let named = |error: Error| refused(error.at("as_of"));
    match value {
        Tree::Text(text) => text.parse().map_err(named),
        Tree::Null => Err(named(Error::Missing { field: "".into() })),
        other => Date::deserialize(other).map_err(|problem| {
            let reason = Refusal::from(problem).message;
            named(Error::Invalid { field: "".into(), reason })
        }),
    }
}
