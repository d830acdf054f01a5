//! Containers on LXC.
//!
//! [`config`] is the table of options, [`plan`] turns it into LXC's own configuration, [`setup`] writes the files
//! inside that tell the system its name and network; [`Cts`] is everything that happens to containers: one workflow a
//! file.

mod check;
mod clone;
pub mod config;
mod create;
mod cts;
mod destroy;
mod error;
pub mod idmap;
mod owners;
pub mod plan;
mod points;
mod power;
mod raw_keys;
mod resize;
pub mod setup;
mod start;
mod status;
mod update;

pub use self::{
    clone::CloneWish,
    create::Create,
    cts::{Ct, Cts, Live},
    destroy::DestroyOptions,
    error::CtError,
    power::ShutdownOptions,
    status::Pending,
    update::Update,
};
