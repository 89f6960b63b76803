//! A long table in no order: its rows are held in columns until the end, and then stand by account.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_select::interleave::interleave_record_batch;

use super::answers::{Answers, Shape};
use crate::input::texts::Texts;
use crate::message::Failure;

/// The most answers that are held: they take 1 to 1.5 GB.
pub(super) const MOST: usize = 1 << 24;

/// The most of them that no column can hold.
pub(super) const MOST_ODD: usize = 500_000;

/// Rows that are put in order and scored together.
const PART: usize = 1 << 16;

/// The rows of a table, and whose they are.
pub(super) struct Store {
    most: usize,
    most_odd: usize,
    odd: usize,
    parts: Vec<Answers>,
    /// By the name of an account its number: they are counted as they first appear.
    numbers: HashMap<Vec<u8>, u32>,
    names: Vec<Vec<u8>>,
    /// The account of each row.
    accounts: Vec<u32>,
}

/// Accounts in the order in which they first appear, with the places of their rows.
pub(super) struct Ordered {
    parts: Vec<Answers>,
    names: Vec<Vec<u8>>,
    /// The part and the row there, account by account.
    rows: Vec<(u32, u32)>,
    /// Where the rows of each account start, and at the end how many rows there are.
    starts: Vec<usize>,
}

impl Store {
    /// Nothing yet, and not more than so many rows, and so many that no column can hold.
    pub(super) fn new((most, most_odd): (usize, usize)) -> Self {
        let (parts, numbers, names, accounts) = (Vec::new(), HashMap::new(), Vec::new(), Vec::new());
        Self { most, most_odd, odd: 0, parts, numbers, names, accounts }
    }

    /// Adds the rows of a piece.
    ///
    /// # Errors
    /// `limit` for more rows than are held.
    pub(super) fn add(&mut self, answers: Answers, shape: &Shape) -> Result<(), Failure> {
        let room = self.most - self.accounts.len();
        if answers.lines.len() > room {
            return Err(shape.columns.too_many(self.most, answers.line(room)));
        }
        if let Some(row) = answers.odd.keys().nth(self.most_odd - self.odd) {
            return Err(shape.columns.too_many(self.most_odd, answers.line(*row)));
        }
        self.odd += answers.odd.len();
        for run in 0..answers.runs() {
            let number = self.number(answers.names.get(run));
            self.accounts.extend(answers.rows(run).map(|_| number));
        }
        // The names are known now.
        let (starts, names) = (Vec::new(), Texts::new());
        self.parts.push(Answers { starts, names, ..answers });
        Ok(())
    }

