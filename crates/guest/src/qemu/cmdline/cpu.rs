//! Processors: model, flags, number.

use std::collections::BTreeMap;

use super::{
    Plan, PlanError, Version,
    memory::{hotplugs, sockets},
    versions::Change,
    wrong,
};
use crate::qemu::config::{Arch, Bios, OsType, device::Cpu};

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
    "DiamondRapids",
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

/// Models that there never were as client processors.
const RENAMED: [(&str, &str); 2] =
    [("Icelake-Client", "Icelake-Server"), ("Icelake-Client-noTSX", "Icelake-Server-noTSX")];

/// Flags a VM may switch; others need a CPU model of the cluster's own.
pub const VM_FLAGS: &[&str] = &[
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

/// What a flag of a processor is set to, and who said so.
struct Setting {
    /// As it is printed: `+aes`, `kvm=off`, `enforce`.
    text: String,
    /// For whom, in warnings.
    origin: String,
}

/// Flags by name; the last word counts.
#[derive(Default)]
struct Flags(BTreeMap<String, Setting>);

impl Flags {
    /// Sets one; answers what it overrules.
    fn add(&mut self, name: &str, text: impl Into<String>, origin: &str) -> Option<String> {
        let text = text.into();
        let setting = Setting { text: text.clone(), origin: origin.to_owned() };
        // QEMU takes both ways of writing a name for the same flag.
        let known = self.0.keys().find(|known| known.replace('_', "-") == name.replace('_', "-")).cloned();
        let before = self.0.insert(known.unwrap_or_else(|| name.to_owned()), setting)?;
        let differs = before.text.replace('_', "-") != text.replace('_', "-");
        differs
            .then(|| format!("CPU flag/setting '{text}' ({origin}) overwrites '{}' ({})", before.text, before.origin))
    }
}

/// Whether the model cannot run 64-bit code.
pub(super) fn is_32bit(model: &str) -> bool {
    MODELS_32BIT.contains(&model)
}

fn vendor(model: &str) -> Option<&'static str> {
    let of = |prefixes: &[&str]| prefixes.iter().any(|prefix| model.starts_with(prefix));
    match () {
        () if of(AMD) => Some("AuthenticAMD"),
        () if of(INTEL) => Some("GenuineIntel"),
        () => None,
    }
}

/// The processor of a VM with all that its configuration refers to.
#[derive(Clone, Copy)]
pub(super) struct Processor<'a> {
    /// The model that QEMU is told.
    model: &'a str,
    /// Flags of a built-in level.
    builtin: &'static [&'static str],
    /// The model of the cluster's own.
    custom: Option<&'a Cpu>,
    /// The VM's own settings.
    own: Option<&'a Cpu>,
}

impl<'a> Processor<'a> {
    /// The VM's own value of a setting, or that of its model.
    fn setting<T>(&self, read: impl Fn(&'a Cpu) -> Option<T>) -> Option<T> {
        self.own.and_then(&read).or_else(|| self.custom.and_then(&read))
    }
}

impl<'a> Plan<'a> {
    /// Finds out which processor the VM has.
    pub(super) fn find_processor(input: &super::Input<'a>, arch: Arch, kvm: bool) -> Result<Processor<'a>, PlanError> {
        let own = input.config.cpu.as_deref();
        let default = match (arch, kvm) {
            (Arch::X8664, true) => "kvm64",
            (Arch::X8664, false) => "qemu64",
            (Arch::Aarch64, true) => "host",
            (Arch::Aarch64, false) => "max",
        };
        let wanted = own.and_then(|cpu| cpu.cputype.as_deref()).unwrap_or(default);
        let mut found = Processor { model: wanted, builtin: &[], custom: None, own };
        if let Some(name) = wanted.strip_prefix("custom-") {
            let missing = || wrong("cpu", format!("custom cputype '{name}' not found"));
            let custom = input.cpu_models.get(name).ok_or_else(missing)?;
            found.custom = Some(custom);
            found.model = custom.reported_model.map_or("kvm64", |model| model.as_str());
        } else if let Some((_, flags)) = BUILTIN.iter().find(|(name, _)| *name == wanted) {
            (found.model, found.builtin) = ("qemu64", flags);
        }
        if let Some((_, real)) = RENAMED.iter().find(|(name, _)| *name == found.model) {
            found.model = real;
        }
        if found.model == "host" && !kvm {
            // Emulation has no processor to pass through: the guest gets all that can be emulated.
            found.model = "max";
        }
        Ok(found)
    }

    /// The model that QEMU is told.
    pub(super) fn cpu_model(&self) -> &'a str {
        self.processor.model
    }

