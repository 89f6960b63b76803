//! Set-up, generated files and checks of this workspace.

fn main() {}
