//! Customer value formula: what a customer gains from us, in money, and gains beyond their alternative.

pub mod columns;
mod headline;
mod input;
mod lines;
mod result;
mod terms;
#[cfg(test)]
mod tests;

pub use input::{Alternative, CustomerValueInput, Haircuts, Kind, Line, Method};
pub use result::{AbsentReason, CustomerValue, RiskAdjusted, VendorAsserted, Warning, WarningCode};

use crate::catalog::{Formula, Source};
use crate::metric::convert::Basis;
use crate::metric::money::Period;
use crate::{Error, check};
use headline::{Found, Headline, divide};
use lines::{Counted, Totals};

/// Catalog entry of [`customer_value`].
pub const FORMULA: Formula = Formula {
    id: "customer_value",
    version: 1,
    source: Source::CustomerValue,
    expression: "gross = (tangible_benefits + perceived_benefits) - (tangible_costs + perceived_costs); \
                 net = gross - alternative_benefits, or gross - (alternative_benefits - alternative_costs)",
};

/// Gross and net customer value in money.
///
/// Lines count by their evidence, and perceived lines only with a method. A kind of which no line counts is unknown, not
/// 0: the result then says that it is partial.
///
/// # Errors
/// [`Error::Empty`] without lines; [`Error::Currency`] and [`Error::Period`] for lines that do not agree and are not
/// converted; [`Error::Missing`] for an amount, or for `currency` beside `rates`; [`Error::Conflict`];
/// [`Error::NotFinite`], [`Error::OutOfRange`], [`Error::Text`], [`Error::Duplicate`], [`Error::AfterAsOf`],
/// [`Error::Overflow`].
///
/// # Examples
/// ```
/// use value_model::answer::Source;
/// use value_model::metric::money::Period;
/// use value_model::model::customer_value::{CustomerValueInput, Kind, Line, Method, customer_value};
/// let eur = "EUR".parse()?;
/// let line = |id: &str, kind, amount| {
///     Line::new(id, kind, amount, eur, Period::Year).source(Source::CustomerProvided).method(Method::Stated)
/// };
/// let result = customer_value(&CustomerValueInput::new(vec![
///     line("hours_saved", Kind::TangibleBenefit, 120_000.0),
///     line("trust", Kind::PerceivedBenefit, 30_000.0),
///     line("fees", Kind::TangibleCost, 60_000.0),
///     line("change", Kind::PerceivedCost, 15_000.0),
///     line("old_system", Kind::AlternativeBenefit, 40_000.0),
/// ]))?;
/// assert_eq!((result.gross, result.net), (Some(75_000.0), Some(35_000.0)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn customer_value(input: &CustomerValueInput) -> Result<CustomerValue, Error> {
    check_input(input)?;
    let sorted = lines::sorted(input)?;
    let Some((_, first)) = sorted.first() else { return Err(Error::Empty { field: "lines".into() }) };
    let basis = lines::basis(input, first)?;
    let mut counted = Vec::with_capacity(sorted.len());
    for (index, line) in sorted {
        let line = lines::counted(line, &basis, input);
        counted.push(line.map_err(|error| error.within(&format!("lines[{index}]")))?);
    }
    result(input, &basis, &counted)
}

fn check_input(input: &CustomerValueInput) -> Result<(), Error> {
    input.evidence.check()?;
    if let Some(customer) = &input.customer {
        check::name("customer", customer)?;
    }
    if let Some(arr) = input.arr {
        check::not_negative("arr", arr)?;
    }
    if let Some(risk) = input.risk {
        check::unit("risk.benefits", risk.benefits)?;
        check::not_negative("risk.costs", risk.costs)?;
    }
    Ok(())
}

fn result(input: &CustomerValueInput, basis: &Basis, counted: &[Counted]) -> Result<CustomerValue, Error> {
    let usable = counted.iter().filter(|line| line.has_method && line.factor > 0.0);
    let totals = Totals::of(usable.map(|line| (line.line.kind, line.value * line.factor)))?;
    let headline = Headline::of(&totals, input.alternative)?;
    let [ratio, index, haircut, per_arr] = ratios(headline, basis.period, input.arr)?;
    let adjusted = headline.ok().zip(input.risk).map(|(found, risk)| found.risk_adjusted(risk));
    let missing_kinds = missing_kinds(&totals, input.alternative);
    let known = |kind| totals.get(kind).is_some();
    Ok(CustomerValue {
        customer: input.customer.clone(),
        currency: basis.currency,
        period: basis.period,
        tangible_benefits: totals.get(Kind::TangibleBenefit),
        perceived_benefits: totals.get(Kind::PerceivedBenefit),
        tangible_costs: totals.get(Kind::TangibleCost),
        perceived_costs: totals.get(Kind::PerceivedCost),
        alternative_benefits: totals.get(Kind::AlternativeBenefit),
        alternative_costs: totals.get(Kind::AlternativeCost),
        gross: headline.ok().map(|found| found.gross),
        net: headline.ok().map(|found| found.net),
        reason: headline.err(),
        more_value_than_paid: headline.ok().map(|found| found.net > 0.0),
        benefit_cost_ratio: ratio.ok(),
        benefit_cost_ratio_reason: ratio.err(),
        index: index.ok(),
        index_reason: index.err(),
        break_even_haircut: haircut.ok(),
        break_even_haircut_reason: haircut.err(),
        partial: !missing_kinds.is_empty(),
        missing_kinds,
        documented: Kind::DOCUMENTED.into_iter().all(known),
        tangible_only: !known(Kind::PerceivedBenefit) && !known(Kind::PerceivedCost),
        vendor_asserted: vendor_asserted(counted, input.alternative)?,
        risk_adjusted: adjusted.transpose()?,
        arr: input.arr.map(crate::math::unsigned_zero),
        net_per_arr: per_arr.ok(),
        net_per_arr_reason: per_arr.err(),
        warnings: warnings(counted, &totals, input.alternative),
    })
}

