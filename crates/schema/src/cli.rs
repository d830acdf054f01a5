//! Command line grammar.
