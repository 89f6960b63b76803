//! What was known about an account on an earlier day.

use crate::answer::{Answer, Record};
use crate::{Date, Error, check};

/// The account as it was known on `day`: without the answers that came later.
///
/// `as_of` is the day of the last scoring: answers after it are refused, because nothing that is tested may know them.
/// An answer without a date is refused too: nobody can say whether it was known.
///
/// # Errors
/// [`Error::AfterAsOf`] and [`Error::Missing`] (`answers.ID[i].on`).
///
/// # Examples
/// ```
/// use value_model::answer::{Answer, Record};
/// use value_model::backtest::known::known_at;
/// let record = Record::new("acme")
///     .answer("csat", Answer::new(9.0).on("2026-03-01".parse()?))
///     .answer("csat", Answer::new(4.0).on("2026-09-01".parse()?));
/// let then = known_at(&record, "2026-06-30".parse()?, "2026-09-30".parse()?)?;
/// assert_eq!(then.answers["csat"].len(), 1);
/// # Ok::<(), value_model::Error>(())
/// ```
pub fn known_at(record: &Record, day: Date, as_of: Date) -> Result<Record, Error> {
    let mut then = record.clone();
    for (measure, answers) in &mut then.answers {
        let mut problem = None;
        let mut place = 0_usize;
        answers.retain(|answer| {
            let field = format!("answers.{measure}[{place}].on");
            place += 1;
            match date_of(answer, record.default_on, as_of, field) {
                Ok(on) => on <= day,
                Err(error) => {
                    problem.get_or_insert(error);
                    false
                }
            }
        });
        if let Some(error) = problem {
            return Err(error);
        }
    }
    then.answers.retain(|_, answers| !answers.is_empty());
    // A default that is later than the day dates no answer that is left.
    then.default_on = then.default_on.filter(|on| *on <= day);
    then.override_ = then.override_.filter(|set| set.made_on <= day);
    Ok(then)
}

fn date_of(answer: &Answer, default_on: Option<Date>, as_of: Date, field: String) -> Result<Date, Error> {
    match answer.on.or(default_on) {
        Some(on) => check::not_after(field, on, as_of),
        None => Err(Error::Missing { field: field.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::known_at;
    use crate::answer::{Answer, Record};

    #[test]
    fn an_answer_after_the_scoring_or_without_a_date_is_refused() {
        let (day, as_of) = ("2026-06-30".parse().unwrap(), "2026-09-30".parse().unwrap());
        let late = Record::new("a").answer("x", Answer::new(1.0).on("2026-10-01".parse().unwrap()));
        let error = known_at(&late, day, as_of).unwrap_err();
        assert_eq!((error.code(), error.field()), ("after_as_of", "answers.x[0].on"));
        let undated = Record::new("a").answer("x", 1.0);
        assert_eq!(known_at(&undated, day, as_of).unwrap_err().code(), "missing");
    }

    #[test]
    fn a_default_date_after_the_day_takes_its_answers_with_it() {
        let (day, as_of) = ("2026-06-30".parse().unwrap(), "2026-09-30".parse().unwrap());
        let early = Answer::new(1.0).on("2026-06-01".parse().unwrap());
        let mut record = Record::new("a").answer("x", early).answer("y", 1.0);
        record.default_on = Some("2026-09-01".parse().unwrap());
        let then = known_at(&record, day, as_of).unwrap();
        assert_eq!((then.answers.len(), then.default_on), (1, None));
    }
}
