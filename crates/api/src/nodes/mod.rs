//! Everything below `/nodes`.
