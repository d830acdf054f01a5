//! Facts about this host that command lines depend on.

use std::path::Path;

use host::{
    kvm::{self, Probe},
    machine,
    paths::Paths,
    run::Run,
    tap,
};
use tokio::sync::OnceCell;

use super::{
    cmdline::{Devices, HostFacts, Places, SevFacts, SpicePlace, Version},
    config::{Arch, VmConfig, device::VgaType, port::SerialPort},
    error::VmError,
};

/// The program.
pub(crate) const QEMU: &str = "qemu-system-x86_64";

/// Where the distribution puts OVMF.
pub(crate) const FIRMWARE: &str = "/usr/share/OVMF";

/// Where it puts the firmware of ARM guests.
pub(crate) const ARM_FIRMWARE: &str = "/usr/share/AAVMF";

/// What does not change while the daemon runs; found at first use.
#[derive(Debug, Default)]
pub(crate) struct Cached {
    qemu: OnceCell<Program>,
    probe: OnceCell<Probe>,
    spice: OnceCell<bool>,
    host: OnceCell<Host>,
}

/// The QEMU that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its version.
    pub(crate) version: Version,
    /// That to the third number.
    pub(crate) text: String,
    /// Whether it is a build with Proxmox' patches.
    pub(crate) patched: bool,
}

/// What the hardware is.
#[derive(Debug, Clone)]
struct Host {
    cpu_vendor: String,
    phys_bits: u32,
    numa_nodes: u32,
    sev: Option<SevFacts>,
    tdx: bool,
}

impl Cached {
    /// Whether KVM runs guests here.
    pub(crate) async fn probe(&self, paths: &Paths) -> &Probe {
        self.probe.get_or_init(|| kvm::probe(paths)).await
    }

    /// The QEMU that is installed.
    pub(crate) async fn qemu(&self) -> Result<&Program, VmError> {
        let found = self.qemu.get_or_try_init(|| async {
            let output = Run::new(QEMU).arg("--version").output().await?;
            parse_version(&output.text()).ok_or_else(|| VmError::Exited("its version cannot be read".to_owned()))
        });
        found.await
    }

    /// Whether QEMU has its module for SPICE, which distributions may put into a package of its own.
    async fn spice(&self) -> Result<bool, VmError> {
        let found = self.spice.get_or_try_init(|| async {
            let mut known = false;
            let help = Run::new(QEMU).args(["-spice", "help"]).lines(|line| known |= line.trim().starts_with("addr="));
            // It ends with an error in any case, after its help too.
            let _ = help.await;
            Ok::<_, VmError>(known)
        });
        found.await.copied()
    }

    /// All facts that a VM's command line needs.
    pub(crate) async fn collect(&self, node: &str, paths: &Paths, config: &VmConfig) -> Result<HostFacts, VmError> {
        let qemu = self.qemu().await?;
        let kvm = self.probe(paths).await.usable;
        let mut bridge_mtu = std::collections::BTreeMap::new();
        for bridge in config.net.values().filter_map(|net| net.bridge.as_ref()) {
            bridge_mtu.insert(bridge.clone(), tap::bridge_mtu(bridge)?);
        }
        let no_spice = match wants_spice(config) && !self.spice().await? {
            true => Some("QEMU has no module for it; install the package 'qemu-system-modules-spice'".to_owned()),
            false => None,
        };
        let host = self.host.get_or_init(|| async { host() }).await;
        Ok(HostFacts {
            node: node.to_owned(),
            arch: Arch::X8664,
            qemu: qemu.version,
            qemu_text: qemu.text.clone(),
            patched: qemu.patched,
            kvm,
            cpus: std::thread::available_parallelism().map_or(1, |cpus| u32::try_from(cpus.get()).unwrap_or(u32::MAX)),
            cpu_vendor: host.cpu_vendor.clone(),
            phys_bits: host.phys_bits,
            numa_nodes: host.numa_nodes,
            hugepages_mib: machine::hugepage_sizes(),
            sev: host.sev,
            tdx: host.tdx,
            no_emulator: no_emulator(config),
            no_gl: no_gl(config),
            no_spice,
            devices: Devices::Only(named_devices(config).into_iter().filter(|path| Path::new(path).exists()).collect()),
            // The node may be there without a driver behind it, in containers for example.
            vhost_net: std::fs::File::open("/dev/vhost-net").is_ok(),
            io_uring: io_uring(),
            bridge_mtu,
            firmware_dir: FIRMWARE.into(),
            arm_firmware_dir: ARM_FIRMWARE.into(),
            small_ovmf: small_ovmf(),
            splash: None,
            iscsi_initiator: None,
        })
    }
}

