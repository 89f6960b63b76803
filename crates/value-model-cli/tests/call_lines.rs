//! `call` with many inputs: one line out for each line in, whatever some of them hold.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod common;

use common::Desk;

fn line(number: u32) -> String {
    format!(
        r#"{{"promoters": {}, "passives": {}, "detractors": {}}}"#,
        number % 97 + 1,
        number % 31,
        number % 53
    )
}

#[test]
fn every_line_gets_its_result_in_order() {
    let desk = Desk::new();
    // More bytes than a worker takes at a time, with empty lines between.
    let lines: Vec<String> = (0..20_000).map(line).collect();
    desk.write("in.ndjson", lines.join("\r\n\n"));
    desk.run(&["call", "nps", "in.ndjson", "-o", "out.ndjson"]).ok();
    let out = desk.read("out.ndjson");
    let found: Vec<&str> = out.lines().collect();
    assert_eq!(found.len(), lines.len());
    for number in [0, 1, 4321, 9999, 19_999] {
        let alone: serde_json::Value =
            serde_json::from_str(&desk.pipe(&["call", "nps"], &lines[number]).ok()).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(found[number]).unwrap(), alone, "line {number}");
    }
    assert_eq!(desk.pipe(&["call", "nps", "--lines"], lines.join("\n")).ok(), out);
}

#[test]
fn a_bad_line_stops_nobody() {
    let desk = Desk::new();
    let mut lines: Vec<String> = (0..9000).map(line).collect();
    lines[3] = r#"{"promoters": -1, "passives": 0, "detractors": 0}"#.into();
    lines[7000] = "{\"promoters\": ".into();
    lines[8999] = "[]".into();
    let mut text = lines.join("\n").into_bytes();
    text.splice(0..0, b"\xFF\n".iter().copied());
    desk.write("in.jsonl", &text);
    let arguments = ["call", "nps", "in.jsonl", "-o", "out.ndjson", "--rejects", "bad.csv"];
    let run = desk.run(&arguments);
    assert_eq!(run.code, Some(0));
    let out = desk.read("out.ndjson");
    let found: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 9001);
    let bad: Vec<usize> = (0..9001).filter(|line| found[*line].get("code").is_some()).collect();
    assert_eq!(bad, [0, 4, 7001, 9000]);
    let rejects = desk.read("bad.csv");
    assert_eq!(common::column(&rejects, "line"), ["1", "5", "7002", "9001"]);
    for (line, code) in bad.iter().zip(common::column(&rejects, "code")) {
        assert_eq!(found[*line]["code"], code);
    }
    assert_eq!(desk.run(&[&arguments[..], &["--strict"]].concat()).code, Some(1));
}

#[test]
fn what_cannot_be_called_is_refused_before_reading() {
    let desk = Desk::new();
    desk.write("in.ndjson", "{}\n");
    let run = desk.run(&["call", "npz", "in.ndjson"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("unknown_id"), "{}", run.stderr);
    assert_eq!(desk.run(&["call", "nps", "in.ndjson", "-o", "in.ndjson"]).code, Some(2));
    assert_eq!(desk.run(&["call", "nps", "none.ndjson"]).code, Some(2));
    desk.write("empty.ndjson", "\n\n");
    desk.run(&["call", "nps", "empty.ndjson"]).refused("empty");
}
