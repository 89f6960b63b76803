//! Channels: what guidance costs per success, and which channel to take.

use super::interval::share;
use crate::catalog::{Formula, Source};
use crate::{Error, check, math};

/// Catalog entry of [`channel_advice`].
pub const FORMULA: Formula = Formula {
    id: "channel_advice",
    version: 1,
    source: Source::CustomersMetric,
    expression: "cost_per_effective = cost / effective; advice = the cheapest channel whose Wilson lower bound of \
                 effective/delivered reaches required_effectiveness",
};

/// What one channel cost and did.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelUse {
    /// Name of the channel, unique in the list.
    pub id: String,
    /// Cost of all guidance through it, 0 or more.
    pub cost: f64,
    /// How often guidance was delivered through it.
    pub delivered: u32,
    /// How often that guidance was effective, at most `delivered`.
    pub effective: u32,
}

/// Channels to compare, in one currency over one period.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelAdviceInput {
    /// The channels, at least one.
    pub channels: Vec<ChannelUse>,
    /// Share of guidance that must be effective, 0..1.
    pub required_effectiveness: f64,
}

/// Result of [`channel_advice`].
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ChannelAdvice {
    /// The channels in byte order of their ids.
    pub channels: Vec<Channel>,
    /// The channel to take.
    pub advice: Option<String>,
    /// Why there is no `advice`.
    pub reason: Option<AdviceReason>,
}

/// What one channel's numbers say.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Channel {
    /// Name of the channel.
    pub id: String,
    /// Share of effective guidance, 0..1.
    pub share: Option<f64>,
    /// Lower end of the 95% Wilson interval of the share.
    pub low: Option<f64>,
    /// Upper end of that interval.
    pub high: Option<f64>,
    /// Cost per effective guidance.
    pub cost_per_effective: Option<f64>,
    /// Why there is no `cost_per_effective`, or none of the four.
    pub reason: Option<ChannelReason>,
}

/// Why a channel has no cost per effective guidance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChannelReason {
    /// Nothing was delivered through it: there is no share either.
    NothingDelivered,
    /// Nothing delivered through it was effective.
    NothingEffective,
}

/// Why no channel is advised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AdviceReason {
    /// No channel is shown to reach the required effectiveness.
    NoneReachesRequirement,
}

/// The cheapest channel that is shown to be effective enough.
///
/// # Errors
/// [`Error::Empty`] without channels, [`Error::Duplicate`], [`Error::Text`], [`Error::NotFinite`],
/// [`Error::OutOfRange`].
///
/// # Examples
/// ```
/// use value_model::metric::channel::{ChannelAdviceInput, ChannelUse, channel_advice};
/// let channel = |id: &str, cost, delivered, effective| ChannelUse { id: id.into(), cost, delivered, effective };
/// let channels = vec![channel("call", 4000.0, 20, 16), channel("webinar", 1200.0, 60, 30)];
/// let advice = channel_advice(&ChannelAdviceInput { channels, required_effectiveness: 0.5 })?;
/// assert_eq!(advice.advice.as_deref(), Some("call"));
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn channel_advice(input: &ChannelAdviceInput) -> Result<ChannelAdvice, Error> {
    let required = check::unit("required_effectiveness", input.required_effectiveness)?;
    if input.channels.is_empty() {
        return Err(Error::Empty { field: "channels".into() });
    }
    for (index, entry) in input.channels.iter().enumerate() {
        channel(entry).map_err(|error| error.within(&format!("channels[{index}]")))?;
    }
    let sorted = check::by_id("channels", &input.channels, |entry| &entry.id)?;
    let channels = sorted.into_iter().map(channel).collect::<Result<Vec<Channel>, Error>>()?;
    let advice = channels
        .iter()
        .filter(|entry| entry.low.is_some_and(|low| low >= required))
        .filter_map(|entry| entry.cost_per_effective.map(|cost| (cost, &entry.id)))
        // Of equal costs `min_by` keeps the first, and the channels stand in the order of their ids.
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, id)| id.clone());
    let reason = advice.is_none().then_some(AdviceReason::NoneReachesRequirement);
    Ok(ChannelAdvice { channels, advice, reason })
}

