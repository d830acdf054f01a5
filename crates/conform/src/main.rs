//! conform
fn main() {}
