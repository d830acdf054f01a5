//! `/nodes/{node}/capabilities`: what guests can be given on a node.

use std::collections::BTreeSet;

use access::Access;
use guest::qemu::{cmdline::VM_FLAGS, config::cpu_model::CpuModel, cpu_flags, cpu_models};
use schema::{ApiError, Choice, Kind, NodeName, Params, Reply, Scalar};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::nodes::qemu::refused;

endpoints! {
    /// Lists the kinds of guests whose possibilities can be asked for.
    GET "/nodes/{node}/capabilities" => index, name = "index", Access::User, Target::Node;
    /// Lists what can be asked for about virtual machines.
    GET "/nodes/{node}/capabilities/qemu" => index, name = "qemu_caps_index", Access::User, Target::Node;
    /// Lists the processor models that virtual machines can have.
    GET "/nodes/{node}/capabilities/qemu/cpu" => cpus, name = "index", Access::User, Target::Any;
    /// Lists the processor flags that a single virtual machine may switch.
    GET "/nodes/{node}/capabilities/qemu/cpu-flags" => flags, name = "index", Access::User, Target::Any;
    /// Tells what virtual machines can take along when they move.
    GET "/nodes/{node}/capabilities/qemu/migration" => migration, name = "capabilities",
        Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
    /// Lists the machine types that virtual machines can have, newest first.
    GET "/nodes/{node}/capabilities/qemu/machines" => machines, name = "types", Access::User, Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

/// Architecture of a guest.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arch {
    /// AMD and Intel.
    #[choice("x86_64")]
    X86,
    /// ARM.
    Aarch64,
}

#[derive(Params)]
struct OfArch {
    /// Name of the node.
    #[allow(dead_code)] // chosen by the dispatcher
    node: NodeName,
    /// Architecture of the guest.
    arch: Option<Arch>,
}

/// A processor model.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
struct Cpu {
    /// Its name.
    name: String,
    /// Whose processors it is like; `default` for none in particular.
    vendor: &'static str,
    /// Whether an administrator made it up.
    custom: bool,
}

/// How guests are run.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accel {
    /// By the processor.
    Kvm,
    /// Emulated.
    Tcg,
}

/// A processor flag.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flag {
    /// Its name.
    name: &'static str,
    /// What it is for.
    description: Option<&'static str>,
    /// Nodes that have it.
    #[reply(name = "supported-on")]
    supported_on: Option<Vec<String>>,
}

impl Flag {
    /// The flags that there are, with the node if it has them.
    pub(crate) fn list(
        accel: Option<Accel>,
        arch: Option<Arch>,
        host: &BTreeSet<&'static str>,
        node: Option<&str>,
    ) -> Vec<Self> {
        if arch == Some(Arch::Aarch64) {
            return Vec::new();
        }
        let emulated = cpu_flags::emulated();
        let held = if accel == Some(Accel::Tcg) { &emulated } else { host };
        let flag = |name: &'static str| Self {
            name,
            description: cpu_flags::description(name),
            supported_on: node.map(|node| held.contains(name).then(|| node.to_owned()).into_iter().collect()),
        };
        VM_FLAGS.iter().copied().map(flag).collect()
    }
}

#[derive(Params)]
struct OfKind {
    /// How guests are run.
    #[param(default = "kvm")]
    accel: Option<Accel>,
    /// Architecture of the guest.
    arch: Option<Arch>,
    /// Name of the node.
    #[allow(dead_code)] // chosen by the dispatcher
    node: NodeName,
}

async fn flags(call: Call, p: OfKind) -> Result<Vec<Flag>, ApiError> {
    let node = call.node.name.to_string();
    Ok(Flag::list(p.accel, p.arch, &cpu_flags::of_host(), Some(&node)))
}

/// What virtual machines can take along.
#[derive(Reply, Clone, Debug)]
struct Migration {
    /// Whether states of helpers are kept by D-Bus.
    #[reply(name = "has-dbus-vmstate")]
    has_dbus_vmstate: bool,
}

async fn migration(_: Call, _: OfNode) -> Result<Migration, ApiError> {
    // Nothing of ours registers there: helpers are started anew.
    Ok(Migration { has_dbus_vmstate: false })
}

/// Models that are not QEMU's: the host's own, and the levels that distributions are built for.
const OURS: [&str; 5] = ["host", "x86-64-v2", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4"];

/// Models of ARM processors.
fn is_arm(name: &str) -> bool {
    ["cortex-", "neoverse-", "a64fx"].iter().any(|start| name.starts_with(start))
}

/// The vendor that a model tells guests.
fn vendor(name: &str) -> &'static str {
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if starts(&["host", "max", "kvm", "qemu", "x86-64-v"]) {
        "default"
    } else if is_arm(name) {
        "ARM"
    } else if starts(&["EPYC", "Opteron", "athlon", "phenom"]) {
        "AuthenticAMD"
    } else {
        "GenuineIntel"
    }
}

async fn cpus(call: Call, p: OfArch) -> Result<Vec<Cpu>, ApiError> {
    let Kind::Choice(names) = <CpuModel as Scalar>::KIND else { return Ok(Vec::new()) };
    let arm = p.arch == Some(Arch::Aarch64);
    let fits = |name: &&str| is_arm(name) == arm || matches!(*name, "host" | "max");
    let names = OURS.iter().chain(names.iter().filter(|name| !OURS.contains(name))).copied();
    let mut known: Vec<Cpu> =
        names.filter(fits).map(|name| Cpu { name: name.to_owned(), vendor: vendor(name), custom: false }).collect();
    let models = cpu_models::of(&call.node.store.tree());
    let see = ["Mapping.Audit", "Mapping.Use", "Mapping.Modify"];
    let own = models.iter().filter(|(name, _)| call.may_any(&format!("/mapping/cpu/{name}"), &see));
    known.extend(own.filter_map(|(name, model)| {
        let derived = model.reported_model.map_or("kvm64", |model| model.as_str());
        let name = format!("{}{name}", cpu_models::PREFIX);
        fits(&derived).then(|| Cpu { name, vendor: vendor(derived), custom: true })
    }));
    Ok(known)
}

/// A machine type.
#[derive(Reply, Clone, Debug)]
struct Machine {
    /// Its name.
    id: String,
    /// `i440fx` or `q35`.
    r#type: &'static str,
    /// The version of QEMU that it is like.
    version: String,
}

async fn machines(call: Call, p: OfArch) -> Result<Vec<Machine>, ApiError> {
    if p.arch == Some(Arch::Aarch64) {
        return Ok(Vec::new());
    }
    let known = call.node.vms.machines().await.map_err(refused)?;
    Ok(known.into_iter().map(|(id, kind, version)| Machine { id, r#type: kind, version }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_by_their_vendor() {
        for (name, expected) in [
            ("host", "default"),
            ("x86-64-v2-AES", "default"),
            ("EPYC-Rome", "AuthenticAMD"),
            ("Skylake-Server", "GenuineIntel"),
            ("cortex-a72", "ARM"),
        ] {
            assert_eq!(vendor(name), expected, "{name}");
        }
    }
}
