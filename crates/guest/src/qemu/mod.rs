//! Virtual machines on QEMU.
//!
//! [`config`] is the table of options, [`cmdline`] the pure plan of a process, [`Vms`] everything that happens to VMs:
//! one workflow a file.

mod agent;
pub mod autoballoon;
mod balloon;
mod boot;
mod capabilities;
mod clone;
pub mod cloudinit;
pub mod cmdline;
pub mod config;
pub mod cpu_flags;
pub mod cpu_models;
mod create;
mod destroy;
mod disk;
mod error;
mod facts;
pub mod file;
mod happening;
mod hotplug;
pub mod image;
mod import;
pub mod passthrough;
mod passthrough_take;
mod pending;
mod power;
pub mod progress;
pub mod restore;
mod running;
mod screen;
pub mod snapshot;
mod snapshot_disks;
mod snapshot_edge;
mod snapshot_freeze;
mod snapshot_ram;
pub(crate) mod start;
mod status;
mod suspend;
mod template;
mod update;
mod vms;
mod volumes;

pub use self::{
    clone::CloneWish,
    create::Create,
    destroy::DestroyOptions,
    disk::{ImportWish, MoveWish, ReassignWish},
    error::VmError,
    happening::{Happening, Weight},
    import::{check_imports, import_source},
    power::ShutdownOptions,
    running::Running,
    snapshot::{SnapshotInfo, SnapshotWish},
    start::{Hardware, StartOptions},
    status::Status,
    update::Update,
    vms::{Vm, Vms},
};
