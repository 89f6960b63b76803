//! Staffing: how many people the work needs, and what the revenue rule would have said.

use super::erlang::{ErlangC, ErlangCInput, below_one, erlang_c};
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`staffing`].
pub const FORMULA: Formula = Formula {
    id: "staffing",
    version: 1,
    source: Source::CustomersMetric,
    expression: "H = sum accounts*hours + sum events*hours; capacity = paid_hours*(1 - admin_share)*utilisation; \
                 fte = H/capacity; heads = ceil(fte); with a waiting line: its positions added, or the larger of \
                 both when they describe the same work",
};

/// Accounts that get the same number of hours each.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountWork {
    /// Name of the line, such as a segment; unique in its list.
    pub id: String,
    /// Number of accounts.
    pub accounts: u32,
    /// Hours per account, 0 or more.
    pub hours: f64,
}

/// Events that take the same number of hours each.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EventWork {
    /// Name of the line, such as `onboarding`; unique in its list.
    pub id: String,
    /// Number of events.
    pub events: u32,
    /// Handling hours per event, 0 or more.
    pub hours: f64,
}

/// The work of a team and what one person can do of it, over the same period.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StaffingInput {
    /// Work per account.
    #[serde(default)]
    pub accounts: Vec<AccountWork>,
    /// Work per event.
    #[serde(default)]
    pub events: Vec<EventWork>,
    /// Paid hours of one person, above 0.
    pub paid_hours: f64,
    /// Share of paid hours that goes to administration, 0 or more and below 1.
    pub admin_share: f64,
    /// Share of the remaining hours that can be planned, above 0 and at most 1; 0.85 by default.
    #[serde(default = "utilisation")]
    pub utilisation: f64,
    /// Just-in-time work with a service level.
    #[serde(default)]
    pub service: Option<ErlangCInput>,
    /// Whether `service` describes the same work as the hours; by default it comes on top.
    #[serde(default)]
    pub same_work: bool,
    /// Revenue that the team looks after, for the comparison with the revenue rule.
    #[serde(default)]
    pub revenue: Option<f64>,
    /// Revenue per CSM of that rule, above 0; 2,000,000 by default.
    #[serde(default = "revenue_per_csm")]
    pub revenue_per_csm: f64,
}

// CHOICE: nobody can be planned to the last hour.
const fn utilisation() -> f64 {
    0.85
}

const fn revenue_per_csm() -> f64 {
    2_000_000.0
}

/// Result of [`staffing`].
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Staffing {
    /// Hours of work.
    pub hours: f64,
    /// Hours of work that one person can do.
    pub capacity: f64,
    /// Full-time equivalents: hours per capacity.
    pub fte: f64,
    /// People for the hours.
    pub heads: u32,
    /// The waiting line, if one was given.
    pub service: Option<ErlangC>,
    /// People for both.
    pub total_heads: u32,
    /// What the revenue rule would have said; a comparison, never an input to the other numbers.
    pub revenue_rule: Option<RevenueRule>,
}

/// Staffing by revenue, for comparison only.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RevenueRule {
    /// Revenue per CSM that was assumed.
    pub revenue_per_csm: f64,
    /// People by that rule.
    pub heads: u32,
}

/// The people that the work needs.
///
/// # Errors
/// [`Error::Empty`] without any work, [`Error::Duplicate`], [`Error::Text`], [`Error::NotFinite`],
/// [`Error::OutOfRange`], [`Error::Overflow`], [`Error::Limit`]; those of the waiting line name `service.…`.
///
/// # Examples
/// ```
/// use value_model::metric::staffing::{AccountWork, StaffingInput, staffing};
/// let team = staffing(&StaffingInput {
///     accounts: vec![AccountWork { id: "enterprise".into(), accounts: 40, hours: 67.5 }],
///     events: vec![],
///     paid_hours: 1800.0,
///     admin_share: 0.35,
///     utilisation: 0.85,
///     service: None,
///     same_work: false,
///     revenue: Some(9e6),
///     revenue_per_csm: 2e6,
/// })?;
/// assert_eq!((team.heads, team.revenue_rule.map(|rule| rule.heads)), (3, Some(5)));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn staffing(input: &StaffingInput) -> Result<Staffing, Error> {
    let hours = work(input)?;
    let paid = check::positive("paid_hours", input.paid_hours)?;
    let admin = below_one("admin_share", input.admin_share)?;
    let planned = check::positive("utilisation", check::unit("utilisation", input.utilisation)?)?;
    let capacity = check::positive("paid_hours", paid * (1.0 - admin) * planned)?;
    let fte = check::computed("fte", hours / capacity)?;
    let heads = people("heads", fte)?;
    let service =
        input.service.as_ref().map(erlang_c).transpose().map_err(|error| error.within("service"))?;
    let positions = service.map_or(0, |line| line.positions);
    let total_heads = if input.same_work {
        heads.max(positions)
    } else {
        heads.checked_add(positions).ok_or_else(|| Error::Overflow { field: "total_heads".into() })?
    };
    let revenue_rule = revenue_rule(input)?;
    Ok(Staffing { hours, capacity, fte, heads, service, total_heads, revenue_rule })
}

