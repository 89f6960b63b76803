//! Random scorecards with random answers.

use std::sync::Arc;

use crate::common::{self, Knobs, cases};
use crate::tables::*;
use arrow_array::{ArrayRef, Date32Array, Float64Array};
use proptest::prelude::*;
use value_model::Date;
use value_model::answer::{Answer, Source, Value};
use value_model::block::Column;
use value_model::scorecard::Context;
use value_model_arrow::{LongSettings, Order};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn answers_in_rows_have_the_bits_of_answers_in_records(
        case in cases(Knobs::ALL),
        masks in proptest::collection::vec(any::<u64>(), 1..6),
        source in prop::option::of(Just(Source::CustomerProvided)),
        age in prop::option::of(0..200_i32),
        persona in prop::option::of(Just("cfo")),
        piece in 1..40_usize,
    ) {
        let as_of = common::as_of();
        let scorer = case.card.compile().unwrap();
        let mut records = accounts(&case, &masks);
        prop_assume!(!records.is_empty());
        for record in &mut records {
            record.default_source = source;
            record.default_on = age.map(|age| as_of.plus_days(-age).unwrap());
            record.default_persona = persona.map(str::to_owned);
        }
        let mut context = Context::new(as_of);
        context.default_source = source;
        context.default_on = records[0].default_on;
        let settings = |order| LongSettings {
            persona: persona.map(str::to_owned),
            order,
            ..LongSettings::new(context, all_columns(&scorer))
        };
        let sorted = rows(&records);
        let batches: Vec<_> = sorted.chunks(piece).map(|rows| batch(rows, piece, false)).collect();
        // In any order: a row of each account in turn.
        let mut turns: Vec<_> = records.iter().map(|record| rows(std::slice::from_ref(record)).into_iter()).collect();
        let longest = turns.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        let mixed: Vec<Row> =
            (0..longest).flat_map(|_| turns.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()).collect();
        let mixed: Vec<_> = mixed.chunks(piece).map(|rows| batch(rows, piece + 1, false)).collect();
        for (order, batches) in
            [(Order::Sorted, &batches), (Order::Grouped, &batches), (Order::Any, &batches), (Order::Any, &mixed)]
        {
            let found = score(&scorer, batches, settings(order));
            prop_assert_eq!(found.len(), records.len());
            for ((name, found), record) in found.iter().zip(&records) {
                prop_assert_eq!(name, &record.account);
                match (found, expected(&scorer, record, as_of)) {
                    (Ok(found), Ok(expected)) => prop_assert_eq!(bits(found), bits(&expected)),
                    (found, expected) => prop_assert_eq!(found.clone(), expected.map_err(str::to_owned)),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn plain_numbers_are_laid_out_wide_with_the_same_bits(
        case in cases(Knobs { scales: false, ..Knobs::ALL }),
        masks in proptest::collection::vec(any::<u64>(), 1..60),
        bad in 0..400_usize,
        shares in any::<bool>(),
        dated in any::<bool>(),
        piece in 1..200_usize,
    ) {
        let as_of = common::as_of();
        let scorer = case.card.compile().unwrap();
        let mut records = accounts(&case, &masks);
        prop_assume!(!records.is_empty());
        let mut count = 0;
        for record in &mut records {
            for answer in record.answers.values_mut().flatten() {
                *answer = Answer { on: answer.on.filter(|_| dated), value: answer.value.clone(), ..Answer::default() };
                count += 1;
                if count == bad {
                    answer.value = Some(Value::Number(1.5));
                }
            }
        }
        let mut columns = all_columns(&scorer);
        let is_share = |column: &Column| matches!(column, Column::ValidatedShare | Column::FreshShare);
        columns.retain(|column| shares || !is_share(column));
        let rows = rows(&records);
        let epoch = Date::from_days(0).unwrap();
        let batches: Vec<_> = rows
            .chunks(piece)
            .map(|rows| {
                let text = |value: &dyn Fn(&Row) -> String| rows.iter().map(|row| Some(value(row))).collect::<Vec<_>>();
                let number = |row: &Row| match row.answer.value {
                    Some(Value::Number(number)) => Some(number),
                    _ => None,
                };
                let day = |row: &Row| row.answer.on.map(|on| on.days_since(epoch));
                let mut columns: Vec<(&str, ArrayRef)> = vec![
                    ("account", texts(piece, &text(&|row| row.account.clone()))),
                    ("measure", texts(piece + 1, &text(&|row| row.measure.clone()))),
                    ("value", Arc::new(rows.iter().map(number).collect::<Float64Array>())),
                ];
                if dated {
                    columns.push(("on", Arc::new(rows.iter().map(day).collect::<Date32Array>())));
                }
                table(columns)
            })
            .collect();
        for order in [Order::Sorted, Order::Any] {
            let settings = LongSettings { order, ..LongSettings::new(Context::new(as_of), columns.clone()) };
            let found = score(&scorer, &batches, settings);
            prop_assert_eq!(found.len(), records.len());
            for ((name, found), record) in found.iter().zip(&records) {
                prop_assert_eq!(name, &record.account);
                match (found, expected(&scorer, record, as_of)) {
                    (Ok(found), Ok(expected)) => {
                        let all = all_columns(&scorer);
                        let wanted = all.iter().zip(expected).filter(|(column, _)| shares || !is_share(column));
                        prop_assert_eq!(bits(found), bits(&wanted.map(|(_, value)| value).collect::<Vec<_>>()));
                    }
                    (found, expected) => prop_assert_eq!(found.clone(), expected.map_err(str::to_owned)),
                }
            }
        }
    }
}
