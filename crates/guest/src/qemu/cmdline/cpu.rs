//! Processors: model, flags, number.

use std::collections::BTreeMap;

use super::{Plan, PlanError, Version, wrong};
use crate::qemu::config::{Bios, OsType, device::Cpu};

/// Models of our own: a base that every processor of the level has, and what is added to it.
const BUILTIN: [(&str, &[&str]); 4] =
    [("x86-64-v2", V2), ("x86-64-v2-AES", V2_AES), ("x86-64-v3", V3), ("x86-64-v4", V4)];
const V2: &[&str] = &["popcnt", "pni", "sse4.1", "sse4.2", "ssse3"];
const V2_AES: &[&str] = &["popcnt", "pni", "sse4.1", "sse4.2", "ssse3", "aes"];
const V3: &[&str] = &[
    "popcnt", "pni", "sse4.1", "sse4.2", "ssse3", "aes", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe",
    "xsave",
];
const V4: &[&str] = &[
    "popcnt", "pni", "sse4.1", "sse4.2", "ssse3", "aes", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe",
    "xsave", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl",
];

const MODELS_32BIT: &[&str] = &["486", "pentium", "pentium2", "pentium3", "coreduo", "athlon", "kvm32", "qemu32"];

const AMD: &[&str] = &["EPYC", "Opteron", "athlon", "phenom"];
const INTEL: &[&str] = &[
    "486",
    "Broadwell",
    "Cascadelake",
    "ClearwaterForest",
    "Conroe",
    "Cooperlake",
    "GraniteRapids",
    "Haswell",
    "Icelake",
    "IvyBridge",
    "KnightsMill",
    "Nehalem",
    "Penryn",
    "SandyBridge",
    "SapphireRapids",
    "SierraForest",
    "Skylake",
    "Westmere",
    "core2duo",
    "coreduo",
    "pentium",
];

/// Flags a VM may switch; others need a CPU model of the cluster's own.
const VM_FLAGS: &[&str] = &[
    "aes",
    "amd-no-ssb",
    "amd-ssbd",
    "hv-evmcs",
    "hv-tlbflush",
    "ibpb",
    "md-clear",
    "nested-virt",
    "pcid",
    "pdpe1gb",
    "spec-ctrl",
    "ssbd",
    "virt-ssbd",
];

/// Whether the model cannot run 64-bit code.
pub(super) fn is_32bit(cpu: Option<&Cpu>) -> bool {
    cpu.and_then(|cpu| cpu.cputype.as_deref()).is_some_and(|model| MODELS_32BIT.contains(&model))
}

fn vendor(model: &str) -> Option<&'static str> {
    let of = |prefixes: &[&str]| prefixes.iter().any(|prefix| model.starts_with(prefix));
    match () {
        () if of(AMD) => Some("AuthenticAMD"),
        () if of(INTEL) => Some("GenuineIntel"),
        () => None,
    }
}

