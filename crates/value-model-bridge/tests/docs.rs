//! The documents on `docs/formats.md` are true: they are read, compiled and scored.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use value_model::Date;
use value_model::scale::Scale;
use value_model::scorecard::{Assessment, Group, Node, Scorer};
use value_model_bridge::{record_from_json, scorecard_from_toml, scorecard_to_toml};

const PAGE: &str = include_str!("../../../docs/formats.md");

/// The only block of the page in this language.
fn block(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let (_, rest) = PAGE.split_once(fence.as_str()).unwrap();
    let (block, rest) = rest.split_once("\n```").unwrap();
    assert!(!rest.contains(fence.as_str()), "a second block of {language}");
    block
}

fn example() -> Scorer {
    scorecard_from_toml(block("toml")).unwrap().compile().unwrap()
}

fn assessed() -> Assessment {
    let as_of: Date = "2026-11-01".parse().unwrap();
    example().assess(&record_from_json(block("json")).unwrap(), as_of).unwrap()
}

fn scales(group: &Group) -> Vec<&Scale> {
    let mut found = Vec::new();
    for child in &group.children {
        match child {
            Node::Group(inner) => found.extend(scales(inner)),
            Node::Measure(measure) => found.push(&measure.scale),
        }
    }
    found
}

#[test]
fn the_complete_example_survives_the_round_trip() {
    let card = scorecard_from_toml(block("toml")).unwrap();
    assert_eq!(scorecard_from_toml(scorecard_to_toml(&card).unwrap()).unwrap(), card);
}

#[test]
fn the_complete_example_shows_every_kind_of_scale_or_names_it() {
    let scorer = example();
    let mut shown: Vec<String> = scales(&scorer.scorecard().tree)
        .into_iter()
        .map(|scale| match serde_json::to_value(scale).unwrap() {
            serde_json::Value::String(name) => name,
            other => other.as_object().unwrap().keys().next().unwrap().clone(),
        })
        .collect();
    shown.sort();
    let drawn = [
        "growth", "levels", "likert", "linear", "pace", "peer", "points", "progress", "steps", "unit",
        "within", "yes_no",
    ];
    assert_eq!(shown, drawn);
    for named in ["percent", "score", "linear_bounded"] {
        assert!(block("toml").contains(named), "{named}");
    }
}

#[test]
fn the_record_of_the_page_scores_as_the_page_says() {
    let result = assessed();
    let shown = format!(
        "score {:.2}, band {}, coverage {:.2}, bounds {:.2} .. {:.2}",
        result.score.unwrap(),
        result.band.as_deref().unwrap(),
        result.coverage,
        result.lower,
        result.upper
    );
    assert!(PAGE.contains(&shown), "{shown}");
    assert!(result.override_.is_some_and(|wish| !wish.active));
}

#[test]
fn every_error_code_stands_on_the_page() {
    let table = PAGE.split("## Errors").nth(1).unwrap().split("## Limits").next().unwrap();
    for code in value_model::Error::CODES {
        assert!(table.contains(&format!("`{code}`")), "{code}");
    }
}
