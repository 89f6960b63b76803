//! Laws of the metrics, on random input.
#![expect(clippy::unwrap_used, reason = "a refused input fails the property")]

use proptest::collection::vec;
use proptest::prelude::*;
use value_model::metric::ces::{CesInput, CesVariant, ces};
use value_model::metric::channel::{ChannelAdviceInput, ChannelUse, channel_advice};
use value_model::metric::convert::{ConvertInput, convert};
use value_model::metric::discount::{Convention, DatedFlow};
use value_model::metric::erlang::{ErlangCInput, erlang_c};
use value_model::metric::growth;
use value_model::metric::interval::{WilsonInput, wilson};
use value_model::metric::irr::{IrrInput, IrrReason, irr};
use value_model::metric::money::{Period, Total};
use value_model::metric::nps::{NpsInput, nps};
use value_model::metric::npv::{NpvInput, npv};
use value_model::metric::opportunity::{OpportunityInput, opportunity};
use value_model::metric::pace::{PaceInput, PaceStatus, pace};
use value_model::metric::payback::{PaybackInput, payback};
use value_model::metric::peer;
use value_model::metric::progress::{ProgressInput, progress};
use value_model::metric::roi::{RoiInput, roi};
use value_model::metric::staffing::{AccountWork, StaffingInput, staffing};
use value_model::metric::xnpv::{XnpvInput, xnpv};
use value_model::{Date, math};

/// Amounts of whole cents, which is how money comes.
fn amount() -> impl Strategy<Value = f64> {
    (-100_000_000_i32..100_000_000).prop_map(|cents| f64::from(cents) / 100.0)
}

fn line() -> impl Strategy<Value = ErlangCInput> {
    (1_u32..3_000, 1_u32..60, 0_u32..300, 0_u32..99, 50_u32..=100, 0_u32..60).prop_map(
        |(contacts, handling, target, level, occupancy, away)| ErlangCInput {
            contacts: f64::from(contacts),
            interval_minutes: 30.0,
            handling_minutes: f64::from(handling) / 4.0,
            target_seconds: f64::from(target),
            service_level: f64::from(level) / 100.0,
            max_occupancy: f64::from(occupancy) / 100.0,
            shrinkage: f64::from(away) / 100.0,
        },
    )
}

fn sign_changes(flows: &[f64]) -> usize {
    let signs: Vec<bool> = flows.iter().filter(|flow| **flow != 0.0).map(|flow| *flow > 0.0).collect();
    signs.iter().zip(signs.iter().skip(1)).filter(|(a, b)| a != b).count()
}

/// What is added up for a net present value, without signs: the measure of its rounding error.
fn size_of(flows: &[f64], rate: f64) -> f64 {
    flows.iter().zip(0..).map(|(flow, t)| flow.abs() / math::powi(1.0 + rate, t)).sum()
}

fn day(days: i32) -> Date {
    Date::from_days(days).unwrap()
}