/// All hours: accounts first, then events, each in byte order of the ids.
fn work(input: &StaffingInput) -> Result<f64, Error> {
    for (index, line) in input.accounts.iter().enumerate() {
        check::not_negative(format!("accounts[{index}].hours"), line.hours)?;
    }
    for (index, line) in input.events.iter().enumerate() {
        check::not_negative(format!("events[{index}].hours"), line.hours)?;
    }
    let accounts = check::by_id("accounts", &input.accounts, |line| &line.id)?;
    let events = check::by_id("events", &input.events, |line| &line.id)?;
    // CHOICE: no work at all is a mistake, not a team of nobody; a line of 0 says that there is none.
    if accounts.is_empty() && events.is_empty() && input.service.is_none() {
        return Err(Error::Empty { field: "accounts".into() });
    }
    let of_accounts = accounts.iter().map(|line| math::count(line.accounts) * line.hours);
    let of_events = events.iter().map(|line| math::count(line.events) * line.hours);
    let hours = of_accounts.chain(of_events).fold(0.0, |sum, part| sum + part);
    check::computed("hours", hours)
}

fn revenue_rule(input: &StaffingInput) -> Result<Option<RevenueRule>, Error> {
    let revenue_per_csm = check::positive("revenue_per_csm", input.revenue_per_csm)?;
    let Some(revenue) = input.revenue else { return Ok(None) };
    let revenue = check::not_negative("revenue", revenue)?;
    let heads = people("revenue", check::computed("revenue", revenue / revenue_per_csm)?)?;
    Ok(Some(RevenueRule { revenue_per_csm, heads }))
}

/// A number of people rounded up.
// CHOICE: a billionth of a person is rounding, not a person, so that 8.000000000000002 are 8.
pub(crate) fn people(field: &'static str, exact: f64) -> Result<u32, Error> {
    let heads = (exact - 1e-9).ceil();
    if heads <= 0.0 {
        return Ok(0);
    }
    // Billionths of whole people are exact up to nine thousand million of them, more than a count holds.
    u32::try_from(math::billionths(heads) / 1_000_000_000)
        .ok()
        .filter(|_| heads <= f64::from(u32::MAX))
        .ok_or_else(|| Error::Limit {
            field: field.into(),
            what: "people",
            found: u64::from(u32::MAX) + 1,
            limit: u32::MAX.into(),
        })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{AccountWork, EventWork, StaffingInput, people, staffing};
    use crate::metric::erlang::ErlangCInput;

    fn team() -> StaffingInput {
        let event = |id: &str, events, hours| EventWork { id: id.into(), events, hours };
        StaffingInput {
            accounts: vec![AccountWork { id: "all".into(), accounts: 40, hours: 67.5 }],
            events: vec![event("onboarding", 150, 24.0), event("question", 800, 3.0)],
            paid_hours: 1800.0,
            admin_share: 0.35,
            utilisation: super::utilisation(),
            service: None,
            same_work: false,
            revenue: None,
            revenue_per_csm: super::revenue_per_csm(),
        }
    }

    #[test]
    fn s5_4_nine_people_for_8700_hours() {
        // S5-4
        let result = staffing(&team()).unwrap();
        assert_relative_eq!(result.hours, 8_700.0, max_relative = 1e-12);
        assert_relative_eq!(result.capacity, 994.5, max_relative = 1e-12);
        assert_relative_eq!(result.fte, 8.748_114_630_467_57, max_relative = 1e-12);
        assert_eq!((result.heads, result.total_heads, result.revenue_rule), (9, 9, None));
    }

    #[test]
    fn a_waiting_line_is_added_unless_it_is_the_same_work() {
        let service = Some(ErlangCInput {
            contacts: 100.0,
            interval_minutes: 30.0,
            handling_minutes: 3.0,
            target_seconds: 20.0,
            service_level: 0.8,
            max_occupancy: 0.85,
            shrinkage: 0.3,
        });
        assert_eq!(staffing(&StaffingInput { service, ..team() }).unwrap().total_heads, 29);
        assert_eq!(staffing(&StaffingInput { service, same_work: true, ..team() }).unwrap().total_heads, 20);
        let broken = service.map(|line| ErlangCInput { interval_minutes: 0.0, ..line });
        let error = staffing(&StaffingInput { service: broken, ..team() }).unwrap_err();
        assert_eq!(error.field(), "service.interval_minutes");
    }

    #[test]
    fn the_revenue_rule_is_a_comparison_only() {
        let result = staffing(&StaffingInput { revenue: Some(26e6), ..team() }).unwrap();
        assert_eq!((result.revenue_rule.unwrap().heads, result.total_heads), (13, 9));
    }

    #[test]
    fn people_are_rounded_up_but_not_for_a_last_bit() {
        assert_eq!(people("heads", 14.0 / 0.7).unwrap(), 20);
        assert_eq!(people("heads", 8.000_000_000_000_002).unwrap(), 8);
        assert_eq!(people("heads", 8.001).unwrap(), 9);
        assert_eq!(people("heads", 0.0).unwrap(), 0);
        assert_eq!(people("heads", f64::from(u32::MAX)).unwrap(), u32::MAX);
        assert_eq!(people("heads", 1e300).unwrap_err().code(), "limit");
    }

    #[test]
    fn repeated_ids_negative_hours_and_no_work_are_refused_by_place() {
        let mut twice = team();
        twice.events[1].id = "onboarding".into();
        assert_eq!(staffing(&twice).unwrap_err().code(), "duplicate");
        let mut negative = team();
        negative.events[1].hours = -3.0;
        assert_eq!(staffing(&negative).unwrap_err().field(), "events[1].hours");
        let none = StaffingInput { accounts: vec![], events: vec![], ..team() };
        assert_eq!(staffing(&none).unwrap_err().code(), "empty");
    }
}
