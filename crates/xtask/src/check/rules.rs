//! Rules that no compiler checks.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::shell::{cargo, command, output, root, say};

pub(super) fn all() -> Result<()> {
    let tracked = output(&mut command("", "git", &["ls-files", "-z"]))?;
    let tracked: Vec<&str> = tracked.split('\0').filter(|path| !path.is_empty()).collect();
    no_unsafe_code(&tracked)?;
    no_machine_paths(&tracked)?;
    shared_manifests(&tracked)?;
    stated_dependencies()?;
    stated_toolchain()
}

/// The only files with unsafe code: instructions that a processor may not have, who asks for them, and tables that cross
/// into another language's memory.
const UNSAFE: [&str; 3] = [
    "crates/value-model-arrow/src/dispatch.rs",
    "crates/value-model-arrow/src/lanes.rs",
    "bindings/python/src/frame/capsule.rs",
];

/// Crates without unsafe code of their own, whose macros write some: the workspace denies it there, and the files are looked
/// through as all others are.
const MACROS: [&str; 1] = ["bindings/node/src/lib.rs"];

/// Whether a file belongs to a crate that people are given.
fn is_ours(path: &str) -> bool {
    path.starts_with("crates/") || path.starts_with("bindings/")
}

/// Every crate forbids unsafe code in its first lines. One may hold some, in files that are named here; the workspace
/// denies it there too, and each block says why it is sound.
fn no_unsafe_code(tracked: &[&str]) -> Result<()> {
    let sources = tracked.iter().filter(|path| is_ours(path) && path.contains("/src/"));
    for path in sources {
        let text = read(path)?;
        let root = path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs");
        let excepted = UNSAFE.iter().any(|allowed| allowed.starts_with(path.trim_end_matches("lib.rs")));
        if root && !excepted && !MACROS.contains(path) && !text.contains("#![forbid(unsafe_code)]") {
            bail!("{path}: add `#![forbid(unsafe_code)]`");
        }
        // In two halves, so that this file does not hold what it looks for.
        if text.contains(concat!("unsafe", " {")) && !UNSAFE.contains(path) {
            bail!("{path}: holds unsafe code; only {} may", UNSAFE.join(", "));
        }
    }
    Ok(())
}

/// A path of the machine where a file was written helps nobody else.
fn no_machine_paths(tracked: &[&str]) -> Result<()> {
    // In two halves, so that this file does not hold what it looks for.
    let homes = [("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("/wo", "rk/"), ("C:\\", "Users")];
    let homes = homes.map(|(a, b)| format!("{a}{b}"));
    for path in tracked {
        // A link to a deleted file is not our business here. Binary files are read too: what a compiler made names folders.
        let Ok(bytes) = fs::read(root().join(path)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for (number, line) in text.lines().enumerate() {
            if let Some(home) = homes.iter().find(|home| line.contains(home.as_str())) {
                bail!("{path}:{}: names a path of one machine (`{home}`)", number + 1);
            }
        }
    }
    Ok(())
}

/// Version, minimum Rust and lints are stated once, in the workspace.
fn shared_manifests(tracked: &[&str]) -> Result<()> {
    for path in tracked.iter().filter(|path| is_ours(path) && path.ends_with("/Cargo.toml")) {
        let text = read(path)?;
        for line in ["version.workspace = true", "rust-version.workspace = true", "[lints]\nworkspace = true"]
        {
            if !text.contains(line) {
                bail!("{path}: `{}` is missing", line.replace('\n', " "));
            }
        }
    }
    Ok(())
}

/// The crates of others that each crate needs at run time, as docs/dependencies.md counts them.
fn stated_dependencies() -> Result<()> {
    const PAGE: &str = "docs/dependencies.md";
    let page = read(PAGE)?;
    // Stated for one platform, so that the count is the same on every machine.
    let tree = ["tree", "--locked", "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = [&tree[..], &["--target", "x86_64-unknown-linux-gnu", "--package"]].concat();
    for (label, words) in [
        ("`value-model`", &["value-model"][..]),
        ("`value-model`, feature `schema`", &["value-model", "--features", "schema"]),
        ("`value-model-bridge`", &["value-model-bridge"]),
        ("`value-model-cli`", &["value-model-cli"]),
        ("`value-model-python`", &["value-model-python"]),
        ("`value-model-node`", &["value-model-node"]),
        ("`value-model-web`", &["value-model-web"]),
    ] {
        let printed = output(cargo(&tree).args(words))?;
        let others = printed.lines().map(|line| line.trim_end_matches(" (*)"));
        let count = others.filter(|line| !line.starts_with("value-model")).collect::<BTreeSet<_>>().len();
        if !page.contains(&format!("\n| {label} | {count} |")) {
            bail!(
                "{PAGE}: {label} needs {count} crates of others; state that number, and each new crate with its licence"
            );
        }
    }
    Ok(())
}

/// Says whether this run proves the minimum Rust version.
fn stated_toolchain() -> Result<()> {
    let manifest = read("Cargo.toml")?;
    let stated = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let stated = stated.context("Cargo.toml states no rust-version")?.trim_matches('"').to_owned();
    let used = output(&mut command("", "rustc", &["--version"]))?;
    let used = used.split(' ').nth(1).unwrap_or_default();
    if used == stated || used.starts_with(&format!("{stated}.")) {
        say(&format!("rustc {used} is the stated minimum, so this run proves it"));
    } else {
        say(&format!("rustc {used} is not the stated minimum {stated}: this run does not prove that one"));
    }
    Ok(())
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(root().join(path)).with_context(|| path.to_owned())
}
