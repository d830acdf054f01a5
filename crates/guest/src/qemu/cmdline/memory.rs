//! Memory: NUMA nodes, huge pages, and pieces that can be plugged in.

use super::{Plan, PlanError, wrong};
use crate::qemu::config::{HugePages, VmConfig, passthrough::NumaNode};

/// Memory that is always there where more can be plugged in, MiB.
const STATIC_MIB: u64 = 1024;
/// Pieces of one size, and how often the size doubles.
const DIMMS_PER_SIZE: u64 = 32;
const DIMM_SIZES: u64 = 8;
/// More than that no guest gets, MiB.
const MOST_MIB: u64 = 4 << 20;

/// A piece of memory that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimm {
    /// Its ID: `dimm0`, … Its back end is `mem-` and this.
    pub id: String,
    /// MiB.
    pub size: u64,
    /// NUMA node of the guest.
    pub node: u64,
}

/// Huge pages that a guest needs before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HugePagesNeed {
    /// Node of the host they must come from; any if none.
    pub host_node: Option<u64>,
    /// Size of one, KiB.
    pub page_kib: u64,
    /// How many.
    pub pages: u64,
}

/// The VM's memory, MiB.
#[must_use]
pub fn memory_mib(config: &VmConfig) -> u64 {
    config.memory.as_ref().map_or(512, |memory| memory.current)
}

/// Whether a kind of device is hot-plugged: `memory`, `cpu`, `network`, …
#[must_use]
pub fn hotplugs(config: &VmConfig, feature: &str) -> bool {
    match config.hotplug.as_deref().unwrap_or("1") {
        "0" => false,
        "1" => matches!(feature, "network" | "disk" | "usb"),
        list => list.split([',', ';', ' ']).any(|one| one == feature),
    }
}

/// Memory that is there from the start, MiB.
#[must_use]
pub fn static_mib(config: &VmConfig) -> u64 {
    match (hotplugs(config, "memory"), config.hugepages) {
        (false, _) => memory_mib(config),
        (true, Some(HugePages::V1024)) => STATIC_MIB * sockets(config),
        (true, _) => STATIC_MIB,
    }
}

pub(super) fn sockets(config: &VmConfig) -> u64 {
    config.sockets.or(config.smp).unwrap_or(1)
}

/// The pieces that lead from one amount of memory to another, both in MiB.
///
/// # Errors
/// When no pieces add up to it.
pub fn dimms(config: &VmConfig, from: u64, to: u64) -> Result<Vec<Dimm>, PlanError> {
    let first = if config.hugepages == Some(HugePages::V1024) { 1024 } else { 512 };
    let mut dimms = Vec::new();
    let mut sum = static_mib(config);
    for number in 0..DIMMS_PER_SIZE * DIMM_SIZES {
        if sum >= to {
            break;
        }
        let size = first << (number / DIMMS_PER_SIZE);
        sum += size;
        if sum > to {
            return Err(wrong("memory", format!("memory size ({to}) must be aligned to {size} for hotplugging")));
        }
        if sum > from {
            let node = (number % DIMMS_PER_SIZE) % sockets(config);
            dimms.push(Dimm { id: format!("dimm{number}"), size, node });
        }
    }
    match sum >= to {
        true => Ok(dimms),
        false => Err(wrong("memory", format!("no more than {sum} MiB can be plugged in"))),
    }
}

