//! `web`: the package for browsers, put together in `bindings/web/pkg`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::shell::{cargo, root, run, say};
use crate::target::{TARGET, target};

/// The package, ready for `npm pack` and for pages that load it from a folder.
pub(crate) const PACKAGE: &str = "bindings/web/pkg";

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    let way = target()?;
    let flags = format!("-C target-feature=+simd128 {}", remapped());
    let module =
        ["build", "--package", "value-model-web", "--profile", "wasm", "--target", TARGET, "--locked"];
    run(way.prepared(&mut cargo(&module)).env("RUSTFLAGS", flags))?;
    let package = root().join(PACKAGE);
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let built = way.folder().join(TARGET).join("wasm/value_model_web.wasm");
    let (built, folder) = (built.to_string_lossy(), package.to_string_lossy());
    run(&mut cargo(&["run", "--quiet", "--package", "bindgen", "--locked", "--", &built, &folder]))?;
    assemble("bindings/web", &package)?;
    say(&format!("{PACKAGE} is ready"));
    Ok(())
}

/// Puts what both packages share, and what one of them has alone, beside each other.
pub(crate) fn assemble(binding: &str, package: &Path) -> Result<()> {
    for folder in ["bindings/javascript/js".to_owned(), format!("{binding}/js")] {
        for entry in fs::read_dir(root().join(&folder))? {
            copy(&entry?.path(), package)?;
        }
    }
    for file in ["package.json", "README.md"] {
        copy(&root().join(binding).join(file), package)?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root().join(licence), package)?;
    }
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().context("a file without a name")?;
    fs::copy(file, folder.join(name)).with_context(|| file.display().to_string())?;
    Ok(())
}

pub(crate) fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Flags by which the folders of this machine do not get into a module.
pub(crate) fn remapped() -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sources = cargo.join("registry/src");
    format!(
        "--remap-path-prefix={}=crates --remap-path-prefix={}=value-model",
        sources.display(),
        root().display()
    )
}
