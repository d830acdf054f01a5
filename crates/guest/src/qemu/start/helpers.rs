//! The programs that serve a VM beside QEMU: started before it, ended after it.

use host::{
    companion::Companion,
    paths::Paths,
    swtpm::{self, Tpm},
};
use schema::Vmid;

use super::super::{
    cmdline::CommandLine,
    config::{VmConfig, drive::TpmVersion},
    error::VmError,
    progress::Progress,
    vms::{Inner, Vms},
    volumes,
};

/// The TPM's process of a VM.
fn tpm(paths: &Paths, vmid: Vmid) -> Companion {
    Companion {
        name: format!("{vmid}-swtpm"),
        pid_file: paths.qemu_run(vmid, "swtpm.pid"),
        socket: paths.qemu_run(vmid, "swtpm"),
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
        let inner = &self.inner;
        let Some(state) = &config.tpmstate0 else { return Ok(()) };
        let place = inner.tpm_state(config).await?;
        let tpm = Tpm {
            process: tpm(&inner.paths, vmid),
            state: place,
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
    /// The command line with the devices that helpers serve, where it lacks them.
    pub(super) fn with_helpers(&self, vmid: Vmid, config: &VmConfig, mut line: CommandLine) -> CommandLine {
        if config.tpmstate0.is_some() && !line.options.iter().any(|(option, _)| option == "-tpmdev") {
            let socket = format!("socket,id=tpmchar,path={}", self.paths.qemu_run(vmid, "swtpm").display());
            let options = [
                ("-chardev", socket.as_str()),
                ("-tpmdev", "emulator,id=tpmdev,chardev=tpmchar"),
                ("-device", "tpm-tis,tpmdev=tpmdev"),
            ];
            line.options.extend(options.map(|(option, value)| (option.to_owned(), Some(value.to_owned()))));
        }
        line
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
        let tpm = tpm(&self.paths, vmid);
        // The file is there from the moment that the program runs until this.
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
