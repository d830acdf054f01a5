//! `/nodes/{node}/status`: the machine.

use access::Access;
use host::proc::{self, BootMode, CpuInfo, Kernel, USER_HZ};
use schema::{ApiError, Choice, NodeName, Params, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::version;

endpoints! {
    /// Shows processors, memory, load, kernel and root file system of a node, and whether it can run guests with KVM.
    GET "/nodes/{node}/status" => status, name = "status", Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
    /// Reboots a node or switches it off.
    POST "/nodes/{node}/status" => end, name = "node_cmd",
        Access::perm("/nodes/{node}", &["Sys.PowerMgmt"]), Target::Node;
}

/// What becomes of a node.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    /// It starts again.
    Reboot,
    /// It is switched off.
    Shutdown,
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct End {
    /// Name of the node.
    node: NodeName,
    /// What becomes of it.
    command: Command,
}

/// Only a node that is a whole machine can be ended: not one below a folder of another's, nor one in a container
/// without systemd.
async fn end(call: Call, p: End) -> Result<(), ApiError> {
    let whole = call.node.paths.root() == std::path::Path::new("/") && host::systemd::rules();
    if !whole {
        return Err(ApiError::internal(format!(
            "unable to {} the node - it is not a machine of its own that systemd rules; do it on its host",
            p.command.as_str()
        )));
    }
    let how = match p.command {
        Command::Reboot => host::systemd::End::Reboot,
        Command::Shutdown => host::systemd::End::PowerOff,
    };
    tracing::warn!(user = %call.user()?, command = p.command.as_str(), "the node is ended");
    host::systemd::end(how).await.map_err(|error| ApiError::internal(error.to_string()))
}

/// The machine as of now.
#[derive(Reply, Clone, Debug)]
struct Status {
    /// Seconds since it was started.
    uptime: u64,
    /// Seconds that processors have idled since then; 0 for what is not counted.
    idle: u64,
    /// Load of 1, 5 and 15 minutes.
    loadavg: Vec<String>,
    /// Name, release and version of the kernel.
    kversion: String,
    /// The kernel.
    #[reply(name = "current-kernel")]
    current_kernel: CurrentKernel,
    /// How it was started.
    #[reply(name = "boot-info")]
    boot_info: BootInfo,
    /// Use of the processors in the last seconds, 0 to 1.
    cpu: f64,
    /// Share of that time in which they waited for disks, 0 to 1.
    wait: f64,
    /// Processors.
    cpuinfo: Processors,
    /// Memory.
    memory: Memory,
    /// Swap.
    swap: Swap,
    /// Memory saved by joining equal pages.
    ksm: Ksm,
    /// Root file system.
    rootfs: RootFs,
    /// Version of the interface.
    pveversion: String,
    /// Hardware virtualization.
    kvm: Kvm,
    /// What confines containers here.
    containers: Containers,
}

#[derive(Reply, Clone, Debug)]
struct CurrentKernel {
    /// `Linux`.
    sysname: String,
    /// Release.
    release: String,
    /// Version.
    version: String,
    /// Architecture.
    machine: String,
}

#[derive(Reply, Clone, Debug)]
struct BootInfo {
    /// `efi` or `legacy-bios`.
    mode: &'static str,
    /// Whether secure boot is on.
    secureboot: Option<bool>,
}

#[derive(Reply, Clone, Debug)]
struct Processors {
    /// Processors that the kernel schedules on.
    cpus: u64,
    /// Cores.
    cores: u64,
    /// Packages.
    sockets: u64,
    /// Their maker's name for them.
    model: String,
    /// Present clock, MHz.
    mhz: String,
    /// Features.
    flags: String,
    /// Whether they have instructions for virtualization.
    hvm: bool,
    /// Clock ticks a second of the kernel's counters.
    user_hz: u64,
}

#[derive(Reply, Clone, Debug)]
struct Memory {
    /// Bytes.
    total: u64,
    /// In use, without caches that can be dropped.
    used: u64,
    /// Not used for anything.
    free: u64,
    /// What programs could get.
    available: u64,
}

#[derive(Reply, Clone, Debug)]
struct Swap {
    /// Bytes.
    total: u64,
    /// In use.
    used: u64,
    /// Not in use.
    free: u64,
}

#[derive(Reply, Clone, Debug)]
struct Ksm {
    /// Bytes.
    shared: u64,
}

#[derive(Reply, Clone, Debug)]
struct RootFs {
    /// Bytes.
    total: u64,
    /// In use.
    used: u64,
    /// What users may still take.
    avail: u64,
    /// Not in use.
    free: u64,
}

#[derive(Reply, Clone, Debug)]
struct Kvm {
    /// Whether guests can run with it. It was tried with a guest once since the machine was started.
    usable: bool,
    /// Why not.
    reason: Option<String>,
}

#[derive(Reply, Clone, Debug)]
struct Containers {
    /// Whether the kernel confines them by AppArmor. Where it does not, root of a privileged container can become root of
    /// the host.
    apparmor: bool,
    /// Whether lxcfs shows them their limits instead of the host's figures.
    lxcfs: bool,
}

async fn status(call: Call, _: OfNode) -> Result<Status, ApiError> {
    let unreadable =
        |error: std::io::Error| ApiError::internal(format!("unable to read the machine's figures: {error}"));
    let (machine, info, kernel) =
        (proc::Machine::read().map_err(unreadable)?, proc::cpuinfo().map_err(unreadable)?, proc::kernel());
    let (memory, snapshot, kvm) = (machine.memory, call.node.stats.snapshot(), call.node.vms.kvm().await);
    let root = snapshot.node.root;
    Ok(Status {
        uptime: machine.uptime as u64,
        idle: machine.idle as u64,
        loadavg: machine.loadavg.to_vec(),
        kversion: format!("{} {} {}", kernel.sysname, kernel.release, kernel.version),
        current_kernel: current_kernel(kernel),
        boot_info: match proc::boot_mode() {
            BootMode::Efi { secure } => BootInfo { mode: "efi", secureboot: Some(secure) },
            BootMode::LegacyBios => BootInfo { mode: "legacy-bios", secureboot: None },
        },
        cpu: snapshot.node.cpu,
        wait: snapshot.node.iowait,
        cpuinfo: processors(info),
        memory: Memory { total: memory.total, used: memory.used(), free: memory.free, available: memory.available },
        swap: Swap {
            total: memory.swap_total,
            used: memory.swap_total.saturating_sub(memory.swap_free),
            free: memory.swap_free,
        },
        ksm: Ksm { shared: proc::ksm_shared() },
        rootfs: RootFs { total: root.total, used: root.used, avail: root.available, free: root.free },
        pveversion: format!("pve-manager/{}/{}", version::VERSION, version::build_id()),
        kvm: Kvm { usable: kvm.usable, reason: kvm.reason },
        containers: Containers { apparmor: host::lxc::has_apparmor(), lxcfs: host::lxcfs::mounted() },
    })
}

fn current_kernel(kernel: Kernel) -> CurrentKernel {
    let Kernel { sysname, release, version, machine } = kernel;
    CurrentKernel { sysname, release, version, machine }
}

fn processors(info: CpuInfo) -> Processors {
    Processors {
        cpus: info.cpus as u64,
        cores: info.cores as u64,
        sockets: info.sockets as u64,
        hvm: info.hvm(),
        model: info.model,
        mhz: info.mhz,
        flags: info.flags,
        user_hz: USER_HZ,
    }
}
