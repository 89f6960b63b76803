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
    if asked(arguments, "javascript") {
        // Not `ci`: it wants the builds of a peer for every system to be in reach, and one of them is needed.
        let install =
            ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(&mut command("benches/node", "npm", &install))?;
        crate::node::build()?;
        crate::web::build()?;
    }
    let python = python.to_str().context("the path of the workspace is not UTF-8")?;
    if asked(arguments, "python") {
        let wheel = crate::wheel::build()?;
        let install = ["-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"];
        run(command("", python, &install).arg(wheel))?;
    }
    run(command("", python, &["benches/run.py"]).args(arguments))
}

/// Whether jobs whose name begins so are to run: those that are named, or all.
fn asked(arguments: &[&str], jobs: &str) -> bool {
    let named = arguments.iter().skip_while(|word| **word != "--job").skip(1);
    let mut named = named.take_while(|word| !word.starts_with("--")).peekable();
    named.peek().is_none() || named.any(|job| job.starts_with(jobs))
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

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn packages_are_built_for_jobs_that_need_them() {
        assert!(asked(&[], "javascript"));
        assert!(asked(&["--quick", "--json", "rows.json"], "javascript"));
        assert!(asked(&["--job", "long", "javascript_12", "--quick"], "javascript"));
        assert!(!asked(&["--quick", "--job", "long", "formula"], "javascript"));
    }
}
