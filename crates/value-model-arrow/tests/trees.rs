//! Full blocks of trees of weighted means have the bits of the same accounts in pieces that fill no block.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test stops at the first surprise; its numbers are small"
)]

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch};
use proptest::prelude::*;
use value_model::block::{Column, ROWS};
use value_model::scale::Scale;
use value_model::scorecard::{Context, Group, Measure, Scorecard, Scorer};
use value_model_arrow::{ColumnScorer, Mapping, Path, Settings};

/// Two full blocks and some more.
const COUNT: usize = 2 * ROWS + 77;
/// Rows of a piece: fewer than a block has.
const PIECE: usize = 700;

/// A group of measures: their scales, its weights, whether it is a cost, and how much of it must be answered.
#[derive(Clone, Debug)]
struct Few {
    scales: Vec<(u8, bool)>,
    weights: [f64; 3],
    cost: bool,
    least: f64,
}

fn few() -> impl Strategy<Value = Few> {
    let weights = prop::sample::select(&[[1.0; 3], [0.1, 3.0, 0.7], [1.0, 0.0, 2.0]][..]);
    let least = prop::sample::select(&[0.0, 0.5, 1.0][..]);
    // All on one scale, as in most models, or each on its own.
    let one =
        ((0..3_u8), any::<bool>(), 1..7_usize).prop_map(|(scale, reverse, n)| vec![(scale, reverse); n]);
    let scales = prop_oneof![2 => one, 1 => prop::collection::vec((0..3_u8, any::<bool>()), 1..7)];
    (scales, weights, any::<bool>(), least).prop_map(|(scales, weights, cost, least)| Few {
        scales,
        weights,
        cost,
        least,
    })
}

fn group(name: &str, few: &Few) -> Group {
    let mut group = Group::new(name).min_coverage(few.least);
    for (place, (scale, reverse)) in few.scales.iter().enumerate() {
        let scale =
            [Scale::Unit, Scale::Score, Scale::Likert { min: 1, max: 5 }][usize::from(*scale)].clone();
        let mut measure = Measure::new(format!("{name}_{place}"), scale).weight(few.weights[place % 3]);
        measure.reverse = *reverse;
        group = group.child(measure);
    }
    if few.cost { group.cost() } else { group }
}

/// A root over groups, the last two of them in a group of their own.
fn tree(groups: &[Few], required: bool) -> Scorecard {
    let named: Vec<Group> = groups.iter().enumerate().map(|(n, few)| group(&format!("g{n}"), few)).collect();
    let (root, inner) = named.split_at(named.len().saturating_sub(2));
    let mut all = Group::new("all").min_coverage(0.4);
    for (place, group) in root.iter().enumerate() {
        all = all.child(group.clone().weight(1.0 + place as f64));
    }
    let inner = inner.iter().cloned().fold(Group::new("inner"), Group::child);
    let all = all.child(inner);
    Scorecard::new("tree", "1", if required { all.require(&["inner"]) } else { all })
}

/// Numbers on the scale of each measure, some missing, and a few that are none.
fn answers(scorer: &Scorer, seed: u64) -> RecordBatch {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ mixed >> 27
    };
    let mut column = |scale: &str| -> ArrayRef {
        let tops = [("Likert", 5.0), ("Score", 100.0)];
        let top = tops.into_iter().find(|(name, _)| scale.contains(name)).map_or(1.0, |(_, top)| top);
        let mut number = |row| match next() % 4000 {
            0 => Some(f64::NAN),
            // So that there always is one.
            _ if row == ROWS + 7 => Some(f64::NAN),
            1 => Some(-0.5),
            2 => Some(top * 1.01),
            3 => Some(f64::INFINITY),
            4..600 => None,
            600..800 => Some(top),
            turn if top > 4.0 && top < 6.0 => Some((turn % 5 + 1) as f64),
            turn => Some(top * (turn % 997) as f64 / 996.0),
        };
        Arc::new((0..COUNT).map(&mut number).collect::<Float64Array>())
    };
    let columns = scorer
        .measures()
        .iter()
        .map(|measure| (measure.id.to_string(), column(&format!("{:?}", measure.scale))));
    let columns: Vec<_> = columns.collect();
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
        .unwrap()
}

/// Each column of results, and the rows that were refused.
type Found = (Vec<Vec<Option<u64>>>, Vec<(usize, &'static str)>);

fn score(scorer: &ColumnScorer, batch: &RecordBatch, start: usize, found: &mut Found) {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, UInt8Type};
    let scored = scorer.score(batch).unwrap();
    found.0.resize(scored.results.num_columns(), Vec::new());
    for (column, found) in scored.results.columns().iter().zip(&mut found.0) {
        found.extend((0..column.len()).map(|row| {
            column.is_valid(row).then(|| match column.as_primitive_opt::<Float64Type>() {
                Some(numbers) => numbers.value(row).to_bits(),
                None => column.as_primitive::<UInt8Type>().value(row).into(),
            })
        }));
    }
    found.1.extend(scored.refused.iter().map(|refused| (start + refused.row, refused.error.code())));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn full_blocks_of_trees_have_the_bits_of_pieces(
        groups in prop::collection::vec(few(), 1..4),
        required: bool,
        seed: u64,
    ) {
        let scorer = tree(&groups, required).compile().unwrap();
        let batch = answers(&scorer, seed);
        let mut few = vec![Column::Score, Column::Coverage, Column::Band, Column::Outcome];
        few.extend((0..scorer.groups().len()).flat_map(|group| [Column::Group(group), Column::GroupCost(group)]));
        let bounds = [&few[..], &[Column::Lower, Column::Upper, Column::LowerBand]].concat();
        // One of them twice: nobody forbids it.
        let all = [bounds.clone(), Column::contributions(&scorer), vec![Column::Contribution(0)]].concat();
        for columns in [few, bounds, all] {
            let settings = Settings { context: Context::new("2026-11-01".parse().unwrap()), columns };
            for path in Path::ALL.into_iter().filter(|path| path.is_available()) {
                let columns = ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings.clone());
                let columns = columns.unwrap().with_path(path);
                let (mut whole, mut pieces) = (Found::default(), Found::default());
                score(&columns, &batch, 0, &mut whole);
                for start in (0..COUNT).step_by(PIECE) {
                    score(&columns, &batch.slice(start, PIECE.min(COUNT - start)), start, &mut pieces);
                }
                prop_assert!(!whole.1.is_empty(), "some rows hold numbers that are none");
                prop_assert_eq!(&whole.1, &pieces.1);
                for (column, (whole, pieces)) in whole.0.iter().zip(&pieces.0).enumerate() {
                    let other = whole.iter().zip(pieces).position(|(a, b)| a != b);
                    prop_assert_eq!(other, None, "{:?}, {:?}", path, settings.columns[column]);
                }
            }
        }
    }
}
