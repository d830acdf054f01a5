//! Guests in the tree: one configuration each, and so one node and one ID.

use std::sync::Arc;

use schema::{NodeName, Vmid};

use crate::{Entry, StoreError, Tree};

/// What a guest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuestKind {
    /// A virtual machine.
    Qemu,
    /// A container.
    Lxc,
}

impl GuestKind {
    /// Directory of the configuration files.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Self::Qemu => "qemu-server",
            Self::Lxc => "lxc",
        }
    }

    /// The `type` of the API: `qemu` or `lxc`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Qemu => "qemu",
            Self::Lxc => "lxc",
        }
    }

    /// As messages call it: `VM` or `CT`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Qemu => "VM",
            Self::Lxc => "CT",
        }
    }
}

impl std::fmt::Display for GuestKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A guest of the tree.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Its ID.
    pub vmid: Vmid,
    /// What it is.
    pub kind: GuestKind,
    /// Where it is.
    pub node: NodeName,
    /// Key of its configuration.
    pub key: Arc<str>,
    /// Its configuration.
    pub entry: Entry,
}

/// Key of a guest's configuration.
#[must_use]
pub fn guest_key(node: &NodeName, kind: GuestKind, vmid: Vmid) -> String {
    format!("nodes/{node}/{}/{vmid}.conf", kind.directory())
}

/// Node and kind of the guest with this ID.
#[must_use]
pub fn find_guest(tree: &Tree, vmid: Vmid) -> Option<(NodeName, GuestKind)> {
    guest(tree, vmid).map(|guest| (guest.node.clone(), guest.kind))
}

/// The guest with this ID, with its configuration.
#[must_use]
pub fn guest(tree: &Tree, vmid: Vmid) -> Option<&Guest> {
    tree.guests.get(&vmid).map(|guest| &**guest)
}

/// All guests of the cluster by ascending ID.
pub fn list_guests(tree: &Tree) -> impl Iterator<Item = &Guest> {
    tree.guests.iter().map(|(_, guest)| &**guest)
}

/// The first free ID from `lower` on, below or at `upper`.
#[must_use]
pub fn next_free(tree: &Tree, lower: Vmid, upper: Vmid) -> Option<Vmid> {
    let mut candidate = lower;
    for (taken, _) in tree.guests.from(&lower) {
        if *taken > candidate {
            break;
        }
        candidate = Vmid::new(taken.get() + 1)?;
    }
    (candidate <= upper).then_some(candidate)
}

/// Node, kind and ID that a key stands for, if it is a guest's.
pub(crate) fn split_key(key: &str) -> Option<(&str, GuestKind, Vmid)> {
    let (node, kind, id) = guest_shape(key)?;
    Some((node, kind, id.parse().ok()?))
}

fn guest_shape(key: &str) -> Option<(&str, GuestKind, &str)> {
    let (node, rest) = key.strip_prefix("nodes/")?.split_once('/')?;
    let (directory, file) = rest.split_once('/')?;
    let kind = [GuestKind::Qemu, GuestKind::Lxc].into_iter().find(|kind| kind.directory() == directory)?;
    Some((node, kind, file.strip_suffix(".conf").unwrap_or(file)))
}

/// The guest whose configuration a key is; an error when it lies where those lie but cannot be one.
pub(crate) fn of_key(key: &Arc<str>, entry: &Entry) -> Result<Option<Guest>, StoreError> {
    let Some((node, kind, id)) = guest_shape(key) else {
        return Ok(None);
    };
    let bad = |reason| StoreError::BadKey { key: key.to_string(), reason };
    if !key.ends_with(".conf") {
        return Err(bad("only {vmid}.conf can be here"));
    }
    let vmid = id.parse().map_err(|_| bad("its name is not a guest ID"))?;
    let node = node.parse().map_err(|_| bad("its node has an invalid name"))?;
    Ok(Some(Guest { vmid, kind, node, key: key.clone(), entry: entry.clone() }))
}
