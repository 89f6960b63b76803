//! Where results go: whole files or none, pipes, full disks, and cells that are no formulas.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a test may panic, and counts are small"
)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{AS_OF, Desk, Run, SMALL};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("small.toml", SMALL).write("a.csv", "account,csat,plan\nacme,8,plus\n");
    desk
}

fn score(desk: &Desk, more: &[&str]) -> Run {
    desk.run(&[&["score"], more, &AS_OF[..]].concat())
}

#[test]
fn cells_that_a_spreadsheet_would_run_become_text() {
    let desk = desk();
    desk.write(
        "a.csv",
        "account,csat,plan,note\n=1+2,8,plus,@SUM(A1)\n-5,8,plus,+49 30\nzoo,8,plus,\"\t=x\"\n",
    );
    let safe = score(&desk, &["a.csv", "--keep", "note"]).ok();
    for (line, (start, end)) in
        safe.lines().skip(1).zip([("'=1+2,", ",'@SUM(A1)"), ("-5,", ",'+49 30"), ("zoo,", ",'\t=x")])
    {
        assert!(line.starts_with(start) && line.ends_with(end), "{line}");
    }
    let raw = score(&desk, &["a.csv", "--keep", "note", "--raw"]).ok();
    assert!(raw.contains("\n=1+2,") && raw.contains(",@SUM(A1)\n"), "{raw}");
    desk.write("b.csv", "account,csat,plan\n=cmd|' /C calc'!A0,x,plus\ngood,1,pro\n");
    assert_eq!(score(&desk, &["b.csv", "--rejects", "r.csv"]).code, Some(0));
    assert!(desk.read("r.csv").contains(",'=cmd|"), "{}", desk.read("r.csv"));
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let desk = desk();
    score(&desk, &["a.csv", "-o", "no/such/folder/out.csv"]).refused("io");
    score(&desk, &["a.csv", "-o", "."]).refused("io");
    score(&desk, &["a.csv", "-o", "/dev/full"]).refused("io");
    score(&desk, &["a.csv", "--rejects", "/dev/full"]).refused("io");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let out = desk.command(&[&["score", "a.csv"], &AS_OF[..]].concat()).stdout(full).output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(
        score(&desk, &["a.csv", "-o", "a.csv"]).refused("usage").contains("both the input and the output")
    );
    assert_eq!(desk.names(), ["a.csv", "small.toml"]);
}

#[test]
fn a_failed_run_leaves_the_old_file() {
    let desk = desk();
    desk.write("out.csv", "old").write("bad.csv", "account,csat,plan\nacme,8,plus\nzoo,\"8,plus\n");
    score(&desk, &["bad.csv", "-o", "out.csv"]).refused("unterminated_quote");
    assert_eq!(desk.read("out.csv"), "old");
    assert_eq!(desk.names(), ["a.csv", "bad.csv", "out.csv", "small.toml"]);
    score(&desk, &["a.csv", "-o", "out.csv"]).ok();
    assert!(desk.read("out.csv").starts_with("account,"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let desk = desk();
    let rows = "acme,8,plus\n".repeat(200_000);
    desk.write("big.csv", format!("account,csat,plan\n{rows}"));
    let mut child = desk
        .command(&[&["score", "big.csv", "--quiet"], &AS_OF[..]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("account,score"));
    let out = child.wait_with_output().unwrap();
    assert_eq!((out.status.code(), String::from_utf8(out.stderr).unwrap().as_str()), (Some(0), ""));
}

/// Runs on a pipe that stays open, stops the run with a signal once it writes, and says how it ended.
fn stopped_by(desk: &Desk, signal: &str) -> Option<i32> {
    let mut child = desk
        .command(&[&["score", "-", "-o", "out.csv", "--quiet"], &AS_OF[..]].concat())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"account,csat,plan\n").unwrap();
    stdin.write_all("acme,8,plus\n".repeat(50_000).as_bytes()).unwrap();
    let temp = desk.path(".out.csv.value-model-tmp");
    let start = Instant::now();
    while fs::metadata(&temp).map_or(0, |facts| facts.len()) == 0 {
        assert!(start.elapsed() < Duration::from_secs(30), "nothing was written");
        sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    child.wait().unwrap().code()
}

#[test]
fn an_interrupted_run_leaves_the_old_file_and_nothing_else() {
    for signal in ["-INT", "-TERM"] {
        let desk = desk();
        desk.write("out.csv", "old");
        assert_eq!(stopped_by(&desk, signal), Some(130));
        assert_eq!(desk.read("out.csv"), "old");
        assert_eq!(desk.names(), ["a.csv", "out.csv", "small.toml"]);
    }
}

#[test]
fn killed_runs_leave_the_old_file_and_one_temporary_which_the_next_run_takes_over() {
    let desk = desk();
    desk.write("out.csv", "old");
    for _ in 0..3 {
        assert_eq!(stopped_by(&desk, "-KILL"), None);
        assert_eq!(desk.read("out.csv"), "old");
        assert_eq!(desk.names(), [".out.csv.value-model-tmp", "a.csv", "out.csv", "small.toml"]);
    }
    score(&desk, &["a.csv", "-o", "out.csv"]).ok();
    assert_eq!(desk.names(), ["a.csv", "out.csv", "small.toml"]);
    assert_eq!(desk.read("out.csv").lines().count(), 2);
}

#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let desk = desk();
    desk.write("real.csv", "old");
    fs::set_permissions(desk.path("real.csv"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.csv", desk.path("link.csv")).unwrap();
    score(&desk, &["a.csv", "-o", "link.csv"]).ok();
    assert!(fs::symlink_metadata(desk.path("link.csv")).unwrap().is_symlink());
    assert!(desk.read("real.csv").contains("acme"));
    assert_eq!(fs::metadata(desk.path("real.csv")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_pipe_in_and_a_pipe_out_carry_the_same_bytes_as_files() {
    let desk = desk();
    score(&desk, &["a.csv", "-o", "out.csv"]).ok();
    let mut child = desk
        .command(&[&["score", "-", "-o", "-"], &AS_OF[..]].concat())
        .stdin(fs::File::open(desk.path("a.csv")).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(text, desk.read("out.csv"));
}
