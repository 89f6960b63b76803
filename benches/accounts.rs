//! The accounts that the benches score: twelve answers to `value-realization`.

use value_model::answer::Missing;
use value_model::scale::Cell;
use value_model::scorecard::Scorer;
use value_model::{Date, Error, presets};

/// The compiled model.
///
/// # Errors
/// None: the preset compiles.
pub fn scorer() -> Result<Scorer, Error> {
    presets::scorecard("value-realization")?.compile()
}

/// The date of scoring.
///
/// # Errors
/// None: it is a date.
pub fn as_of() -> Result<Date, Error> {
    "2026-11-01".parse()
}

/// An account with every answer given.
///
/// # Errors
/// None: its dates are dates.
pub fn full() -> Result<[Cell; 12], Error> {
    Ok([
        Cell::Date("2026-09-15".parse()?),
        Cell::Number(0.8),
        Cell::YesNo(true),
        Cell::Number(0.5),
        Cell::Number(0.75),
        Cell::Date("2026-10-20".parse()?),
        Cell::Number(0.25),
        Cell::Number(0.75),
        Cell::Number(0.5),
        Cell::Number(0.0),
        Cell::Number(0.25),
        Cell::Number(0.5),
    ])
}

/// Accounts like [`full`] with other numbers, about a tenth of the answers missing, from a fixed seed.
///
/// # Errors
/// None: its dates are dates.
pub fn many(count: usize) -> Result<Vec<[Cell; 12]>, Error> {
    let mut state = 42_u64;
    let mut next = || {
        // splitmix64: small, fixed, and good enough to scatter answers.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)
    };
    let template = full()?;
    Ok((0..count)
        .map(|_| {
            template.map(|cell| {
                let draw = next();
                match cell {
                    _ if draw % 10 == 0 => Cell::Missing(Missing::NoData),
                    Cell::Number(_) => Cell::Number(f64::from(draw % 101) / 100.0),
                    Cell::YesNo(_) => Cell::YesNo(draw % 2 == 0),
                    other => other,
                }
            })
        })
        .collect())
}

/// The same account as [`full`], as a JSON record.
pub const RECORD: &str = r#"{"account":"acme","answers":{"executive_confirmation":"2026-09-15","full_usage":0.8,"goals_documented":true,"metrics_documented":0.5,"metrics_progressing":0.75,"reviewed_internally":"2026-10-20","experience":0.25,"financial":0.75,"change_management":0.5,"emotional":0,"learning":0.25,"opportunity":0.5}}"#;
