//! The first few of many, in bounded memory.

use std::collections::BinaryHeap;

/// Keeps the entries with the least keys.
pub(super) struct Top<K, T> {
    most: usize,
    entries: BinaryHeap<Entry<K, T>>,
}

struct Entry<K, T> {
    key: K,
    value: T,
}

impl<K: Ord, T> Ord for Entry<K, T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}
impl<K: Ord, T> PartialOrd for Entry<K, T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K: Ord, T> PartialEq for Entry<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl<K: Ord, T> Eq for Entry<K, T> {}

impl<K: Ord, T> Top<K, T> {
    /// Keeps this many.
    pub(super) const fn new(most: usize) -> Self {
        Self { most, entries: BinaryHeap::new() }
    }

    /// Whether an entry with this key would be kept now.
    pub(super) fn wants(&self, key: &K) -> bool {
        self.entries.len() < self.most || self.entries.peek().is_some_and(|last| *key < last.key)
    }

    /// Takes an entry, which may push another out.
    pub(super) fn add(&mut self, key: K, value: T) {
        if !self.wants(&key) {
            return;
        }
        self.entries.push(Entry { key, value });
        if self.entries.len() > self.most {
            self.entries.pop();
        }
    }

    /// The entries kept, the least key first.
    pub(super) fn into_sorted(self) -> Vec<T> {
        self.entries.into_sorted_vec().into_iter().map(|entry| entry.value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Top;

    #[test]
    fn the_least_keys_stay_in_order() {
        let mut top = Top::new(3);
        for number in [5, 1, 4, 2, 3] {
            top.add(number, number * 10);
        }
        assert_eq!(top.into_sorted(), [10, 20, 30]);
    }

    #[test]
    fn none_is_kept_where_none_is_asked_for() {
        let mut top = Top::new(0);
        assert!(!top.wants(&1));
        top.add(1, ());
        assert!(top.into_sorted().is_empty());
    }
}
