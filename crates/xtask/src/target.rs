//! How a module for browsers is compiled: with the library that rustup has for it, or with Debian's compiler and its sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell::{command, exists, output, run, say};
use crate::web::target_folder;

/// What the module is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler, the sources from which it builds the library, and the linker.
const DEBIAN: [&str; 3] =
    ["/usr/bin/rustc", "/usr/lib/rustlib/src/rust/library/std/Cargo.toml", "/usr/bin/wasm-ld-22"];

/// Which of both this machine has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// The compiler has the library of the target.
    Rustup,
    /// The library is built too, by the compiler of Debian's browsers.
    Debian,
}

impl Way {
    /// A build, told how.
    pub(crate) fn prepared(self, build: &mut Command) -> &mut Command {
        if self == Self::Rustup {
            return build;
        }
        build
            .args(["-Zbuild-std=std,panic_abort", "--target-dir"])
            .arg(self.folder())
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", "/usr/bin/rustc")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22")
    }

    /// Where builds end up: not in one folder with those of another compiler.
    pub(crate) fn folder(self) -> PathBuf {
        match self {
            Self::Rustup => target_folder(),
            Self::Debian => target_folder().join("debian"),
        }
    }
}

/// Looks how this machine can compile for browsers, and says what to do where it cannot.
pub(crate) fn target() -> Result<Way> {
    let library = output(&mut command("", "rustc", &["--print", "target-libdir", "--target", TARGET]));
    let has_library = || library.is_ok_and(|folder| Path::new(folder.trim()).is_dir());
    let add = || {
        say(&format!("the target {TARGET} is missing; adding it with rustup"));
        exists("rustup") && run(&mut command("", "rustup", &["target", "add", TARGET])).is_ok()
    };
    let way = way(has_library, add, |path| Path::new(path).exists())?;
    if way == Way::Debian {
        say("building for browsers with Debian's rustc-web and rust-web-src");
    }
    Ok(way)
}

fn way(
    has_library: impl FnOnce() -> bool,
    add: impl FnOnce() -> bool,
    is_there: impl Fn(&str) -> bool,
) -> Result<Way> {
    if has_library() || add() {
        return Ok(Way::Rustup);
    }
    if DEBIAN.iter().all(|path| is_there(path)) {
        return Ok(Way::Debian);
    }
    bail!(
        "no compiler for browsers: `rustup target add {TARGET}` is not possible here; on Debian \
         `apt-get install rustc-web cargo-web rust-web-src lld-22` brings what this step uses instead"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_of_the_target_comes_first() {
        assert_eq!(way(|| true, || panic!("nothing is to add"), |_| false).unwrap(), Way::Rustup);
        assert_eq!(way(|| false, || true, |_| true).unwrap(), Way::Rustup);
    }

    #[test]
    fn debian_s_compiler_builds_the_library_itself() {
        let way = way(|| false, || false, |_| true).unwrap();
        let mut build = Command::new("cargo");
        way.prepared(build.arg("build"));
        let arguments: Vec<_> = build.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(arguments[..3], ["build", "-Zbuild-std=std,panic_abort", "--target-dir"]);
        let environment: Vec<_> = build.get_envs().map(|(name, _)| name.to_string_lossy()).collect();
        assert_eq!(environment, ["CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "RUSTC", "RUSTC_BOOTSTRAP"]);
    }

    #[test]
    fn without_either_one_line_says_what_to_install() {
        for missing in DEBIAN {
            let said = way(|| false, || false, |path| path != missing).unwrap_err().to_string();
            assert_eq!(said.lines().count(), 1);
            for name in [
                "rustup target add wasm32-unknown-unknown",
                "rustc-web",
                "cargo-web",
                "rust-web-src",
                "lld-22",
            ] {
                assert!(said.contains(name), "{said}");
            }
        }
    }
}
