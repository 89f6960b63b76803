//! The command `value-model`.

fn main() {}
