//! Everything below `/cluster`.