impl Plan<'_> {
    pub(super) fn smp(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let sockets = config.sockets.or(config.smp).unwrap_or(1);
        let cores = config.cores.unwrap_or(1);
        let most = sockets * cores;
        if most > u64::from(self.facts.cpus) {
            return Err(PlanError::TooManyCpus(self.facts.cpus));
        }
        let on = config.vcpus.unwrap_or(most);
        if on > most {
            return Err(wrong("vcpus", format!("more than the {most} processors of sockets and cores")));
        }
        self.option("-smp", format!("{on},sockets={sockets},cores={cores},maxcpus={most}"));
        Ok(())
    }

    pub(super) fn cpu(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let cpu = config.cpu.as_deref();
        let default = if self.kvm { "kvm64" } else { "qemu64" };
        let wanted = cpu.and_then(|cpu| cpu.cputype.as_deref()).unwrap_or(default);
        if wanted.starts_with("custom-") {
            return Err(wrong("cpu", "models of the cluster's own are not supported by this version yet"));
        }
        let builtin = BUILTIN.iter().find(|(name, _)| *name == wanted).map(|(_, flags)| *flags);
        let model = match wanted {
            _ if builtin.is_some() => "qemu64",
            // Emulation has no processor to pass through: the guest gets all that can be emulated.
            "host" if !self.kvm => "max",
            other => other,
        };
        let mut flags = self.automatic_flags(model, cpu);
        flags.extend(self.hyperv_flags(cpu));
        flags.extend(builtin.unwrap_or_default().iter().map(|flag| ((*flag).to_owned(), format!("+{flag}"))));
        self.vm_flags(cpu, &mut flags)?;
        if cpu.is_some_and(|cpu| cpu.hidden == Some(true)) {
            flags.insert("kvm".to_owned(), "kvm=off".to_owned());
        }
        if let Some(vendor) = vendor(model) {
            flags.insert("vendor".to_owned(), format!("vendor={vendor}"));
        }
        if self.kvm && model != "host" {
            flags.insert("enforce".to_owned(), "enforce".to_owned());
        }
        let mut value = model.to_owned();
        if let Some(level) = cpu.and_then(|cpu| cpu.level) {
            value += &format!(",level={level}");
        }
        for flag in flags.into_values() {
            value += &format!(",{flag}");
        }
        if let Some(bits) = cpu.and_then(|cpu| cpu.guest_phys_bits) {
            value += &format!(",guest-phys-bits={bits}");
        }
        match cpu.and_then(|cpu| cpu.phys_bits.as_deref()) {
            Some("host") => value += ",host-phys-bits=true",
            Some(bits) => value += &format!(",phys-bits={bits}"),
            None => {}
        }
        self.option("-cpu", value);
        Ok(())
    }

    /// Flags that follow from model, machine version and guest; by name.
    fn automatic_flags(&self, model: &str, cpu: Option<&Cpu>) -> BTreeMap<String, String> {
        let mut flags = BTreeMap::new();
        let mut add = |name: &str, sign: &str| flags.insert(name.to_owned(), format!("{sign}{name}"));
        match model {
            "kvm64" => {
                add("lahf_lm", "+");
                add("sep", "+");
            }
            "kvm32" => {
                add("sep", "+");
            }
            _ if model.starts_with("Opteron") => {
                add("rdtscp", "-");
            }
            _ => {}
        }
        if self.kvm && self.machine.since(Version::new(2, 3)) {
            add("kvm_pv_unhalt", "+");
            add("kvm_pv_eoi", "+");
        }
        if self.config.ostype == Some(OsType::Solaris) {
            add("x2apic", "-");
        }
        if self.facts.qemu >= Version::new(11, 0) {
            if self.os.windows() >= 11 {
                add("cet-ibt", "-");
                add("cet-ss", "-");
            }
            let host = cpu.and_then(|cpu| cpu.cputype.as_deref()) == Some("host");
            if host && !self.machine.since(Version::new(11, 0)) {
                add("vmx-mbec", "-");
            }
        }
        flags
    }

    /// Hyper-V's interfaces, which Windows uses to run well under KVM.
    fn hyperv_flags(&mut self, cpu: Option<&Cpu>) -> BTreeMap<String, String> {
        let windows = self.os.windows();
        let mut flags = BTreeMap::new();
        if !self.kvm || windows < 6 || (self.config.bios == Some(Bios::Ovmf) && windows < 8) {
            return flags;
        }
        let modern = self.machine.since(Version::new(2, 3));
        flags.insert("hv_spinlocks".into(), format!("hv_spinlocks=0x{}", if modern { "1fff" } else { "ffff" }));
        let mut add = |names: &[&str]| flags.extend(names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())));
        add(&["hv_vapic", "hv_time", "hv_reset", "hv_vpindex", "hv_runtime"]);
        if windows >= 7 {
            add(&["hv_relaxed", "hv_synic", "hv_stimer", "hv_ipi"]);
        }
        if windows >= 11 && self.facts.cpu_vendor == "GenuineIntel" && self.machine.since(Version::revised(11, 0, 2)) {
            add(&["hv_evmcs"]);
            self.machine.needs_revision(2);
        }
        if let Some(id) = cpu.and_then(|cpu| cpu.hv_vendor_id.as_deref()) {
            flags.insert("hv_vendor_id".into(), format!("hv_vendor_id={id}"));
        }
        flags
    }

    fn vm_flags(&self, cpu: Option<&Cpu>, flags: &mut BTreeMap<String, String>) -> Result<(), PlanError> {
        let Some(text) = cpu.and_then(|cpu| cpu.flags.as_deref()) else { return Ok(()) };
        for flag in text.split(';') {
            let name = flag.trim_start_matches(['+', '-']);
            if !VM_FLAGS.contains(&name) {
                return Err(wrong(
                    "cpu",
                    format!("flag '{name}' cannot be switched for a single guest; it needs a custom CPU model"),
                ));
            }
            let real = match name {
                "nested-virt" if self.facts.cpu_vendor == "AuthenticAMD" => "svm",
                "nested-virt" => "vmx",
                other => other,
            };
            flags.insert(real.to_owned(), flag.replace(name, real));
        }
        Ok(())
    }
}
