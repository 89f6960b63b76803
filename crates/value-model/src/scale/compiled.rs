//! A scale, checked once, that turns cells into units.

use std::sync::Arc;

use super::affine::{Affine, Beyond};
use super::{Level, Point, Scale, Step};
use crate::answer::Missing;
use crate::metric::progress::Progress;
use crate::metric::{growth, pace, peer, progress};
use crate::{Date, Error, check, math};

/// One raw value, small enough to copy: what tables hold and the fast path reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// No value, and why.
    Missing(Missing),
    /// A number in the measure's own unit.
    Number(f64),
    /// Yes or no.
    YesNo(bool),
    /// A civil date.
    Date(Date),
    /// A level, by its place in the byte order of the level names.
    Level(u32),
    /// A number now and one period earlier.
    Change {
        /// The number now.
        now: f64,
        /// The number one period earlier.
        before: f64,
    },
}

/// What a scale makes of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// A unit, 0..1.
    Unit(f64),
    /// No unit, and why.
    Missing(Missing),
}

/// A scale whose parameters have been checked.
#[derive(Clone, Debug)]
pub struct CompiledScale(pub(super) Kind);

#[derive(Clone, Debug)]
pub(super) enum Kind {
    YesNo,
    /// Units, percentages, scores, Likert points, straight lines.
    Line(Affine),
    Levels(Vec<(Arc<str>, Level)>),
    Steps {
        below: f64,
        steps: Vec<Step>,
    },
    Points(Vec<Point>),
    Within {
        days: u32,
    },
    Progress {
        baseline: f64,
        target: f64,
        tolerance: Option<f64>,
    },
    Pace {
        baseline: f64,
        target: f64,
        tolerance: Option<f64>,
        start: Date,
        due: Date,
    },
    Growth,
    Peer {
        cohort: Vec<f64>,
    },
}

impl CompiledScale {
    /// Checks a scale's parameters.
    ///
    /// # Errors
    /// The error names the parameter: [`Error::Conflict`], [`Error::OutOfRange`], [`Error::NotFinite`], [`Error::Empty`].
    pub fn new(scale: &Scale) -> Result<Self, Error> {
        Ok(Self(match scale {
            Scale::YesNo => Kind::YesNo,
            Scale::Unit => Kind::Line(Affine::new(0.0, 1.0, Beyond::Refused)),
            Scale::Percent | Scale::Score => Kind::Line(Affine::new(0.0, 100.0, Beyond::Refused)),
            Scale::Likert { min, max } if min < max => {
                let line = Affine::new(f64::from(*min), f64::from(*max), Beyond::Refused);
                Kind::Line(Affine { whole: true, ..line })
            }
            Scale::Likert { .. } => return Err(conflict("likert", "needs `min` below `max`")),
            Scale::Levels(levels) if levels.is_empty() => {
                return Err(Error::Empty { field: "levels".into() });
            }
            Scale::Levels(levels) => {
                for (name, level) in levels {
                    check::name("levels", name)?;
                    if let Level::Unit(unit) = level {
                        check::unit(format!("levels.{name}"), *unit)?;
                    }
                }
                Kind::Levels(levels.iter().map(|(name, level)| (name.as_str().into(), *level)).collect())
            }
            Scale::Linear { worst, best } => linear("linear", *worst, *best, Beyond::Clamped)?,
            Scale::LinearBounded { worst, best } => linear("linear_bounded", *worst, *best, Beyond::Missing)?,
            Scale::Steps { below, steps } => compile_steps(*below, steps)?,
            Scale::Points(points) => compile_points(points)?,
            Scale::Within { days } => Kind::Within { days: *days },
            Scale::Progress { baseline, target, tolerance } => {
                progress::checked_goal(*baseline, *target, *tolerance)
                    .map_err(|error| error.within("progress"))?;
                Kind::Progress { baseline: *baseline, target: *target, tolerance: *tolerance }
            }
            Scale::Pace { baseline, target, tolerance, start, due } => {
                progress::checked_goal(*baseline, *target, *tolerance)
                    .map_err(|error| error.within("pace"))?;
                pace::checked_dates(*start, *due).map_err(|error| error.within("pace"))?;
                Kind::Pace {
                    baseline: *baseline,
                    target: *target,
                    tolerance: *tolerance,
                    start: *start,
                    due: *due,
                }
            }
            Scale::Growth => Kind::Growth,
            Scale::Peer { cohort } if cohort.is_empty() => {
                return Err(Error::Empty { field: "peer.cohort".into() });
            }
            Scale::Peer { cohort } => {
                for (number, &value) in cohort.iter().enumerate() {
                    check::finite(format!("peer.cohort[{number}]"), value)?;
                }
                Kind::Peer { cohort: cohort.clone() }
            }
        }))
    }

