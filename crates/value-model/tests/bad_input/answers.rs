//! Records, answers and amounts that are refused.

use value_model::Date;
use value_model::answer::{Answer, Missing, Override, Record, Value};
use value_model::metric::money::{Currency, Period};
use value_model::model::customer_value::{CustomerValueInput, Kind, Line, customer_value};
use value_model::scale::{Cell, Level, Point, Scale, Step};
use value_model::scorecard::{Context, Group, MissingRule};

use crate::{NOT_FINITE, answer_refused, as_of, card, is, leaf, pair, scaled};

#[test]
fn numbers_that_are_none() {
    let numeric = [
        Scale::Unit,
        Scale::Percent,
        Scale::Score,
        Scale::Likert { min: 1, max: 5 },
        Scale::Linear { worst: 0.0, best: 1.0 },
        Scale::LinearBounded { worst: 0.0, best: 1.0 },
        Scale::Steps { below: 0.0, steps: vec![Step { from: 1.0, unit: 1.0 }] },
        Scale::Points(vec![Point { at: 1.0, unit: 1.0 }]),
        Scale::Progress { baseline: 0.0, target: 1.0, tolerance: None },
        Scale::Peer { cohort: vec![1.0] },
        Scale::YesNo,
    ];
    for scale in numeric {
        for value in NOT_FINITE {
            answer_refused(&scaled(scale.clone()), value, "not_finite", "answers.m");
            let scorer = scaled(scale.clone()).compile().unwrap();
            let fast = scorer.score(&[Cell::Number(value)], &Context::new(as_of()), &mut scorer.workspace());
            is(&fast.unwrap_err(), "not_finite", "answers.m");
        }
        for text in ["NaN", "inf", "-infinity", "1e400"] {
            let scorer = scaled(scale.clone()).compile().unwrap();
            let read = scorer
                .read_text(0, text)
                .and_then(|cell| scorer.score(&[cell], &Context::new(as_of()), &mut scorer.workspace()));
            is(&read.unwrap_err(), "not_finite", "answers.m");
        }
    }
    let grown = |now, before| Answer { before: Some(before), ..Answer::new(now) };
    answer_refused(&scaled(Scale::Growth), grown(f64::NAN, 1.0), "not_finite", "answers.m.now");
    answer_refused(&scaled(Scale::Growth), grown(1.0, f64::INFINITY), "not_finite", "answers.m.before");
    answer_refused(&scaled(Scale::Growth), grown(1.0, 0.0), "out_of_range", "answers.m.before");
}

#[test]
fn values_outside_their_scale() {
    let levels = Scale::Levels([("low".into(), Level::Unit(0.0)), ("high".into(), Level::Unit(1.0))].into());
    let cases: [(Scale, Vec<Value>); 8] = [
        (Scale::YesNo, vec![2.0.into(), 0.5.into(), "maybe".into()]),
        (Scale::Unit, vec![1.5.into(), (-0.1).into(), true.into(), "0.5".into()]),
        (Scale::Percent, vec![101.0.into(), (-1.0).into()]),
        (Scale::Score, vec![100.1.into(), "high".into()]),
        (Scale::Likert { min: 1, max: 5 }, vec![0.0.into(), 6.0.into(), 2.5.into(), true.into()]),
        (levels, vec!["Low".into(), "medium".into(), 0.0.into(), true.into()]),
        (Scale::Linear { worst: 0.0, best: 9.0 }, vec!["many".into(), false.into()]),
        (Scale::Within { days: 90 }, vec![20_261_101.0.into(), true.into()]),
    ];
    for (scale, values) in cases {
        for value in values {
            answer_refused(
                &scaled(scale.clone()),
                Answer { value: Some(value), ..Answer::default() },
                "outside_scale",
                "answers.m",
            );
        }
    }
    answer_refused(&scaled(Scale::Growth), 5.0, "missing", "answers.m.before");
    let undeclared = [("-99", -99.0)];
    for (code, value) in undeclared {
        answer_refused(&scaled(Scale::Unit), value, "outside_scale", "answers.m");
        let mut declared = scaled(Scale::Unit);
        declared.missing_codes.insert(code.into(), Missing::NoData);
        assert!(declared.compile().unwrap().assess(&Record::new("acme").answer("m", value), as_of()).is_ok());
    }
}

