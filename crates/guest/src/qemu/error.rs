//! What can go wrong with a VM.

use std::collections::BTreeMap;

use host::{
    cpu_limits::LimitError, hugepages::HugeError, kvm::Probe, qga::QgaError, qmp::QmpError, run::RunError,
    swtpm::TpmError, tap::TapError, virtiofsd::ShareError,
};
use schema::{NodeName, Vmid};
use store::StoreError;

use super::{cmdline::PlanError, file::Unsupported};
use crate::hook::HookError;

/// Why something was not done with a VM.
#[derive(Debug, thiserror::Error)]
pub enum VmError {
    /// There is none with this ID on this node.
    #[error("Configuration file 'nodes/{node}/qemu-server/{vmid}.conf' does not exist")]
    Missing {
        /// The node.
        node: NodeName,
        /// The ID.
        vmid: Vmid,
    },
    /// It runs, and should not.
    #[error("VM {0} already running")]
    Running(Vmid),
    /// It runs, and does not answer.
    #[error("VM {0} does not answer on its control socket; try again, or stop it")]
    Silent(Vmid),
    /// It was started without SPICE.
    #[error("VM {0} - no spice port: give it a display of type qxl and start it anew")]
    NoSpice(Vmid),
    /// It should run, and does not.
    #[error("VM {0} not running")]
    NotRunning(Vmid),
    /// It must be stopped first.
    #[error("VM {vmid} is running - {action} failed")]
    MustStop {
        /// The ID.
        vmid: Vmid,
        /// What was to be done.
        action: &'static str,
    },
    /// Something long is going on with it.
    #[error("VM is locked ({0})")]
    Locked(String),
    /// Somebody else is at it.
    #[error("can't lock file 'lock-{0}.conf' - got timeout")]
    Busy(Vmid),
    /// It serves only for being cloned.
    #[error("you can't start a vm if it's a template")]
    Template,
    /// It must not be removed.
    #[error("can't remove VM {0} - protection mode enabled")]
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
    /// A running guest does not let go of a device.
    #[error("{0}")]
    Kept(String),
    /// A change can never be made to a running VM.
    #[error("{0}")]
    Refused(String),
    /// Changes that the running VM did not take over; they wait for its next start.
    #[error("{}", by_option(.0))]
    Hotplug(BTreeMap<String, String>),
    /// It did not end in time.
    #[error("VM quit/powerdown failed - got timeout")]
    ShutdownTimeout,
    /// QEMU ended or hung right after its start.
    #[error("start failed: QEMU exited: {0}")]
    Exited(String),
    /// Its configuration cannot run here.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Its configuration names what this version cannot show it.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// A volume or storage refused.
    #[error("{0}")]
    Volume(String),
    /// Talking to QEMU failed.
    #[error("VM {vmid} {source}")]
    Qmp {
        /// The ID.
        vmid: Vmid,
        /// Why.
        source: QmpError,
    },
    /// Its agent is to be asked, and it has none.
    #[error("No QEMU guest agent configured")]
    NoAgent,
    /// Its agent is to be asked, and it does not run.
    #[error("VM {0} is not running")]
    NotRunningForAgent(Vmid),
    /// Its agent does not answer, or refuses.
    #[error(transparent)]
    Agent(#[from] QgaError),
    /// A program failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The host has no huge pages for its memory.
    #[error(transparent)]
    HugePages(#[from] HugeError),
    /// Its share of the processors cannot be set.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// A device of the host cannot be passed to it.
    #[error(transparent)]
    Passthrough(#[from] super::passthrough::PassthroughError),
    /// The network cards could not be made.
    #[error(transparent)]
    Tap(#[from] TapError),
    /// Its hook script is unusable, or forbids what was to be done.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// There is no TPM for it.
    #[error(transparent)]
    Tpm(#[from] TpmError),
    /// A directory of the host cannot be shared with it.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// The configuration tree refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or process of the host refused.
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

impl VmError {
    pub(crate) fn parameter(name: &str, message: impl Into<String>) -> Self {
        Self::Parameter { name: name.to_owned(), message: message.into() }
    }

    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

fn by_option(problems: &BTreeMap<String, String>) -> String {
    problems.iter().map(|(option, why)| format!("{option}: {why}")).collect::<Vec<_>>().join("\n")
}

/// What the administrator is told when a guest is emulated though it asked for KVM.
pub(crate) fn fallback(probe: &Probe) -> Option<String> {
    let reason = probe.reason.as_deref().unwrap_or("no reason known");
    (!probe.usable).then(|| {
        format!(
            "KVM is not usable on this node, the guest is emulated and slow: {}",
            reason.lines().next().unwrap_or(reason)
        )
    })
}