    fn number(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.to_vec(), number);
        self.names.push(name.to_vec());
        number
    }

    /// The rows by account; those of one account stay in the order of the table.
    pub(super) fn ordered(self) -> Ordered {
        drop(self.numbers);
        let mut starts = vec![0_usize; self.names.len() + 1];
        for account in &self.accounts {
            if let Some(count) = starts.get_mut(place(*account) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut rows = vec![(0, 0); self.accounts.len()];
        let all = (0_u32..)
            .zip(&self.parts)
            .flat_map(|(part, answers)| (0_u32..).take(answers.lines.len()).map(move |row| (part, row)));
        for (account, from) in self.accounts.iter().zip(all) {
            let Some(at) = next.get_mut(place(*account)) else { continue };
            if let Some(row) = rows.get_mut(*at) {
                *row = from;
            }
            *at += 1;
        }
        Ordered { parts: self.parts, names: self.names, rows, starts }
    }
}

impl Ordered {
    /// Accounts that are scored together.
    pub(super) fn cuts(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut from = 0;
        std::iter::from_fn(move || {
            let first = self.starts.get(from)?;
            let rest = self.starts.get(from + 1..).filter(|rest| !rest.is_empty())?;
            let more = rest.partition_point(|start| start - first <= PART).max(1);
            let cut = from..from + more;
            from = cut.end;
            Some(cut)
        })
    }

    /// The rows of these accounts, account by account.
    ///
    /// # Errors
    /// None is expected.
    pub(super) fn answers(&self, accounts: Range<usize>) -> Result<Answers, Failure> {
        let start = |account: usize| self.starts.get(account).copied().unwrap_or_default();
        let first = start(accounts.start);
        let rows = self.rows.get(first..start(accounts.end)).unwrap_or_default();
        let from: Vec<(usize, usize)> = rows.iter().map(|(part, row)| (place(*part), place(*row))).collect();
        let tables: Vec<&RecordBatch> = self.parts.iter().map(|part| &part.table).collect();
        let table = interleave_record_batch(&tables, &from)
            .map_err(|error| Failure::new("invalid_input", error.to_string()))?;
        let (mut lines, mut odd, mut names) = (Vec::with_capacity(from.len()), BTreeMap::new(), Texts::new());
        for (at, (part, row)) in from.iter().enumerate() {
            let Some(part) = self.parts.get(*part) else { continue };
            lines.push(part.line(*row));
            if let Some(row) = part.odd.get(row) {
                odd.insert(at, row.clone());
            }
        }
        for name in self.names.get(accounts.clone()).unwrap_or_default() {
            names.push(name);
        }
        Ok(Answers {
            table,
            lines,
            odd,
            starts: accounts.map(|account| start(account) - first).collect(),
            names,
        })
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, StringArray};
    use arrow_schema::DataType;

    use super::{Answers, BTreeMap, RecordBatch, Shape, Store, Texts};
    use crate::input::long::Columns;

    fn shape() -> Shape {
        let columns = Columns {
            account: 0,
            measure: 1,
            value: 2,
            source: None,
            persona: None,
            on: None,
            before: None,
            missing: None,
            note: None,
            attributes: Vec::new(),
            width: 3,
            name: "t.csv".into(),
        };
        Shape::new(&columns, (DataType::Utf8, DataType::Utf8), &|_| DataType::Utf8)
    }

    /// Rows whose account and value are these letters, and whose measure is that of nobody.
    fn piece(shape: &Shape, first: u64, accounts: &str) -> Answers {
        let (mut starts, mut names) = (Vec::new(), Texts::new());
        for (row, name) in accounts.char_indices() {
            starts.push(row);
            names.push(name.to_string().as_bytes());
        }
        let values: ArrayRef =
            Arc::new(accounts.chars().map(|c| Some(c.to_string())).collect::<StringArray>());
        let table = RecordBatch::try_new(shape.schema.clone(), vec![values.clone(), values]).unwrap();
        let lines = (first..).take(accounts.len()).collect();
        Answers { table, lines, odd: BTreeMap::new(), starts, names }
    }

    #[test]
    fn rows_come_back_by_account_in_the_order_of_the_table() {
        let shape = shape();
        let mut store = Store::new((100, 0));
        for (first, accounts) in [(2, "cacb"), (6, ""), (6, "abd")] {
            store.add(piece(&shape, first, accounts), &shape).unwrap();
        }
        let ordered = store.ordered();
        assert!(ordered.cuts().eq(std::iter::once(0..4)));
        let all = ordered.answers(0..4).unwrap();
        assert_eq!(all.lines, [2, 4, 3, 6, 5, 7, 8]);
        assert_eq!(all.starts, [0, 2, 4, 6]);
        let names: Vec<&[u8]> = (0..4).map(|run| all.names.get(run)).collect();
        assert_eq!(names, [b"c", b"a", b"b", b"d"]);
        let some = ordered.answers(1..3).unwrap();
        assert_eq!((some.lines, some.starts), (vec![3, 6, 5, 7], vec![0, 2]));
    }

    #[test]
    fn one_row_too_many_is_refused_with_its_line() {
        let shape = shape();
        let mut store = Store::new((5, 1));
        store.add(piece(&shape, 2, "abc"), &shape).unwrap();
        let failure = store.add(piece(&shape, 5, "abc"), &shape).unwrap_err();
        assert_eq!((failure.code.as_ref(), failure.place.as_str()), ("limit", "t.csv:7"));
        assert!(failure.to_string().contains("more than 5 answers"), "{failure}");
        let odd = [2, 3].map(|row| (row, crate::input::records::Row::of(9, ["x"])));
        let odd = Answers { odd: odd.into_iter().collect(), ..piece(&shape, 2, "abcd") };
        let failure = Store::new((9, 1)).add(odd, &shape).unwrap_err();
        assert_eq!((failure.code.as_ref(), failure.place.as_str()), ("limit", "t.csv:5"));
    }
}
