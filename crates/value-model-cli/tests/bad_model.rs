//! Models that cannot be used, through the command.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fmt::Write as _;

use common::{Desk, SMALL};

fn refused(model: &str, name: &str, code: &str) -> String {
    let desk = Desk::new();
    desk.write(name, model).write("a.csv", "account,csat,plan\nacme,5,pro\n");
    let stderr = desk.run(&["score", "a.csv", "--model", name, "--as-of", "2026-11-01"]).refused(code);
    assert!(stderr.contains(name), "{stderr}");
    stderr
}

#[test]
fn wrong_weights_are_refused() {
    for (weight, code) in [("-1", "weight"), ("nan", "not_finite"), ("inf", "not_finite")] {
        refused(
            &SMALL.replace("id = \"csat\"", &format!("id = \"csat\"\nweight = {weight}")),
            "m.toml",
            code,
        );
    }
    let both = |weight: &str| {
        let line = |id: &str| format!("id = \"{id}\"\nweight = {weight}");
        SMALL.replace("id = \"csat\"", &line("csat")).replace("id = \"plan\"", &line("plan"))
    };
    refused(&both("0"), "m.toml", "zero_weight");
    refused(&both("1e308"), "m.toml", "overflow");
}

#[test]
fn empty_trees_and_ids_given_twice_are_refused() {
    let empty = "schema = \"value-model/1\"\nid = \"m\"\nversion = \"1\"\ntitle = \"M\"\n[tree]\nid = \"t\"\nchildren = []\n";
    refused(empty, "m.toml", "empty");
    refused(&SMALL.replace("id = \"plan\"", "id = \"csat\""), "m.toml", "duplicate");
}

#[test]
fn slips_in_the_document_are_placed() {
    let stderr = refused(&SMALL.replace("title =", "titel ="), "m.toml", "unknown_field");
    assert!(stderr.contains("did you mean `title`?"), "{stderr}");
    refused("schema = \"value-model/1\"\nid = ", "m.toml", "invalid_input");
    refused("{\"schema\": \"value-model/1\", \"schema\": 1}", "m.json", "duplicate");
    refused("schema = \"value-model/9\"\nanything = 1\n", "m.toml", "schema_version");
}

#[test]
fn models_too_deep_or_too_large_are_refused_at_once() {
    let mut deep = String::from(
        "{\"schema\":\"value-model/1\",\"id\":\"m\",\"version\":\"1\",\"title\":\"M\",\"tree\":",
    );
    for level in 0..5_000 {
        write!(deep, "{{\"id\":\"g{level}\",\"children\":[").unwrap();
    }
    refused(&deep, "m.json", "limit");
    let large = format!("schema = \"value-model/1\"\n{}", "# comment\n".repeat(10_000_000));
    refused(&large, "m.toml", "limit");
    refused("", "m.toml", "empty");
}

#[test]
fn an_unknown_preset_names_the_nearest_and_all() {
    let desk = Desk::new();
    desk.write("a.csv", "account,csat\nacme,5\n");
    let stderr = desk.run(&["score", "a.csv", "--model", "value-realisation"]).refused("unknown_id");
    assert!(stderr.contains("did you mean `value-realization`?"), "{stderr}");
    assert!(stderr.contains("`customers-metric`"), "{stderr}");
}
