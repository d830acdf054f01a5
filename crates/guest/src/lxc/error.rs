//! What can go wrong with a container.

use host::{archive::ArchiveError, lxc::LxcError, run::RunError};
use schema::{NodeName, Vmid};
use storage::StorageError;
use store::StoreError;

use super::config::GuestLock;

/// Why something was not done with a container.
#[derive(Debug, thiserror::Error)]
pub enum CtError {
    /// There is none with this ID on this node.
    #[error("Configuration file 'nodes/{node}/lxc/{vmid}.conf' does not exist")]
    Missing {
        /// The node.
        node: NodeName,
        /// The ID.
        vmid: Vmid,
    },
    /// Another guest has the ID.
    #[error("unable to create CT {vmid} - CT {vmid} already exists on node '{node}'")]
    Exists {
        /// The ID.
        vmid: Vmid,
        /// Where it is.
        node: NodeName,
    },
    /// It runs, and should not.
    #[error("CT {0} already running")]
    Running(Vmid),
    /// It should run, and does not.
    #[error("CT {0} not running")]
    NotRunning(Vmid),
    /// It must be stopped first.
    #[error("CT {vmid} is running - {action} failed")]
    MustStop {
        /// The ID.
        vmid: Vmid,
        /// What was to be done.
        action: &'static str,
    },
    /// Something long is going on with it.
    #[error("CT is locked ({})", .0.as_str())]
    Locked(GuestLock),
    /// Somebody else is at it.
    #[error("can't lock file 'pve-config-{0}.lock' - got timeout")]
    Busy(Vmid),
    /// It serves only for being cloned.
    #[error("you can't start a CT if it's a template")]
    Template,
    /// It must not be removed.
    #[error("can't remove CT {0} - protection mode enabled")]
    Protected(Vmid),
    /// The caller has seen another configuration.
    #[error("detected modified configuration - file changed by other user? Try again.")]
    Digest,
    /// A parameter is wrong in a way that only the whole configuration shows.
    #[error("{name}: {message}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// A change could not be made while it runs; it waits for the next start.
    #[error("unable to hotplug {name}: {message}")]
    Hotplug {
        /// The option.
        name: String,
        /// Why.
        message: String,
    },
    /// It did not end in time.
    #[error("container did not stop")]
    ShutdownTimeout,
    /// Its hook script is unusable, or forbids what was to be done.
    #[error(transparent)]
    Hook(#[from] crate::hook::HookError),
    /// Its configuration cannot run here.
    #[error("{0}")]
    Plan(String),
    /// A volume or storage refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// LXC or its surroundings failed.
    #[error(transparent)]
    Lxc(#[from] LxcError),
    /// The template cannot be unpacked.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A program failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The configuration tree refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the host refused.
    #[error("{doing}: {source}")]
    Io {
        /// What was being done.
        doing: String,
        /// What the system answered.
        source: std::io::Error,
    },
    /// Somebody stopped the task.
    #[error("{}", String::from(task::TaskError::cancelled()))]
    Cancelled,
    /// The task's journal could not be written.
    #[error("{0}")]
    Journal(String),
}

impl CtError {
    pub(crate) fn parameter(name: &str, message: impl Into<String>) -> Self {
        Self::Parameter { name: name.to_owned(), message: message.into() }
    }

    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}