fn host() -> Host {
    let sev = machine::sev().map(|sev| SevFacts {
        cbitpos: sev.cbitpos,
        reduced_phys_bits: sev.reduced_phys_bits,
        std: sev.std,
        es: sev.es,
        snp: sev.snp,
    });
    Host {
        cpu_vendor: machine::cpu_vendor(),
        phys_bits: machine::phys_bits(),
        numa_nodes: machine::numa_nodes(),
        sev,
        tdx: machine::tdx(),
    }
}

/// Whether anything in a configuration asks for SPICE.
fn wants_spice(config: &VmConfig) -> bool {
    use VgaType::{Qxl, Qxl2, Qxl3, Qxl4, Virtio, VirtioGl};
    let kind = config.vga.as_ref().and_then(|vga| vga.kind);
    matches!(kind, Some(Qxl | Qxl2 | Qxl3 | Qxl4 | Virtio | VirtioGl))
        || config.arch == Some(Arch::Aarch64)
        || config.audio0.is_some()
        || !config.usb.is_empty()
}

/// Why a guest of the other architecture could not be emulated; looked at only if it is one.
fn no_emulator(config: &VmConfig) -> Option<String> {
    let wanted = config.arch == Some(Arch::Aarch64) && !machine::program("qemu-system-aarch64");
    wanted.then(|| "QEMU for it is missing; install the packages 'qemu-system-arm' and 'qemu-efi-aarch64'".to_owned())
}

/// Why QEMU could not render on a graphics card; looked at only if it shall.
fn no_gl(config: &VmConfig) -> Option<String> {
    let wanted = config.vga.as_ref().is_some_and(|vga| vga.kind == Some(VgaType::VirtioGl));
    if !wanted {
        return None;
    }
    if !machine::render_node() {
        return Some("it has no graphics card to render on (no /dev/dri/renderD*)".to_owned());
    }
    let missing = ["libEGL.so.1", "libGL.so.1"].into_iter().find(|library| !machine::library(library))?;
    Some(format!("{missing} is missing; install the packages 'libgl1' and 'libegl1'"))
}

/// Serial and parallel devices that a configuration names.
fn named_devices(config: &VmConfig) -> Vec<String> {
    let serial = config.serial.values().filter_map(|port| match port {
        SerialPort::Device(path) => Some(path.clone()),
        SerialPort::Socket => None,
    });
    serial.chain(config.parallel.values().map(|port| port.0.clone())).collect()
}

/// Reads the first line of `qemu-system-x86_64 --version`.
fn parse_version(text: &str) -> Option<Program> {
    let rest = text.strip_prefix("QEMU emulator version ")?;
    let number = rest.split([' ', '\n', '(']).next()?;
    let patched = rest.lines().next()?.contains("pve-qemu");
    Some(Program { version: Version::parse(number)?, text: number.to_owned(), patched })
}

/// Whether OVMF's images of 2 MB are installed.
pub(crate) fn small_ovmf() -> bool {
    Path::new(FIRMWARE).join("OVMF_CODE.fd").exists()
}

/// Whether the kernel lets us use io_uring; the setting exists since Linux 6.6.
fn io_uring() -> bool {
    let setting = std::fs::read_to_string("/proc/sys/kernel/io_uring_disabled");
    setting.map_or(true, |setting| setting.trim() != "2")
}

/// Where a VM's sockets and files are.
pub(crate) fn places(paths: &Paths, vmid: schema::Vmid) -> Places {
    Places {
        qmp: paths.qmp_socket(vmid),
        vnc: paths.vnc_socket(vmid),
        serial: [0, 1, 2, 3].map(|port| paths.serial_socket(vmid, port)),
        agent: paths.agent_socket(vmid),
        pid: paths.qemu_pid_file(vmid),
        efi_vars: paths.qemu_run(vmid, "efivars"),
        spice: SpicePlace::Socket(paths.qemu_run(vmid, "spice")),
        tpm: paths.qemu_run(vmid, "swtpm"),
        virtiofs: paths.qemu_run(vmid, "virtiofs-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_builds() {
        let debian = "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright";
        let program = parse_version(debian).unwrap();
        assert_eq!((program.version, program.text.as_str(), program.patched), (Version::new(10, 0), "10.0.2", false));
        let patched = "QEMU emulator version 10.1.2 (pve-qemu-kvm_10.1.2-1)\n";
        assert!(parse_version(patched).unwrap().patched);
        assert_eq!(parse_version("bash: not found"), None);
    }
}
