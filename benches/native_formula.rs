//! The Customer Value Formula over columns, as C sees it.

#![allow(unsafe_code, reason = "C hands over pointers")]

use arrow_array::RecordBatch;
use value_model::model::customer_value::Kind;
use value_model::model::customer_value::columns::{Column, Target};
use value_model_arrow::{ValueScorer, ValueSettings};

use crate::native::{guarded, list};
use crate::native_table::{Place, floats};

/// What the columns of the table hold, in their order.
const KINDS: [(Kind, &str); 5] = [
    (Kind::TangibleBenefit, "m0"),
    (Kind::PerceivedBenefit, "m1"),
    (Kind::TangibleCost, "m2"),
    (Kind::PerceivedCost, "m3"),
    (Kind::AlternativeBenefit, "m4"),
];

/// The columns that are written.
const WANTED: [Column; 3] = [Column::Gross, Column::Net, Column::BenefitCostRatio];

/// A table of amounts and the formula matched to it.
#[derive(Debug)]
pub struct Amounts {
    batch: RecordBatch,
    scorer: ValueScorer,
}

/// A table of five columns of amounts, rows `offset..offset + rows` of each, read where they are; null after an error.
///
/// # Safety
/// There are five columns and bitmaps with at least `offset + rows` rows, which stay for longer than the table. The
/// result is given to [`vm_amounts_free`] once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_amounts(
    values: *const *const f64,
    validity: *const *const u8,
    offset: usize,
    rows: usize,
) -> *mut Amounts {
    let mut made = std::ptr::null_mut();
    guarded(|| {
        // SAFETY: the caller's promise.
        let arrays = unsafe { floats(list(values, KINDS.len()), list(validity, KINDS.len()), offset, rows) }?;
        let named = KINDS.iter().map(|(_, name)| *name).zip(arrays);
        let batch = RecordBatch::try_from_iter(named).map_err(|error| error.to_string())?;
        let settings = ValueSettings {
            kinds: KINDS.map(|(kind, name)| (kind, name.to_owned())).to_vec(),
            columns: WANTED.to_vec(),
            ..ValueSettings::default()
        };
        let scorer = ValueScorer::new(&batch.schema(), &settings).map_err(|error| error.to_string())?;
        made = Box::into_raw(Box::new(Amounts { batch, scorer }));
        Ok(())
    });
    made
}

/// Forgets a table.
///
/// # Safety
/// `amounts` comes from [`vm_amounts`] and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_amounts_free(amounts: *mut Amounts) {
    if !amounts.is_null() {
        // SAFETY: the caller's promise.
        drop(unsafe { Box::from_raw(amounts) });
    }
}

/// Computes gross, net and benefit/cost into the caller's memory, on as many threads as rayon was told.
///
/// # Safety
/// There are three places with room for the rows of the table, to which nobody else writes meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vm_formula(amounts: *const Amounts, places: *const Place) -> i32 {
    guarded(|| {
        // SAFETY: the caller's promise.
        let (amounts, places) = unsafe { (amounts.as_ref(), list(places, WANTED.len())) };
        let Amounts { batch, scorer } = amounts.ok_or("no table")?;
        let rows = batch.num_rows();
        let targets = WANTED.iter().zip(places).map(|(&column, place)| {
            // SAFETY: as above.
            let (values, valid) = unsafe {
                (
                    std::slice::from_raw_parts_mut(place.values(), rows),
                    std::slice::from_raw_parts_mut(place.valid(), rows.div_ceil(8)),
                )
            };
            Target { column, values, valid }
        });
        let refused = scorer.score_into(batch, targets.collect()).map_err(|error| error.to_string())?;
        match refused.first() {
            None => Ok(()),
            Some(first) => Err(format!("row {}: {}", first.row, first.error)),
        }
    })
}
