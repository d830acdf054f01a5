//! The programs that serve a VM beside QEMU: started before it, ended after it.

use host::{
    companion::Companion,
    paths::Paths,
    swtpm::{self, Tpm},
    virtiofsd::Share,
};
use schema::Vmid;

use super::super::{
    config::{OsType, VmConfig, drive::TpmVersion, passthrough::VirtioFs},
    error::VmError,
    progress::Progress,
    vms::{Inner, Vms},
    volumes,
};
use crate::mapping;

/// How many directories a VM may share.
const SHARES: u32 = 10;

/// The TPM's process of a VM.
fn tpm(paths: &Paths, vmid: Vmid) -> Companion {
    Companion {
        name: format!("{vmid}-swtpm"),
        pid_file: paths.qemu_run(vmid, "swtpm.pid"),
        socket: paths.qemu_run(vmid, "swtpm"),
    }
}

/// The process that serves a VM's shared directory with this number.
fn share(paths: &Paths, vmid: Vmid, index: u32) -> Companion {
    Companion {
        name: format!("{vmid}-virtiofs-{index}"),
        // The program itself makes one that ends in `.pid`, but keeps it locked.
        pid_file: paths.qemu_run(vmid, &format!("virtiofs-{index}.process")),
        socket: paths.qemu_run(vmid, &format!("virtiofs-{index}")),
    }
}

impl Vms {
    /// Starts what QEMU connects to.
    pub(super) async fn start_helpers(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        config: &VmConfig,
    ) -> Result<(), VmError> {
        for (index, options) in config.virtiofs.iter() {
            self.inner.share(vmid, config, *index, options)?.start().await?;
        }
        let inner = &self.inner;
        let Some(state) = &config.tpmstate0 else { return Ok(()) };
        let tpm = Tpm {
            process: tpm(&inner.paths, vmid),
            state: inner.tpm_state(config).await?,
            log: inner.paths.qemu_log(vmid).with_extension("swtpm.log"),
            v2: state.version == Some(TpmVersion::V20),
            vmid: vmid.get(),
        };
        if tpm.start().await? {
            progress.log("the TPM is new: keys and certificates were made");
        }
        Ok(())
    }
}

impl Inner {
    /// A shared directory, by the mapping of this node.
    fn share(&self, vmid: Vmid, config: &VmConfig, index: u32, options: &VirtioFs) -> Result<Share, VmError> {
        let path = mapping::dir_path(&self.store.tree(), &options.dirid, &self.node)
            .map_err(|err| VmError::parameter(&format!("virtiofs{index}"), err.to_string()))?;
        let windows = config.ostype.is_some_and(|kind| {
            use OsType::{W2k, W2k3, W2k8, Win7, Win8, Win10, Win11, Wvista, Wxp};
            matches!(kind, Wxp | W2k | W2k3 | W2k8 | Wvista | Win7 | Win8 | Win10 | Win11)
        });
        Ok(Share {
            process: share(&self.paths, vmid, index),
            path,
            cache: options.cache.map_or("auto", |cache| cache.as_str()),
            direct_io: options.direct_io == Some(true),
            acl: options.expose_acl == Some(true),
            xattr: options.expose_xattr == Some(true),
            handles: windows,
            log: self.paths.qemu_log(vmid).with_extension(format!("virtiofs-{index}.log")),
        })
    }

    /// Where the state of a VM's TPM is.
    async fn tpm_state(&self, config: &VmConfig) -> Result<std::path::PathBuf, VmError> {
        let file = config.tpmstate0.as_ref().map(|state| state.file.as_str()).unwrap_or_default();
        if file.starts_with('/') {
            return Ok(file.into());
        }
        let found = volumes::find(&self.storages, file).await.map_err(VmError::Volume)?;
        if found.format == "raw" {
            return Ok(found.path);
        }
        let why = format!("a TPM's state must be a raw volume, '{file}' is {}", found.format);
        Err(VmError::parameter("tpmstate0", why))
    }

    /// Ends what served a VM, and leaves its volumes as others expect them.
    pub(crate) async fn end_helpers(&self, vmid: Vmid) {
        let shares = (0..SHARES).map(|index| share(&self.paths, vmid, index));
        // The file is there from the moment that the program runs until this.
        for share in shares.filter(|share| share.pid_file.exists()) {
            if let Err(err) = share.end().await {
                tracing::error!("VM {vmid}: {} cannot be ended: {err}", share.name);
            }
            let _ = std::fs::remove_file(share.socket.with_extension(extension(&share.socket) + ".pid"));
        }
        let tpm = tpm(&self.paths, vmid);
        if !tpm.pid_file.exists() && !tpm.socket.exists() {
            return;
        }
        if let Err(err) = tpm.end().await {
            tracing::error!("VM {vmid}: its TPM cannot be ended: {err}");
            return;
        }
        let Ok(vm) = self.get(vmid) else { return };
        if let Ok(place) = self.tpm_state(&vm.config).await
            && let Err(err) = swtpm::restore_size(&place)
        {
            tracing::warn!("VM {vmid}: {}: {err}", place.display());
        }
    }
}

fn extension(path: &std::path::Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().into_owned()
}

/// Removes what the programs of a VM printed.
pub(crate) fn remove_logs(paths: &Paths, vmid: Vmid) {
    let log = paths.qemu_log(vmid);
    let shares = (0..SHARES).map(|index| format!("virtiofs-{index}.log"));
    for name in shares.chain(["swtpm.log".to_owned()]) {
        // Most do not exist.
        let _ = std::fs::remove_file(log.with_extension(name));
    }
    super::logs::remove(&log);
}
