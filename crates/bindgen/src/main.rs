//! `bindgen MODULE FOLDER`: the module without its descriptions, and the JavaScript that calls it.
//!
//! A program of its own, so that whoever only checks formulas does not compile it; of the same version as the library
//! that the module was built with, which the lock file holds.
#![forbid(unsafe_code)]

use std::env::args;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let module = args().nth(1).context("which module?")?;
    let folder = args().nth(2).context("into which folder?")?;
    Bindgen::new()
        .input_path(module)
        .out_name("value_model")
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .remove_name_section(true)
        // The wrapper always says where the module is, but bundlers find it by this.
        .omit_default_module_path(false)
        .reset_state_function(true)
        .generate(folder)
}
