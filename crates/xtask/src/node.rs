//! `node`: the package for Node, put together in `bindings/node/pkg` with the addon of this machine.

use std::fs;

use anyhow::Result;

use crate::shell::{cargo, command, output, root, run, say};
use crate::web::{assemble, remapped, target_folder};

/// The package, ready for `npm pack`.
pub(crate) const PACKAGE: &str = "bindings/node/pkg";

/// Builds the package.
pub(crate) fn build() -> Result<()> {
    let addon = ["build", "--package", "value-model-node", "--release", "--locked"];
    run(cargo(&addon).env("RUSTFLAGS", remapped()))?;
    let package = root().join(PACKAGE);
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let name = "const { arch, platform, report } = process; \
                const musl = platform === 'linux' && !report.getReport().header.glibcVersionRuntime; \
                console.log([platform, arch, ...(platform === 'linux' ? [musl ? 'musl' : 'gnu'] : [])].join('-'))";
    let machine = output(&mut command("", "node", &["--eval", name]))?;
    let built = target_folder().join("release/libvalue_model_node.so");
    fs::copy(built, package.join(format!("value_model.{}.node", machine.trim())))?;
    assemble("bindings/node", &package)?;
    say(&format!("{PACKAGE} is ready"));
    Ok(())
}
