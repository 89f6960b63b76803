//! The Python package: the wheel is built, installed where nothing else is, and tested there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::shell::{cargo, command, root, run, say};
use crate::wheel::{self, PACKAGE, environment};

/// What stubtest is not asked about, with reasons.
const ALLOWED: &str = "stubtest-allow.txt";

/// The minor version of the oldest Python that the wheel is for.
const OLDEST: u32 = 10;

/// The largest wheel, in bytes.
const LARGEST: u64 = 6 * 1024 * 1024;

pub(super) fn check() -> Result<()> {
    super::steps::needed_from("java", "default-jre-headless", "a cluster of Spark")?;
    let wheel = wheel::build()?;
    let folder = root().join(wheel::FOLDER);
    let size = fs::metadata(&wheel)?.len();
    say(&format!("the wheel has {size} bytes"));
    if size > LARGEST {
        bail!("the wheel has {size} bytes, more than {LARGEST}");
    }
    let fresh = folder.join("fresh");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    let python = environment(&fresh)?;
    pip(&python, &["--no-deps", &wheel.to_string_lossy()])?;
    // Alone first: importing must need nothing.
    in_package(&python, &["-c", "import value_model; print(value_model.__version__)"])?;
    nameless(&python)?;
    pip(&python, &["-r", "requirements-test.txt"])?;
    pip(&python, &["--no-deps", "-r", "requirements-statistics.txt"])?;
    in_package(&python, &["-m", "pytest"])?;
    types(&python)?;
    sources(&folder)?;
    others(&folder, &wheel)
}

/// The packed sources hold all that compiling takes, and the licences.
fn sources(folder: &Path) -> Result<()> {
    let archive = wheel::sources()?;
    let unpacked = folder.join("unpacked");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    fs::create_dir_all(&unpacked)?;
    let archive = archive.to_string_lossy();
    // With the time of now: those in the archive never change, so what was compiled of older sources would seem new.
    run(command("", "tar", &["xzmf", &archive, "--strip-components=1", "-C"]).arg(&unpacked))?;
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "PKG-INFO", "README.md"] {
        if !unpacked.join(file).exists() {
            bail!("the packed sources are without {file}");
        }
    }
    let manifest = unpacked.join(PACKAGE).join("Cargo.toml");
    // Without `--locked`: the lock file names crates of parts that are not packed.
    let check = ["check", "--quiet", "--manifest-path", &manifest.to_string_lossy()];
    run(cargo(&check).env("CARGO_TARGET_DIR", crate::web::target_folder()))
}

/// The oldest Python that the wheel is for and the newest one of this machine, where there are others than `python3`.
fn others(folder: &Path, wheel: &Path) -> Result<()> {
    let used = version(Path::new("python3")).unwrap_or_default();
    let mut found: Vec<(u32, PathBuf)> =
        interpreters().into_iter().filter_map(|path| Some((version(&path)?, path))).collect();
    found.retain(|(minor, _)| *minor >= OLDEST && *minor != used);
    found.sort();
    found.dedup_by_key(|(minor, _)| *minor);
    let oldest = found.first().filter(|(minor, _)| *minor == OLDEST);
    let newest = found.last().filter(|(minor, _)| *minor > used);
    for (minor, interpreter) in oldest.into_iter().chain(newest) {
        say(&format!("with Python 3.{minor}"));
        let fresh = folder.join(format!("fresh-3.{minor}"));
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        run(&mut command("", &interpreter.to_string_lossy(), &["-m", "venv", &fresh.to_string_lossy()]))?;
        let python = fresh.join("bin/python");
        pip(&python, &["--no-deps", &wheel.to_string_lossy()])?;
        pip(&python, &["-r", "requirements-plain.txt"])?;
        in_package(&python, &["-m", "pytest", "tests/plain"])?;
    }
    Ok(())
}

/// Every Python 3 that is called so on the path, or that pyenv holds.
fn interpreters() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        (OLDEST..OLDEST + 10).map(|minor| format!("python3.{minor}").into()).collect();
    let versions = fs::read_dir(home().join(".pyenv/versions")).into_iter().flatten().flatten();
    all.extend(versions.map(|entry| entry.path().join("bin/python")));
    all
}

/// The minor version of a Python 3 that can be started.
fn version(python: &Path) -> Option<u32> {
    let say = "import sys, venv; print(sys.version_info[1] if sys.version_info[0] == 3 else 0)";
    let mut ask = command("", &python.to_string_lossy(), &["-c", say]);
    let printed = ask.output().ok().filter(|printed| printed.status.success())?;
    String::from_utf8(printed.stdout).ok()?.trim().parse().ok()
}

/// Stubs against the module, and a program of a user against the stubs.
fn types(python: &Path) -> Result<()> {
    in_package(
        python,
        &[
            "-m",
            "mypy.stubtest",
            "value_model",
            "--allowlist",
            ALLOWED,
            "--mypy-config-file",
            "pyproject.toml",
        ],
    )?;
    in_package(python, &["-m", "mypy", "--strict", "tests/typed"])?;
    in_package(python, &["tests/typed/sample.py"])?;
    let path = python.to_string_lossy();
    in_package(python, &["-m", "pyright", "-p", "tests/typed", "--pythonpath", &path])
}

fn home() -> PathBuf {
    std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default()
}

/// Fails if what is installed names a folder of this machine.
fn nameless(python: &Path) -> Result<()> {
    let program = format!(
        "import pathlib, sys, value_model\n\
         folder = pathlib.Path(value_model.__file__).parent\n\
         known = [name.encode() for name in {:?}]\n\
         sys.exit(', '.join(str(path) for path in folder.rglob('*') if path.is_file() and path.suffix != '.pyc'\n\
         and any(name in path.read_bytes() for name in known)) or None)",
        [root().to_string_lossy(), home().join(".cargo").to_string_lossy()]
    );
    in_package(python, &["-c", &program])
}

fn pip(python: &Path, what: &[&str]) -> Result<()> {
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    in_package(python, &[&install[..], what].concat())
}

fn in_package(python: &Path, arguments: &[&str]) -> Result<()> {
    run(&mut command(PACKAGE, &python.to_string_lossy(), arguments))
}
