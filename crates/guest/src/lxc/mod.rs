//! Containers on LXC.
//!
//! [`config`] is the table of options, [`plan`] turns it into LXC's own configuration, [`setup`] writes the files
//! inside that tell the system its name and network; [`Cts`] is everything that happens to containers: one workflow a
//! file.

mod application;
mod check;
mod clone;
pub mod config;
mod create;
mod cts;
mod destroy;
mod error;
mod exchange;
mod hotplug;
pub mod idmap;
mod maintain;
mod move_volume;
mod owners;
pub mod plan;
mod points;
mod power;
mod raw_keys;
mod reassign;
mod rescan;
mod resize;
pub mod setup;
mod snapshot;
mod source;
mod start;
mod status;
mod update;

pub use self::{
    clone::CloneWish,
    create::Create,
    cts::{Ct, Cts, Live},
    destroy::DestroyOptions,
    error::CtError,
    maintain::Filled,
    move_volume::MoveWish,
    power::ShutdownOptions,
    reassign::ReassignWish,
    update::Update,
};
