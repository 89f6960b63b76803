//! What can be asked for per account, and what each column is called.

use crate::scorecard::{Polarity, Scorer};

/// A column of results: one value per account.
///
/// Scores, bounds, contributions and headroom are in points 0..100; shares are 0..1. Groups and measures are named by
/// their place among [`Scorer::groups`] and [`Scorer::measures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Column {
    /// The score after rules; none where there is no score.
    Score,
    /// The score before rules.
    Raw,
    /// The band of the score by its place from the lowest; none where there is no score.
    Band,
    /// The share of the weight that is answered.
    Coverage,
    /// The least the score can be once everything is answered.
    Lower,
    /// The most it can be.
    Upper,
    /// The band of [`Column::Lower`].
    LowerBand,
    /// The share backed by the customer or a measurement.
    ValidatedShare,
    /// The share that is fresh.
    FreshShare,
    /// 0 scored, 1 insufficient, 2 not applicable.
    Outcome,
    /// The score of a group; none where it has none.
    Group(usize),
    /// 100 less the score of a group that is reported as a cost.
    GroupCost(usize),
    /// What a measure contributes to the score before rules; none where there is none.
    Contribution(usize),
    /// By how much the score would rise if the measure stood at its best; none where there is no score.
    Headroom(usize),
    /// Whether the answer to a measure has no date although age matters: 1 or 0.
    Undated(usize),
    /// Whether the value of a measure moved away from its target: 1 or 0.
    Regressed(usize),
    /// Whether a rule fired, by its place among the rules of the model: 1 or 0.
    Fired(usize),
}

/// The columns that every model has, in the order in which tables show them.
pub const FIXED: [Column; 9] = [
    Column::Score,
    Column::Band,
    Column::Coverage,
    Column::Lower,
    Column::Upper,
    Column::LowerBand,
    Column::ValidatedShare,
    Column::FreshShare,
    Column::Outcome,
];

impl Column {
    /// Whether its values are small codes (`u8`) and not numbers.
    pub const fn is_code(self) -> bool {
        matches!(self, Self::Band | Self::LowerBand | Self::Outcome) || self.is_flag()
    }

    /// Whether its codes are 1 for yes and 0 for no.
    pub const fn is_flag(self) -> bool {
        matches!(self, Self::Undated(_) | Self::Regressed(_) | Self::Fired(_))
    }

    /// The name of the column in a table of results.
    ///
    /// A group whose id is the name of a fixed column gets `_group` behind it.
    ///
    /// # Examples
    /// ```
    /// use value_model::{block::Column, presets};
    /// let scorer = presets::scorecard("value-realization")?.compile()?;
    /// assert_eq!(Column::Score.name(&scorer), "score");
    /// assert_eq!(Column::Contribution(1).name(&scorer), "full_usage_points");
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn name(self, scorer: &Scorer) -> String {
        let group = |place: usize| scorer.groups().get(place).map_or("", |group| &*group.id);
        let measure = |place: usize| scorer.measures().get(place).map_or("", |measure| &*measure.id);
        match self {
            Self::Score => "score".into(),
            Self::Raw => "raw".into(),
            Self::Band => "band".into(),
            Self::Coverage => "coverage".into(),
            Self::Lower => "lower".into(),
            Self::Upper => "upper".into(),
            Self::LowerBand => "lower_band".into(),
            Self::ValidatedShare => "validated_share".into(),
            Self::FreshShare => "fresh_share".into(),
            Self::Outcome => "outcome".into(),
            Self::Group(place) if is_fixed(group(place)) => format!("{}_group", group(place)),
            Self::Group(place) => group(place).into(),
            Self::GroupCost(place) => format!("{}_cost", group(place)),
            Self::Contribution(place) => format!("{}_points", measure(place)),
            Self::Headroom(place) => format!("{}_headroom", measure(place)),
            Self::Undated(place) => format!("{}_undated", measure(place)),
            Self::Regressed(place) => format!("{}_regressed", measure(place)),
            Self::Fired(place) => format!("{}_fired", scorer.0.rules.get(place).map_or("", |rule| &*rule.id)),
        }
    }

    /// Every group below the root, with its cost where it is reported as one.
    pub fn groups(scorer: &Scorer) -> Vec<Self> {
        let mut columns = Vec::new();
        for (place, group) in scorer.groups().iter().enumerate().skip(1) {
            columns.push(Self::Group(place));
            if group.polarity == Polarity::Cost {
                columns.push(Self::GroupCost(place));
            }
        }
        columns
    }

    /// What every measure contributes.
    pub fn contributions(scorer: &Scorer) -> Vec<Self> {
        (0..scorer.measures().len()).map(Self::Contribution).collect()
    }

    /// The headroom of every measure.
    pub fn headroom(scorer: &Scorer) -> Vec<Self> {
        (0..scorer.measures().len()).map(Self::Headroom).collect()
    }

    /// The flags that an account can have under this model, measure by measure, and every rule that can fire.
    ///
    /// A measure without a recency rule is never undated, and only one that makes progress can move away from its
    /// target: they have no such column.
    ///
    /// # Examples
    /// ```
    /// use value_model::block::Column;
    /// use value_model::scale::Scale;
    /// use value_model::scorecard::{Group, Measure, Scorecard};
    /// let growth = Scale::Progress { baseline: 10.0, target: 50.0, tolerance: None };
    /// let tree = Group::new("health").child(Measure::new("seats", growth)).child(Measure::new("csat", Scale::Unit));
    /// let scorer = Scorecard::new("mine", "1", tree).compile()?;
    /// assert_eq!(Column::flags(&scorer), [Column::Regressed(0)]);
    /// assert_eq!(Column::Regressed(0).name(&scorer), "seats_regressed");
    /// # Ok::<(), value_model::Error>(())
    /// ```
    pub fn flags(scorer: &Scorer) -> Vec<Self> {
        let mut columns = Vec::new();
        for (place, measure) in scorer.measures().iter().enumerate() {
            columns.extend(measure.recency.ages().then_some(Self::Undated(place)));
            columns.extend(measure.scale.can_regress().then_some(Self::Regressed(place)));
        }
        columns.extend((0..scorer.0.rules.len()).map(Self::Fired));
        columns
    }
}

/// Whether a group's id would collide with a column that every model has.
fn is_fixed(id: &str) -> bool {
    const NAMES: [&str; 11] = [
        "account",
        "score",
        "raw",
        "band",
        "coverage",
        "lower",
        "upper",
        "lower_band",
        "validated_share",
        "fresh_share",
        "outcome",
    ];
    NAMES.contains(&id)
}
