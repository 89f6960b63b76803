//! "Did you mean": the nearest known name.

/// The nearest known name, if one is near. Displays as the end of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestion(pub Option<String>);

impl std::fmt::Display for Suggestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_ref().map_or(Ok(()), |name| write!(f, "; did you mean `{name}`?"))
    }
}

/// The name among `known` that is nearest to `name`, when it is near enough to be a slip of the fingers.
///
/// # Examples
/// ```
/// assert_eq!(value_model::suggest::nearest("wieght", ["weight", "scale"]).0.as_deref(), Some("weight"));
/// assert_eq!(value_model::suggest::nearest("colour", ["weight", "scale"]).0, None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Suggestion {
    let wanted = fold(name);
    let limit = (wanted.len() / 3).clamp(1, 3);
    // Long names are never typed by hand; comparing them would only cost time on hostile input.
    if wanted.is_empty() || wanted.len() > 64 {
        return Suggestion(None);
    }
    let found = known
        .into_iter()
        .filter(|candidate| candidate.len() <= 96)
        .map(|candidate| (distance(&wanted, &fold(candidate)), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min()
        .map(|(_, candidate)| candidate.to_owned());
    Suggestion(found)
}

fn fold(name: &str) -> Vec<char> {
    name.chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect()
}

/// Edits (insert, delete, replace, swap of neighbours) between two names.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |r: &[usize], k: usize| r.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j) + usize::from(x != y)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_dash_or_capital_is_no_difference() {
        assert_eq!(nearest("CSAT-Score", ["csat_score"]).0.as_deref(), Some("csat_score"));
    }

    #[test]
    fn swapped_letters_count_once() {
        assert_eq!(nearest("cast", ["csat", "cost_of_living"]).0.as_deref(), Some("csat"));
    }

    #[test]
    fn nothing_near_means_no_suggestion() {
        assert_eq!(nearest("x", ["weight"]).0, None);
        assert_eq!(nearest("", ["a"]).0, None);
    }
}
