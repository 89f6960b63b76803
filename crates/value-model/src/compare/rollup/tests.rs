use super::*;
use crate::scale::Scale;
use crate::scorecard::{Group, Measure, Scorecard};

const KNOWN: Known = Known { revenue: true, lower: true, upper: true, coverage: true };
/// Revenue whose ten-thousandths are 2^51: from there on each account is looked at by itself.
const EDGE: f64 = 225_179_981_368.524_8;

fn scorer() -> Scorer {
    Scorecard::new("mine", "1", Group::new("root").child(Measure::new("m", Scale::Score))).compile().unwrap()
}

fn numbers(values: &[f64]) -> Numbers<'_> {
    Numbers { values, valid: None }
}

fn added(rows: &[u32], lines: &Lines<'_>) -> Rollup {
    let mut sums = Rollup::new(&scorer());
    sums.add_block::<f64>(rows, lines, &mut |at, error| panic!("{at}: {error}")).unwrap();
    sums
}

fn report(sums: &Rollup) -> PortfolioReport {
    sums.report((0..sums.rows()).map(|row| (row, vec![Some(row.to_string())])), KNOWN)
}

/// 3 000 accounts whose sums leave 64 bits: the largest revenue, and revenue around the edge.
fn large() -> (Vec<u32>, Vec<f64>, Vec<f64>) {
    let revenue = [1e13, EDGE, EDGE - 1e-4, EDGE + 1e-4, 1e13 - 0.25, 0.0, 12.5];
    let row = |n: u32| (n % 3, f64::from(n % 101) + 0.123_456_789, revenue[n as usize % revenue.len()]);
    let accounts = (0..3_000).map(row).map(|(row, score, revenue)| (row, score.min(100.0), revenue));
    let mut lists = (Vec::new(), Vec::new(), Vec::new());
    for (row, score, revenue) in accounts {
        lists.0.push(row);
        lists.1.push(score);
        lists.2.push(revenue);
    }
    lists
}

#[test]
fn sums_beyond_64_bits_carry() {
    let (rows, score, revenue) = large();
    let lines = Lines { revenue: Some(numbers(&revenue)), ..Lines::new(numbers(&score)) };
    let total = report(&added(&rows, &lines)).total;
    let exact =
        |n: usize| (i128::from(math::billionths(score[n])), i128::from(math::ten_thousandths(revenue[n])));
    let (mut weight, mut product) = (0, 0);
    for n in 0..rows.len() {
        let (score, revenue) = exact(n);
        weight += revenue;
        product += score * revenue;
    }
    assert!(weight > i128::from(u64::MAX) && product > i128::from(u64::MAX) << 20);
    assert_eq!(total.revenue.to_bits(), (math::nearest(weight) / 1e4).to_bits());
    assert_eq!(total.revenue_weighted_mean, totals::weighted_mean(product, weight));
    assert_eq!(total.bands.iter().map(|band| band.accounts).sum::<u32>(), 3_000);
    assert_eq!(total.min, Some(0.123_456_789));
}

#[test]
fn parts_merge_to_the_whole() {
    let (rows, score, revenue) = large();
    let coverage = vec![0.75; 3_000];
    let lines = Lines {
        lower: Some(numbers(&score)),
        coverage: Some(numbers(&coverage)),
        revenue: Some(numbers(&revenue)),
        ..Lines::new(numbers(&score))
    };
    let whole = added(&rows, &lines);
    // Without bits for missing numbers a part may start anywhere.
    for cut in [0, 1, 64, 999, 2_944] {
        let mut sum = added(&rows[..cut], &lines.part(0, cut));
        let rest = added(&rows[cut..], &lines.part(cut, 3_000 - cut));
        for row in 0..rest.rows() {
            sum.merge_row(row, &rest, row);
        }
        assert_eq!(report(&sum), report(&whole));
    }
}

#[test]
fn rows_without_bounds_merge_with_rows_that_have_them() {
    let scores = [10.0, 60.0, 90.0];
    let plain = added(&[0, 1, 2], &Lines::new(numbers(&scores)));
    let bound = added(&[1, 1, 1], &Lines { lower: Some(numbers(&scores)), ..Lines::new(numbers(&scores)) });
    let mut sum = plain.empty();
    for part in [&plain, &bound, &plain] {
        (0..part.rows()).for_each(|row| sum.merge_row(row, part, row));
    }
    let report = report(&sum);
    assert_eq!((report.total.accounts, report.rows[1].accounts, report.rows[2].accounts), (9, 5, 2));
    assert_eq!(report.rows[1].lower, Some(160.0 / 5.0));
    assert_eq!(report.rows[1].bands.iter().map(|band| band.lower_accounts).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!((report.total.min, report.rows[2].min), (Some(10.0), Some(90.0)));
}

#[test]
fn counts_stand_above_sums_and_do_not_mix() {
    let mut number = Wide::default();
    for _ in 0..5 {
        number.add(u64::MAX, Wide::ONE);
    }
    assert_eq!((number.count(), number.sum()), (5, 5 * i128::from(u64::MAX)));
    number.add(1, 0);
    assert_eq!(number.count(), 5);
    for score in [0, 1, 99_999_999_999, 100_000_000_000] {
        assert!(turn(score) > turn(score + 1) && turn(score) > 0);
        assert_eq!(turn_back(turn(score)).to_bits(), math::nearest(i128::from(score)).to_bits());
    }
}

#[test]
fn a_row_is_counted_by_its_outcome_whatever_stands_beside_it() {
    // 70 rows: scored, insufficient, not applicable with and without a score, and no account at all.
    let code = |n: u8| [0, 1, 2, 2, 7][usize::from(n % 5)];
    let codes: Vec<u8> = (0..70).map(code).collect();
    let bits = |has: &dyn Fn(usize) -> bool| -> Vec<u64> {
        let word = |word: usize| (0..64).filter(|bit| has(word * 64 + bit)).map(|bit| 1 << bit).sum();
        (0..2).map(word).collect()
    };
    let scored = bits(&|n| n % 5 == 0 || n % 5 == 3);
    let account = bits(&|n| n % 5 != 4);
    let half = bits(&|n| n % 2 == 0);
    let lines = Lines {
        outcome: Some(Codes { values: &codes, valid: Some(&account) }),
        revenue: Some(Numbers { values: &[2.0; 70], valid: Some(&half) }),
        ..Lines::new(Numbers { values: &[60.0; 70], valid: Some(&scored) })
    };
    let total = report(&added(&[0; 70], &lines)).total;
    assert_eq!((total.scored, total.insufficient, total.not_applicable), (14, 14, 28));
    assert_eq!((total.revenue, total.without_revenue), (28.0, 14));
    assert_eq!((total.mean, total.min), (Some(60.0), Some(60.0)));
}
