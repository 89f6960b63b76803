//! The steps that call other programs.

use anyhow::{Result, bail};

use crate::shell::{cargo, command, exists, output, root, run, say};

const VECTORS: &str = "crates/value-model-vectors";
const RANDOM_CASES: &str = "10000";

/// Looks for what the other steps call, and installs it where that is possible without asking.
pub(super) fn tools() -> Result<()> {
    needed("python3", "the oracle (3.11 or newer)")?;
    // The oracle reads the presets with a module that Python has from 3.11 on.
    if output(&mut command("", "python3", &["-c", "import tomllib"])).is_err() {
        bail!("the oracle needs Python 3.11 or newer; `python3` is older");
    }
    needed("valgrind", "counting instructions")
}

/// Installs a program with the system's packages if it is missing.
fn needed(program: &str, purpose: &str) -> Result<()> {
    needed_from(program, program, purpose)
}

/// Installs a program from a package of another name if it is missing.
pub(super) fn needed_from(program: &str, package: &str, purpose: &str) -> Result<()> {
    if exists(program) { Ok(()) } else { install(package, program, purpose) }
}

/// Installs a module of Python with the system's packages if it is missing.
pub(crate) fn installed(module: &str, package: &str) -> Result<()> {
    match output(&mut command("", "python3", &["-c", &format!("import {module}")])) {
        Ok(_) => Ok(()),
        Err(_) => install(package, module, "virtual environments"),
    }
}

fn install(package: &str, program: &str, purpose: &str) -> Result<()> {
    let root_user = output(&mut command("", "id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    if !(root_user && exists("apt-get")) {
        bail!("{program} is needed for {purpose}; please install it");
    }
    say(&format!("{program} is missing; installing it with apt-get"));
    run(&mut command("", "apt-get", &["update", "--quiet"]))?;
    run(&mut command("", "apt-get", &["install", "--quiet", "--yes", "--no-install-recommends", package]))
}

pub(super) fn fmt() -> Result<()> {
    run(&mut cargo(&["fmt", "--all", "--check"]))
}

pub(super) fn clippy() -> Result<()> {
    let deny = ["--all-targets", "--locked", "--", "-D", "warnings"];
    run(cargo(&["clippy", "--workspace", "--all-features"]).args(deny))?;
    // Most applications use the core without its optional parts.
    run(cargo(&["clippy", "--package", "value-model", "--package", "value-model-bridge"]).args(deny))
}

pub(super) fn doc() -> Result<()> {
    // Libraries only: the command and the core would both write `value_model/index.html`.
    let mut doc = cargo(&["doc", "--workspace", "--lib", "--all-features", "--no-deps", "--locked"]);
    run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

pub(super) fn test() -> Result<()> {
    run(&mut cargo(&["test", "--workspace", "--locked"]))
}

/// The oracle judges itself, then the published vectors, then the code on random scorecards.
pub(super) fn oracle() -> Result<()> {
    let python = |arguments: &[&str]| run(&mut command(VECTORS, "python3", arguments));
    python(&["-m", "unittest", "discover", "-s", "oracle/tests", "-t", "."])?;
    python(&["-m", "oracle", "check-vectors", "vectors"])?;
    let folder = root().join("target/oracle");
    std::fs::create_dir_all(&folder)?;
    let (cases, results) = (folder.join("cases.ndjson"), folder.join("results.ndjson"));
    let (cases_text, results_text) = (cases.to_string_lossy(), results.to_string_lossy());
    python(&["-m", "oracle", "random", "--count", RANDOM_CASES, "--out", &cases_text])?;
    crate::random::score(&cases, &results)?;
    python(&["-m", "oracle", "compare-random", &cases_text, &results_text])
}
