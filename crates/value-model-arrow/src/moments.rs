//! Moments: one at midnight is a day, any other is none, and in which time zone midnight is only their owner knows.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use value_model::{Date, Error};

use crate::read;

const DAY: i64 = 86_400;

/// Whether a column of this type holds moments that may be days.
pub(crate) const fn are_days(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(_, None))
}

/// The error for a column of moments with a time zone.
pub(crate) fn zoned(name: &str, kind: &DataType) -> Option<Error> {
    let DataType::Timestamp(_, Some(zone)) = kind else { return None };
    Some(Error::Invalid {
        field: name.to_owned().into(),
        reason: format!("holds moments in the time zone {zone}; turn them into dates of the zone you mean"),
    })
}

/// The ticks of moments, and how many of them make a second.
pub(crate) fn ticks(array: &ArrayRef) -> Option<(&[i64], i64)> {
    let DataType::Timestamp(unit, _) = array.data_type() else { return None };
    Some(match unit {
        TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().values(), 1),
        TimeUnit::Millisecond => (array.as_primitive::<TimestampMillisecondType>().values(), 1_000),
        TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().values(), 1_000_000),
        TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().values(), 1_000_000_000),
    })
}

/// The day of a moment.
///
/// # Errors
/// [`Error::InvalidDate`] for a moment that is not at midnight, and for a day that no calendar has.
pub(crate) fn day(array: &ArrayRef, row: usize) -> Option<Result<Date, Error>> {
    if !are_days(array.data_type()) {
        return None;
    }
    let (ticks, second) = ticks(array)?;
    let tick = *ticks.get(row)?;
    if tick % (DAY * second) == 0 {
        return Some(read::date(tick.div_euclid(DAY * second)));
    }
    Some(Err(Error::InvalidDate { field: "".into(), value: text(tick, second) }))
}

/// A moment as people write it; without a time at midnight.
pub(crate) fn text(tick: i64, second: i64) -> String {
    let (day, rest) = (tick.div_euclid(DAY * second), tick.rem_euclid(DAY * second));
    let date = i32::try_from(day).ok().and_then(Date::from_days);
    let date = date.map_or_else(|| format!("day {day} since 1970"), |date| date.to_string());
    if rest == 0 {
        return date;
    }
    let (seconds, part) = (rest / second, rest % second);
    let text = format!("{date}T{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if part == 0 {
        return text;
    }
    let fraction = format!("{:09}", part * (1_000_000_000 / second));
    format!("{text}.{}", fraction.trim_end_matches('0'))
}
