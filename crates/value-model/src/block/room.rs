//! What a block takes in, and the room it works in.

use super::bits::{Bits, NONE, ROWS};
use super::stage::Lines;
use super::tree::Tile;
use super::{Column, Target};
use crate::lane::Lane;
use crate::scale::Cell;
use crate::scorecard::{Context, Plan, Scorer, Workspace};

/// The answers to one measure by the accounts of a block.
#[derive(Clone, Copy, Debug)]
pub enum Answers<'a> {
    /// Nobody answered: the table has no such column.
    None,
    /// Numbers in the measure's own unit, read in place.
    Numbers {
        /// One number per account. What stands where `valid` has no bit does not matter.
        values: &'a [f64],
        /// Who answered.
        valid: &'a Bits,
    },
    /// Answers of any kind, one per account.
    Cells(&'a [Cell]),
}

/// The accounts of a block.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// How many there are, [`ROWS`] at most.
    pub rows: usize,
    /// The answers to each measure, in the order of [`Scorer::measures`].
    pub answers: &'a [Answers<'a>],
    /// The age of each account's answers in days, where it is not the same for all.
    pub ages: Option<&'a [Option<u32>]>,
    /// What holds for all answers.
    pub context: Context,
}

/// The leaves of one measure, once read.
#[derive(Clone, Debug)]
pub(super) struct Leaves {
    /// Units; raw numbers where they are read in place but end inside of the block.
    pub(super) units: Box<[f64; ROWS]>,
    /// `d`, the factor of each answer.
    pub(super) factors: Box<[f64; ROWS]>,
    pub(super) present: Bits,
    pub(super) applicable: Bits,
    pub(super) backed: Bits,
    pub(super) fresh: Bits,
}

impl Leaves {
    pub(super) fn new() -> Self {
        Self { units: room(), factors: room(), present: NONE, applicable: NONE, backed: NONE, fresh: NONE }
    }
}

/// The results of one group.
#[derive(Clone, Debug)]
pub(super) struct States {
    pub(super) unit: Box<[f64; ROWS]>,
    pub(super) coverage: Box<[f64; ROWS]>,
    pub(super) lower: Box<[f64; ROWS]>,
    pub(super) upper: Box<[f64; ROWS]>,
    pub(super) divisor: Box<[f64; ROWS]>,
    pub(super) base: Box<[f64; ROWS]>,
    pub(super) validated: Box<[f64; ROWS]>,
    pub(super) fresh: Box<[f64; ROWS]>,
    pub(super) scored: Bits,
    pub(super) applicable: Bits,
}

/// How much of each group's result is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// Unit and coverage.
    Score,
    /// Bounds too.
    Bounds,
    /// What contributions are divided by too.
    Parts,
    /// The shares that are backed and fresh too.
    Shares,
}

/// How a group reads its measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Raw numbers on a straight line that count fully: turned into units while they are summed.
    Raw,
    /// Units and factors, read before.
    Units,
}

/// Room for a block of accounts; reuse it for the next.
#[derive(Clone, Debug)]
pub struct Block {
    pub(super) depth: Depth,
    pub(super) contributions: bool,
    pub(super) headroom: bool,
    /// Per measure, where they have to be read before.
    pub(super) leaves: Vec<Option<Box<Leaves>>>,
    pub(super) readings: Vec<Reading>,
    pub(super) lines: Lines,
    pub(super) states: Vec<States>,
    /// The groups of a few accounts, where the whole tree is walked at once.
    pub(super) tiles: Vec<Tile>,
    /// The root after rules, where there are rules.
    pub(super) last: Option<Box<Last>>,
    /// Sums of groups with more children than are walked at once.
    pub(super) carried: [Box<[f64; ROWS]>; 3],
    /// Points by measure, where contributions are asked for.
    pub(super) points: Vec<Box<[f64; ROWS]>>,
    /// Points by group, on their way down to the measures.
    pub(super) held: Vec<Box<[f64; ROWS]>>,
    /// Headroom by measure and who has it, where it is asked for.
    pub(super) rooms: Vec<(Box<[f64; ROWS]>, Bits)>,
    /// For whom each rule fired, where that is asked for.
    pub(super) fired: Vec<Bits>,
    pub(super) workspace: Option<Workspace>,
    pub(super) refused: Bits,
    /// Whether results go past the caches.
    pub(super) stream: bool,
}

/// The root after rules.
#[derive(Clone, Debug)]
pub(super) struct Last {
    pub(super) unit: Box<[f64; ROWS]>,
    pub(super) lower: Box<[f64; ROWS]>,
    pub(super) upper: Box<[f64; ROWS]>,
    pub(super) scored: Bits,
}

pub(super) fn room() -> Box<[f64; ROWS]> {
    Box::new([0.0; ROWS])
}

impl Block {
    /// Room for blocks of this model, of which these columns are asked.
    pub fn new(scorer: &Scorer, columns: &[Column]) -> Self {
        let plan = &*scorer.0;
        let any = |f: fn(&Column) -> bool| columns.iter().any(f);
        let headroom = any(|column| matches!(column, Column::Headroom(_)));
        let contributions = any(|column| matches!(column, Column::Contribution(_)));
        let depth = if any(|column| matches!(column, Column::ValidatedShare | Column::FreshShare)) {
            Depth::Shares
        } else if contributions {
            Depth::Parts
        } else if any(|column| matches!(column, Column::Lower | Column::Upper | Column::LowerBand)) {
            Depth::Bounds
        } else {
            Depth::Score
        };
        let last = Last { unit: room(), lower: room(), upper: room(), scored: NONE };
        Self {
            depth,
            contributions,
            headroom,
            leaves: vec![None; plan.measures.len()],
            readings: vec![Reading::Units; plan.groups.len()],
            lines: Lines::of(plan, depth),
            states: plan.groups.iter().map(|_| States::new()).collect(),
            tiles: Vec::new(),
            last: (!plan.rules.is_empty()).then(|| Box::new(last)),
            carried: [room(), room(), room()],
            points: Vec::new(),
            held: Vec::new(),
            rooms: Vec::new(),
            fired: vec![
                NONE;
                if any(|column| matches!(column, Column::Fired(_))) { plan.rules.len() } else { 0 }
            ],
            workspace: None,
            refused: NONE,
            stream: false,
        }
    }

    /// The same, with results written past the caches where the lane can: right for targets that do not fit into them.
    #[must_use]
    pub const fn streaming(mut self, stream: bool) -> Self {
        self.stream = stream;
        self
    }

    /// Scores the accounts of a block from the row `at` of the targets on, and says which of them must be looked at one
    /// by one: their answers do not fit the model, or may not. What the targets hold for those has no meaning.
    ///
    /// `at` must be a multiple of [`ROWS`]. The block must have been made for this scorer and for the targets' columns.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the whole body is compiled once per instruction set")]
    pub fn score<N: Lane>(
        &mut self,
        scorer: &Scorer,
        input: &Input<'_>,
        targets: &mut [Target<'_>],
        at: usize,
    ) -> Bits {
        let plan: &Plan = &scorer.0;
        self.refused = NONE;
        self.stage::<N>(plan, input);
        self.groups::<N>(plan, input);
        self.finish::<N>(plan, input, targets, at);
        self.refused
    }
}

impl States {
    fn new() -> Self {
        Self {
            unit: room(),
            coverage: room(),
            lower: room(),
            upper: room(),
            divisor: room(),
            base: room(),
            validated: room(),
            fresh: room(),
            scored: NONE,
            applicable: NONE,
        }
    }
}
