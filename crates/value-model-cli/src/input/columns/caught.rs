//! Calls into readers of foreign formats: what they cannot cope with becomes an error of the file, never a crash.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::message::Failure;

// A build that aborts on panics would lose the guarantee silently.
#[cfg(not(panic = "unwind"))]
compile_error!(
    "value-model needs `panic = \"unwind\"`: readers of Parquet and Arrow may panic on damaged files"
);

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Calls a reader of the file `name`; its errors and its panics become a failure with the code `format`.
///
/// # Errors
/// `format` with the file, and `io` when the system refused to read it.
pub(crate) fn caught<T, E: std::error::Error + 'static>(
    name: &str,
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, Failure> {
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
        Ok(Err(error)) => Err(failure(&error, name)),
        Err(_) => Err(damaged(name, "the reader could not make sense of it")),
    }
}

/// The failure of a file that is not what its format promises.
pub(crate) fn damaged(name: &str, why: &str) -> Failure {
    Failure::new("format", format!("the file is damaged or not whole: {why}")).at(name)
}

/// The failure of a file that asks for more memory than it may.
pub(crate) fn too_large(name: &str, what: &str, found: u64, limit: u64) -> Failure {
    Failure::new("limit", format!("{what}: {found} bytes, at most {limit} are read in one piece")).at(name)
}

fn failure(error: &(dyn std::error::Error + 'static), name: &str) -> Failure {
    let mut inner = Some(error);
    while let Some(error) = inner {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && error.kind() != std::io::ErrorKind::UnexpectedEof
            && error.raw_os_error().is_some()
        {
            return Failure::io(error, "read", name);
        }
        inner = error.source();
    }
    damaged(name, &value_model::error::excerpt(&error.to_string()))
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
