//! Calls into readers of foreign formats: what they cannot cope with becomes an error of the file, never a crash.

use value_model_arrow::ipc::{self, Problem};

use crate::message::Failure;

/// Calls a reader of the file `name`; its errors and its panics become a failure with the code `format`.
///
/// # Errors
/// `format` with the file, and `io` when the system refused to read it.
pub(crate) fn caught<T, E: std::error::Error + 'static>(
    name: &str,
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, Failure> {
    ipc::caught(read).map_err(|problem| failure(&problem, name))
}

/// The failure of a file that is not what its format promises.
pub(crate) fn damaged(name: &str, why: &str) -> Failure {
    failure(&Problem::Damaged(why.to_owned()), name)
}

/// The failure of a file that asks for more memory than it may.
pub(crate) fn too_large(name: &str, what: &'static str, found: u64, limit: u64) -> Failure {
    failure(&Problem::TooLarge { what, found, limit }, name)
}

/// The failure of a file that has this problem.
pub(crate) fn failure(problem: &Problem, name: &str) -> Failure {
    let code = match problem {
        Problem::Io(error) => return Failure::io(error, "read", name),
        Problem::Damaged(_) | Problem::Unsupported(_) => "format",
        Problem::TooLarge { .. } => "limit",
    };
    Failure::new(code, problem.to_string()).at(name)
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn a_panic_becomes_a_failure() {
        let failure =
            caught("a.parquet", || -> Result<(), std::fmt::Error> { panic!("index out of bounds") });
        let failure = failure.unwrap_err();
        assert_eq!((failure.code.as_ref(), failure.place.as_str()), ("format", "a.parquet"));
    }
}