proptest! {
    #[test]
    fn wilson_intervals_contain_the_share(trials in 1_u32.., part in 0_u32..) {
        let successes = part.min(trials - 1) + u32::from(part >= trials);
        let result = wilson(&WilsonInput { successes, trials }).unwrap();
        prop_assert!(0.0 <= result.low && result.low <= result.share);
        prop_assert!(result.share <= result.high && result.high <= 1.0);
    }

    #[test]
    fn nps_of_exchanged_camps_is_its_mirror_image(p in 0_u32..1000, n in 1_u32..1000, d in 0_u32..1000) {
        let one = nps(&NpsInput { promoters: p, passives: n, detractors: d }).unwrap();
        let other = nps(&NpsInput { promoters: d, passives: n, detractors: p }).unwrap();
        prop_assert!((one.nps + other.nps).abs() < 1e-12);
        prop_assert!((one.adjusted_wald.low + other.adjusted_wald.high).abs() < 1e-9);
        prop_assert!((-100.0..=100.0).contains(&one.nps) && (0.0..=1.0).contains(&one.unit));
        prop_assert!(one.adjusted_wald.centre.abs() <= one.nps.abs());
    }

    #[test]
    fn ratings_counted_one_by_one_give_the_same_score_in_any_order(ratings in vec(0_u8..=10, 1..60)) {
        let given: Vec<f64> = ratings.iter().map(|&rating| rating.into()).collect();
        let turned: Vec<f64> = given.iter().rev().copied().collect();
        let counts = NpsInput::from_ratings(&given).unwrap();
        prop_assert_eq!(counts, NpsInput::from_ratings(&turned).unwrap());
        prop_assert_eq!(usize::try_from(nps(&counts).unwrap().responses).unwrap(), ratings.len());
    }

    #[test]
    fn one_easier_answer_never_lowers_the_effort_score(counts in vec(0_u32..500, 7), from in 0_usize..6) {
        prop_assume!(counts.get(from).is_some_and(|&count| count > 0));
        let better: Vec<u32> = counts
            .iter()
            .enumerate()
            .map(|(at, &count)| if at == from { count - 1 } else if at == from + 1 { count + 1 } else { count })
            .collect();
        for variant in [CesVariant::Mean7, CesVariant::Top3_7, CesVariant::Index] {
            let before = ces(&CesInput { counts: counts.clone(), variant }).unwrap();
            let after = ces(&CesInput { counts: better.clone(), variant }).unwrap();
            prop_assert!(after.unit >= before.unit);
            prop_assert!((0.0..=1.0).contains(&before.unit));
        }
    }

    #[test]
    fn at_a_rate_of_zero_the_npv_is_the_sum(flows in vec(amount(), 1..40)) {
        for convention in [Convention::AtStart, Convention::Spreadsheet] {
            let value = npv(&NpvInput { rate: 0.0, flows: flows.clone(), convention }).unwrap().npv;
            let sum = flows.iter().fold(0.0, |sum, flow| sum + flow);
            prop_assert_eq!(value.to_bits(), (sum + 0.0_f64).to_bits());
        }
    }

    #[test]
    fn the_spreadsheet_convention_is_one_period_later(flows in vec(amount(), 1..40), rate in -0.5..3.0_f64) {
        let of = |convention| npv(&NpvInput { rate, flows: flows.clone(), convention }).unwrap().npv;
        let size: f64 = size_of(&flows, rate);
        let (today, later) = (of(Convention::AtStart), of(Convention::Spreadsheet));
        prop_assert!((today - later * (1.0 + rate)).abs() <= 1e-12 * size);
    }

    #[test]
    fn flows_365_days_apart_are_worth_what_yearly_flows_are(flows in vec(amount(), 1..20), rate in -0.5..3.0_f64) {
        let dated =
            flows.iter().zip(0..).map(|(&amount, t)| DatedFlow { on: day(365 * t), amount }).collect();
        let size: f64 = size_of(&flows, rate);
        let yearly = npv(&NpvInput { rate, flows, convention: Convention::AtStart }).unwrap().npv;
        let by_date = xnpv(&XnpvInput { rate, flows: dated }).unwrap().xnpv;
        prop_assert!((yearly - by_date).abs() <= 1e-12 * size);
    }

    #[test]
    fn every_reported_root_makes_the_npv_vanish(flows in vec(amount(), 2..30)) {
        let found = irr(&IrrInput { flows: flows.clone() }).unwrap();
        for rate in found.roots {
            // Of the two ways to add up, the one whose powers stay small; the factor between them has no sign.
            let last = u32::try_from(flows.len()).unwrap() - 1;
            let growth = 1.0 + rate;
            let (mut value, mut size) = (0.0, 0.0);
            for (t, flow) in (0_u32..).zip(&flows) {
                let weight = if growth < 1.0 { math::powi(growth, last - t) } else { math::powi(1.0 / growth, t) };
                value += flow * weight;
                size += flow.abs() * weight;
            }
            prop_assert!(value.abs() <= 1e-12 * size, "{rate}: {value} of {size}");
        }
    }

    #[test]
    fn the_number_of_sign_changes_bounds_the_number_of_roots(flows in vec(amount(), 1..40)) {
        let found = irr(&IrrInput { flows: flows.clone() }).unwrap();
        let changes = sign_changes(&flows);
        prop_assert!(found.roots.len() <= changes);
        prop_assert!(found.roots.iter().zip(found.roots.iter().skip(1)).all(|(a, b)| a < b));
        prop_assert_eq!(changes == 0, found.reason == Some(IrrReason::NoSignChange));
        prop_assert_eq!(found.irr.is_some(), found.roots.len() == 1);
        // Counted with multiplicity their difference is even, and random flows have single roots.
        prop_assert_eq!((changes - found.roots.len()) % 2, 0);
    }

    #[test]
    fn chosen_rates_are_all_found(mut zeros in vec(0.2..3.0_f64, 1..6)) {
        zeros.sort_by(f64::total_cmp);
        prop_assume!(zeros.iter().zip(zeros.iter().skip(1)).all(|(a, b)| b - a > 0.05));
        let flows = zeros.iter().fold(vec![1.0], |flows: Vec<f64>, zero| {
            let shifted = std::iter::once(0.0).chain(flows.iter().copied());
            flows.iter().copied().chain([0.0]).zip(shifted).map(|(same, up)| up - zero * same).collect()
        });
        let found = irr(&IrrInput { flows }).unwrap();
        prop_assert_eq!(found.roots.len(), zeros.len());
        for (root, zero) in found.roots.iter().zip(zeros.iter().rev()) {
            prop_assert!((1.0 / (1.0 + root) - zero).abs() < 1e-7);
        }
    }

    #[test]
    fn flows_turned_round_have_the_same_roots(flows in vec(amount(), 1..30)) {
        let turned = flows.iter().map(|flow| -flow).collect();
        prop_assert_eq!(irr(&IrrInput { flows }).unwrap(), irr(&IrrInput { flows: turned }).unwrap());
    }

    #[test]
    fn the_npv_score_is_50_exactly_when_benefits_equal_costs(
        benefits in vec(0.0..1e9_f64, 1..20),
        rate in -0.5..3.0_f64,
        more in 0.01..10.0_f64,
    ) {
        prop_assume!(benefits.iter().any(|benefit| *benefit > 1.0));
        let of = |benefits: &[f64], costs: &[f64]| {
            roi(&RoiInput {
                rate,
                benefits: benefits.to_vec(),
                costs: costs.to_vec(),
                convention: Convention::AtStart,
            })
            .unwrap()
        };
        let even = of(&benefits, &benefits);
        prop_assert_eq!(even.score.unwrap().to_bits(), 50.0_f64.to_bits());
        prop_assert_eq!(even.npv.to_bits(), 0);
        let larger: Vec<f64> = benefits.iter().map(|benefit| benefit * (1.0 + more)).collect();
        prop_assert!(of(&larger, &benefits).score.unwrap() > 50.0);
        prop_assert!(of(&benefits, &larger).score.unwrap() < 50.0);
    }

    #[test]
    fn discounting_never_hastens_the_payback(
        invested in 1.0..1e6_f64,
        back in vec(0.0..1e5_f64, 1..40),
        rate in 0.0..2.0_f64,
    ) {
        let flows: Vec<f64> = std::iter::once(-invested).chain(back).collect();
        let periods = math::length(flows.len()) - 1.0;
        let result = payback(&PaybackInput { flows, rate }).unwrap();
        if let Some(late) = result.discounted_payback {
            prop_assert!(late + 1e-9 >= result.payback.unwrap());
            prop_assert!(late <= periods);
        }
        prop_assert_eq!(result.payback.is_none(), result.reason.is_some());
    }

    #[test]
    fn progress_towards_a_goal_is_the_same_seen_from_the_other_side(
        baseline in amount(),
        target in amount(),
        current in amount(),
    ) {
        prop_assume!((target - baseline).abs() > 1e-3);
        let of = |sign: f64| {
            let (baseline, target, current) = (sign * baseline, sign * target, sign * current);
            progress(&ProgressInput { baseline, target, current, tolerance: None }).unwrap()
        };
        prop_assert_eq!(of(1.0), of(-1.0));
        prop_assert!((0.0..=1.0).contains(&of(1.0).unit));
        prop_assert_eq!(of(1.0).regressed, of(1.0).raw < 0.0);
    }

    #[test]
    fn the_pace_never_rises_while_time_goes_and_nothing_is_done(
        current in -10.0..110.0_f64,
        length in 1..1000_i32,
        first in -100..1100_i32,
        wait in 0..500_i32,
    ) {
        let of = |as_of: i32| {
            let (start, due, as_of) = (day(0), day(length), day(as_of));
            pace(&PaceInput { baseline: 0.0, target: 100.0, current, tolerance: None, start, due, as_of }).unwrap()
        };
        let (before, after) = (of(first), of(first + wait));
        prop_assert!(after.pace <= before.pace);
        prop_assert!(after.status >= before.status);
        prop_assert_eq!(before.pace > 1.0 - 1e-11, before.status == PaceStatus::OnTrack);
    }

    #[test]
    fn growth_keeps_the_order_of_values(before in 0.01..1e9_f64, a in -1e9..1e9_f64, b in -1e9..1e9_f64) {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        prop_assert!(growth::unit(low, before) <= growth::unit(high, before));
    }

    #[test]
    fn the_mean_standing_of_a_cohort_in_itself_is_a_half(cohort in vec(0_u8..20, 1..60), scores: bool) {
        let cohort: Vec<f64> = cohort.into_iter().map(f64::from).collect();
        let sum: f64 = cohort.iter().map(|&value| peer::among(value, &cohort, scores).unit).sum();
        prop_assert!((sum / math::length(cohort.len()) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn opportunity_never_falls_when_satisfaction_falls(
        importance in 0.0..=10.0_f64,
        a in 0.0..=10.0_f64,
        b in 0.0..=10.0_f64,
    ) {
        let of = |satisfaction| opportunity(&OpportunityInput { importance, satisfaction }).unwrap().opportunity;
        prop_assert!(of(a.min(b)) >= of(a.max(b)));
        prop_assert!(of(a) >= importance && of(a) <= 2.0 * importance);
    }

    #[test]
    fn erlang_staff_never_rises_with_a_longer_target(line in line(), longer in 0.0..600.0_f64) {
        let near = erlang_c(&line).unwrap();
        let far = erlang_c(&ErlangCInput { target_seconds: line.target_seconds + longer, ..line }).unwrap();
        prop_assert!(far.agents <= near.agents && far.positions <= near.positions);
    }

    #[test]
    fn erlang_staff_meets_what_was_asked_and_is_not_idle(line in line()) {
        let result = erlang_c(&line).unwrap();
        prop_assert!(result.service_level >= line.service_level);
        prop_assert!(result.occupancy <= line.max_occupancy + 1e-9);
        prop_assert!((0.0..=1.0).contains(&result.waiting_probability));
        prop_assert!(result.positions >= result.agents && f64::from(result.agents) > result.load);
    }

    #[test]
    fn erlang_staff_never_falls_with_more_contacts(line in line(), more in 0.0..500.0_f64) {
        let quiet = erlang_c(&line).unwrap();
        let busy = erlang_c(&ErlangCInput { contacts: line.contacts + more, ..line }).unwrap();
        prop_assert!(busy.agents >= quiet.agents);
    }

    #[test]
    fn heads_do_the_hours_and_one_fewer_does_not(
        work in vec((0_u32..1000, 0.0..100.0_f64), 1..10),
        admin_share in 0.0..0.9_f64,
        utilisation in 0.1..=1.0_f64,
    ) {
        let accounts: Vec<AccountWork> = work
            .iter()
            .enumerate()
            .map(|(at, &(accounts, hours))| AccountWork { id: format!("line {at}"), accounts, hours })
            .collect();
        let of = |accounts| {
            let events = vec![];
            let (service, revenue) = (None, None);
            let (paid_hours, revenue_per_csm, same_work) = (1800.0, 2e6, false);
            staffing(&StaffingInput {
                accounts, events, paid_hours, admin_share, utilisation, service, same_work, revenue, revenue_per_csm,
            })
            .unwrap()
        };
        let team = of(accounts.clone());
        let heads = f64::from(team.heads);
        prop_assert!(heads * team.capacity >= team.hours - 1e-6 * team.capacity);
        prop_assert!(team.heads == 0 || (heads - 1.0) * team.capacity < team.hours);
        prop_assert_eq!(of(accounts.into_iter().rev().collect()), team);
    }

    #[test]
    fn the_advised_channel_is_enough_and_no_cheaper_one_is(
        uses in vec((1_u32..10_000, 0_u32..200, 0_u32..=100), 1..8),
        required in 0.0..=1.0_f64,
    ) {
        let channels: Vec<ChannelUse> = uses
            .iter()
            .enumerate()
            .map(|(at, &(cost, delivered, part))| {
                let effective = delivered * part / 100;
                ChannelUse { id: format!("channel {at}"), cost: cost.into(), delivered, effective }
            })
            .collect();
        let result = channel_advice(&ChannelAdviceInput { channels, required_effectiveness: required }).unwrap();
        let enough = |low: Option<f64>| low.is_some_and(|low| low >= required);
        let fit = result.channels.iter().filter(|channel| enough(channel.low));
        let cheapest = fit.filter_map(|channel| channel.cost_per_effective).min_by(f64::total_cmp);
        let advised = result.advice.as_ref().and_then(|id| result.channels.iter().find(|one| one.id == *id));
        prop_assert_eq!(advised.and_then(|channel| channel.cost_per_effective), cheapest);
        prop_assert_eq!(result.reason.is_some(), result.advice.is_none());
    }

    #[test]
    fn money_there_and_back_is_the_same_money(amount in amount(), rate in 0.01..100.0_f64, from in 0..3, to in 0..3) {
        let period = |n: i32| match n { 0 => Period::Month, 1 => Period::Quarter, _ => Period::Year };
        let (eur, usd) = ("EUR".parse().unwrap(), "USD".parse().unwrap());
        let there = convert(&ConvertInput {
            amount,
            currency: eur,
            period: period(from),
            to_currency: usd,
            to_period: period(to),
            rates: [(eur, rate)].into(),
            annualise: true,
        })
        .unwrap();
        let back = convert(&ConvertInput {
            amount: there.amount,
            currency: usd,
            period: period(to),
            to_currency: eur,
            to_period: period(from),
            rates: [(usd, 1.0 / rate)].into(),
            annualise: true,
        })
        .unwrap();
        prop_assert!((back.amount - amount).abs() <= 1e-14 * amount.abs());
    }

    #[test]
    fn totals_of_money_are_the_same_in_any_order(amounts in vec(amount(), 0..60), split in 0_usize..60) {
        let total = |amounts: &mut dyn Iterator<Item = &f64>| {
            amounts.fold(Total::default(), |mut total, &amount| {
                total.add("amount", amount).unwrap();
                total
            })
        };
        let all = total(&mut amounts.iter());
        prop_assert_eq!(all, total(&mut amounts.iter().rev()));
        prop_assert_eq!(all, total(&mut amounts.iter().take(split)).plus(total(&mut amounts.iter().skip(split))));
    }
}
