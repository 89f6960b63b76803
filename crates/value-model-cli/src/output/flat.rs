//! One line per account: the same columns from the fast path and from a full assessment.

use value_model::block::Column;
use value_model::scorecard::{Assessment, Outcome, Polarity, Score, Scorer};

use super::cell::Style;
use crate::message::Failure;

/// The columns that every model has, in order.
const FIXED: [&str; 10] = [
    "account",
    "score",
    "band",
    "coverage",
    "lower",
    "upper",
    "lower_band",
    "validated_share",
    "fresh_share",
    "outcome",
];

/// Columns that are there on request, behind those of the groups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct More {
    /// What each measure contributed.
    pub contributions: bool,
    /// Flags of measures, and the rules that fired.
    pub flags: bool,
}

impl More {
    /// Whether any was asked for: then an account needs its explanation.
    pub(crate) const fn any(self) -> bool {
        self.contributions || self.flags
    }
}

/// A name that repeats.
enum Word<'a> {
    /// A separator and the name as it is written.
    Ready(&'a [u8]),
    Text(&'a str),
}

/// What every account has, however it was scored.
pub(crate) struct Line<'a> {
    account: &'a [u8],
    outcome: Outcome,
    score: Option<f64>,
    band: Word<'a>,
    coverage: f64,
    lower: f64,
    upper: f64,
    lower_band: Word<'a>,
    validated_share: f64,
    fresh_share: f64,
}

impl<'a> Line<'a> {
    /// From the fast path.
    pub(crate) fn of_score(account: &'a [u8], score: &Score, columns: &'a Columns) -> Self {
        let name = |index: u32| {
            let name = usize::try_from(index).ok().and_then(|index| columns.bands.get(index));
            name.map_or(Word::Text(""), |name| Word::Ready(name))
        };
        Self {
            account,
            outcome: score.outcome,
            score: score.score,
            band: score.band.map_or(Word::Text(""), name),
            coverage: score.coverage,
            lower: score.lower,
            upper: score.upper,
            lower_band: name(score.lower_band),
            validated_share: score.validated_share,
            fresh_share: score.fresh_share,
        }
    }

    /// From a full assessment.
    pub(crate) fn of_assessment(result: &'a Assessment) -> Self {
        Self {
            account: result.account.as_bytes(),
            outcome: result.outcome,
            score: result.score,
            band: Word::Text(result.band.as_deref().unwrap_or("")),
            coverage: result.coverage,
            lower: result.lower,
            upper: result.upper,
            lower_band: Word::Text(&result.lower_band),
            validated_share: result.validated_share,
            fresh_share: result.fresh_share,
        }
    }
}

/// The columns of one model.
pub(crate) struct Columns {
    /// How cells are written.
    pub style: Style,
    /// Every column's name, in order.
    pub header: Vec<String>,
    /// Places of the groups below the root among the scorer's groups, and whether each is reported as a cost.
    pub groups: Vec<(usize, bool)>,
    /// What was asked for besides.
    pub more: More,
    /// The model, and its columns of flags, if they were asked for.
    flags: (Scorer, Vec<Column>),
    /// The names of the bands from the lowest up, each after a separator and quoted where needed.
    bands: Vec<Vec<u8>>,
}

impl Columns {
    /// The columns for this model.
    ///
    /// # Errors
    /// `duplicate` when a kept column has the name of another.
    pub(crate) fn new(scorer: &Scorer, keep: &[String], more: More, style: Style) -> Result<Self, Failure> {
        let mut header: Vec<String> = FIXED.iter().map(|name| (*name).to_owned()).collect();
        let mut groups = Vec::new();
        for (place, group) in scorer.groups().iter().enumerate().skip(1) {
            let cost = group.polarity == Polarity::Cost;
            let taken = FIXED.contains(&&*group.id);
            header.push(if taken { format!("{}_group", group.id) } else { group.id.to_string() });
            if cost {
                header.push(format!("{}_cost", group.id));
            }
            groups.push((place, cost));
        }
        if more.contributions {
            header.extend(scorer.measures().iter().map(|measure| format!("{}_points", measure.id)));
        }
        let flags = if more.flags { Column::flags(scorer) } else { Vec::new() };
        header.extend(flags.iter().map(|column| column.name(scorer)));
        for name in keep {
            if header.contains(name) {
                let message = format!("`--keep {name}` would give a second column `{name}`");
                return Err(Failure::new("duplicate", message));
            }
            header.push(name.clone());
        }
        let bands = scorer.band_names().iter().map(|name| {
            let mut cell = Vec::new();
            style.next_text(&mut cell, name.as_bytes());
            cell
        });
        Ok(Self { style, header, groups, more, flags: (scorer.clone(), flags), bands: bands.collect() })
    }

    /// Appends the header.
    pub(crate) fn head(&self, out: &mut Vec<u8>) {
        self.style.line(out, &self.header);
    }

    /// Appends what every account has; the caller appends groups, what was asked for besides, kept columns and the line break.
    ///
    /// `number` appends a separator and a number.
    #[inline]
    pub(crate) fn start(
        &self,
        out: &mut Vec<u8>,
        line: &Line<'_>,
        mut number: impl FnMut(&mut Vec<u8>, Option<f64>),
    ) {
        let word = |out: &mut Vec<u8>, word: &Word<'_>| match word {
            Word::Ready(cell) => out.extend_from_slice(cell),
            Word::Text(text) => self.style.next_text(out, text.as_bytes()),
        };
        self.style.text(out, line.account);
        number(out, line.score);
        word(out, &line.band);
        number(out, Some(line.coverage));
        number(out, Some(line.lower));
        number(out, Some(line.upper));
        word(out, &line.lower_band);
        number(out, Some(line.validated_share));
        number(out, Some(line.fresh_share));
        out.push(self.style.delimiter);
        out.extend_from_slice(line.outcome.name().as_bytes());
    }

    /// Appends an account that was assessed in full.
    pub(crate) fn assessed(&self, out: &mut Vec<u8>, result: &Assessment, keep: &[String]) {
        self.start(out, &Line::of_assessment(result), |out, number| self.style.next_number(out, number));
        for (place, cost) in &self.groups {
            let group = result.groups.get(*place);
            self.style.next_number(out, group.and_then(|group| group.score));
            if *cost {
                self.style.next_number(out, group.and_then(|group| group.cost_score));
            }
        }
        if self.more.contributions {
            for measure in &result.measures {
                self.style.next_number(out, result.raw.map(|_| measure.contribution));
            }
        }
        let (scorer, flags) = &self.flags;
        for flag in flags.iter().filter_map(|column| scorer.flag(*column, result)) {
            self.style.next_text(out, flag.to_string().as_bytes());
        }
        for text in keep {
            self.style.next_text(out, text.as_bytes());
        }
        out.push(b'\n');
    }
}
