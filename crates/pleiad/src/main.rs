//! pleiad
fn main() {}
