//! `playground`: the page that scores in the browser, put together in `docs/playground/dist`.

use anyhow::Result;

use crate::shell::{command, root, run, say};

/// The page's sources, with the tools that build and test it.
pub(crate) const FOLDER: &str = "docs/playground";

/// Builds the package for browsers, and the page around it.
pub(crate) fn build() -> Result<()> {
    crate::web::build()?;
    // The versions of the lock file; what they would run while being installed is not needed.
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(&mut command(FOLDER, "npm", &install))?;
    run(&mut command(FOLDER, "node", &["build.mjs"]))?;
    say(&format!("open {}", root().join(FOLDER).join("dist/index.html").display()));
    Ok(())
}
