//! Channels of one customer's needs, added up for the comparison of channels.

use std::collections::BTreeMap;

use super::CustomersMetricInput;
use super::judge::Judged;
use crate::metric::channel::{ChannelAdvice, ChannelAdviceInput, ChannelUse, channel_advice};
use crate::{Error, check};

/// The comparison of channels, if one is asked for and there is something to compare, and how many delivered needs it
/// leaves out.
///
// CHOICE: a need counts here when it was delivered in the window and its channel, cost and effect are all known, so that
// cost and success of a channel speak of the same needs.
pub(super) fn compare(
    counted: &[&Judged],
    input: &CustomersMetricInput,
) -> Result<(Option<ChannelAdvice>, u32), Error> {
    let Some(required_effectiveness) = input.required_effectiveness else { return Ok((None, 0)) };
    let mut channels: BTreeMap<&str, ChannelUse> = BTreeMap::new();
    let mut left_out = 0_u32;
    for need in counted.iter().map(|judged| judged.need).filter(|need| need.delivered_on.is_some()) {
        let (Some(id), Some(cost), Some(effect)) = (&need.channel, need.cost, need.effective) else {
            left_out = left_out.saturating_add(1);
            continue;
        };
        let entry = channels.entry(id).or_insert_with(|| ChannelUse {
            id: id.clone(),
            cost: 0.0,
            delivered: 0,
            effective: 0,
        });
        entry.cost = check::computed("cost", entry.cost + cost)?;
        entry.delivered = entry.delivered.saturating_add(1);
        if effect >= input.effective_from {
            entry.effective = entry.effective.saturating_add(1);
        }
    }
    if channels.is_empty() {
        return Ok((None, left_out));
    }
    let channels = channels.into_values().collect();
    channel_advice(&ChannelAdviceInput { channels, required_effectiveness })
        .map(|advice| (Some(advice), left_out))
}
