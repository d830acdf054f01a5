//! OVMF: the firmware's code, read only, and its variable store.

use serde_json::json;

use super::{
    Plan, PlanError,
    drive::EFI_DISK,
    graph::{Image, Opening},
    versions::Change,
};
use crate::qemu::config::{
    Arch, Bios,
    drive::{EfiDisk, EfiType},
    passthrough::SevType,
};

/// What one kind of firmware consists of.
pub(crate) struct Ovmf {
    /// File with the code.
    pub(crate) code: &'static str,
    /// File with fresh variables.
    pub(crate) vars: &'static str,
    /// Size of the variable store, bytes.
    pub(crate) size: u64,
}

/// The firmware of a VM with this variable store on this chip set. `small`: whether the host has the images of 2 MB, which
/// newer distributions do not build any more; a VM without a store of its own gets those of 4 MB then.
pub(crate) fn ovmf(disk: Option<&EfiDisk>, q35: bool, small: bool) -> Ovmf {
    let keys = disk.is_some_and(|disk| disk.pre_enrolled_keys == Some(true));
    let large = disk.map_or(!small, |disk| disk.efitype == Some(EfiType::V4m));
    if !large {
        return Ovmf { code: "OVMF_CODE.fd", vars: "OVMF_VARS.fd", size: 131_072 };
    }
    Ovmf {
        code: if q35 { "OVMF_CODE_4M.secboot.fd" } else { "OVMF_CODE_4M.fd" },
        vars: if keys { "OVMF_VARS_4M.ms.fd" } else { "OVMF_VARS_4M.fd" },
        size: 540_672,
    }
}

/// The firmware of a guest whose memory is encrypted.
const SEV: Ovmf = Ovmf { code: "OVMF_SEV_CODE_4M.fd", vars: "OVMF_SEV_VARS_4M.fd", size: 540_672 };

/// The firmware of an ARM guest.
pub(crate) fn aavmf(disk: Option<&EfiDisk>) -> Ovmf {
    let keys = disk.is_some_and(|disk| disk.pre_enrolled_keys == Some(true));
    Ovmf {
        code: if keys { "AAVMF_CODE.secboot.fd" } else { "AAVMF_CODE.fd" },
        vars: if keys { "AAVMF_VARS.ms.fd" } else { "AAVMF_VARS.fd" },
        size: 67_108_864,
    }
}

impl Plan<'_> {
    fn firmware_kind(&self) -> Ovmf {
        let disk = self.config.efidisk0.as_deref();
        match (self.arch, self.secret.sev) {
            (Arch::Aarch64, _) => aavmf(disk),
            (_, Some(SevType::Std | SevType::Es)) => SEV,
            _ => ovmf(disk, self.machine.q35(), self.facts.small_ovmf),
        }
    }

    pub(super) fn firmware(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        if config.bios != Some(Bios::Ovmf) {
            return Ok(());
        }
        if super::cpu::is_32bit(self.cpu_model()) {
            return Err(super::wrong("bios", "OVMF is not supported on 32-bit CPU types"));
        }
        let directory =
            if self.arch == Arch::Aarch64 { &self.facts.arm_firmware_dir } else { &self.facts.firmware_dir };
        if let Some(image) = self.secret.bios() {
            let image = directory.join(image).display().to_string();
            self.option("-bios", image);
            return Ok(());
        }
        let firmware = self.firmware_kind();
        let code = directory.join(firmware.code);
        let node = json!({
            "driver": "raw", "node-name": "pflash0", "read-only": true,
            "file": { "driver": "file", "filename": code.display().to_string() },
        });
        self.option("-blockdev", node.to_string());
        self.variable_store(firmware.size)
    }

    fn variable_store(&mut self, size: u64) -> Result<(), PlanError> {
        let id = EFI_DISK;
        let image = match self.config.efidisk0 {
            Some(_) => self.input.images.get(&id).cloned().ok_or_else(|| PlanError::NoImage(id.to_string()))?,
            None => {
                self.warn("no efidisk configured! Using temporary efivars disk.");
                Image::file(&self.input.places.efi_vars, "raw")
            }
        };
        let mut opening = Opening::writeback(&image, self.facts.io_uring, !self.machine.has(Change::Blockdev));
        opening.read_only |= self.config.template == Some(true);
        let limits = json!({ "qom-type": "throttle-group", "id": "throttle-drive-efidisk0", "limits": {} });
        self.option("-object", limits.to_string());
        let size = self.machine.uses(Change::FirmwareStoreSize).then_some(size);
        self.option("-blockdev", opening.graph("efidisk0", &image, size).to_string());
        self.machine_flags.push("pflash0=pflash0".to_owned());
        self.machine_flags.push("pflash1=drive-efidisk0".to_owned());
        Ok(())
    }
}
