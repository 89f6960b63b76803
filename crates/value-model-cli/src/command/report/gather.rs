//! One pass over the accounts: what the whole page says is summed up, and a bounded number of accounts is kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use value_model::Error;
use value_model::answer::Record;
use value_model::compare::delta::Delta;
use value_model::compare::distribution::Distribution;
use value_model::compare::movement::Movement;
use value_model::compare::portfolio::{Line, Portfolio as Sums};
use value_model::compare::quality::Quality;
use value_model::math::{billionths, ten_thousandths};
use value_model::scorecard::{Assessment, Outcome, Scorer};

use super::Report;
use super::outcomes::{self, Test, Tested};
use super::setting::Setting;
use super::top::Top;
use crate::command::delta::older;
use crate::command::each::{Read, Refusal, counted};
use crate::command::portfolio::revenue;
use crate::command::score::full::full_text;
use crate::input::files::Files;
use crate::message::{Done, Failure, Notes};

/// Accounts named on each side of the table of movers.
const MOVERS: usize = 10;
/// The most values that a column may have to be summed up by.
const KEYS: usize = 10_000;

/// One account that gets a panel or stands among the movers.
pub(super) struct Kept {
    /// Its place among the accounts of the file, from 0.
    pub(super) number: u64,
    pub(super) record: Record,
    pub(super) before: Option<Record>,
    pub(super) revenue: Option<f64>,
    urgency: Urgency,
}

/// Everything that the page tells.
pub(super) struct Gathered {
    pub(super) done: Done,
    pub(super) refused: BTreeMap<String, u64>,
    pub(super) total: Sums,
    pub(super) by: Vec<(String, Sums)>,
    pub(super) distribution: Distribution,
    pub(super) quality: Quality,
    /// Accounts that get a panel, the most urgent first.
    pub(super) panels: Vec<Rc<Kept>>,
    /// Accounts read, with and without a panel.
    pub(super) accounts: u64,
    /// Accounts of the file that are the roll-up of others, and are counted nowhere else.
    pub(super) rolled_up: u64,
    /// Accounts by the case of a set that decided about them.
    pub(super) cases: BTreeMap<String, u64>,
    pub(super) moved: Option<Moved>,
    pub(super) test: Option<Test>,
}

/// What moved since an earlier file.
pub(super) struct Moved {
    pub(super) movement: Movement,
    pub(super) fell: Vec<Rc<Kept>>,
    pub(super) rose: Vec<Rc<Kept>>,
    /// Accounts only in the earlier file, and only in the later one.
    pub(super) gone: usize,
    pub(super) new: u64,
    /// Rows of the earlier file that were refused.
    pub(super) refused: u64,
}

/// Order of urgency: the worst band first, in it the largest revenue, then the lowest score, then the place in the file.
/// An account without a score counts by the band of its lower bound, which is what alerts read.
type Urgency = (u32, Reverse<i64>, i64, u64);

/// What is known of one account before it is counted.
struct Judged<'a> {
    scorer: &'a Scorer,
    assessment: Assessment,
    revenue: Option<f64>,
    /// What changed, and the model of the earlier side.
    change: Option<(Delta, &'a Scorer)>,
    /// The case of a set.
    case: Option<String>,
}

struct Gathering<'a> {
    args: &'a Report,
    setting: &'a Setting,
    total: Sums,
    by: Vec<(String, Sums, BTreeSet<Option<String>>)>,
    distribution: Distribution,
    quality: Quality,
    accounts: u64,
    rolled_up: u64,
    cases: BTreeMap<String, u64>,
    urgent: Top<Urgency, Rc<Kept>>,
    old: BTreeMap<String, Record>,
    movement: Movement,
    fell: Top<(i64, u64), Rc<Kept>>,
    rose: Top<(i64, u64), Rc<Kept>>,
    new: u64,
    tested: Option<Tested<'a>>,
}

