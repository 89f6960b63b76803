//! The models of a set, each matched to the columns that it reads.

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::Schema;
use value_model::Error;
use value_model::block::Column;
use value_model::set::{NamedScorer, SetScorer};

use super::{SetSettings, broken, gather};
use crate::scorer::{ColumnScorer, Mapping, Settings};
use crate::tables::must;

/// What parents need to know of a headline.
pub(super) const HEADLINE: [Column; 5] =
    [Column::Outcome, Column::Score, Column::Lower, Column::Upper, Column::Coverage];

/// A model matched to the columns that it reads, and to no others.
#[derive(Clone, Debug)]
pub(super) struct Matched {
    pub(super) scorer: ColumnScorer,
    /// Those columns by their places in the table.
    pub(super) reads: Vec<usize>,
    /// What is asked of the model.
    asked: Vec<Column>,
}

/// Matches every model of a set.
pub(super) fn models(
    set: &SetScorer,
    table: &Schema,
    mapping: &Mapping,
    settings: &SetSettings,
) -> Result<Vec<Matched>, Error> {
    for (measure, column) in &mapping.measures {
        let mut measures = set.models().iter().flat_map(|named| named.scorer.measures());
        if !measures.any(|known| *known.id == **measure) {
            let all = set.models().iter().flat_map(|named| named.scorer.measures());
            return Err(Error::UnknownId {
                field: "measures".into(),
                id: value_model::error::excerpt(measure),
                suggestion: value_model::suggest::nearest(measure, all.map(|known| &*known.id)),
            });
        }
        must(table, "columns", column)?;
    }
    let headline = set.set().parents.is_some();
    let all = set.models().iter().enumerate().map(|(place, named)| {
        let mut asked: Vec<Column> = Vec::new();
        let of_model =
            settings.columns.iter().filter_map(|column| column.columns.get(place).copied().flatten());
        for column in of_model.chain(HEADLINE.into_iter().filter(|_| headline)) {
            if !asked.contains(&column) {
                asked.push(column);
            }
        }
        Matched::new(named, table, mapping, (settings, asked)).map_err(|error| {
            if error.field() == "bands" { error.within(&format!("models.{}", named.name)) } else { error }
        })
    });
    let all = all.collect::<Result<Vec<_>, _>>()?;
    let unread = |model: &Matched| model.scorer.unmatched().len() == model.scorer.scorer().measures().len();
    if all.iter().all(unread) {
        return Err(Error::Missing { field: "measures".into() });
    }
    Ok(all)
}

impl Matched {
    fn new(
        named: &NamedScorer,
        table: &Schema,
        mapping: &Mapping,
        (settings, asked): (&SetSettings, Vec<Column>),
    ) -> Result<Self, Error> {
        let scorer = &named.scorer;
        let own = mapping.measures.iter().filter(|(measure, _)| scorer.measure_index(measure).is_ok());
        let mapping = Mapping { measures: own.cloned().collect(), on: mapping.on.clone() };
        let settings = Settings { context: settings.context, columns: asked.clone() };
        let reads = ColumnScorer::matched(scorer, table, &mapping, settings.clone())?.reads();
        let narrow = table.project(&reads).map_err(|error| broken(&error))?;
        Ok(Self { scorer: ColumnScorer::matched(scorer, &narrow, &mapping, settings)?, reads, asked })
    }

    /// The place of a column among the results.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.asked.iter().position(|asked| *asked == column)
    }

    /// What the model reads of these rows, rising, of a batch.
    pub(super) fn batch(&self, batch: &RecordBatch, rows: &[usize]) -> Result<RecordBatch, Error> {
        let narrow = batch.project(&self.reads).map_err(|error| broken(&error))?;
        if rows.len() == batch.num_rows() {
            return Ok(narrow);
        }
        let gathered = narrow.columns().iter().map(|column| gather::gather(column, rows));
        let arrays: Vec<ArrayRef> = gathered.collect::<Result<_, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(narrow.schema(), arrays, &options).map_err(|error| broken(&error))
    }
}