    /// Bits of physical addresses that were asked for.
    pub(super) fn phys_bits(&self) -> Option<&'a str> {
        self.processor.setting(|cpu| cpu.options.phys_bits.as_deref())
    }

    pub(super) fn smp(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let (sockets, cores) = (sockets(config), config.cores.unwrap_or(1));
        let most = sockets * cores;
        if most > u64::from(self.facts.cpus) {
            return Err(PlanError::TooManyCpus(self.facts.cpus));
        }
        let on = config.vcpus.unwrap_or(most);
        if on > most {
            return Err(wrong("vcpus", format!("more than the {most} processors of sockets and cores")));
        }
        if !hotplugs(config, "cpu") || !self.machine.has(Change::CpuHotplug) {
            self.option("-smp", format!("{on},sockets={sockets},cores={cores},maxcpus={most}"));
            return Ok(());
        }
        self.option("-smp", format!("1,sockets={sockets},cores={cores},maxcpus={most}"));
        for number in 2..=on {
            let device = self.processor_device(number)?;
            self.device(device);
        }
        Ok(())
    }

    /// A processor beyond the first, by its number.
    pub(super) fn processor_device(&self, number: u64) -> Result<String, PlanError> {
        if self.arch != Arch::X8664 {
            return Err(wrong("hotplug", "processors of this architecture cannot be plugged in"));
        }
        let cores = self.config.cores.unwrap_or(1);
        let (socket, core) = ((number - 1) / cores, (number - 1) % cores);
        Ok(format!("{}-x86_64-cpu,id=cpu{number},socket-id={socket},core-id={core},thread-id=0", self.processor.model))
    }

    pub(super) fn cpu(&mut self) -> Result<(), PlanError> {
        let processor = self.processor;
        let mut flags = Flags::default();
        let mut warnings = Vec::new();
        self.automatic_flags(&mut flags);
        self.hyperv_flags(&mut flags);
        for flag in processor.builtin {
            warnings.extend(flags.add(flag, format!("+{flag}"), "set by the processor level"));
        }
        if let Some(text) = processor.custom.and_then(|cpu| cpu.options.flags.as_deref()) {
            self.listed_flags(text, &mut flags, "set by custom CPU model", &mut warnings);
        }
        if let Some(text) = processor.own.and_then(|cpu| cpu.options.flags.as_deref()) {
            self.check_flags(text)?;
            self.listed_flags(text, &mut flags, "manually set for VM", &mut warnings);
        }
        self.forced_flags(&mut flags, &mut warnings);
        for warning in warnings {
            self.warn(format!("warning: {warning}"));
        }

        let mut value = processor.model.to_owned();
        if let Some(level) = processor.setting(|cpu| cpu.options.level) {
            value += &format!(",level={level}");
        }
        for setting in flags.0.into_values() {
            value += &format!(",{}", setting.text);
        }
        if let Some(bits) = processor.setting(|cpu| cpu.options.guest_phys_bits) {
            value += &format!(",guest-phys-bits={bits}");
        }
        match self.phys_bits() {
            Some("host") => value += ",host-phys-bits=true",
            Some(bits) => value += &format!(",phys-bits={bits}"),
            None => {}
        }
        self.option("-cpu", value);
        Ok(())
    }

    /// Flags that follow from model, machine version and guest.
    fn automatic_flags(&self, flags: &mut Flags) {
        let model = self.processor.model;
        let ours = "set by the platform";
        let mut add = |name: &str, sign: &str, why: &str| flags.add(name, format!("{sign}{name}"), why);
        if self.arch != Arch::X8664 {
            return;
        }
        match model {
            "kvm64" => {
                add("lahf_lm", "+", "set by PVE; 64 bit Windows needs it");
                add("sep", "+", "set by PVE; 64 bit Windows needs it");
            }
            "kvm32" => {
                add("sep", "+", ours);
            }
            _ if model.starts_with("Opteron") => {
                add("rdtscp", "-", ours);
            }
            _ => {}
        }
        if self.kvm && self.machine.has(Change::ParavirtualFlags) {
            let why = "set by PVE; to improve Linux guest spinlock performance";
            add("kvm_pv_unhalt", "+", why);
            add("kvm_pv_eoi", "+", "set by PVE; to improve Linux guest interrupt performance");
        }
        if self.config.ostype == Some(OsType::Solaris) {
            add("x2apic", "-", ours);
        }
        if self.facts.qemu >= Version::new(11, 0) {
            if self.os.windows() >= 11 {
                add("cet-ibt", "-", ours);
                add("cet-ss", "-", ours);
            }
            if model == "host" && !self.machine.has(Change::NestedBranchControl) {
                add("vmx-mbec", "-", ours);
            }
        }
    }

