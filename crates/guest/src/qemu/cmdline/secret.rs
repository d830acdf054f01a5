//! Guests whose memory the host cannot read: AMD SEV and Intel TDX.

use super::{Plan, PlanError, wrong};
use crate::qemu::config::{Bios, VmConfig, passthrough::SevType};

/// What a configuration asks for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Secret {
    pub(super) sev: Option<SevType>,
    pub(super) tdx: bool,
}

impl Secret {
    pub(super) fn of(config: &VmConfig) -> Self {
        Self { sev: config.amd_sev.as_ref().map(|sev| sev.kind), tdx: config.intel_tdx.is_some() }
    }

    /// The firmware when it is one image that is loaded as the BIOS, without a store for variables.
    pub(super) fn bios(self) -> Option<&'static str> {
        match self {
            Self { sev: Some(SevType::Snp), .. } => Some("OVMF_SEV_4M.fd"),
            Self { tdx: true, .. } => Some("OVMF_TDX_4M.ms.fd"),
            _ => None,
        }
    }
}

/// What a processor of AMD can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SevFacts {
    /// The bit of an address that says that a page is encrypted.
    pub cbitpos: u32,
    /// Address bits lost to it.
    pub reduced_phys_bits: u32,
    /// Whether the first generation works.
    pub std: bool,
    /// Whether registers can be encrypted too.
    pub es: bool,
    /// Whether memory can be protected from changes too.
    pub snp: bool,
}

impl Plan<'_> {
    pub(super) fn secret(&mut self) -> Result<(), PlanError> {
        self.sev()?;
        self.tdx()
    }

    fn sev(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let Some(sev) = &config.amd_sev else { return Ok(()) };
        let facts = self.facts.sev.unwrap_or_default();
        let (offered, name) = match sev.kind {
            SevType::Std => (facts.std, "AMD SEV"),
            SevType::Es => (facts.es, "AMD SEV-ES"),
            SevType::Snp => (facts.snp, "AMD SEV-SNP"),
        };
        if !offered {
            return Err(wrong(
                "amd-sev",
                format!("{name} is not supported by this host's processor or its firmware setup"),
            ));
        }
        if config.bios != Some(Bios::Ovmf) {
            return Err(wrong("amd-sev", "to use SEV, you need to change the BIOS to OVMF"));
        }
        let bit = |wanted: bool, bit: u32| u64::from(wanted) << bit;
        let debug = sev.no_debug != Some(true);
        let (kind, policy) = match sev.kind {
            SevType::Snp => ("sev-snp-guest", bit(sev.allow_smt != Some(false), 16) | bit(true, 17) | bit(debug, 19)),
            kind => (
                "sev-guest",
                bit(!debug, 0) | bit(sev.no_key_sharing == Some(true), 1) | bit(kind == SevType::Es, 2) | bit(true, 3),
            ),
        };
        // The first generation's bits are only said when one of them means something.
        let hashes = if sev.kernel_hashes == Some(true) { ",kernel-hashes=on" } else { "" };
        let (cbitpos, reduced) = (facts.cbitpos, facts.reduced_phys_bits);
        self.option(
            "-object",
            format!("{kind},id=sev0,cbitpos={cbitpos},reduced-phys-bits={reduced},policy=0x{policy:x}{hashes}"),
        );
        self.machine_flags.push("confidential-guest-support=sev0".to_owned());
        Ok(())
    }

    fn tdx(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let Some(tdx) = &config.intel_tdx else { return Ok(()) };
        if !self.facts.tdx {
            return Err(wrong(
                "intel-tdx",
                "Intel TDX is not supported by this host's processor or its firmware setup",
            ));
        }
        if config.bios != Some(Bios::Ovmf) {
            return Err(wrong("intel-tdx", "to use TDX, you need to change the BIOS to OVMF"));
        }
        let mut guest = serde_json::json!({ "qom-type": "tdx-guest", "id": "tdx0" });
        if tdx.attestation {
            let (cid, port) = (tdx.vsock_cid.unwrap_or(2), tdx.vsock_port.unwrap_or(4050));
            guest["quote-generation-socket"] =
                serde_json::json!({ "type": "vsock", "cid": cid.to_string(), "port": port.to_string() });
        }
        self.option("-object", guest.to_string());
        self.machine_flags.push("confidential-guest-support=tdx0".to_owned());
        Ok(())
    }
}
