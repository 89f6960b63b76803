//! Set-up, generated files and checks of this workspace: `cargo xtask help`.
#![forbid(unsafe_code)]

mod bench;
mod check;
mod generate;
mod node;
mod playground;
mod random;
mod shell;
mod target;
mod web;
mod wheel;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask gen                     write every generated file
cargo xtask gen --check             fail if one is out of date
cargo xtask check                   everything that CI runs
cargo xtask check STEP              one step of it
cargo xtask web                     build the package for browsers into bindings/web/pkg
cargo xtask playground              build the playground page into docs/playground/dist
cargo xtask node                    build the package for Node into bindings/node/pkg
cargo xtask bench [--quick] [--job ID...] [--json FILE] [--gate]
                                    the core beside its peers; see benches/README.md
cargo xtask score-random IN OUT     score the oracle's random cases (NDJSON) for comparison";

fn main() -> ExitCode {
    match task() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn task() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gen"] => generate::write(),
        ["gen", "--check"] => generate::check(),
        ["check"] => check::all(),
        ["check", step] => check::one(step),
        ["node"] => node::build(),
        ["web"] => web::build(),
        ["playground"] => playground::build(),
        ["bench", arguments @ ..] => bench::run_all(arguments),
        ["score-random", cases, results] => random::score(cases.as_ref(), results.as_ref()),
        [] | ["help" | "--help" | "-h"] => {
            shell::say(&format!("{HELP}\n\nSteps of `check`:\n{}", check::list()));
            Ok(())
        }
        other => bail!("`{}` is not a task\n{HELP}", other.join(" ")),
    }
}
