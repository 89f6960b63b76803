//! Parts to learn from and parts to judge by, the same for every order of rows.

use super::rank::Tie;

/// Splits accounts into those of one fold and all others: each class is dealt out in turn, from the lowest score up.
///
/// Accounts of one class and one score cannot be told apart, so counting them is all there is to do.
pub(super) fn split(ties: &[Tie], folds: u32, fold: u32) -> (Vec<Tie>, Vec<Tie>) {
    let (mut kept_before, mut lost_before) = (0_u64, 0_u64);
    let (mut learn, mut judge) = (Vec::new(), Vec::new());
    for tie in ties {
        let kept = dealt(&mut kept_before, tie.kept, folds, fold);
        let lost = dealt(&mut lost_before, tie.lost, folds, fold);
        let inside = Tie { kept, lost, ..*tie };
        let outside = Tie { kept: tie.kept - kept, lost: tie.lost - lost, ..*tie };
        for (part, into) in [(inside, &mut judge), (outside, &mut learn)] {
            if part.accounts() > 0 {
                into.push(part);
            }
        }
    }
    (learn, judge)
}

/// How many of the next accounts of a class go to a fold.
fn dealt(before: &mut u64, accounts: u32, folds: u32, fold: u32) -> u32 {
    let (folds, fold) = (u64::from(folds), u64::from(fold));
    let up_to = |place: u64| (place + folds - 1 - fold) / folds;
    let start = *before;
    *before += u64::from(accounts);
    u32::try_from(up_to(*before) - up_to(start)).unwrap_or(accounts)
}

/// The fewest and the most folds.
pub(super) const FOLDS: std::ops::RangeInclusive<u32> = 2..=20;

/// Refuses a number of folds outside of [`FOLDS`].
pub(super) fn checked(folds: u32) -> Result<u32, crate::Error> {
    if FOLDS.contains(&folds) {
        return Ok(folds);
    }
    let value = crate::math::count(folds);
    Err(crate::Error::OutOfRange { field: "folds".into(), value, allowed: "between 2 and 20".into() })
}

/// What folds are without saying so.
pub(super) const fn five() -> u32 {
    5
}

#[cfg(test)]
mod tests {
    use super::{Tie, split};

    #[test]
    fn every_account_is_judged_once_and_classes_are_dealt_evenly() {
        let ties =
            [(1, 4, 3), (2, 0, 9), (7, 6, 1)].map(|(billionths, kept, lost)| Tie { billionths, kept, lost });
        let (mut kept, mut lost) = (Vec::new(), Vec::new());
        for fold in 0..5 {
            let (learn, judge) = split(&ties, 5, fold);
            let sum = |part: &[Tie]| {
                (part.iter().map(|t| t.kept).sum::<u32>(), part.iter().map(|t| t.lost).sum::<u32>())
            };
            let (inside, outside) = (sum(&judge), sum(&learn));
            assert_eq!((inside.0 + outside.0, inside.1 + outside.1), (10, 13));
            kept.push(inside.0);
            lost.push(inside.1);
        }
        assert_eq!((kept, lost), (vec![2; 5], vec![3, 3, 3, 2, 2]));
    }
}
