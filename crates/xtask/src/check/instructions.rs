//! Instructions per account, counted by callgrind: steadier than any time.

use std::fs;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::shell::{cargo, command, output_of_errors, root, run, say};

const FIGURES: &str = "benches/instructions.toml";
const EXAMPLE: &str = "target/release/examples/columns";

/// The rows that the example scores each time.
const ROWS: u32 = 65_536;

/// A figure may grow by this factor before the check fails.
const ROOM: f64 = 1.1;

/// The figures of the jobs that are counted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    score_12: Paths,
}

/// Instructions per account with each path that callgrind knows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paths {
    avx2: Figure,
    sse2: Figure,
    scalar: Figure,
}

/// What one account costs, and what it should cost.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    now: f64,
    goal: Option<f64>,
}

/// Counts every path of every job and compares it with what is written down.
pub(super) fn check() -> Result<()> {
    let text = fs::read_to_string(root().join(FIGURES)).with_context(|| FIGURES.to_owned())?;
    let Figures { score_12 } = toml::from_str(&text).with_context(|| FIGURES.to_owned())?;
    build()?;
    let mut grown = Vec::new();
    for (path, Figure { now, goal }) in
        [("avx2", score_12.avx2), ("sse2", score_12.sse2), ("scalar", score_12.scalar)]
    {
        if path == "avx2" && !has_avx2() {
            say("score_12, avx2: this processor does not have it");
            continue;
        }
        let found = per_account("score_12", path)?;
        let wanted = goal.map(|goal| format!(", the goal is {goal}")).unwrap_or_default();
        say(&format!("score_12, {path}: {found:.1} instructions per account, {now} written down{wanted}"));
        if found > now * ROOM {
            grown.push(format!(
                "score_12 with {path} takes {found:.1} instructions per account and not {now}"
            ));
        }
    }
    if !grown.is_empty() {
        bail!("{}; if that must be, say why and write it down in {FIGURES}", grown.join("; "));
    }
    Ok(())
}

fn build() -> Result<()> {
    let example = ["--package", "value-model-benches", "--example", "columns"];
    run(cargo(&["build", "--release", "--locked"]).args(example))
}

fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// What scoring twice costs more than scoring once, for each account.
fn per_account(job: &str, path: &str) -> Result<f64> {
    let (once, twice) = (counted(job, path, 1)?, counted(job, path, 2)?);
    Ok((twice - once) / f64::from(ROWS))
}

/// All instructions of one run.
fn counted(job: &str, path: &str, times: u32) -> Result<f64> {
    let times = times.to_string();
    let arguments = ["--tool=callgrind", "--callgrind-out-file=/dev/null", EXAMPLE, job, &times];
    let mut valgrind = command("", "valgrind", &arguments);
    // One thread, because several wait for each other in loops that are counted too.
    valgrind.env("VALUE_MODEL_SIMD", path).env("RAYON_NUM_THREADS", "1");
    let said = output_of_errors(&mut valgrind)?;
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let (_, number) = collected.with_context(|| format!("callgrind counted nothing:\n{said}"))?;
    number.trim().parse().with_context(|| format!("`{number}` is no number"))
}
