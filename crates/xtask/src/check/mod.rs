//! `check`: what CI runs, one named step after the other.

mod instructions;
mod javascript;
mod playground;
mod python;
mod report;
mod rules;
mod steps;

use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::shell::say;

pub(crate) use steps::installed;

/// One part of the check.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<()>,
}

/// In this order: what is quick and most often wrong comes first.
const STEPS: &[Step] = &[
    Step {
        name: "tools",
        about: "python3 for the oracle and valgrind; installs them where it may",
        run: steps::tools,
    },
    Step {
        name: "rules",
        about: "forbidden code, machine paths, lints and versions shared, dependencies counted",
        run: rules::all,
    },
    Step { name: "fmt", about: "cargo fmt --check", run: steps::fmt },
    Step {
        name: "clippy",
        about: "every target, with all features and with none, no warning",
        run: steps::clippy,
    },
    Step { name: "doc", about: "cargo doc without a warning", run: steps::doc },
    Step { name: "test", about: "unit, vector, README and doc tests", run: steps::test },
    Step { name: "gen", about: "generated files are up to date", run: crate::generate::check },
    Step {
        name: "oracle",
        about: "vectors and 10,000 random scorecards against exact rationals",
        run: steps::oracle,
    },
    Step {
        name: "python",
        about: "the wheel in a fresh environment: tests, stubs, type checkers",
        run: python::check,
    },
    Step {
        name: "report",
        about: "reports in Chromium: screens, print, keyboard, accessibility, no network",
        run: report::check,
    },
    Step {
        name: "node",
        about: "the package for Node, packed and installed: vectors, bad input, columns, types",
        run: javascript::node,
    },
    Step {
        name: "web",
        about: "the package for browsers: the same, its weight, and the vectors in Chromium",
        run: javascript::web,
    },
    Step {
        name: "playground",
        about: "the page in Chromium: clicks, keys, files, links, phones, no network",
        run: playground::check,
    },
    Step {
        name: "instructions",
        about: "instructions per account are not more than were written down",
        run: instructions::check,
    },
];

/// Runs every step and stops at the first failure.
pub(crate) fn all() -> Result<()> {
    let start = Instant::now();
    for step in STEPS {
        run(step)?;
    }
    say(&format!("all {} steps passed in {:.0} s", STEPS.len(), start.elapsed().as_secs_f64()));
    Ok(())
}

/// Runs one step.
pub(crate) fn one(name: &str) -> Result<()> {
    let step = STEPS.iter().find(|step| step.name == name);
    run(step.with_context(|| format!("`{name}` is not a step; the steps are:\n{}", list()))?)
}

/// The steps, one a line.
pub(crate) fn list() -> String {
    let lines: Vec<String> = STEPS.iter().map(|step| format!("  {:12} {}", step.name, step.about)).collect();
    lines.join("\n")
}

fn run(step: &Step) -> Result<()> {
    say(&format!("== {}: {}", step.name, step.about));
    let start = Instant::now();
    (step.run)()
        .with_context(|| format!("step `{0}` failed; to run it alone: cargo xtask check {0}", step.name))?;
    say(&format!("== {}: passed in {:.1} s", step.name, start.elapsed().as_secs_f64()));
    Ok(())
}
