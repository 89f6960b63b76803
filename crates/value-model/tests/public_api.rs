//! What users of the crate rely on beside results: thread safety, stable codes.

use std::collections::BTreeSet;

use value_model::Error;
use value_model::scorecard::{LintCode, Scorer, Warning, Workspace};

const fn shared_between_threads<T: Send + Sync + Clone + 'static>() {}

#[test]
fn a_compiled_model_is_shared_between_threads() {
    const _: () = {
        shared_between_threads::<Scorer>();
        shared_between_threads::<Workspace>();
        shared_between_threads::<Warning>();
        shared_between_threads::<Error>();
    };
}

fn is_snake_case(code: &str) -> bool {
    let letters =
        code.split('_').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    letters && code.len() <= 32
}

#[test]
fn error_codes_are_unique_and_snake_case() {
    let unique: BTreeSet<&str> = Error::CODES.iter().copied().collect();
    assert_eq!(unique.len(), Error::CODES.len());
    assert!(unique.iter().all(|code| is_snake_case(code)), "{unique:?}");
}

#[test]
fn lint_codes_are_spelled_as_on_the_wire() {
    let codes = [
        LintCode::ZeroWeight,
        LintCode::WeightsNotHundred,
        LintCode::NoMinCoverage,
        LintCode::ScaleDirection,
        LintCode::VacuouslyTrue,
        LintCode::SharedColumn,
        LintCode::UnreachableBand,
    ];
    for code in codes {
        assert!(is_snake_case(code.code()));
        assert_eq!(serde_json::to_value(code).ok(), Some(code.code().into()));
    }
}
