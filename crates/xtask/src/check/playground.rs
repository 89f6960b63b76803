//! The playground page: built, and used in Chromium as people would use it.

use anyhow::Result;

use crate::playground::{FOLDER, build};
use crate::shell::{command, run};

pub(super) fn check() -> Result<()> {
    super::steps::needed_from("npm", "npm", "building the playground page")?;
    super::steps::needed_from("chromium", "chromium", "using the playground page")?;
    build()?;
    run(&mut command(FOLDER, "npm", &["test", "--silent"]))
}
