//! What goes back to JavaScript: the JSON of a result, or `!` and the JSON of a refusal.

use std::panic::{AssertUnwindSafe, catch_unwind};

use value_model::Error;
use value_model_bridge::Refusal;

/// A result as JSON, or a refusal as `!` and JSON: no result starts with that sign.
pub type Reply = Result<String, String>;

/// The JSON of a result. Each type is written in one form only: a module pays for each copy.
pub(crate) fn done(result: &dyn erased_serde::Serialize) -> Reply {
    let mut text = Vec::new();
    value_model_bridge::to_json(&result, &mut text).map_err(refused)?;
    String::from_utf8(text).map_err(|_| refused(mistake("a result that is no text")))
}

/// An error as it crosses the border.
pub fn refuse(error: Error) -> String {
    refused(error)
}

/// A refusal as it crosses the border.
pub(crate) fn refused(refusal: impl Into<Refusal>) -> String {
    let refusal: Refusal = refusal.into();
    match done(&refusal) {
        Ok(json) => format!("!{json}"),
        Err(nested) => nested,
    }
}

/// Runs what must never end the host: a panic, which nobody expects, becomes a refusal where it can be caught.
///
/// # Errors
/// Those of the work.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        Err(refused(mistake(said)))
    })
}

fn mistake(said: &str) -> Error {
    Error::Invalid {
        field: "".into(),
        reason: format!("this is a mistake in value-model, please report it: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_a_refusal() {
        let said = guarded::<String>(|| panic!("of {}", "the test")).unwrap_err();
        assert!(said.starts_with("!{\"code\":\"invalid_input\",\"field\":\"\""), "{said}");
        assert!(said.contains("please report it: of the test"), "{said}");
    }
}
