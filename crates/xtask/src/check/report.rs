//! The report in a browser: pages are written by the built command and opened in Chromium.

use anyhow::Result;

use crate::shell::{cargo, command, root, run};

const FOLDER: &str = "crates/value-model-cli/tests/browser";

pub(super) fn check() -> Result<()> {
    super::steps::needed_from("chromium", "chromium", "looking at reports")?;
    run(&mut cargo(&["build", "--quiet", "--locked", "--package", "value-model-cli"]))?;
    let folder = root().join("target/report");
    let python = crate::wheel::environment(&folder.join("python"))?;
    let path = python.to_string_lossy();
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"];
    run(&mut command(FOLDER, &path, &install))?;
    let program = root().join("target/debug/value-model");
    let (program, pages) = (program.to_string_lossy(), folder.join("pages"));
    run(&mut command(FOLDER, &path, &["check.py", &program, &pages.to_string_lossy()]))
}
