//! Which models judge an account.

use super::compile::{NamedScorer, SetScorer};
use super::condition::{is_blank, text};
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
        for (place, case) in self.0.cases.iter().enumerate() {
            let mut all = true;
            for (attribute, test) in &case.when {
                if !test.holds(attribute, record)? {
                    all = false;
                    break;
                }
            }
            if all {
                return Ok(Choice { set: self, case: Some(place) });
            }
        }
        Ok(Choice { set: self, case: None })
    }

    /// The account that this one names as its parent, where the set has parents.
    pub fn parent_of(&self, record: &Record) -> Option<String> {
        let parents = self.0.set.parents.as_ref()?;
        record.attributes.get(&parents.attribute).filter(|value| !is_blank(value)).map(text)
    }
}

impl<'a> Choice<'a> {
    /// The id of the case, or `default`.
    pub fn case(&self) -> &'a Id {
        self.found().map_or(&self.set.0.default_id, |case| &case.id)
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
