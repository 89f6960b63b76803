//! What went wrong, where, and what to do: every message of the command goes through here.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

/// Why the command stopped. Printed once, by `main`.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The stable reason, `snake_case`, as in every other surface of this project.
    pub code: Cow<'static, str>,
    /// File, line and column as far as they are known; empty when nothing is to be named.
    pub place: String,
    /// What was wrong and what is allowed.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The outcome of a command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// Everything was done.
    Fully,
    /// `--strict` was asked for and rows were refused.
    RowsRefused,
}

/// The code of a reader that went away, such as `head`: no failure of ours.
pub(crate) const BROKEN_PIPE: &str = "broken_pipe";

/// The code of a failure that was printed where it was met.
const SAID: &str = "said";

impl Failure {
    /// A failure with this code and message.
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), place: String::new(), message: message.into(), help: None }
    }

    /// A mistake in how the command was called.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", message)
    }

    /// An operation on a file that the system refused.
    pub(crate) fn io(error: &io::Error, doing: &str, name: &str) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(BROKEN_PIPE, "the reader went away");
        }
        if let Some(failure) = crate::input::columns::text::carried(error) {
            return failure.clone();
        }
        Self::new("io", format!("cannot {doing} `{name}`: {error}"))
    }

    /// The same failure at this file, line or column.
    #[must_use]
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// The same failure with advice.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A failure that has been printed already, in a form of its own.
    pub(crate) fn said() -> Self {
        Self::new(SAID, "")
    }

    /// Whether this failure has been printed already.
    pub(crate) fn is_said(&self) -> bool {
        self.code == SAID
    }

    /// Whether the reader of our output went away, which is success.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.code == BROKEN_PIPE
    }
}

impl From<value_model::Error> for Failure {
    fn from(error: value_model::Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error: ")?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{} [{}]", self.message, self.code)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// A row that was not scored; the others go on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Refused {
    /// The line of the file on which the row starts, from 1; in a JSON list the number of the element.
    pub line: u64,
    /// The account, as far as it could be read.
    pub account: String,
    /// The column or field at fault.
    pub field: String,
    /// The stable reason.
    pub code: Cow<'static, str>,
    /// What was wrong and what is allowed.
    pub message: String,
}

impl Refused {
    /// A row refused by the engine.
    pub(crate) fn by(error: &value_model::Error, line: u64, account: &str) -> Self {
        Self {
            line,
            account: value_model::error::excerpt(account),
            field: error.field().to_owned(),
            code: Cow::Borrowed(error.code()),
            message: error.to_string(),
        }
    }
}

/// Notes for people on stderr. `--quiet` silences them; failures are printed all the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Notes {
    /// Whether nothing is to be said.
    pub quiet: bool,
}

impl Notes {
    /// Something the caller should know although nothing failed.
    pub(crate) fn warn(self, text: &str) {
        self.line("warning", text);
    }

    /// Something that explains the result.
    pub(crate) fn note(self, text: &str) {
        self.line("note", text);
    }

    fn line(self, kind: &str, text: &str) {
        if !self.quiet {
            // When stderr is closed there is nobody left to tell.
            let _ = writeln!(io::stderr().lock(), "{kind}: {}", safe(text));
        }
    }
}

/// A text of several lines without other control characters, which could move the cursor or change colours.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

/// A list of names in a sentence: `a`, `b` and `c`; long lists are cut.
pub(crate) fn names<S: AsRef<str>>(list: &[S]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = list.iter().take(SHOWN).map(|name| format!("`{}`", name.as_ref())).collect();
    match (list.len().saturating_sub(SHOWN), shown.split_last()) {
        (0, Some((last, []))) => last.clone(),
        (0, Some((last, rest))) => format!("{} and {last}", rest.join(", ")),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_list_of_names_reads_as_a_sentence() {
        assert_eq!(names(&["a"]), "`a`");
        assert_eq!(names(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(names(&["a"; 10]), "`a`, `a`, `a`, `a`, `a`, `a`, `a`, `a` and 2 more");
    }
}
