//! schema

pub mod render;
pub mod size;
pub mod words;