    /// Hyper-V's interfaces, which Windows uses to run well under KVM.
    fn hyperv_flags(&mut self, flags: &mut Flags) {
        let windows = self.os.windows();
        let ovmf = self.config.bios == Some(Bios::Ovmf);
        if !self.kvm || self.arch != Arch::X8664 || windows < 6 || (ovmf && windows < 8) {
            return;
        }
        let why = "automatic Hyper-V enlightenment for Windows";
        let locks = if self.machine.has(Change::ParavirtualFlags) { "1fff" } else { "ffff" };
        flags.add("hv_spinlocks", format!("hv_spinlocks=0x{locks}"), why);
        let by_version: [(u32, Change, &[&str]); 5] = [
            (6, Change::ParavirtualFlags, &["hv_vapic", "hv_time"]),
            (6, Change::HypervEntry, &["hv_reset", "hv_vpindex", "hv_runtime"]),
            (7, Change::ParavirtualFlags, &["hv_relaxed"]),
            (7, Change::HypervTimers, &["hv_synic", "hv_stimer"]),
            (7, Change::HypervIpi, &["hv_ipi"]),
        ];
        let offered = by_version.iter().filter(|(least, since, _)| windows >= *least && self.machine.has(*since));
        let mut names: Vec<&str> = offered.flat_map(|(.., names)| names.iter().copied()).collect();
        if windows >= 11 && self.facts.cpu_vendor == "GenuineIntel" && self.machine.uses(Change::NestedVmcs) {
            names.push("hv_evmcs");
        }
        for name in names {
            flags.add(name, name, why);
        }
        let id = self.processor.setting(|cpu| cpu.options.hv_vendor_id.as_deref());
        // Some graphics drivers refuse to work when they see the usual name.
        if let Some(id) = id.or(self.primary_gpu().then_some("proxmox")) {
            flags.add("hv_vendor_id", format!("hv_vendor_id={id}"), why);
        }
    }

    fn check_flags(&self, text: &str) -> Result<(), PlanError> {
        let names = text.split(';').map(|flag| flag.trim_start_matches(['+', '-']));
        match names.into_iter().find(|name| !VM_FLAGS.contains(name)) {
            Some(name) => Err(wrong(
                "cpu",
                format!("flag '{name}' cannot be switched for a single guest; it needs a custom CPU model"),
            )),
            None => Ok(()),
        }
    }

    fn listed_flags(&self, text: &str, flags: &mut Flags, origin: &str, warnings: &mut Vec<String>) {
        for flag in text.split(';').filter(|flag| flag.len() > 1) {
            let name = &flag[1..];
            let real = match name {
                "nested-virt" if self.facts.cpu_vendor == "AuthenticAMD" => "svm",
                "nested-virt" => "vmx",
                other => other,
            };
            warnings.extend(flags.add(real, format!("{}{real}", &flag[..1]), origin));
        }
    }

    /// Flags that nobody can overrule.
    fn forced_flags(&self, flags: &mut Flags, warnings: &mut Vec<String>) {
        if self.arch != Arch::X8664 {
            return;
        }
        let model = self.processor.model;
        if self.kvm && model != "host" {
            flags.add("enforce", "enforce", "error if requested CPU settings not available");
        }
        if self.processor.setting(|cpu| cpu.options.hidden) == Some(true) || self.primary_gpu() {
            warnings.extend(flags.add("kvm", "kvm=off", "hide KVM virtualization from guest"));
        }
        if let Some(vendor) = vendor(model) {
            warnings.extend(flags.add("vendor", format!("vendor={vendor}"), "the model's vendor"));
        }
    }
}
