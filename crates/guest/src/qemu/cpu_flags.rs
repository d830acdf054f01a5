//! Processor flags that a single VM may switch: what they are for, and whether a host has them.

use std::collections::BTreeSet;

use host::machine;

use super::cmdline::VM_FLAGS;

/// What flags are for, by name.
const WHAT: [(&str, &str); 13] = [
    ("aes", "Instructions that encrypt and decrypt by AES."),
    ("amd-no-ssb", "Tells the guest that the host needs no protection against Speculative Store Bypass (AMD)."),
    ("amd-ssbd", "Protection against Speculative Store Bypass, the faster way (AMD); give 'virt-ssbd' as well."),
    ("hv-evmcs", "Faster nested virtualization for Windows guests (Intel)."),
    (
        "hv-tlbflush",
        "Lets Windows guests flush translations by calls; better when there are more processors than the host has.",
    ),
    ("ibpb", "Allows better protection against Spectre (AMD)."),
    ("md-clear", "Lets the guest clear buffers as a protection against MDS (Intel)."),
    ("nested-virt", "Lets the guest run guests with hardware virtualization: svm or vmx, as the host has."),
    ("pcid", "Makes the protection against Meltdown cheaper (Intel Westmere to Broadwell)."),
    ("pdpe1gb", "Pages of 1 GiB, if the host has them."),
    ("spec-ctrl", "Protection against Spectre (Intel)."),
    ("ssbd", "Protection against Speculative Store Bypass (Intel)."),
    ("virt-ssbd", "Protection against Speculative Store Bypass for older guests (AMD)."),
];

/// What a flag is for.
#[must_use]
pub fn description(name: &str) -> Option<&'static str> {
    WHAT.iter().find(|(known, _)| *known == name).map(|(_, what)| *what)
}

/// The flags that this host has with hardware virtualization.
#[must_use]
pub fn of_host() -> BTreeSet<&'static str> {
    held_by(&machine::cpu_flags())
}

/// Of the kernel's names to those of QEMU.
fn held_by(flags: &BTreeSet<String>) -> BTreeSet<&'static str> {
    let has = |name: &str| flags.contains(name);
    let held = |name: &str| match name {
        "nested-virt" => has("vmx") || has("svm"),
        "spec-ctrl" => has("spec_ctrl") || has("ibrs"),
        "md-clear" => has("md_clear"),
        "ssbd" | "amd-ssbd" => has("ssbd") || has("amd_ssbd"),
        "virt-ssbd" => has("virt_ssbd"),
        "amd-no-ssb" => has("amd_ssb_no"),
        "hv-evmcs" => has("vmx"),
        // Served by the hypervisor itself.
        "hv-tlbflush" => true,
        other => has(other),
    };
    VM_FLAGS.iter().copied().filter(|name| held(name)).collect()
}

/// The flags that emulation offers.
#[must_use]
pub fn emulated() -> BTreeSet<&'static str> {
    ["aes", "nested-virt", "pcid", "pdpe1gb", "spec-ctrl"].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flag_says_what_it_is_for() {
        assert!(VM_FLAGS.iter().all(|name| description(name).is_some()));
        let flags = ["aes", "vmx", "md_clear"].map(str::to_owned).into();
        assert_eq!(held_by(&flags), ["aes", "hv-evmcs", "hv-tlbflush", "md-clear", "nested-virt"].into());
    }
}