/// The numbers of one channel.
///
/// # Errors
/// [`Error::NotFinite`], [`Error::OutOfRange`], [`Error::Overflow`], naming a field of the channel.
pub fn channel(entry: &ChannelUse) -> Result<Channel, Error> {
    let cost = check::not_negative("cost", entry.cost)?;
    if entry.delivered == 0 && entry.effective == 0 {
        return Ok(Channel {
            id: entry.id.clone(),
            share: None,
            low: None,
            high: None,
            cost_per_effective: None,
            reason: Some(ChannelReason::NothingDelivered),
        });
    }
    let wilson = share("effective", entry.effective, "delivered", entry.delivered)?;
    let none = entry.effective == 0;
    let cost_per_effective = math::unsigned_zero(cost / math::count(entry.effective));
    Ok(Channel {
        id: entry.id.clone(),
        share: Some(wilson.share),
        low: Some(wilson.low),
        high: Some(wilson.high),
        cost_per_effective: (!none).then_some(cost_per_effective),
        reason: none.then_some(ChannelReason::NothingEffective),
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{AdviceReason, ChannelAdvice, ChannelAdviceInput, ChannelReason, ChannelUse, channel_advice};

    fn of(list: &[(&str, f64, u32, u32)], required_effectiveness: f64) -> ChannelAdvice {
        let channels = list
            .iter()
            .map(|&(id, cost, delivered, effective)| ChannelUse { id: id.into(), cost, delivered, effective })
            .collect();
        channel_advice(&ChannelAdviceInput { channels, required_effectiveness }).unwrap()
    }

    const THREE: [(&str, f64, u32, u32); 3] =
        [("call", 4000.0, 20, 16), ("webinar", 1200.0, 60, 30), ("in_app", 300.0, 100, 35)];

    #[test]
    fn s5_3_cost_per_effective_guidance_of_three_channels() {
        // S5-3
        let result = of(&THREE, 0.5);
        let cost =
            |at: usize| (result.channels[at].id.as_str(), result.channels[at].cost_per_effective.unwrap());
        assert_eq!((cost(0).0, cost(1).0, cost(2).0), ("call", "in_app", "webinar"));
        assert_relative_eq!(cost(0).1, 250.0, max_relative = 1e-12);
        assert_relative_eq!(cost(1).1, 8.571_428_571_428_571, max_relative = 1e-12);
        assert_relative_eq!(cost(2).1, 40.0, max_relative = 1e-12);
    }

    #[test]
    fn a_higher_requirement_leaves_dearer_channels() {
        assert_eq!(of(&THREE, 0.2).advice.as_deref(), Some("in_app"));
        assert_eq!(of(&THREE, 0.35).advice.as_deref(), Some("webinar"));
        assert_eq!(of(&THREE, 0.5).advice.as_deref(), Some("call"));
        let none = of(&THREE, 0.9);
        assert_eq!((none.advice, none.reason), (None, Some(AdviceReason::NoneReachesRequirement)));
    }

    #[test]
    fn equal_costs_go_to_the_first_id() {
        let result = of(&[("b", 100.0, 10, 10), ("a", 100.0, 10, 10)], 0.5);
        assert_eq!(result.advice.as_deref(), Some("a"));
    }

    #[test]
    fn an_unused_or_useless_channel_says_so_and_is_never_advised() {
        let result = of(&[("new", 10.0, 0, 0), ("post", 10.0, 9, 0)], 0.0);
        assert_eq!(result.channels[0].reason, Some(ChannelReason::NothingDelivered));
        assert_eq!(result.channels[1].reason, Some(ChannelReason::NothingEffective));
        assert_eq!((result.channels[0].share, result.advice), (None, None));
    }

    #[test]
    fn more_effective_than_delivered_is_refused_by_place() {
        let channels = vec![ChannelUse { id: "call".into(), cost: 1.0, delivered: 2, effective: 3 }];
        let error =
            channel_advice(&ChannelAdviceInput { channels, required_effectiveness: 0.5 }).unwrap_err();
        assert_eq!((error.code(), error.field()), ("out_of_range", "channels[0].effective"));
    }
}
