//! Lines: checked, brought to one currency and period, and added up by kind.

use std::collections::BTreeMap;

use super::{CustomerValueInput, Kind, Line, Method};
use crate::metric::convert::Basis;
use crate::metric::money::{Money, Period};
use crate::{Error, check};

/// A checked line: what it is worth, and how much of that counts.
pub(super) struct Counted<'a> {
    pub(super) line: &'a Line,
    /// The part of the amount owed to us, in the currency and period of the result.
    pub(super) value: f64,
    /// How much of it the evidence rule lets count, 0..1.
    pub(super) factor: f64,
    /// Whether a felt amount says how it was found; always true for others.
    pub(super) has_method: bool,
}

/// The lines in byte order of their ids, each with its place in the input.
pub(super) fn sorted(input: &CustomerValueInput) -> Result<Vec<(usize, &Line)>, Error> {
    if input.lines.is_empty() {
        return Err(Error::Empty { field: "lines".into() });
    }
    let placed: Vec<(usize, &Line)> = input.lines.iter().enumerate().collect();
    let sorted = check::by_id("lines", &placed, |(_, line)| &line.id)?;
    Ok(sorted.into_iter().copied().collect())
}

/// The currency and period of the result.
///
// CHOICE: where they are not given, the line whose id comes first says them, and the others must agree. A rate table
// means nothing without the currency it leads to, so it needs `currency`.
pub(super) fn basis<'a>(input: &'a CustomerValueInput, first: &Line) -> Result<Basis<'a>, Error> {
    if input.currency.is_none() && !input.rates.is_empty() {
        return Err(Error::Missing { field: "currency".into() });
    }
    let of_lines = if input.annualise { Period::Year } else { first.period };
    let basis = Basis {
        currency: input.currency.unwrap_or(first.currency),
        period: input.period.unwrap_or(of_lines),
        rates: &input.rates,
        annualise: input.annualise,
    };
    basis.check()?;
    Ok(basis)
}

/// One line, checked and converted. Errors name fields of the line.
pub(super) fn counted<'a>(
    line: &'a Line,
    basis: &Basis,
    input: &CustomerValueInput,
) -> Result<Counted<'a>, Error> {
    let amount = amount(line)?;
    let share = check::unit("share", line.share)?;
    if let (Some(on), Some(as_of)) = (line.on, input.as_of) {
        check::not_after("on", on, as_of)?;
    }
    let attributed = Money { amount: amount * share, currency: line.currency, period: line.period };
    Ok(Counted {
        line,
        value: basis.convert(&attributed)?,
        factor: input.evidence.factor(line.source),
        has_method: !line.kind.is_perceived() || line.method.is_some(),
    })
}

// CHOICE: `per_point` gives the amount itself, rate times points; an `amount` beside it could contradict it and is refused.
fn amount(line: &Line) -> Result<f64, Error> {
    match (line.method, line.amount) {
        (Some(Method::PerPoint { rate, points }), None) => {
            let rate = check::not_negative("method.per_point.rate", rate)?;
            let points = check::not_negative("method.per_point.points", points)?;
            check::computed("amount", rate * points)
        }
        (Some(Method::PerPoint { .. }), Some(_)) => Err(Error::Conflict {
            field: "amount".into(),
            reason: "stands beside `method.per_point`, which gives the amount itself; leave one out".into(),
        }),
        (_, Some(amount)) => check::not_negative("amount", amount),
        (_, None) => Err(Error::Missing { field: "amount".into() }),
    }
}

/// Amounts by kind; a kind without a line is unknown, which is not 0.
#[derive(Default)]
pub(super) struct Totals(BTreeMap<Kind, f64>);

impl Totals {
    /// The sum by kind, in the order of the list.
    pub(super) fn of(amounts: impl Iterator<Item = (Kind, f64)>) -> Result<Self, Error> {
        let mut totals = Self::default();
        for (kind, amount) in amounts {
            let sum = check::computed(field(kind), totals.get(kind).unwrap_or(0.0) + amount)?;
            totals.0.insert(kind, sum);
        }
        Ok(totals)
    }

    pub(super) fn get(&self, kind: Kind) -> Option<f64> {
        self.0.get(&kind).copied()
    }

    /// Two kinds together; unknown only when both are.
    pub(super) fn both(&self, first: Kind, second: Kind) -> Result<Option<f64>, Error> {
        match (self.get(first), self.get(second)) {
            (None, None) => Ok(None),
            (a, b) => check::computed(field(first), a.unwrap_or(0.0) + b.unwrap_or(0.0)).map(Some),
        }
    }
}

const fn field(kind: Kind) -> &'static str {
    match kind {
        Kind::TangibleBenefit => "tangible_benefits",
        Kind::PerceivedBenefit => "perceived_benefits",
        Kind::TangibleCost => "tangible_costs",
        Kind::PerceivedCost => "perceived_costs",
        Kind::AlternativeBenefit => "alternative_benefits",
        Kind::AlternativeCost => "alternative_costs",
    }
}
