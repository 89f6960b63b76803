//! Whole files summed up in columns, by all cores.

use arrow_schema::Schema;
use value_model_arrow::Mapping;

use super::Adding;
use super::matched::{Matched, Part, Places, reads_alike};
use super::sums::{RESULTS, Sums};
use super::texts::{self, Shape};
use crate::command::each::Seen;
use crate::command::in_pieces::{self, Batches, Link};
use crate::command::score::batch::{holds_days, measures, names_accounts};
use crate::input::records::Row;
use crate::input::wide::{Columns, Wide};
use crate::input::{Columnar, Input, Plan, no_accounts, plain};
use crate::message::Failure;

/// Bytes of a piece of text: many enough that merging what it came to costs little.
const TEXT_BYTES: usize = 2 * 1024 * 1024;

impl Adding<'_> {
    /// Sums up a columnar file with one row per account, or gives it back.
    pub(super) fn columns(
        &mut self,
        columnar: Columnar,
        plan: &Plan<'_>,
        seen: &mut Seen<'_>,
    ) -> Result<Option<Input>, Failure> {
        let schema = columnar.table.schema().clone();
        let Some((reads, places)) = self.places(plan, &schema) else {
            return Ok(Some(Input::Columns(columnar)));
        };
        let Ok(read) = schema.project(&reads) else { return Ok(Some(Input::Columns(columnar))) };
        let mapping = Mapping { measures: plan.args.map.clone(), on: plan.args.on.clone() };
        // What is said of a table of texts is said once, by whoever reads the file.
        let quiet = Plan { notes: crate::message::Notes { quiet: true }, ..*plan };
        let Ok(wide) = Wide::new(columnar.head()?, &quiet) else { return Ok(Some(Input::Columns(columnar))) };
        let asked = (&self.asked, self.as_of);
        let Ok(matched) = Matched::new(plan, asked, &wide.columns, (&read, &mapping), places) else {
            return Ok(Some(Input::Columns(columnar)));
        };
        Wide::new(columnar.head()?, plan)?;
        let Columnar { name, table } = columnar;
        let make = |batches: Batches<'_>, _: Link<()>| {
            let mut part = matched.part();
            batches.each(&mut |first, batch| {
                let mut again = |row: usize| texts_of(&batch, &reads, &wide.columns, (first, row));
                matched.add(&batch, &mut again, &mut part)
            })?;
            Ok(part)
        };
        let (mut rows, sums) = (0, &mut self.sums);
        in_pieces::columns(table, (&reads, RESULTS.len()), &make, &mut |part: Part| {
            rows += part.rows;
            merge(&part, sums, seen)
        })
        .map_err(|failure| if failure.place.is_empty() { failure.at(&name) } else { failure })?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(None) }
    }

    /// The columns that are read, rising, and where among them the accounts, keys and revenue stand; none where
    /// one account at a time must be looked at.
    fn places(&self, plan: &Plan<'_>, schema: &Schema) -> Option<(Vec<usize>, Places)> {
        let args = plan.args;
        let answers = measures(plan.scorer, &args.map, schema);
        if !reads_alike(plan.scorer, schema, &answers) {
            return None;
        }
        let place = |name: &String| schema.index_of(name).ok();
        let account = place(&args.account_column)?;
        let by = self.asked.by.iter().map(place).collect::<Option<Vec<_>>>()?;
        let revenue = self.asked.revenue.map(place).map_or(Some(None), |place| place.map(Some))?;
        let on = args.on.as_ref().map(place).map_or(Some(None), |place| place.map(Some))?;
        names_accounts(schema, &args.account_column).ok()?;
        args.on.iter().try_for_each(|on| holds_days(schema, on)).ok()?;
        let shown = by.iter().copied().chain(revenue);
        let plain =
            |place: usize| schema.fields().get(place).is_some_and(|field| plain::is_plain(field.data_type()));
        if !shown.clone().all(plain) {
            return None;
        }
        let mut reads: Vec<usize> = shown.chain(answers).chain(on).chain([account]).collect();
        reads.sort_unstable();
        reads.dedup();
        let among = |place: usize| reads.binary_search(&place).unwrap_or_default();
        let places = Places {
            account: Some(among(account)),
            by: by.into_iter().map(among).collect(),
            revenue: revenue.map(among),
        };
        Some((reads, places))
    }

    /// Sums up a text with one row per account, or gives it back.
    pub(super) fn texts(
        &mut self,
        wide: Wide,
        plan: &Plan<'_>,
        seen: &mut Seen<'_>,
    ) -> Result<Option<Input>, Failure> {
        let mut shape = Shape::new(plan, &wide.columns, (self.asked.by, self.asked.revenue));
        let places = std::mem::take(&mut shape.places);
        let columns = wide.columns.clone();
        let (asked, table) = ((&self.asked, self.as_of), (&*shape.schema, &shape.mapping));
        let Ok(matched) = Matched::new(plan, asked, &columns, table, places) else {
            return Ok(Some(Input::Wide(wide)));
        };
        let name = wide.table.name.clone();
        let make = |piece, _: Link<()>| texts::add(&matched, (plan, &shape, &columns), piece);
        let (mut rows, sums) = (0, &mut self.sums);
        in_pieces::texts(wide.table.into_pieces(TEXT_BYTES), &make, &mut |part: Part| {
            rows += part.rows;
            merge(&part, sums, seen)
        })?;
        if rows == 0 { Err(no_accounts(&name)) } else { Ok(None) }
    }
}

/// Adds what became of a piece to all before it.
fn merge(part: &Part, sums: &mut Sums, seen: &mut Seen<'_>) -> Result<(), Failure> {
    part.refused.iter().try_for_each(|refused| (seen.refuse)(refused))?;
    (seen.tick)();
    sums.merge(&part.sums)
}

/// A row of a columnar file as a table of texts would hold it, on the line of its number.
fn texts_of(
    batch: &arrow_array::RecordBatch,
    reads: &[usize],
    columns: &Columns,
    (first, row): (u64, usize),
) -> Row {
    let fields = (0..columns.header().len()).map(|place| {
        let array = reads.binary_search(&place).ok().and_then(|read| batch.columns().get(read));
        array.and_then(|array| plain::text(array.as_ref(), row)).unwrap_or_default().into_owned()
    });
    Row::of(first + row as u64 + 1, fields)
}
