//! Facts about this host that command lines depend on.

use std::path::Path;

use host::{
    kvm::{self, Probe},
    paths::Paths,
    run::Run,
    tap,
};
use tokio::sync::OnceCell;

use super::{
    cmdline::{HostFacts, Places, Version},
    config::VmConfig,
    error::VmError,
};

/// The program.
pub(crate) const QEMU: &str = "qemu-system-x86_64";

/// Where the distribution puts OVMF.
pub(crate) const FIRMWARE: &str = "/usr/share/OVMF";

/// What does not change while the daemon runs; found at first use.
#[derive(Debug, Default)]
pub(crate) struct Cached {
    qemu: OnceCell<(Version, bool)>,
    probe: OnceCell<Probe>,
}

impl Cached {
    /// Whether KVM runs guests here.
    pub(crate) async fn probe(&self, paths: &Paths) -> &Probe {
        self.probe.get_or_init(|| kvm::probe(paths)).await
    }

    /// The version of QEMU and whether it is a patched build.
    pub(crate) async fn qemu(&self) -> Result<(Version, bool), VmError> {
        let found = self.qemu.get_or_try_init(|| async {
            let output = Run::new(QEMU).arg("--version").output().await?;
            parse_version(&output.text()).ok_or_else(|| VmError::Exited("its version cannot be read".to_owned()))
        });
        found.await.copied()
    }

    /// All facts that a VM's command line needs.
    pub(crate) async fn collect(&self, paths: &Paths, config: &VmConfig) -> Result<HostFacts, VmError> {
        let (qemu, patched) = self.qemu().await?;
        let kvm = self.probe(paths).await.usable;
        let mut bridge_mtu = std::collections::BTreeMap::new();
        for bridge in config.net.values().filter_map(|net| net.bridge.as_ref()) {
            bridge_mtu.insert(bridge.clone(), tap::bridge_mtu(bridge)?);
        }
        Ok(HostFacts {
            qemu,
            patched,
            kvm,
            cpus: std::thread::available_parallelism().map_or(1, |cpus| u32::try_from(cpus.get()).unwrap_or(u32::MAX)),
            cpu_vendor: cpu_vendor(),
            // The node may be there without a driver behind it, in containers for example.
            vhost_net: std::fs::File::open("/dev/vhost-net").is_ok(),
            io_uring: io_uring(),
            bridge_mtu,
            firmware_dir: FIRMWARE.into(),
            small_ovmf: small_ovmf(),
            splash: None,
            iscsi_initiator: None,
        })
    }
}

/// Reads the first line of `qemu-system-x86_64 --version`.
fn parse_version(text: &str) -> Option<(Version, bool)> {
    let rest = text.strip_prefix("QEMU emulator version ")?;
    let number = rest.split([' ', '\n', '(']).next()?;
    Some((Version::parse(number)?, rest.lines().next()?.contains("pve-qemu")))
}

fn cpu_vendor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let vendor = text.lines().find_map(|line| line.strip_prefix("vendor_id"));
    vendor.unwrap_or_default().trim_start_matches([' ', '\t', ':']).trim().to_owned()
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_builds() {
        let debian = "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright";
        assert_eq!(parse_version(debian), Some((Version::new(10, 0), false)));
        let patched = "QEMU emulator version 10.1.2 (pve-qemu-kvm_10.1.2-1)\n";
        assert_eq!(parse_version(patched), Some((Version::new(10, 1), true)));
        assert_eq!(parse_version("bash: not found"), None);
    }
}
