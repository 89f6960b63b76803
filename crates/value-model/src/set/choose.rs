//! Which models judge an account.

use super::attribute::Attribute;
use super::compile::{NamedScorer, SetScorer};
use crate::Error;
use crate::answer::Record;
use crate::scorecard::Id;

/// The models for one account.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    set: &'a SetScorer,
    case: Option<usize>,
}

impl SetScorer {
    /// The models for an account: those of the first case whose conditions all hold, else the default ones.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`attributes.NAME`) for a text where a condition compares with a number.
    ///
    /// # Examples
    /// ```
    /// use value_model::answer::Record;
    /// use value_model::compare::ModelRef;
    /// use value_model::set::{Case, Condition, ModelSet};
    /// let set = ModelSet::new("ours", "1", ["standard"])
    ///     .model("standard", ModelRef::Preset("value-realization".into()))
    ///     .model("strategic", ModelRef::Preset("perceived-value".into()))
    ///     .case(Case::new("large", ["strategic"]).when(Condition::from("arr", 100e3)))
    ///     .compile()?;
    /// assert_eq!(&**set.choose(&Record::new("acme").attribute("arr", 250e3))?.case(), "large");
    /// assert_eq!(&**set.choose(&Record::new("tiny"))?.case(), "default");
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn choose(&self, record: &Record) -> Result<Choice<'_>, Error> {
        self.choose_by(|place| self.attribute_of(record, place))
    }

    /// As [`SetScorer::choose`], for an account whose attributes stand elsewhere: `find` is asked for them by their
    /// places among [`SetScorer::attributes`].
    ///
    /// # Errors
    /// As [`SetScorer::choose`].
    pub fn choose_by<'v>(
        &self,
        mut find: impl FnMut(usize) -> Option<Attribute<'v>>,
    ) -> Result<Choice<'_>, Error> {
        for (number, case) in self.0.cases.iter().enumerate() {
            let mut all = true;
            for (place, test) in &case.when {
                let name = self.0.attributes.get(*place).map_or("", |name| &**name);
                if !test.holds(name, find(*place))? {
                    all = false;
                    break;
                }
            }
            if all {
                return Ok(Choice { set: self, case: Some(number) });
            }
        }
        Ok(Choice { set: self, case: None })
    }

    /// Everything that can be chosen: the cases in the order of the document, then the default.
    pub fn choices(&self) -> impl Iterator<Item = Choice<'_>> {
        let cases = self.0.cases.len();
        (0..=cases).map(move |number| Choice { set: self, case: (number < cases).then_some(number) })
    }

    /// The account that this one names as its parent, where the set has parents.
    pub fn parent_of(&self, record: &Record) -> Option<String> {
        self.parent_by(|place| self.attribute_of(record, place))
    }

    pub(super) fn parent_by<'v>(
        &self,
        mut find: impl FnMut(usize) -> Option<Attribute<'v>>,
    ) -> Option<String> {
        find(self.0.parent?).filter(|found| !found.is_blank()).map(Attribute::into_text)
    }

    /// An attribute of a record by its place.
    pub(super) fn attribute_of<'r>(&self, record: &'r Record, place: usize) -> Option<Attribute<'r>> {
        record.attributes.get(&**self.0.attributes.get(place)?).map(Attribute::from)
    }
}

impl<'a> Choice<'a> {
    /// The id of the case, or `default`.
    pub fn case(&self) -> &'a Id {
        self.found().map_or(&self.set.0.default_id, |case| &case.id)
    }

    /// Its place among [`SetScorer::choices`].
    pub fn place(&self) -> usize {
        self.case.unwrap_or(self.set.0.cases.len())
    }

    /// The models, the headline first; none for an account that is the roll-up of its children.
    pub fn models(&self) -> impl Iterator<Item = &'a NamedScorer> + use<'a> {
        let models = &self.set.0.models;
        self.places().iter().filter_map(|place| models.get(*place))
    }

    /// The places of those models among [`SetScorer::models`].
    pub fn places(&self) -> &'a [usize] {
        self.found().map_or(&self.set.0.default, |case| &case.models)
    }

    /// Whether the account is the roll-up of its children.
    pub fn is_roll_up(&self) -> bool {
        self.found().is_some_and(|case| case.roll_up)
    }

    fn found(&self) -> Option<&'a super::compile::CompiledCase> {
        self.set.0.cases.get(self.case?)
    }
}
