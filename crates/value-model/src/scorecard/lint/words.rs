//! What the words of a measure's label say.

use super::super::document::Measure;

/// Words for what is better when there is less of it. A plural `s` is understood.
const LESS_IS_BETTER: &[&str] = &[
    "abandonment",
    "attrition",
    "burden",
    "bug",
    "cancellation",
    "churn",
    "complaint",
    "cost",
    "defect",
    "delay",
    "detractor",
    "downgrade",
    "downtime",
    "effort",
    "error",
    "escalation",
    "failure",
    "friction",
    "incident",
    "latency",
    "outage",
    "overdue",
    "risk",
    "ticket",
];

/// Words for what is better when there is more of it.
const MORE_IS_BETTER: &[&str] = &[
    "activation",
    "adoption",
    "advocacy",
    "benefit",
    "csat",
    "engagement",
    "loyalty",
    "nps",
    "promoter",
    "renewal",
    "retention",
    "satisfaction",
    "satisfied",
    "uptime",
    "usage",
];

/// Words that turn the meaning of their neighbours, so that a label with one of them says nothing certain:
/// "cost savings", "tickets resolved in time", "lack of adoption", "effort score, higher is easier".
const TURNING: &[&str] = &[
    "adjusted",
    "against",
    "answered",
    "avoided",
    "avoidance",
    "below",
    "better",
    "closed",
    "decline",
    "declining",
    "decrease",
    "despite",
    "drop",
    "easier",
    "easy",
    "ease",
    "fewer",
    "free",
    "gap",
    "handled",
    "handling",
    "improved",
    "improvement",
    "inverse",
    "inverted",
    "justified",
    "justify",
    "lack",
    "less",
    "loss",
    "lost",
    "low",
    "lower",
    "minus",
    "mitigated",
    "mitigation",
    "no",
    "not",
    "outweigh",
    "prevented",
    "prevention",
    "reduced",
    "reduction",
    "resolved",
    "resolution",
    "reverse",
    "reversed",
    "saved",
    "saving",
    "savings",
    "solved",
    "under",
    "until",
    "without",
    "worth",
];

/// Lists of which a question about all of them may find none, unless `every` counts time.
const TIME: &[&str] =
    &["day", "week", "month", "quarter", "year", "morning", "hour", "minute", "time", "other", "two", "few"];

/// What a label leads one to expect of its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A higher raw value is better.
    More,
    /// A lower raw value is better.
    Less,
}

/// What the label says, with the word that says it. Id and title speak first; the question only where they are silent.
pub(super) fn expected(measure: &Measure) -> Option<(Expected, String)> {
    let mut name = split(&measure.id);
    name.extend(split(&measure.title));
    let question = split(&measure.question);
    // A turning word anywhere makes the label uncertain, wherever the telling word stands.
    let turned = name.iter().chain(&question).any(|word| TURNING.contains(&word.as_str()));
    if turned {
        return None;
    }
    for words in [name, question] {
        let find = |list: &[&str]| words.iter().find(|word| has(list, word)).cloned();
        match (find(LESS_IS_BETTER), find(MORE_IS_BETTER)) {
            (None, None) => {}
            (Some(_), Some(_)) => return None,
            (Some(word), None) => return Some((Expected::Less, word)),
            (None, Some(word)) => return Some((Expected::More, word)),
        }
    }
    None
}

fn has(list: &[&str], word: &str) -> bool {
    list.contains(&word) || word.strip_suffix('s').is_some_and(|single| list.contains(&single))
}

/// Whether the label asks about all of something without saying what holds when there is none.
pub(super) fn asks_for_all(measure: &Measure) -> bool {
    let texts = [&measure.id, &measure.title, &measure.question].map(|text| split(text));
    let handled = texts.iter().any(|words| {
        words.iter().any(|word| word == "none")
            || words.windows(3).any(|three| three == ["at", "least", "one"])
    });
    !handled && texts.iter().any(|words| for_all(words))
}

fn for_all(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).map(String::as_str);
        let after = words.get(at + 1).map_or("", String::as_str);
        match word.as_str() {
            "all" => !matches!(before, Some("at" | "after" | "above" | "in")),
            "every" | "each" => !has(TIME, after),
            _ => false,
        }
    })
}

/// Lower-case words: `openTickets`, `open_tickets` and `Open tickets` are the same two.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_lower = false;
    for letter in text.chars() {
        let starts = !letter.is_alphanumeric() || (after_lower && letter.is_uppercase());
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        after_lower = letter.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