    /// The unit of the cells that are most frequent, with no way to fail; none for the others.
    #[inline]
    pub(crate) fn quick(&self, cell: Cell, as_of: Date) -> Option<f64> {
        match (&self.0, cell) {
            (Kind::Line(line), Cell::Number(x)) if line.beyond == Beyond::Refused && line.has(x) => {
                Some(line.unit(x))
            }
            (Kind::YesNo, Cell::YesNo(yes)) => Some(f64::from(u8::from(yes))),
            (Kind::Within { days }, Cell::Date(date)) if date <= as_of => Some(recent(*days, date, as_of)),
            _ => None,
        }
    }

    /// The unit of a cell. Errors carry an empty field; the caller names the measure.
    ///
    /// # Errors
    /// [`Error::OutsideScale`] for a value that the scale does not have, [`Error::NotFinite`], [`Error::AfterAsOf`].
    #[inline]
    pub fn unit(&self, cell: Cell, as_of: Date) -> Result<Reading, Error> {
        match (&self.0, cell) {
            (_, Cell::Missing(reason)) => Ok(Reading::Missing(reason)),
            (Kind::YesNo, Cell::YesNo(yes)) => Ok(Reading::Unit(f64::from(u8::from(yes)))),
            (Kind::Within { days }, Cell::Date(date)) => within(*days, date, as_of),
            (Kind::Levels(levels), Cell::Level(index)) => level(levels, index),
            (Kind::Growth, Cell::Change { now, before }) => {
                growth::growth(&growth::GrowthInput { now, before }).map(|growth| Reading::Unit(growth.unit))
            }
            (Kind::Growth, Cell::Number(_)) => Err(Error::Missing { field: "before".into() }),
            (_, Cell::Number(x)) if !x.is_finite() => Err(Error::NotFinite { field: "".into(), value: x }),
            (_, Cell::Number(x)) => self.number(x, as_of),
            _ => Err(self.outside(&describe(cell))),
        }
    }

    #[inline]
    fn number(&self, x: f64, as_of: Date) -> Result<Reading, Error> {
        let unit = match &self.0 {
            Kind::Line(line) if line.has(x) => {
                let unit = line.unit(x);
                match line.beyond {
                    Beyond::Refused => unit,
                    Beyond::Missing if !(0.0..=1.0).contains(&unit) => {
                        return Ok(Reading::Missing(Missing::NoData));
                    }
                    Beyond::Clamped | Beyond::Missing => math::clamp_unit(unit),
                }
            }
            Kind::Steps { below, steps } => step(*below, steps, x),
            Kind::Points(points) => interpolate(points, x),
            Kind::Progress { baseline, target, tolerance } => {
                progressed(*baseline, *target, *tolerance, x).unit
            }
            Kind::Pace { baseline, target, tolerance, start, due } => {
                let done = progressed(*baseline, *target, *tolerance, x).unit;
                pace::per_elapsed(done, pace::elapsed(*start, *due, as_of))
            }
            Kind::Peer { cohort } => peer::among(x, cohort, false).unit,
            Kind::YesNo if x.to_bits() == 0 => 0.0,
            Kind::YesNo if x.to_bits() == 1.0_f64.to_bits() => 1.0,
            _ => return Err(self.outside(&x.to_string())),
        };
        Ok(Reading::Unit(unit))
    }

    /// Whether the value moved away from its target, for scales of progress.
    pub(crate) fn regressed(&self, cell: Cell) -> bool {
        match (&self.0, cell) {
            (
                Kind::Progress { baseline, target, tolerance }
                | Kind::Pace { baseline, target, tolerance, .. },
                Cell::Number(x),
            ) => progressed(*baseline, *target, *tolerance, x).regressed,
            _ => false,
        }
    }

    /// Whether a value can move away from its target.
    pub(crate) const fn can_regress(&self) -> bool {
        matches!(&self.0, Kind::Progress { .. } | Kind::Pace { .. })
    }

    /// The straight line that the scale is, if it is one.
    pub(crate) const fn line(&self) -> Option<Affine> {
        if let Kind::Line(line) = &self.0 { Some(*line) } else { None }
    }

    /// Whether a number is an answer as it stands, and not the name of a level or no answer at all.
    pub const fn takes_numbers(&self) -> bool {
        !matches!(&self.0, Kind::Levels(_) | Kind::Within { .. })
    }

    /// What the scale accepts, in words.
    pub fn allowed(&self) -> String {
        match &self.0 {
            Kind::YesNo => "yes or no".into(),
            Kind::Line(line) => line.allowed(),
            Kind::Levels(levels) => {
                let names: Vec<String> =
                    levels.iter().take(12).map(|(name, _)| format!("`{name}`")).collect();
                let more = if levels.len() > 12 { ", …" } else { "" };
                format!("one of {}{more}", names.join(", "))
            }
            Kind::Within { .. } => "a date such as 2026-11-01".into(),
            Kind::Growth => "a number with the number `before` it".into(),
            _ => "a number".into(),
        }
    }

