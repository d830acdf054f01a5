//! Storages: what `storage.cfg` describes, the names of what lies in them, and the work on it.
//!
//! [`config`] reads and changes `storage.cfg`, [`volid`] names volumes, [`plugin`] is what a kind of storage must
//! offer (`plugin/dir.rs`: directories), [`Storages`] is what the rest of the system uses. [`images`] builds guest
//! images from the Debian archive. All sizes are bytes.

pub mod access;
pub mod appliance;
pub mod archive;
pub mod bandwidth;
pub mod ceph;
mod clone;
pub mod config;
mod content;
pub mod convert;
mod copy;
mod date;
pub mod disks;
pub mod download;
mod error;
mod fill;
mod health;
pub mod images;
pub mod location;
pub mod oci;
pub mod ova;
pub mod ovf;
pub mod plugin;
pub mod prune;
pub mod scan;
mod secret;
mod storages;
pub mod upload;
pub mod volid;

pub use self::date::day_of;
pub use config::{Configs, StorageConfig, StorageKind};
pub use content::{Content, Format};
pub use copy::{CopyWish, Pace};
pub use error::StorageError;
pub use plugin::{Entry, SnapshotChange, Space, VolumeInfo};
pub use storages::{Status, Storages};
pub use volid::{Volume, VolumeId, parse_new};

/// Mutexes here guard plain data that no panic leaves half-changed, so a poisoned one is as good as any.
fn unpoisoned<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
