//! OVMF: the firmware's code, read only, and its variable store.

use serde_json::json;

use super::{
    Plan, PlanError,
    drive::{EFI_DISK, Image, Opening},
};
use crate::qemu::config::{
    Bios,
    drive::{EfiDisk, EfiType},
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

impl Plan<'_> {
    pub(super) fn firmware(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        if config.bios != Some(Bios::Ovmf) {
            return Ok(());
        }
        if super::cpu::is_32bit(config.cpu.as_deref()) {
            return Err(super::wrong("bios", "OVMF is not supported on 32-bit CPU types"));
        }
        let disk = config.efidisk0.as_deref();
        let firmware = ovmf(disk, self.machine.q35, self.facts.small_ovmf);
        let code = self.facts.firmware_dir.join(firmware.code);
        let node = json!({
            "driver": "raw", "node-name": "pflash0", "read-only": true,
            "file": { "driver": "file", "filename": code.display().to_string() },
        });
        self.option("-blockdev", node.to_string());

        let id = EFI_DISK;
        let image = match disk {
            Some(_) => self.input.images.get(&id).cloned().ok_or_else(|| PlanError::NoImage(id.to_string()))?,
            None => {
                self.warn("no efidisk configured! Using temporary efivars disk.");
                Image::file(&self.input.places.efi_vars, "raw")
            }
        };
        let opening = Opening::writeback(&image, self.facts.io_uring);
        self.option(
            "-object",
            json!({ "qom-type": "throttle-group", "id": "throttle-drive-efidisk0", "limits": {} }).to_string(),
        );
        self.option("-blockdev", opening.graph("efidisk0", &image, Some(firmware.size)).to_string());
        self.machine_flags.push("pflash0=pflash0".to_owned());
        self.machine_flags.push("pflash1=drive-efidisk0".to_owned());
        Ok(())
    }
}
