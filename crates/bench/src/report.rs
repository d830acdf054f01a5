//! The output: `metric value unit` lines, and `skipped` lines for what could not be measured.

use std::time::Duration;

/// Prints one figure.
pub(crate) fn figure(metric: &str, value: f64, unit: &str) {
    println!("{metric} {} {unit}", if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") });
}

/// Prints a duration in milliseconds.
pub(crate) fn millis(metric: &str, value: Duration) {
    figure(metric, value.as_secs_f64() * 1000.0, "ms");
}

/// Prints that something could not be measured, and why.
pub(crate) fn skipped(metric: &str, why: impl std::fmt::Display) {
    println!("skipped {metric}: {}", why.to_string().lines().next().unwrap_or_default());
}

/// The middle of some durations.
pub(crate) fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied().unwrap_or_default()
}