/// Reads the accounts. `panels` accounts are kept, and those that moved most.
pub(super) fn gather(args: &Report, panels: u32, notes: Notes) -> Result<(Setting, Gathered), Failure> {
    let setting = Setting::read(args, notes)?;
    let (mut old, mut refused_before) = (BTreeMap::new(), 0);
    if let Some((file, before)) = args.before.as_ref().zip(setting.before.as_ref()) {
        let mut files = Files::list(std::slice::from_ref(file), notes)?;
        (old, refused_before) = older(&args.input, &mut files, &before.model)?;
    }
    let panels = usize::try_from(panels).unwrap_or(usize::MAX);
    let mut gathering = Gathering::new(args, &setting, panels);
    gathering.old = old;
    let asked = outcomes::asked(args);
    gathering.tested =
        asked.as_ref().map(|asked| Tested::new(args, asked, setting.as_of, notes)).transpose()?;
    let column =
        gathering.tested.as_ref().zip(asked.as_ref()).and_then(|(tested, asked)| tested.attribute(asked));
    let mut attributes = args.by.clone();
    for name in args.revenue.iter().chain(&column) {
        if !attributes.contains(name) {
            attributes.push(name.clone());
        }
    }
    let files = (&args.input, &args.rejects, args.output.as_ref());
    let read = counted(files, &setting.model, &attributes, notes, &mut |record| gathering.step(record))?;
    let test = gathering.tested.take().map(|tested| tested.finish(args, &setting, notes)).transpose()?;
    let gathered = Gathered { test, ..gathering.finish(read, refused_before, panels) };
    Ok((setting, gathered))
}

impl<'a> Gathering<'a> {
    fn new(args: &'a Report, setting: &'a Setting, panels: usize) -> Self {
        let scorer = &setting.scorer;
        let by = args.by.iter().map(|name| (name.clone(), Sums::new(scorer), BTreeSet::new())).collect();
        Self {
            args,
            setting,
            total: Sums::new(scorer),
            by,
            distribution: Distribution::new(scorer),
            quality: Quality::of_all(&setting.model.of_all()),
            accounts: 0,
            rolled_up: 0,
            cases: BTreeMap::new(),
            urgent: Top::new(panels),
            old: BTreeMap::new(),
            movement: Movement::new(),
            fell: Top::new(MOVERS),
            rose: Top::new(MOVERS),
            new: 0,
            tested: None,
        }
    }

    fn step(&mut self, record: Record) -> Result<Result<(), Refusal>, Failure> {
        match self.judge(&record) {
            Err(error) => Ok(Err(Refusal { error, account: record.account })),
            // A parent that is rolled up is its children, which are summed up here.
            Ok(None) => {
                self.rolled_up += 1;
                self.old.remove(&record.account);
                Ok(Ok(()))
            }
            Ok(Some(judged)) => {
                let line = Line::of(&judged.assessment, judged.scorer);
                // The one sum that can refuse an account comes first, so that a refused one is counted nowhere.
                if let Err(error) = self.total.add(Vec::new(), judged.revenue, &line) {
                    return Ok(Err(Refusal { error, account: record.account }));
                }
                self.count(&record, &judged, &line)?;
                if let Some(tested) = &mut self.tested {
                    tested.add(self.setting, &record, judged.assessment.score, judged.revenue)?;
                }
                self.keep(record, judged);
                Ok(Ok(()))
            }
        }
    }

