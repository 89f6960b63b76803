//! Calls into readers of foreign formats: what they cannot cope with becomes a problem of the input, never a crash.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use value_model::Error;
use value_model::error::Field;

// A build that aborts on panics would lose the guarantee silently.
#[cfg(not(panic = "unwind"))]
compile_error!(
    "value-model needs `panic = \"unwind\"`: readers of Parquet and Arrow may panic on damaged files"
);

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Why foreign bytes cannot be read.
#[derive(Debug)]
pub enum Problem {
    /// The system refused to read them.
    Io(io::Error),
    /// They are not what their format promises, and why.
    Damaged(String),
    /// They use what this build does not have.
    Unsupported(&'static str),
    /// They ask for more memory than they may.
    TooLarge {
        /// What asks for it.
        what: &'static str,
        /// How many bytes.
        found: u64,
        /// How many are read in one piece.
        limit: u64,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(formatter),
            Self::Damaged(why) => write!(formatter, "the file is damaged or not whole: {why}"),
            Self::Unsupported(what) => formatter.write_str(what),
            Self::TooLarge { what, found, limit } => {
                write!(formatter, "{what}: {found} bytes, at most {limit} are read in one piece")
            }
        }
    }
}

impl Problem {
    /// The refusal of an input that has this problem.
    pub fn refusal(&self, field: impl Into<Field>) -> Error {
        match self {
            Self::TooLarge { found, limit, .. } => {
                Error::Limit { field: field.into(), what: "bytes in one piece", found: *found, limit: *limit }
            }
            other => Error::Invalid { field: field.into(), reason: other.to_string() },
        }
    }

    pub(super) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }

    fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut inner = Some(error);
        while let Some(error) = inner {
            if let Some(error) = error.downcast_ref::<io::Error>()
                && error.kind() != io::ErrorKind::UnexpectedEof
                && let Some(code) = error.raw_os_error()
            {
                return Self::Io(io::Error::from_raw_os_error(code));
            }
            inner = error.source();
        }
        Self::Damaged(value_model::error::excerpt(&error.to_string()))
    }
}

/// Calls a reader; its errors and its panics become a problem of what it reads.
///
/// # Errors
/// [`Problem::Damaged`], and [`Problem::Io`] when the system refused to read.
pub fn caught<T, E: std::error::Error + 'static>(read: impl FnOnce() -> Result<T, E>) -> Result<T, Problem> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !SILENT.get() {
                before(info);
            }
        }));
    });
    let outer = SILENT.replace(true);
    // What the reader holds when it panics is dropped with it: nobody sees it half-made.
    let result = panic::catch_unwind(AssertUnwindSafe(read));
    SILENT.set(outer);
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Problem::of(&error)),
        Err(_) => Err(Problem::damaged("the reader could not make sense of it")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, caught};

    #[test]
    fn a_panic_becomes_a_problem() {
        let problem = caught(|| -> Result<(), std::fmt::Error> { panic!("index out of bounds") });
        assert!(matches!(problem, Err(Problem::Damaged(_))));
    }
}
