//! Erlang C: how many people a waiting line needs.

use super::staffing::people;
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`erlang_c`].
pub const FORMULA: Formula = Formula {
    id: "erlang_c",
    version: 1,
    source: Source::Standard,
    expression: "a = contacts * handling / interval; B_0 = 1, B_c = a*B_{c-1} / (c + a*B_{c-1}); \
                 Pw = B_c / (1 - a/c*(1 - B_c)); SL = 1 - Pw*exp(-(c - a)*T/AHT); smallest c > a with SL >= level \
                 and a/c <= max_occupancy + 1e-9; positions = ceil(c / (1 - shrinkage))",
};

/// Most agents that are tried; a load beyond it is refused.
pub const MAX_AGENTS: u32 = 100_000;

/// Just-in-time work in one interval and the service it should get.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErlangCInput {
    /// Contacts that arrive in the interval, 0 or more.
    pub contacts: f64,
    /// Length of the interval in minutes, above 0.
    pub interval_minutes: f64,
    /// Mean handling time of one contact in minutes, 0 or more.
    pub handling_minutes: f64,
    /// Within how many seconds a contact should be answered, 0 or more.
    pub target_seconds: f64,
    /// Share of contacts to answer within that time, 0 or more and below 1.
    pub service_level: f64,
    /// Largest share of their time that people may be busy, above 0 and at most 1.
    pub max_occupancy: f64,
    /// Share of paid time that people are away, 0 or more and below 1; 0 by default.
    #[serde(default)]
    pub shrinkage: f64,
}

/// Result of [`erlang_c`].
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ErlangC {
    /// Load in erlangs: people busy on average.
    pub load: f64,
    /// People needed at work.
    pub agents: u32,
    /// Probability that a contact has to wait, 0..1.
    pub waiting_probability: f64,
    /// Share of contacts answered in time, 0..1.
    pub service_level: f64,
    /// Share of their time that people are busy, 0..1.
    pub occupancy: f64,
    /// People needed on the payroll.
    pub positions: u32,
}

/// The fewest people who give a waiting line its service level.
///
/// Without load nobody is needed and everybody is answered.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`], [`Error::Overflow`]; [`Error::Limit`] (`contacts`) when more than
/// 100,000 agents would be needed.
///
/// # Examples
/// ```
/// use value_model::metric::erlang::{ErlangCInput, erlang_c};
/// let line = erlang_c(&ErlangCInput {
///     contacts: 100.0,
///     interval_minutes: 30.0,
///     handling_minutes: 3.0,
///     target_seconds: 20.0,
///     service_level: 0.8,
///     max_occupancy: 0.85,
///     shrinkage: 0.3,
/// })?;
/// assert_eq!((line.agents, line.positions), (14, 20));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn erlang_c(input: &ErlangCInput) -> Result<ErlangC, Error> {
    let load = checked_load(input)?;
    if load == 0.0 {
        let (waiting_probability, service_level, occupancy) = (0.0, 1.0, 0.0);
        return Ok(ErlangC { load, agents: 0, waiting_probability, service_level, occupancy, positions: 0 });
    }
    let mut blocked = 1.0;
    for agents in 1..=MAX_AGENTS {
        let c = math::count(agents);
        blocked = load * blocked / (c + load * blocked);
        if c <= load {
            continue;
        }
        let occupancy = load / c;
        let waiting_probability = blocked / (1.0 - occupancy * (1.0 - blocked));
        let waits = (c - load) * input.target_seconds / (input.handling_minutes * 60.0);
        let service_level = 1.0 - waiting_probability * math::exp(-waits);
        if service_level >= input.service_level && occupancy <= input.max_occupancy + 1e-9 {
            let positions = people("positions", c / (1.0 - input.shrinkage))?;
            return Ok(ErlangC { load, agents, waiting_probability, service_level, occupancy, positions });
        }
    }
    Err(too_many())
}

