//! Every vector against the Rust code, and the vectors against the catalog.

#![expect(clippy::panic, reason = "a helper of tests")]

use std::collections::BTreeSet;

use value_model::{Error, catalog};
use value_model_bridge::{Limits, call, call_json, read_json, to_json};
use value_model_vectors::{FILES, File, agrees, parse};

/// Codes that no vector can provoke, because no input of a formula leads to them; each is tested where it arises.
const ELSEWHERE: &[(&str, &str)] = &[];

fn files() -> Vec<File> {
    FILES
        .iter()
        .map(|(name, text)| {
            let file = parse(text).unwrap_or_else(|error| panic!("vectors/{name}.json: {error}"));
            assert_eq!(&file.formula, name, "a file is named after its formula");
            file
        })
        .collect()
}

#[test]
fn every_vector_holds_bit_for_bit() {
    let mut failures = Vec::new();
    for file in files() {
        for case in &file.cases {
            let now = case.run(&file.formula);
            if !agrees(case, &now) {
                failures.push(format!("{}: {}: {now:?}", file.formula, case.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The bridge reads a line of NDJSON without a tree, for speed.
#[test]
fn a_line_gives_what_its_tree_gives() {
    for file in files() {
        for case in &file.cases {
            let name = format!("{}: {}", file.formula, case.name);
            let mut text = b"before".to_vec();
            let line = call_json(&file.formula, case.input.get(), &mut text);
            let tree = read_json(case.input.get(), &Limits::default());
            match tree.and_then(|input| call(&file.formula, input)) {
                Ok(output) => {
                    assert_eq!(line, Ok(()), "{name}");
                    let expected = format!("before{}", serde_json::to_string(&output).unwrap());
                    assert_eq!(String::from_utf8(text).unwrap(), expected, "{name}");
                }
                Err(refusal) => {
                    assert_eq!(line, Err(refusal), "{name}");
                    assert_eq!(text, b"before", "{name}");
                }
            }
        }
    }
}

/// The bridge has a JSON writer of its own, for speed.
#[test]
fn every_result_is_written_as_serde_json_writes_it() {
    let mut results = 0;
    for file in files() {
        for case in &file.cases {
            let Ok(output) = case.tree().and_then(|input| call(&file.formula, input)) else { continue };
            let mut text = Vec::new();
            to_json(&output, &mut text).unwrap();
            assert_eq!(
                String::from_utf8(text).unwrap(),
                serde_json::to_string(&output).unwrap(),
                "{}: {}",
                file.formula,
                case.name
            );
            results += 1;
        }
    }
    assert!(results > 150, "only {results} results");
}

#[test]
fn every_formula_has_vectors_of_its_version_and_source() {
    let files = files();
    for formula in catalog::ALL {
        let file = files.iter().find(|file| file.formula == formula.id);
        let file = file.unwrap_or_else(|| panic!("vectors/{}.json is missing", formula.id));
        assert_eq!(file.version, formula.version, "{}", formula.id);
        let source = serde_json::to_value(formula.source).unwrap();
        assert_eq!(file.source, source, "{}", formula.id);
        let results = file.cases.iter().filter(|case| case.expect.is_some()).count();
        let refusals = file.cases.iter().filter(|case| case.error.is_some()).count();
        assert!(results >= 5, "{} has {results} results, at least 5 are needed", formula.id);
        assert!(refusals >= 2, "{} has {refusals} refusals, at least 2 are needed", formula.id);
        let names: BTreeSet<&str> = file.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), file.cases.len(), "{}: two cases share a name", formula.id);
    }
    assert_eq!(files.len(), catalog::ALL.len(), "a vector file belongs to no formula");
}

#[test]
fn every_error_code_is_provoked() {
    let provoked: BTreeSet<String> = files()
        .into_iter()
        .flat_map(|file| file.cases)
        .filter_map(|case| case.error.map(|error| error.code))
        .collect();
    for code in Error::CODES {
        let elsewhere = ELSEWHERE.iter().any(|(other, _)| other == code);
        assert_ne!(
            provoked.contains(*code),
            elsewhere,
            "`{code}` needs a vector, or a reason in ELSEWHERE, not both"
        );
    }
    for code in &provoked {
        assert!(Error::CODES.contains(&code.as_str()), "{code}");
    }
}

#[test]
fn the_published_list_of_ids_is_the_catalog() {
    let ids: Vec<String> = serde_json::from_str(include_str!("../vectors/catalog.json")).unwrap();
    let catalog: Vec<&str> = catalog::ALL.iter().map(|formula| formula.id).collect();
    assert_eq!(ids, catalog);
}