    /// Everything about one account that can be refused, before anything of it is counted.
    fn judge(&self, record: &Record) -> Result<Option<Judged<'a>>, Error> {
        let revenue = revenue(record, self.args.revenue.as_ref(), self.args.input.decimal)?;
        let setting = self.setting;
        let Some((scorer, known)) = setting.headline(record)? else { return Ok(None) };
        let assessment = scorer.assess(&known, setting.as_of)?;
        let before = setting.before.as_ref().zip(self.old.get(&record.account));
        let change = match before {
            Some((before, old)) => {
                let from = before.model.headline(old)?.map(|(scorer, _)| scorer);
                setting.change(old, record)?.zip(from)
            }
            None => None,
        };
        let case = setting.chosen(record)?.map(|(case, _)| case);
        Ok(Some(Judged { scorer, assessment, revenue, change, case }))
    }

    fn count(&mut self, record: &Record, judged: &Judged<'_>, line: &Line) -> Result<(), Failure> {
        self.accounts += 1;
        if let Some(case) = &judged.case {
            *self.cases.entry(case.clone()).or_insert(0) += 1;
        }
        for (name, sums, keys) in &mut self.by {
            let key = record.attributes.get(name.as_str()).map(full_text);
            if keys.insert(key.clone()) && keys.len() > KEYS {
                let message =
                    format!("`{name}` holds more than {KEYS} different values; `--by` is for groups");
                return Err(Failure::new("limit", message).at("--by"));
            }
            sums.add(vec![key], judged.revenue, line)?;
        }
        self.distribution.add(line);
        self.quality.add(&judged.assessment);
        Ok(())
    }

    fn keep(&mut self, record: Record, judged: Judged<'_>) {
        let Judged { scorer, assessment, revenue, change, .. } = judged;
        let number = self.accounts - 1;
        let before = self.old.remove(&record.account);
        if before.is_none() {
            self.new += 1;
        }
        if let Some((change, old_scorer)) = &change {
            self.movement.add(change, old_scorer, scorer);
        }
        let moved = change.and_then(|(change, _)| change.change).map_or(0, billionths);
        let urgency = urgency(scorer, &assessment, revenue, number);
        let urgent = assessment.outcome != Outcome::NotApplicable && self.urgent.wants(&urgency);
        let fell = moved < 0 && self.fell.wants(&(moved, number));
        let rose = moved > 0 && self.rose.wants(&(-moved, number));
        if !(urgent || fell || rose) {
            return;
        }
        let kept = Rc::new(Kept { number, record, before, revenue, urgency });
        if urgent {
            self.urgent.add(urgency, Rc::clone(&kept));
        }
        if fell {
            self.fell.add((moved, number), Rc::clone(&kept));
        }
        if rose {
            self.rose.add((-moved, number), kept);
        }
    }

    fn finish(self, read: Read, refused_before: u64, panels: usize) -> Gathered {
        let (fell, rose) = (self.fell.into_sorted(), self.rose.into_sorted());
        let chosen = choose(&fell, &rose, self.urgent.into_sorted(), panels);
        let moved = self.setting.before.as_ref().map(|_| Moved {
            movement: self.movement,
            fell,
            rose,
            gone: self.old.len(),
            new: self.new,
            refused: refused_before,
        });
        Gathered {
            done: read.done,
            refused: read.refused,
            total: self.total,
            by: self.by.into_iter().map(|(name, sums, _)| (name, sums)).collect(),
            distribution: self.distribution,
            quality: self.quality,
            panels: chosen,
            accounts: self.accounts,
            rolled_up: self.rolled_up,
            cases: self.cases,
            moved,
            test: None,
        }
    }
}

fn urgency(scorer: &Scorer, assessment: &Assessment, revenue: Option<f64>, number: u64) -> Urgency {
    let judged = assessment.score.unwrap_or(assessment.lower);
    let revenue = ten_thousandths(revenue.unwrap_or(0.0));
    (scorer.band_of(judged), Reverse(revenue), billionths(judged), number)
}

/// Which accounts get a panel: up to a half for those that moved most, the rest by urgency.
fn choose(fell: &[Rc<Kept>], rose: &[Rc<Kept>], urgent: Vec<Rc<Kept>>, most: usize) -> Vec<Rc<Kept>> {
    let moved = fell.iter().take(most / 4).chain(rose.iter().take(most / 4)).cloned();
    let mut seen = BTreeSet::new();
    let mut chosen: Vec<Rc<Kept>> = Vec::new();
    for kept in moved.chain(urgent) {
        if chosen.len() < most && seen.insert(kept.number) {
            chosen.push(kept);
        }
    }
    chosen.sort_by_key(|kept| kept.urgency);
    chosen
}