impl Plan<'_> {
    pub(super) fn memory(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let (mib, start) = (memory_mib(config), static_mib(config));
        let plugged = hotplugs(config, "memory");
        if plugged {
            self.check_hotplug(mib, start)?;
            let most = self.most_memory();
            if mib > most {
                return Err(wrong("memory", format!("{mib} MiB is more than the {most} MiB that can be plugged in")));
            }
            self.option("-m", format!("size={start},slots=255,maxmem={most}M"));
        } else {
            self.option("-m", start.to_string());
        }
        self.topology(start)?;
        if plugged {
            for dimm in dimms(config, start, mib)? {
                self.dimm(&dimm)?;
            }
        }
        Ok(())
    }

    fn check_hotplug(&self, mib: u64, start: u64) -> Result<(), PlanError> {
        let config = self.config;
        match () {
            () if config.numa != Some(true) => Err(wrong("hotplug", "NUMA needs to be enabled for memory hotplug")),
            () if !config.numa_node.is_empty() => {
                Err(wrong("hotplug", "cannot enable memory hotplugging with custom NUMA topology"))
            }
            () if !config.virtiofs.is_empty() => Err(wrong("hotplug", "memory hotplug does not work with virtiofs")),
            () if mib < start => Err(wrong("memory", format!("minimum memory must be {start}MB"))),
            () => Ok(()),
        }
    }

    fn topology(&mut self, start: u64) -> Result<(), PlanError> {
        let config = self.config;
        if config.hugepages.is_some() && config.numa != Some(true) {
            return Err(wrong("hugepages", "numa needs to be enabled to use hugepages"));
        }
        if config.numa != Some(true) {
            if !config.virtiofs.is_empty() {
                self.option("-object", format!("memory-backend-memfd,id=virtiofs-mem,size={start}M,share=on"));
                self.machine_flags.push("memory-backend=virtiofs-mem".to_owned());
            }
            return Ok(());
        }
        if !config.numa_node.is_empty() {
            return self.custom_nodes(start);
        }
        let (sockets, cores) = (sockets(config), config.cores.unwrap_or(1));
        let share = start / sockets;
        for node in 0..sockets {
            if config.hugepages.is_some() && node >= u64::from(self.facts.numa_nodes) {
                return Err(wrong("hugepages", format!("host NUMA node{node} doesn't exist")));
            }
            let (first, last) = (node * cores, node * cores + cores - 1);
            let cpus = if first == last { first.to_string() } else { format!("{first}-{last}") };
            self.numa_node(node, share, "", &cpus)?;
        }
        Ok(())
    }

    fn numa_node(&mut self, node: u64, mib: u64, binding: &str, cpus: &str) -> Result<(), PlanError> {
        let id =
            if self.config.virtiofs.is_empty() { format!("ram-node{node}") } else { format!("virtiofs-mem{node}") };
        let object = self.backend(&id, mib)?;
        self.option("-object", format!("{object}{binding}"));
        self.option("-numa", format!("node,nodeid={node},cpus={cpus},memdev={id}"));
        Ok(())
    }

    fn custom_nodes(&mut self, start: u64) -> Result<(), PlanError> {
        let config = self.config;
        let mut sum = 0.0;
        for (index, node) in config.numa_node.iter() {
            let name = format!("numa{index}");
            let memory = node.memory.ok_or_else(|| wrong(&name, format!("missing NUMA node{index} memory value")))?;
            sum += memory;
            let binding = self.binding(&name, node)?;
            let cpus = node.cpus.replace(';', ",cpus=");
            self.numa_node(u64::from(*index), memory as u64, &binding, &cpus)?;
        }
        if (sum - start as f64).abs() > 0.5 {
            return Err(wrong("numa", "total memory for NUMA nodes must be equal to vm static memory"));
        }
        Ok(())
    }

    /// On which nodes of the host a node of the guest lies.
    fn binding(&self, name: &str, node: &NumaNode) -> Result<String, PlanError> {
        let Some(nodes) = &node.hostnodes else {
            return match self.config.hugepages {
                Some(_) => Err(wrong(name, "numa hostnodes need to be defined to use hugepages")),
                None => Ok(String::new()),
            };
        };
        if self.config.hugepages.is_some() && nodes.contains([';', '-']) {
            return Err(wrong(name, "hostnodes must be a single node to use hugepages"));
        }
        for number in nodes.split([';', '-']).filter_map(|number| number.parse::<u64>().ok()) {
            if number >= u64::from(self.facts.numa_nodes) {
                return Err(wrong(name, format!("host NUMA node{number} doesn't exist")));
            }
        }
        let policy = node.policy;
        let policy = policy.ok_or_else(|| wrong(name, format!("you need to define a policy for hostnode {nodes}")))?;
        Ok(format!(",host-nodes={},policy={policy}", nodes.replace(';', ",host-nodes=")))
    }

    fn backend(&self, id: &str, mib: u64) -> Result<String, PlanError> {
        if self.config.hugepages.is_some() {
            let kib = self.page_kib(mib)?;
            return Ok(format!(
                "memory-backend-file,id={id},size={mib}M,mem-path=/run/hugepages/kvm/{kib}kB,share=on,prealloc=yes"
            ));
        }
        Ok(match self.config.virtiofs.is_empty() {
            true => format!("memory-backend-ram,id={id},size={mib}M"),
            false => format!("memory-backend-memfd,id={id},size={mib}M,share=on"),
        })
    }

    /// Size of the pages that back a piece of memory, KiB.
    fn page_kib(&self, mib: u64) -> Result<u64, PlanError> {
        let offered = |size: u64| self.facts.hugepages_mib.contains(&size);
        let sizes: &[u64] = match self.config.hugepages {
            Some(HugePages::V1024) => &[1024],
            Some(HugePages::V2) => &[2],
            _ => &[1024, 2],
        };
        if !sizes.iter().any(|size| offered(*size)) {
            let message = match sizes {
                [size] => format!("your system doesn't support hugepages of {size} MB"),
                _ => "your system doesn't support hugepages".to_owned(),
            };
            return Err(wrong("hugepages", message));
        }
        let fits = sizes.iter().find(|size| offered(**size) && mib.is_multiple_of(**size));
        fits.map(|size| size * 1024).ok_or_else(|| {
            wrong("hugepages", format!("memory size {mib} is not a multiple of the requested hugepages size"))
        })
    }

    pub(super) fn dimm(&mut self, dimm: &Dimm) -> Result<(), PlanError> {
        let Dimm { id, size, node } = dimm;
        let object = self.backend(&format!("mem-{id}"), *size)?;
        self.option("-object", object);
        self.device(format!("pc-dimm,id={id},memdev=mem-{id},node={node}"));
        Ok(())
    }

    /// How much memory the guest can have at most, MiB: half of what its processor can address.
    fn most_memory(&self) -> u64 {
        let host = self.facts.phys_bits;
        let bits = match self.phys_bits() {
            Some("host") => host,
            Some(bits) => bits.parse().unwrap_or(host.min(40)),
            None if matches!(self.cpu_model(), "host" | "max") => host,
            None => host.min(40),
        };
        // Whole pairs of bits only: with an odd number QEMU needs more room for itself.
        (1_u64 << ((bits & !1).clamp(32, 52) - 21)).min(MOST_MIB)
    }

    /// Huge pages that must be free before the guest starts.
    pub(super) fn huge_pages(&self) -> Vec<HugePagesNeed> {
        let mut needs = std::collections::BTreeMap::<(Option<u64>, u64), u64>::new();
        for (option, value) in &self.line.options {
            let Some(value) = value.as_deref().filter(|_| option == "-object") else { continue };
            let field = |name: &str| value.split(',').find_map(|part| part.strip_prefix(name));
            let page = field("mem-path=/run/hugepages/kvm/").and_then(|page| page.strip_suffix("kB")?.parse().ok());
            let size = field("size=").and_then(|size| size.strip_suffix('M')?.parse::<u64>().ok());
            let (Some(page), Some(size)) = (page, size) else { continue };
            let node = field("host-nodes=").and_then(|node| node.parse().ok());
            // Without a topology of one's own, each node of the guest lies on the node of the host with its number.
            let same = || field("id=ram-node").and_then(|node| node.parse().ok());
            *needs.entry((node.or_else(same), page)).or_default() += size * 1024 / page;
        }
        let need = |((host_node, page_kib), pages)| HugePagesNeed { host_node, page_kib, pages };
        needs.into_iter().map(need).collect()
    }
}
