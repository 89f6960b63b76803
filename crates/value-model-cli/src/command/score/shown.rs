//! A table of the first accounts, for people.

use value_model::scorecard::{Assessment, Polarity, Scorer};

use crate::message::Failure;
use crate::output::Output;
use crate::output::table::{percent, points, table};

/// A table being filled.
pub(super) struct Shown {
    output: Output,
    header: Vec<String>,
    texts: usize,
    /// The groups below the root: their place, and whether they are shown as a cost.
    groups: Vec<(usize, bool)>,
    lines: Vec<Vec<String>>,
    most: usize,
    more: u64,
}

impl Shown {
    /// An empty table for at most `most` accounts.
    pub(super) fn new(output: Output, scorer: &Scorer, keep: &[String], most: u32) -> Self {
        let mut header = vec!["account".to_owned(), "band".to_owned()];
        header.extend(keep.iter().cloned());
        let texts = header.len();
        header.extend(["score", "lower", "upper", "coverage"].map(str::to_owned));
        let mut groups = Vec::new();
        for (place, group) in scorer.groups().iter().enumerate().filter(|(_, group)| group.depth == 1) {
            let cost = group.polarity == Polarity::Cost;
            header.push(if cost { format!("{} (cost)", group.id) } else { group.id.to_string() });
            groups.push((place, cost));
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self { output, header, texts, groups, lines: Vec::new(), most, more: 0 }
    }

    /// Adds one account, or counts it when the table is full.
    pub(super) fn add(&mut self, result: &Assessment, keep: &[String]) {
        if self.lines.len() >= self.most {
            self.more += 1;
            return;
        }
        let band = result.band.as_deref().unwrap_or(result.outcome.name());
        let mut line = vec![result.account.clone(), band.to_owned()];
        line.extend(keep.iter().cloned());
        line.push(points(result.score));
        line.extend([points(Some(result.lower)), points(Some(result.upper)), percent(result.coverage)]);
        line.extend(self.groups.iter().map(|(place, cost)| {
            let group = result.groups.get(*place);
            points(group.and_then(|group| if *cost { group.cost_score } else { group.score }))
        }));
        self.lines.push(line);
    }

    /// Writes the table.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let text = &mut self.output.text;
        text.extend_from_slice(table(&self.header, &self.lines, self.texts).as_bytes());
        if self.more > 0 {
            let more = format!("\n... and {} more; write all of them with `-o FILE`", self.more);
            text.extend_from_slice(more.as_bytes());
        }
        text.push(b'\n');
        self.output.finish()
    }
}
