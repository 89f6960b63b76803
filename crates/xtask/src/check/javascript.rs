//! The packages for JavaScript: packed, installed where nothing else is, and tested there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell::{command, output, root, run, say};

const SOURCES: &str = "bindings/javascript";
const VECTORS: &str = "crates/value-model-vectors/vectors";

/// The oldest Node that the packages are for.
const OLDEST: (u32, u32) = (20, 19);

/// What everything that a browser loads may weigh, compressed with brotli, in bytes. Lower it when it gets lighter: it was
/// 460,000 until perceived value was scored from its lists and portfolios were added up in blocks, 10 kB for both.
const LARGEST: u64 = 470_000;

pub(super) fn node() -> Result<()> {
    tools()?;
    crate::node::build()?;
    let fresh = installed("node", crate::node::PACKAGE)?;
    tests(&fresh, &["streams.test.mjs", "arrow.test.mjs", "workers.test.mjs"])?;
    program(&fresh, &["cjs.cjs"])
}

pub(super) fn web() -> Result<()> {
    tools()?;
    super::steps::needed_from("chromium", "chromium", "the package in a browser")?;
    crate::web::build()?;
    weigh()?;
    let fresh = installed("web", crate::web::PACKAGE)?;
    tests(&fresh, &["trap.test.mjs"])?;
    program(&fresh, &[])?;
    browser(&fresh)
}

/// Node of a version that the packages are for, and what the tests use.
fn tools() -> Result<()> {
    super::steps::needed_from("npm", "npm", "packages for JavaScript")?;
    let version = output(&mut command("", "node", &["--version"]))?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let found: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST {
        bail!(
            "node is {}, the packages need {}.{} or newer; please install it",
            version.trim(),
            OLDEST.0,
            OLDEST.1
        );
    }
    npm(SOURCES, &["ci", "--ignore-scripts"])
}

fn npm(folder: &str, arguments: &[&str]) -> Result<()> {
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    run(&mut command(folder, "npm", &[arguments, &quiet].concat()))
}

/// What a browser has to load, each file compressed.
fn weigh() -> Result<()> {
    let program = "const { brotliCompressSync: brotli } = require('node:zlib'); const fs = require('node:fs'); \
                   const loaded = fs.readdirSync('.').filter((name) => /\\.(js|wasm)$/.test(name)); \
                   console.log(loaded.reduce((all, name) => all + brotli(fs.readFileSync(name)).length, 0))";
    let weight: u64 =
        output(&mut command(crate::web::PACKAGE, "node", &["--eval", program]))?.trim().parse()?;
    say(&format!("a browser loads {weight} bytes, compressed with brotli"));
    if weight > LARGEST {
        bail!("a browser loads {weight} bytes, more than {LARGEST}");
    }
    Ok(())
}

/// Packs a package, looks at the tarball with publint, and installs it in a project of its own.
fn installed(name: &str, package: &str) -> Result<PathBuf> {
    let folder = root().join("target/javascript").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let fresh = folder.join("fresh");
    fs::create_dir_all(&fresh)?;
    let to = folder.to_string_lossy();
    npm(package, &["pack", "--ignore-scripts", "--pack-destination", &to])?;
    let tarball = fs::read_dir(&folder)?.flatten().map(|entry| entry.path());
    let tarball = tarball.into_iter().find(|path| path.extension().is_some_and(|end| end == "tgz"));
    let tarball = tarball.context("npm packed nothing")?;
    let publint = root().join(SOURCES).join("node_modules/.bin/publint");
    run(&mut command("", &publint.to_string_lossy(), &["run", "--strict", &tarball.to_string_lossy()]))?;
    nameless(package)?;
    // Under its own name, and under the one that the sample programs use for either package.
    let file = tarball.to_string_lossy();
    let project = format!(
        "{{\"private\": true, \"type\": \"module\", \"dependencies\": \
         {{\"@value-model/{name}\": \"file:{file}\", \"value-model\": \"file:{file}\"}}}}\n"
    );
    fs::write(fresh.join("package.json"), project)?;
    npm(&fresh.to_string_lossy(), &["install", "--ignore-scripts"])?;
    Ok(fresh)
}

/// Fails if a package names a folder of this machine.
fn nameless(package: &str) -> Result<()> {
    let home = std::env::var("HOME").unwrap_or_default();
    for entry in fs::read_dir(root().join(package))? {
        let path = entry?.path();
        let bytes = fs::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        for known in [root().to_string_lossy().as_ref(), &format!("{home}/.cargo")] {
            if text.contains(known) {
                bail!("{}: names a folder of this machine", path.display());
            }
        }
    }
    Ok(())
}

/// The tests that both packages pass, and those of one.
fn tests(fresh: &Path, more: &[&str]) -> Result<()> {
    let all = [
        "vectors.test.mjs",
        "bad_input.test.mjs",
        "scorer.test.mjs",
        "columns.test.mjs",
        "kernel.test.mjs",
        "readme.test.mjs",
    ];
    let files: Vec<String> = all.iter().chain(more).map(|file| format!("tests/{file}")).collect();
    let mut arguments = vec!["--expose-gc", "--test", "--test-reporter=dot"];
    arguments.extend(files.iter().map(String::as_str));
    let package = fresh.join("node_modules/value-model/index.js");
    run(command(SOURCES, "node", &arguments).env("VALUE_MODEL_PACKAGE", package))
}

/// The programs of users: loaded, compiled strictly under both ways to find types, and run.
fn program(fresh: &Path, more: &[&str]) -> Result<()> {
    let from = root().join(SOURCES).join("tests/packaging");
    for file in fs::read_dir(&from)? {
        let file = file?.path();
        fs::copy(&file, fresh.join(file.file_name().unwrap_or_default()))?;
    }
    let folder = fresh.to_string_lossy();
    let tools = root().join(SOURCES).join("node_modules");
    let tsc = tools.join(".bin/tsc");
    let types = tools.join("@types");
    for (module, resolution) in [("esnext", "bundler"), ("node16", "node16")] {
        let compile = [
            "--strict",
            "--target",
            "es2022",
            "--module",
            module,
            "--moduleResolution",
            resolution,
            "--types",
            "node",
            "--typeRoots",
            &types.to_string_lossy(),
            "--outDir",
            "built",
            "sample.ts",
            "wrong.ts",
        ];
        run(&mut command(&folder, &tsc.to_string_lossy(), &compile))?;
    }
    for file in ["esm.mjs", "built/sample.js"].iter().chain(more) {
        run(&mut command(&folder, "node", &[file]))?;
    }
    Ok(())
}

/// A page that Vite has built, every vector in a page without a bundler, and the worker.
fn browser(fresh: &Path) -> Result<()> {
    let tests = root().join(SOURCES).join("tests");
    let page = fresh.join("page");
    fs::create_dir_all(&page)?;
    for file in ["index.html", "main.js"] {
        fs::copy(tests.join("page").join(file), page.join(file))?;
    }
    let vite = root().join(SOURCES).join("node_modules/.bin/vite");
    let build = ["build", "--base", "./", "--logLevel", "error"];
    run(&mut command(&page.to_string_lossy(), &vite.to_string_lossy(), &build))?;
    let folders =
        [fresh.join("node_modules/@value-model/web"), page.join("dist"), root().join(VECTORS), tests.clone()];
    let folders: Vec<String> = folders.iter().map(|folder| folder.to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["tests/browser.mjs"];
    arguments.extend(folders.iter().map(String::as_str));
    run(&mut command(SOURCES, "node", &arguments))
}