#[test]
fn dates() {
    let within = scaled(Scale::Within { days: 90 });
    for text in
        ["2026-02-30", "2026-13-01", "01.11.2026", "2026-11-1", "2026-11-01T00:00:00Z", "", "0000-01-01"]
    {
        answer_refused(&within, text, "invalid_date", "answers.m");
    }
    answer_refused(&within, "2026-11-02", "after_as_of", "answers.m");
    let tomorrow: Date = "2026-11-02".parse().unwrap();
    for scale in [Scale::Unit, Scale::YesNo] {
        answer_refused(&scaled(scale), Answer::new(1.0).on(tomorrow), "after_as_of", "answers.m.on");
    }
    let scorer = scaled(Scale::Unit).compile().unwrap();
    let record = Record { default_on: Some(tomorrow), ..Record::new("acme") };
    is(&scorer.assess(&record, as_of()).unwrap_err(), "after_as_of", "default_on");
    let context = Context { default_on: Some(tomorrow), ..Context::new(as_of()) };
    let fast = scorer.score(&[Cell::Number(1.0)], &context, &mut scorer.workspace());
    is(&fast.unwrap_err(), "after_as_of", "default_on");
    // Of several answers the one at fault is counted from 0.
    let several = Record::new("acme").answer("m", 1.0).answer("m", Answer::new(1.0).on(tomorrow));
    is(&scorer.assess(&several, as_of()).unwrap_err(), "after_as_of", "answers.m[1].on");
}

#[test]
fn records() {
    let scorer = card(Group::new("root").child(leaf("csat")).child(leaf("goals"))).compile().unwrap();
    let error = scorer.assess(&Record::new("acme").answer("csta", 1.0), as_of()).unwrap_err();
    is(&error, "unknown_id", "answers");
    assert!(error.to_string().ends_with("did you mean `csat`?"), "{error}");
    for account in ["", "ac\nme"] {
        is(&scorer.assess(&Record::new(account), as_of()).unwrap_err(), "invalid_text", "account");
    }
    let fail = card(pair().missing(MissingRule::Fail)).compile().unwrap();
    is(&fail.assess(&Record::new("acme").answer("a", 1.0), as_of()).unwrap_err(), "missing", "answers.b");
    let inner = Group::new("inner").child(leaf("c"));
    let fail = card(pair().child(inner).missing(MissingRule::Fail)).compile().unwrap();
    let record = Record::new("acme").answer("a", 1.0).answer("b", 1.0);
    is(&fail.assess(&record, as_of()).unwrap_err(), "missing", "groups.inner");
    let context = Context::new(as_of());
    let short = scorer.score(&[Cell::Number(1.0)], &context, &mut scorer.workspace());
    is(&short.unwrap_err(), "conflict", "cells");
    let strange = scorer.score(&[Cell::Number(1.0); 2], &context, &mut fail.workspace());
    is(&strange.unwrap_err(), "conflict", "cells");
    is(&scorer.read_text(2, "1").unwrap_err(), "unknown_id", "answers");
    is(
        &scorer.score(&[Cell::Level(7), Cell::Number(1.0)], &context, &mut scorer.workspace()).unwrap_err(),
        "outside_scale",
        "answers.csat",
    );
}

#[test]
fn overrides() {
    let scorer = card(pair()).compile().unwrap();
    let good = Override {
        score: 50.0,
        reason: "the sponsor left".into(),
        author: "kim".into(),
        made_on: as_of(),
        expires_on: None,
    };
    let refused = |wish: Override, code: &str, field: &str| {
        let record = Record { override_: Some(wish), ..Record::new("acme") };
        is(&scorer.assess(&record, as_of()).unwrap_err(), code, field);
    };
    refused(Override { score: 100.1, ..good.clone() }, "out_of_range", "override.score");
    refused(Override { score: -1.0, ..good.clone() }, "out_of_range", "override.score");
    refused(Override { score: f64::NAN, ..good.clone() }, "not_finite", "override.score");
    refused(Override { reason: String::new(), ..good.clone() }, "invalid_text", "override.reason");
    refused(Override { author: "k\u{0}".into(), ..good.clone() }, "invalid_text", "override.author");
    let day = |days| as_of().plus_days(days).unwrap();
    refused(Override { made_on: day(1), ..good.clone() }, "after_as_of", "override.made_on");
    refused(Override { expires_on: Some(day(-1)), ..good }, "conflict", "override.expires_on");
}

#[test]
fn currencies_and_periods() {
    let line = |id: &str, kind, currency: &str, period| {
        Line::new(id, kind, 100.0, currency.parse::<Currency>().unwrap(), period)
    };
    let input = |currency, period| {
        CustomerValueInput::new(vec![
            line("a", Kind::TangibleBenefit, "EUR", Period::Year),
            line("b", Kind::TangibleCost, currency, period),
        ])
    };
    is(&customer_value(&input("USD", Period::Year)).unwrap_err(), "currency", "lines[1].currency");
    is(&customer_value(&input("EUR", Period::Month)).unwrap_err(), "period", "lines[1].period");
    is(&customer_value(&CustomerValueInput::new(vec![])).unwrap_err(), "empty", "lines");
    is(&"euro".parse::<Currency>().unwrap_err(), "invalid_input", "currency");
}
