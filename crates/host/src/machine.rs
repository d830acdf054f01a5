//! What the machine offers to guests: its processors' words, memory, encryption, graphics.

use std::{collections::BTreeSet, fs, path::Path};

/// What AMD's secure encrypted virtualization needs to know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sev {
    /// The bit of an address that says that a page is encrypted.
    pub cbitpos: u32,
    /// Address bits lost to it.
    pub reduced_phys_bits: u32,
    /// Whether the first generation is on.
    pub std: bool,
    /// Whether SEV-ES is on.
    pub es: bool,
    /// Whether SEV-SNP is on.
    pub snp: bool,
}

fn cpuinfo(field: &str) -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    line.unwrap_or_default().trim_start_matches([' ', '\t', ':']).trim().to_owned()
}

/// `AuthenticAMD`, `GenuineIntel`; empty where there is no such thing.
#[must_use]
pub fn cpu_vendor() -> String {
    cpuinfo("vendor_id")
}

/// Flags of its first processor, in the kernel's names.
#[must_use]
pub fn cpu_flags() -> BTreeSet<String> {
    cpuinfo("flags").split_whitespace().map(str::to_owned).collect()
}

/// Bits of physical addresses; 40, which every processor that runs guests has, where they are not told.
#[must_use]
pub fn phys_bits() -> u32 {
    let bits = cpuinfo("address sizes");
    bits.split_whitespace().next().and_then(|bits| bits.parse().ok()).unwrap_or(40)
}

/// Nodes of its memory.
#[must_use]
pub fn numa_nodes() -> u32 {
    let entries = fs::read_dir("/sys/devices/system/node").into_iter().flatten().flatten();
    let nodes = entries.filter(|entry| {
        let name = entry.file_name();
        name.to_string_lossy().strip_prefix("node").is_some_and(|number| number.parse::<u32>().is_ok())
    });
    u32::try_from(nodes.count()).unwrap_or(u32::MAX).max(1)
}

/// Sizes of huge pages that the kernel knows, MiB.
#[must_use]
pub fn hugepage_sizes() -> BTreeSet<u64> {
    let entries = fs::read_dir("/sys/kernel/mm/hugepages").into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.strip_prefix("hugepages-")?.strip_suffix("kB")?.parse::<u64>().ok()
    });
    sizes.map(|kib| kib / 1024).filter(|mib| *mib > 0).collect()
}

/// What it can encrypt guests with; nothing if it is not on.
#[must_use]
pub fn sev() -> Option<Sev> {
    let on = |name: &str| {
        let value = fs::read_to_string(Path::new("/sys/module/kvm_amd/parameters").join(name)).unwrap_or_default();
        matches!(value.trim(), "Y" | "1")
    };
    if !on("sev") {
        return None;
    }
    let (cbitpos, reduced_phys_bits) = crate::sys::sev_leaf();
    Some(Sev { cbitpos, reduced_phys_bits, std: true, es: on("sev_es"), snp: on("sev_snp") })
}

/// Whether KVM runs guests of Intel's TDX.
#[must_use]
pub fn tdx() -> bool {
    let value = fs::read_to_string("/sys/module/kvm_intel/parameters/tdx").unwrap_or_default();
    matches!(value.trim(), "Y" | "1")
}

/// Whether there is a graphics card that programs can render on.
#[must_use]
pub fn render_node() -> bool {
    let entries = fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
}

/// Whether a program is installed.
#[must_use]
pub fn program(name: &str) -> bool {
    ["/usr/bin", "/usr/local/bin"].iter().any(|folder| Path::new(folder).join(name).exists())
}

/// Whether a shared library is installed where the distribution puts it.
#[must_use]
pub fn library(name: &str) -> bool {
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"].iter().any(|folder| Path::new(folder).join(name).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_a_processor_and_memory() {
        assert!((32..=64).contains(&phys_bits()));
        assert!(numa_nodes() >= 1);
        assert!(cpu_flags().contains("sse2") || cpu_vendor().is_empty());
    }
}