/// The load of checked input, small enough to search.
fn checked_load(input: &ErlangCInput) -> Result<f64, Error> {
    let contacts = check::not_negative("contacts", input.contacts)?;
    let interval = check::positive("interval_minutes", input.interval_minutes)?;
    let handling = check::not_negative("handling_minutes", input.handling_minutes)?;
    check::not_negative("target_seconds", input.target_seconds)?;
    // CHOICE: a level of 1 is refused; only endless staff answers everybody in time.
    below_one("service_level", input.service_level)?;
    below_one("shrinkage", input.shrinkage)?;
    let busiest = check::positive("max_occupancy", input.max_occupancy)?;
    check::unit("max_occupancy", busiest)?;
    let load = check::computed("contacts", contacts * handling / interval)?;
    if load / busiest > math::count(MAX_AGENTS) { Err(too_many()) } else { Ok(math::unsigned_zero(load)) }
}

/// A share that may be 0 but not 1.
pub(crate) fn below_one(field: &'static str, value: f64) -> Result<f64, Error> {
    let value = check::finite(field, value)?;
    if (0.0..1.0).contains(&value) {
        return Ok(value);
    }
    Err(Error::OutOfRange { field: field.into(), value, allowed: "0 or more and below 1".into() })
}

fn too_many() -> Error {
    Error::Limit {
        field: "contacts".into(),
        what: "agents needed",
        found: u64::from(MAX_AGENTS) + 1,
        limit: MAX_AGENTS.into(),
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{ErlangCInput, erlang_c};

    const LINE: ErlangCInput = ErlangCInput {
        contacts: 100.0,
        interval_minutes: 30.0,
        handling_minutes: 3.0,
        target_seconds: 20.0,
        service_level: 0.8,
        max_occupancy: 0.85,
        shrinkage: 0.3,
    };

    #[test]
    fn s5_6_fourteen_agents_for_a_hundred_contacts() {
        // S5-6
        let line = erlang_c(&LINE).unwrap();
        assert_eq!((line.agents, line.positions), (14, 20));
        assert_relative_eq!(line.waiting_probability, 0.174_131_933_595_049_91, max_relative = 1e-12);
        assert_relative_eq!(line.service_level, 0.888_350_019_179_466_9, max_relative = 1e-12);
        assert_relative_eq!(line.occupancy, 0.714_285_714_285_714_3, max_relative = 1e-12);
    }

    #[test]
    fn the_busiest_half_hour_of_a_bank_needs_253_agents() {
        let line =
            erlang_c(&ErlangCInput { contacts: 2272.0, max_occupancy: 0.9, shrinkage: 0.0, ..LINE }).unwrap();
        assert_eq!((line.agents, line.positions), (253, 253));
        assert_relative_eq!(line.waiting_probability, 0.059_211_244_905_303_04, max_relative = 1e-12);
        assert_relative_eq!(line.service_level, 0.996_631_576_587_057_7, max_relative = 1e-12);
    }

    #[test]
    fn without_load_nobody_is_needed() {
        for idle in [ErlangCInput { contacts: 0.0, ..LINE }, ErlangCInput { handling_minutes: 0.0, ..LINE }] {
            let line = erlang_c(&idle).unwrap();
            assert_eq!((line.agents, line.positions), (0, 0));
            assert_relative_eq!(line.service_level, 1.0);
        }
    }

    #[test]
    fn an_occupancy_reached_exactly_is_accepted() {
        // 17 erlangs on 20 agents are 0.85, whatever the last bit says.
        let line = erlang_c(&ErlangCInput { contacts: 170.0, service_level: 0.0, ..LINE }).unwrap();
        assert_eq!(line.agents, 20);
    }

    #[test]
    fn absurd_loads_end_at_once() {
        for contacts in [1e9, 1e300] {
            let error = erlang_c(&ErlangCInput { contacts, ..LINE }).unwrap_err();
            assert_eq!((error.code(), error.field()), ("limit", "contacts"));
        }
        let error = erlang_c(&ErlangCInput { max_occupancy: 1e-300, ..LINE }).unwrap_err();
        assert_eq!(error.code(), "limit");
    }

    #[test]
    fn a_service_level_of_one_cannot_be_promised() {
        let error = erlang_c(&ErlangCInput { service_level: 1.0, ..LINE }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "service_level"));
    }
}
