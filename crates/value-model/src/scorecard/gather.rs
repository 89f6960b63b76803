//! The answers to one measure, gathered one at a time: what they amount to together.

use std::collections::BTreeMap;

use super::compile::CompiledMeasure;
use super::evaluate::Leaf;
use crate::answer::{Missing, Source};
use crate::scale::{Cell, Reading};
use crate::{Date, Error};

/// An answer that counts.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts about one answer")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) unit: f64,
    pub(super) factor: f64,
    pub(super) backed: bool,
    pub(super) fresh: bool,
    pub(super) undated: bool,
    pub(super) regressed: bool,
}

impl CompiledMeasure {
    /// One answer of this age: its unit and weight, or why it does not count.
    #[inline]
    pub(super) fn count(
        &self,
        cell: Cell,
        as_of: Date,
        age: Option<u32>,
        source: Option<Source>,
    ) -> Result<Result<Counted, Missing>, Error> {
        let unit = match self.unit(cell, as_of)? {
            Reading::Missing(reason) => return Ok(Err(reason)),
            Reading::Unit(unit) => unit,
        };
        let evidence = self.evidence.factor(source);
        if evidence <= 0.0 {
            return Ok(Err(Missing::Unvalidated));
        }
        let recency = age.map_or(1.0, |age| self.recency.factor(age));
        let factor = evidence * recency;
        if factor <= 0.0 {
            return Ok(Err(Missing::Stale));
        }
        Ok(Ok(Counted {
            unit,
            factor,
            backed: source.is_some_and(Source::is_customer_backed),
            fresh: age.is_some_and(|age| age <= self.recency.fresh_days()),
            undated: age.is_none() && self.recency.ages(),
            regressed: self.scale.regressed(cell),
        }))
    }
}

/// The answers to one measure so far. `P` is a persona: its name, or a number that stands for it.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts about the answers")]
#[derive(Clone, Debug)]
pub(crate) struct Gathered<P> {
    /// Of the first answer that counts.
    persona: P,
    unit: f64,
    /// The most that any answer counts.
    factor: f64,
    /// Kept when the rest is cleared, so that gathering the next account allocates nothing.
    many: Option<Box<Many<P>>>,
    counted: u32,
    /// What came closest to counting: later reasons are closer, `not_applicable` is the furthest.
    missing: Option<Missing>,
    undated: bool,
    regressed: bool,
    backed: bool,
    fresh: bool,
}

/// The sums of several answers by persona: factors times units, and factors.
#[derive(Clone, Debug, Default)]
struct Many<P> {
    sums: Vec<(P, f64, f64)>,
}

impl<P: Copy + Default + PartialEq> Gathered<P> {
    pub(crate) fn new() -> Self {
        Self {
            persona: P::default(),
            unit: 0.0,
            factor: 0.0,
            many: None,
            counted: 0,
            missing: None,
            undated: false,
            regressed: false,
            backed: false,
            fresh: false,
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self { many: self.many.take(), ..Self::new() };
    }

    /// Adds an answer that counts. Says whether another persona came to be remembered.
    #[inline]
    pub(super) fn count(&mut self, persona: P, answer: &Counted) -> bool {
        let mut grew = false;
        if self.counted == 0 {
            (self.persona, self.unit) = (persona, answer.unit);
        } else {
            grew = self.count_another(persona, answer);
        }
        self.counted = self.counted.saturating_add(1);
        self.factor = self.factor.max(answer.factor);
        self.backed |= answer.backed;
        self.fresh |= answer.fresh;
        self.undated |= answer.undated;
        self.regressed |= answer.regressed;
        grew
    }

    /// Within a persona answers weigh by how much they count.
    fn count_another(&mut self, persona: P, answer: &Counted) -> bool {
        let many = self.many.get_or_insert_with(|| Box::new(Many { sums: Vec::new() }));
        if self.counted == 1 {
            many.sums.clear();
            many.sums.push((self.persona, self.factor * self.unit, self.factor));
        }
        let (part, weight) = (answer.factor * answer.unit, answer.factor);
        if let Some((_, sum, total)) = many.sums.iter_mut().find(|(known, ..)| *known == persona) {
            *sum += part;
            *total += weight;
            false
        } else {
            many.sums.push((persona, part, weight));
            true
        }
    }

    /// Adds an answer that does not count.
    #[inline]
    pub(super) fn miss(&mut self, reason: Missing) {
        self.missing = self.missing.max(Some(reason));
    }

    /// Why there is no unit, if there is none.
    pub(super) fn missing(&self) -> Option<Missing> {
        (self.counted == 0).then(|| self.missing.unwrap_or(Missing::NoData))
    }

    /// What the answers amount to: the mean of the persona means, each of which `seen` is told in byte order of the
    /// names.
    #[inline]
    pub(super) fn leaf<'n>(
        &mut self,
        name: impl Fn(P) -> &'n str,
        weights: &BTreeMap<String, f64>,
        mut seen: impl FnMut(&'n str, f64),
    ) -> Leaf {
        let unit = match self.counted {
            0 => {
                let applies = self.missing() != Some(Missing::NotApplicable);
                return if applies { Leaf::MISSING } else { Leaf::NOT_APPLICABLE };
            }
            1 => {
                seen(name(self.persona), self.unit);
                self.unit
            }
            _ => self.mean(name, weights, seen),
        };
        Leaf::present(unit, self.factor, self.backed, self.fresh).flagged(self.undated, self.regressed)
    }

    fn mean<'n>(
        &mut self,
        name: impl Fn(P) -> &'n str,
        weights: &BTreeMap<String, f64>,
        mut seen: impl FnMut(&'n str, f64),
    ) -> f64 {
        let Some(many) = &mut self.many else { return self.unit };
        many.sums.sort_unstable_by(|(a, ..), (b, ..)| name(*a).cmp(name(*b)));
        let (mut sum, mut total) = (0.0, 0.0);
        for (persona, part, weight) in &many.sums {
            let mean = part / weight;
            seen(name(*persona), mean);
            if many.sums.len() == 1 {
                return mean;
            }
            let weight = weights.get(name(*persona)).copied().unwrap_or(1.0);
            sum += weight * mean;
            total += weight;
        }
        sum / total
    }
}