/// Benefit cost ratio, index, break-even haircut, and net value per revenue.
fn ratios(headline: Found<Headline>, period: Period, arr: Option<f64>) -> Result<[Found<f64>; 4], Error> {
    let found = match headline {
        Ok(found) => found,
        Err(reason) => return Ok([Err(reason); 4]),
    };
    Ok([
        found.benefit_cost_ratio()?,
        found.index()?,
        found.break_even_haircut()?,
        net_per_arr(found.net, period, arr)?,
    ])
}

// CHOICE: revenue is per year, so a value per month, per quarter or once is not compared with it.
fn net_per_arr(net: f64, period: Period, arr: Option<f64>) -> Result<Found<f64>, Error> {
    match arr {
        None => Ok(Err(AbsentReason::ArrUnknown)),
        Some(_) if period != Period::Year => Ok(Err(AbsentReason::NotPerYear)),
        Some(arr) => divide("net_per_arr", net, arr, AbsentReason::NoArr),
    }
}

/// The kinds that the net value needs and does not have.
fn missing_kinds(totals: &Totals, alternative: Alternative) -> Vec<Kind> {
    let needed = |kind: &Kind| *kind != Kind::AlternativeCost || alternative == Alternative::Net;
    Kind::ALL.into_iter().filter(needed).filter(|&kind| totals.get(kind).is_none()).collect()
}

/// What the evidence rule leaves out, and the value if it did not. Lines without a method stay out here too.
fn vendor_asserted(counted: &[Counted], alternative: Alternative) -> Result<Option<VendorAsserted>, Error> {
    let usable = || counted.iter().filter(|line| line.has_method);
    let left_out = || usable().filter(|line| line.factor < 1.0);
    let lines: Vec<String> = left_out().map(|line| line.line.id.clone()).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let totals = Totals::of(left_out().map(|line| (line.line.kind, line.value * (1.0 - line.factor))))?;
    let all = Totals::of(usable().map(|line| (line.line.kind, line.value)))?;
    let headline = Headline::of(&all, alternative)?.ok();
    Ok(Some(VendorAsserted {
        tangible_benefits: totals.get(Kind::TangibleBenefit),
        perceived_benefits: totals.get(Kind::PerceivedBenefit),
        tangible_costs: totals.get(Kind::TangibleCost),
        perceived_costs: totals.get(Kind::PerceivedCost),
        alternative_benefits: totals.get(Kind::AlternativeBenefit),
        alternative_costs: totals.get(Kind::AlternativeCost),
        gross: headline.map(|found| found.gross),
        net: headline.map(|found| found.net),
        lines,
    }))
}

fn warnings(counted: &[Counted], totals: &Totals, alternative: Alternative) -> Vec<Warning> {
    let unused = alternative == Alternative::Literal || totals.get(Kind::AlternativeBenefit).is_none();
    let lowers = |kind| matches!(kind, Kind::TangibleCost | Kind::PerceivedCost | Kind::AlternativeBenefit);
    [
        warning(WarningCode::AlternativeCostIgnored, counted, |line| {
            unused && line.line.kind == Kind::AlternativeCost
        }),
        warning(WarningCode::PerceivedWithoutMethod, counted, |line| !line.has_method),
        warning(WarningCode::CostNotCounted, counted, |line| {
            lowers(line.line.kind) && (!line.has_method || line.factor < 1.0)
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn warning(code: WarningCode, counted: &[Counted], caused: impl Fn(&Counted) -> bool) -> Option<Warning> {
    let lines: Vec<String> =
        counted.iter().filter(|line| caused(line)).map(|line| line.line.id.clone()).collect();
    (!lines.is_empty()).then_some(Warning { code, lines })
}