    #[cold]
    pub(super) fn outside(&self, value: &str) -> Error {
        Error::OutsideScale {
            field: "".into(),
            value: crate::error::excerpt(value),
            allowed: self.allowed().into(),
        }
    }
}

fn progressed(baseline: f64, target: f64, tolerance: Option<f64>, x: f64) -> Progress {
    tolerance.map_or_else(
        || progress::towards(baseline, target, x),
        |slack| progress::kept(baseline, target, x, slack),
    )
}

fn describe(cell: Cell) -> String {
    match cell {
        Cell::Missing(_) => "nothing".into(),
        Cell::Number(x) => x.to_string(),
        Cell::YesNo(yes) => if yes { "yes" } else { "no" }.into(),
        Cell::Date(date) => date.to_string(),
        Cell::Level(index) => format!("level {index}"),
        Cell::Change { now, before } => format!("{now} after {before}"),
    }
}

fn conflict(field: &'static str, reason: &'static str) -> Error {
    Error::Conflict { field: field.into(), reason: reason.into() }
}

fn linear(name: &str, worst: f64, best: f64, beyond: Beyond) -> Result<Kind, Error> {
    check::finite(format!("{name}.worst"), worst)?;
    check::finite(format!("{name}.best"), best)?;
    check::computed(format!("{name}.best"), best - worst)?;
    if worst.total_cmp(&best).is_eq() {
        return Err(Error::Conflict {
            field: format!("{name}.best").into(),
            reason: "must differ from `worst`".into(),
        });
    }
    Ok(Kind::Line(Affine::new(worst, best, beyond)))
}

fn rising(name: &str, values: impl Iterator<Item = (f64, f64)>) -> Result<(), Error> {
    let mut last: Option<f64> = None;
    for (number, (at, unit)) in values.enumerate() {
        check::finite(format!("{name}[{number}]"), at)?;
        check::unit(format!("{name}[{number}].unit"), unit)?;
        if last.is_some_and(|last| last >= at) {
            return Err(Error::Conflict {
                field: format!("{name}[{number}]").into(),
                reason: "must rise strictly".into(),
            });
        }
        last = Some(at);
    }
    if last.is_none() {
        return Err(Error::Empty { field: name.to_owned().into() });
    }
    Ok(())
}

fn compile_steps(below: f64, steps: &[Step]) -> Result<Kind, Error> {
    check::unit("steps.below", below)?;
    rising("steps.steps", steps.iter().map(|step| (step.from, step.unit)))?;
    Ok(Kind::Steps { below, steps: steps.to_vec() })
}

fn compile_points(points: &[Point]) -> Result<Kind, Error> {
    rising("points", points.iter().map(|point| (point.at, point.unit)))?;
    for (number, (a, b)) in points.iter().zip(points.iter().skip(1)).enumerate() {
        check::computed(format!("points[{}]", number + 1), b.at - a.at)?;
    }
    Ok(Kind::Points(points.to_vec()))
}

fn within(days: u32, date: Date, as_of: Date) -> Result<Reading, Error> {
    check::not_after("", date, as_of)?;
    Ok(Reading::Unit(recent(days, date, as_of)))
}

/// 1 for a date at most so many days ago, else 0.
#[inline]
fn recent(days: u32, date: Date, as_of: Date) -> f64 {
    f64::from(u8::from(i64::from(as_of.days_since(date)) <= i64::from(days)))
}

fn level(levels: &[(Arc<str>, Level)], index: u32) -> Result<Reading, Error> {
    match usize::try_from(index).ok().and_then(|index| levels.get(index)) {
        Some((_, Level::Unit(unit))) => Ok(Reading::Unit(math::unsigned_zero(*unit))),
        Some((_, Level::NotApplicable)) => Ok(Reading::Missing(Missing::NotApplicable)),
        None => Err(Error::OutsideScale {
            field: "".into(),
            value: format!("level {index}"),
            allowed: format!("a level from 0 to {}", levels.len().saturating_sub(1)).into(),
        }),
    }
}

fn step(below: f64, steps: &[Step], x: f64) -> f64 {
    let passed = steps.partition_point(|step| step.from <= x);
    math::unsigned_zero(
        passed.checked_sub(1).and_then(|last| steps.get(last)).map_or(below, |step| step.unit),
    )
}

fn interpolate(points: &[Point], x: f64) -> f64 {
    let passed = points.partition_point(|point| point.at <= x);
    let before = passed.checked_sub(1).and_then(|last| points.get(last));
    let unit = match (before, points.get(passed)) {
        (Some(a), Some(b)) => a.unit + (b.unit - a.unit) * ((x - a.at) / (b.at - a.at)),
        (Some(end), None) | (None, Some(end)) => end.unit,
        (None, None) => 0.0,
    };
    math::clamp_unit(unit)
}
