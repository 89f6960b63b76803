//! The jobs of `manifest.json` for benches in Rust.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use serde::Deserialize;
use value_model::Error;
use value_model::block::{Target, Values};

use crate::data::{Filling, fill};
use crate::model::Shape;
use crate::table::Table;

/// What a Rust bench needs of a job; the rest is for other runners.
#[derive(Clone, Debug, Deserialize)]
pub struct Job {
    /// Its name.
    pub id: String,
    /// `columns` for a scorecard over columns.
    pub kind: String,
    /// The model of such a job.
    #[serde(default, deserialize_with = "shape")]
    pub model: Option<Shape>,
    /// What it writes beside score, coverage, group scores and band.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// The seed of its data.
    pub seed: u64,
    /// The share of missing answers.
    pub null_share: f64,
}

/// A model may also be the name of a file, which is for the command.
fn shape<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Shape>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    if value.is_string() {
        Ok(None)
    } else {
        serde_json::from_value(value).map(Some).map_err(serde::de::Error::custom)
    }
}

/// Every job that scores columns.
///
/// # Errors
/// None: the manifest is read by a test.
pub fn jobs() -> Result<Vec<Job>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Manifest {
        jobs: Vec<Job>,
    }
    let manifest: Manifest = serde_json::from_str(include_str!("manifest.json"))?;
    Ok(manifest.jobs.into_iter().filter(|job| job.kind == "columns").collect())
}

impl Job {
    /// The model matched to its columns, for what the job writes.
    ///
    /// # Errors
    /// [`Error::Missing`] for a job without a model; as [`Table::new`].
    pub fn table(&self) -> Result<Table, Error> {
        let shape = self.model.as_ref().ok_or(Error::Missing { field: "model".into() })?;
        let scorer = shape.scorecard().compile()?;
        let mut wanted = vec!["score".to_owned(), "coverage".to_owned()];
        wanted.extend((1..scorer.groups().len()).map(|group| format!("g{group}")));
        if self.outputs.iter().any(|output| output == "bounds") {
            wanted.extend(["lower".to_owned(), "upper".to_owned()]);
        }
        if self.outputs.iter().any(|output| output == "contributions") {
            wanted.extend((0..scorer.measures().len()).map(|measure| format!("c{measure}")));
        }
        wanted.push("band".to_owned());
        Table::new(shape, &wanted)
    }

    /// Its answers for so many accounts.
    ///
    /// # Errors
    /// None: the columns have one length.
    pub fn answers(&self, table: &Table, rows: usize) -> Result<RecordBatch, Error> {
        let columns = (0..).take(table.answers().fields().len()).map(|column| -> ArrayRef {
            let (mut values, mut validity) = (vec![0.0; rows], vec![0; rows.div_ceil(8)]);
            let filling = Filling {
                seed: (self.seed, column),
                null_share: self.null_share,
                steps: 101,
                divisor: 100.0,
                garbage: false,
            };
            fill(&mut values, &mut validity, filling);
            let bits = BooleanBuffer::new(Buffer::from_vec(validity), 0, rows);
            Arc::new(Float64Array::new(values.into(), Some(NullBuffer::new(bits))))
        });
        RecordBatch::try_new(Arc::clone(table.answers()), columns.collect())
            .map_err(|error| Error::Invalid { field: "answers".into(), reason: error.to_string() })
    }
}

/// Memory for results, kept from one run to the next.
#[derive(Debug)]
pub struct Results {
    numbers: Vec<Vec<f64>>,
    codes: Vec<Vec<u8>>,
    valid: Vec<Vec<u8>>,
}

impl Results {
    /// Room for so many accounts.
    pub fn new(table: &Table, rows: usize) -> Self {
        let columns = table.columns();
        Self {
            numbers: columns.iter().map(|c| vec![0.0; if c.is_code() { 0 } else { rows }]).collect(),
            codes: columns.iter().map(|c| vec![0; if c.is_code() { rows } else { 0 }]).collect(),
            valid: columns.iter().map(|_| vec![0; rows.div_ceil(8)]).collect(),
        }
    }

    /// Where the results go.
    pub fn targets(&mut self, table: &Table) -> Vec<Target<'_>> {
        let places = self.numbers.iter_mut().zip(&mut self.codes).zip(&mut self.valid);
        let targets = table.columns().iter().zip(places).map(|(&column, ((numbers, codes), valid))| {
            let values = if column.is_code() { Values::Codes(codes) } else { Values::Numbers(numbers) };
            Target { column, values, valid }
        });
        targets.collect()
    }

    /// The sum of all scores, so that nothing is left out as unused.
    pub fn checksum(&self) -> f64 {
        self.numbers.first().map_or(0.0, |scores| scores.iter().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_over_columns_scores_its_data() {
        let jobs = jobs().unwrap();
        assert!(jobs.len() > 10);
        for job in jobs {
            let table = job.table().unwrap();
            let mut results = Results::new(&table, 100);
            table.score(&job.answers(&table, 100).unwrap(), results.targets(&table)).unwrap();
            assert!(results.checksum() > 0.0, "{}", job.id);
        }
    }
}
