//! `bench`: the core beside its peers, in one run on one machine; `benches/README.md` says how to read it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::shell::{cargo, command, root, run, say};

/// The versions of the peers, and the copy that says which of them are installed.
const WANTED: &str = "benches/requirements.txt";
const VENV: &str = "target/peers";

/// Installs the peers, builds the core with optimisation, and hands everything else to `benches/run.py`.
pub(crate) fn run_all(arguments: &[&str]) -> Result<()> {
    if arguments.iter().any(|word| matches!(*word, "--help" | "-h")) {
        return run(command("", "python3", &["benches/run.py"]).args(arguments));
    }
    let python = peers()?;
    run(&mut cargo(&["build", "--release", "--locked", "--package", "value-model-benches", "--lib"]))?;
    run(&mut cargo(&["build", "--release", "--locked", "--package", "value-model-cli"]))?;
    let python = python.to_str().context("the path of the workspace is not UTF-8")?;
    run(command("", python, &["benches/run.py"]).args(arguments))
}

/// An environment of its own for the peers, made anew when their versions move.
fn peers() -> Result<PathBuf> {
    let folder = root().join(VENV);
    let python = folder.join("bin/python");
    let wanted = fs::read_to_string(root().join(WANTED)).with_context(|| WANTED.to_owned())?;
    let installed = folder.join("requirements.txt");
    if python.exists() && fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    say(&format!("installing the peers of {WANTED} into {VENV}"));
    run(&mut command("", "python3", &["-m", "venv", "--clear", VENV]))?;
    let pip = folder.join("bin/pip");
    let Some(pip) = pip.to_str() else { bail!("the path of the workspace is not UTF-8") };
    run(&mut command(
        "",
        pip,
        &["install", "--quiet", "--disable-pip-version-check", "--requirement", WANTED],
    ))?;
    fs::write(&installed, wanted).with_context(|| installed.display().to_string())?;
    Ok(python)
}
