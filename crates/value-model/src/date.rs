//! Civil dates: a day in the Gregorian calendar, without clock or zone.

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::error::excerpt;

/// A day from 0001-01-01 to 9999-12-31, written `2026-11-01`.
///
/// # Examples
/// ```
/// use value_model::Date;
/// let as_of: Date = "2026-11-01".parse()?;
/// assert_eq!(as_of.days_since("2026-08-03".parse()?), 90);
/// # Ok::<(), value_model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i32,
}

const FIRST: i32 = -719_162; // 0001-01-01
const LAST: i32 = 2_932_896; // 9999-12-31

impl Date {
    /// The day with this year, month and day of month, if there is one.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let longest = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => return None,
        };
        if !(1..=9999).contains(&year) || day == 0 || day > longest {
            return None;
        }
        // Years start in March, so that the leap day comes last; an era is 400 years.
        let y = if month <= 2 { year - 1 } else { year };
        let (era, of_era) = (y.div_euclid(400), y.rem_euclid(400));
        let shifted = i32::try_from((month + 9) % 12).ok()?;
        let of_year = (153 * shifted + 2) / 5 + i32::try_from(day).ok()? - 1;
        Some(Self { days: era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468 })
    }

    /// The day this many days after 1970-01-01, if its year has four digits.
    pub fn from_days(days: i32) -> Option<Self> {
        (FIRST..=LAST).contains(&days).then_some(Self { days })
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.days
    }

    /// Whole days from `earlier` to this date; negative when `earlier` is later.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.days - earlier.days
    }

    /// This date and `days` later, if its year has four digits.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        self.days.checked_add(days).and_then(Self::from_days)
    }

    /// Year, month (1..12) and day of month (1..31).
    pub const fn civil(self) -> (i32, i32, i32) {
        let shifted = self.days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
    }

    /// Reads `YYYY-MM-DD` and nothing else: no time, no zone, no other order of parts.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else {
            return None;
        };
        let digits = [y1, y2, y3, y4, m1, m2, d1, d2];
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let [y1, y2, y3, y4, m1, m2, d1, d2] = digits.map(|byte| i32::from(byte & 0xF));
        let part = |tens: i32, ones: i32| (tens * 10 + ones).unsigned_abs();
        Self::new(y1 * 1000 + y2 * 100 + y3 * 10 + y4, part(m1, m2), part(d1, d2))
    }
}

impl Date {
    /// The date as it is written, in ASCII.
    fn digits(self) -> [u8; 10] {
        let (year, month, day) = self.civil();
        let last = |n: i32| u8::try_from(n % 10).unwrap_or(0) + b'0';
        [
            last(year / 1000),
            last(year / 100),
            last(year / 10),
            last(year),
            b'-',
            last(month / 10),
            last(month),
            b'-',
            last(day / 10),
            last(day),
        ]
    }
}

fn text(digits: &[u8; 10]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(text(&self.digits()))
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| Error::InvalidDate { field: "date".into(), value: excerpt(text) })
    }
}

impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text(&self.digits()))
    }
}

impl<'de> serde::Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Date;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as 2026-11-01")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Date, E> {
                Date::parse(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date", "description": "A civil date, YYYY-MM-DD." })
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, FIRST, LAST};

    #[test]
    fn every_day_of_eight_centuries_survives_the_round_trip() {
        for days in FIRST..FIRST + 292_194 {
            let date = Date::from_days(days).unwrap();
            assert_eq!(date.to_string().parse::<Date>().unwrap(), date);
        }
        assert_eq!(Date::from_days(LAST).unwrap().to_string(), "9999-12-31");
        assert_eq!(Date::from_days(FIRST).unwrap().to_string(), "0001-01-01");
        assert_eq!(Date::from_days(LAST + 1), None);
    }

    #[test]
    fn impossible_days_and_other_spellings_are_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "0000-01-01",
            "2026-1-01",
            "01.02.2026",
            "2026-01-01T00:00",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2024-02-29").is_some());
    }

    #[test]
    fn the_epoch_is_day_zero() {
        assert_eq!(Date::new(1970, 1, 1).unwrap().days(), 0);
        assert_eq!(Date::new(2000, 3, 1).unwrap().days_since(Date::new(2000, 2, 28).unwrap()), 2);
    }
}
