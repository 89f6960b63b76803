//! `playground`: the page that scores in the browser, put together in `docs/playground/dist`.

use anyhow::{Result, bail};

use crate::shell::{command, output, root, run, say};

/// The page's sources, with the tools that build and test it.
pub(crate) const FOLDER: &str = "docs/playground";

/// The oldest Node that builds and tests the page.
const OLDEST: u32 = 20;

/// Builds the package for browsers, and the page around it.
pub(crate) fn build() -> Result<()> {
    let version = output(&mut command("", "node", &["--version"]))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST) {
        bail!("the playground page needs Node {OLDEST} or newer, this is {}", version.trim());
    }
    crate::web::build()?;
    // The versions of the lock file; what they would run while being installed is not needed.
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(&mut command(FOLDER, "npm", &install))?;
    run(&mut command(FOLDER, "node", &["build.mjs"]))?;
    say(&format!("open {}", root().join(FOLDER).join("dist/index.html").display()));
    Ok(())
}
