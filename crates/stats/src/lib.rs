//! Figures of the node, its guests and storages: one pass over the machine every ten seconds, kept as an immutable
//! [`Snapshot`] that any number of readers share, and joined into round-robin series once a minute.
//!
//! Nothing waits for this crate and it waits for nobody: owners of guests hand it raw counters ([`Source`]).

mod collector;
pub mod figures;
pub mod rrd;
pub mod sample;
pub mod series;

pub use collector::{Snapshot, Stats, StatsConfig};
pub use figures::{GuestFigures, NodeFigures, Rates};
pub use rrd::{Point, Rrd, RrdError};
pub use sample::{GuestKind, GuestPressure, GuestSample, Links, Source, StorageSample, StorageSource};
pub use series::{Consolidation, Timeframe};
