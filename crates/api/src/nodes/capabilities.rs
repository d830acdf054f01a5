//! `/nodes/{node}/capabilities`: what guests can be given on a node.

use access::Access;
use guest::qemu::config::cpu_model::CpuModel;
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
    /// Lists the machine types that virtual machines can have, newest first.
    GET "/nodes/{node}/capabilities/qemu/machines" => machines, name = "types", Access::User, Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

/// Architecture of a guest.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Arch {
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
    name: &'static str,
    /// Whose processors it is like; `default` for none in particular.
    vendor: &'static str,
    /// Whether an administrator made it up.
    custom: bool,
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

async fn cpus(_: Call, p: OfArch) -> Result<Vec<Cpu>, ApiError> {
    let Kind::Choice(names) = <CpuModel as Scalar>::KIND else { return Ok(Vec::new()) };
    let arm = p.arch == Some(Arch::Aarch64);
    let fits = |name: &&str| is_arm(name) == arm || matches!(*name, "host" | "max");
    let names = OURS.iter().chain(names.iter().filter(|name| !OURS.contains(name))).copied();
    Ok(names.filter(fits).map(|name| Cpu { name, vendor: vendor(name), custom: false }).collect())
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
