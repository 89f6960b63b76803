//! The Python package as a wheel.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::shell::{command, root, run};

/// The package's sources.
pub(crate) const PACKAGE: &str = "bindings/python";

/// Where wheels and the environments that test them are made.
pub(crate) const FOLDER: &str = "target/python";

/// Builds the wheel and gives its path.
pub(crate) fn build() -> Result<PathBuf> {
    made("build", "wheels", &["--quiet", "--release", "--locked"])
}

/// Packs the sources for those who build the wheel themselves, and gives the archive's path.
pub(crate) fn sources() -> Result<PathBuf> {
    made("sdist", "sources", &[])
}

/// What maturin makes in a folder that holds nothing else.
fn made(what: &str, folder: &str, options: &[&str]) -> Result<PathBuf> {
    let python = root().join(FOLDER);
    fs::create_dir_all(&python)?;
    let out = python.join(folder);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let python = environment(&python.join("build"))?.to_string_lossy().into_owned();
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(command(PACKAGE, &python, &install).args(["-r", "requirements-build.txt"]))?;
    let mut maturin = command(PACKAGE, &python, &["-m", "maturin", what, "--out"]);
    run(maturin.arg(&out).args(options).env("RUSTFLAGS", crate::web::remapped()))?;
    let made = fs::read_dir(&out)?.next().with_context(|| format!("maturin {what} made nothing"))?;
    Ok(made?.path())
}

/// The interpreter of a virtual environment, which is made where it is missing.
pub(crate) fn environment(folder: &Path) -> Result<PathBuf> {
    let python = folder.join("bin/python");
    if !python.exists() {
        crate::check::installed("ensurepip", "python3-venv")?;
        run(&mut command("", "python3", &["-m", "venv", &folder.to_string_lossy()]))?;
    }
    Ok(python)
}
