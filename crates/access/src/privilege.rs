//! Privileges as a bit set, and the built-in roles. The names are those of PVE 9.

use std::fmt;

/// Every privilege, sorted; the bit of a privilege is its place here.
pub const NAMES: [&str; 47] = [
    "Datastore.Allocate",
    "Datastore.AllocateSpace",
    "Datastore.AllocateTemplate",
    "Datastore.Audit",
    "Group.Allocate",
    "Mapping.Audit",
    "Mapping.Modify",
    "Mapping.Use",
    "Permissions.Modify",
    "Pool.Allocate",
    "Pool.Audit",
    "Realm.Allocate",
    "Realm.AllocateUser",
    "SDN.Allocate",
    "SDN.Audit",
    "SDN.Use",
    "Sys.AccessNetwork",
    "Sys.Audit",
    "Sys.Console",
    "Sys.Incoming",
    "Sys.Modify",
    "Sys.PowerMgmt",
    "Sys.Syslog",
    "User.Modify",
    "VM.Allocate",
    "VM.Audit",
    "VM.Backup",
    "VM.Clone",
    "VM.Config.CDROM",
    "VM.Config.CPU",
    "VM.Config.Cloudinit",
    "VM.Config.Disk",
    "VM.Config.HWType",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.Options",
    "VM.Console",
    "VM.GuestAgent.Audit",
    "VM.GuestAgent.FileRead",
    "VM.GuestAgent.FileSystemMgmt",
    "VM.GuestAgent.FileWrite",
    "VM.GuestAgent.Unrestricted",
    "VM.Migrate",
    "VM.PowerMgmt",
    "VM.Replicate",
    "VM.Snapshot",
    "VM.Snapshot.Rollback",
];

/// A set of privileges.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Privileges(u64);

impl Privileges {
    /// No privilege.
    pub const NONE: Self = Self(0);
    /// Every privilege.
    pub const ALL: Self = Self((1 << NAMES.len()) - 1);

    /// The set of these names, for declarations.
    ///
    /// # Panics
    /// On a name that is no privilege: in a `const` or `static` that is an error of the compiler.
    pub const fn of(names: &[&str]) -> Self {
        let mut set = 0;
        let mut i = 0;
        while i < names.len() {
            match position(names[i]) {
                Some(bit) => set |= 1 << bit,
                None => panic!("no such privilege"),
            }
            i += 1;
        }
        Self(set)
    }
    /// The set with one privilege, if there is one of that name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES.binary_search(&name).ok().map(|bit| Self(1 << bit))
    }
    /// The privileges whose names the test accepts.
    pub fn matching(test: impl Fn(&str) -> bool) -> Self {
        NAMES.iter().enumerate().filter(|(_, name)| test(name)).fold(Self::NONE, |set, (bit, _)| set | Self(1 << bit))
    }
    /// Are all of the others in it?
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
    /// Is any of the others in it?
    pub const fn intersects(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
    /// Is there none?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Those that are not in the other set.
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
    /// The names, sorted.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| *name)
    }
}

const fn position(name: &str) -> Option<usize> {
    let mut i = 0;
    while i < NAMES.len() {
        if same(NAMES[i].as_bytes(), name.as_bytes()) {
            return Some(i);
        }
        i += 1;
    }
    None
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

impl std::ops::BitOr for Privileges {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Privileges {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl std::ops::BitAnd for Privileges {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Privileges {
    /// Names joined by commas, as configuration and API write them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names().enumerate().try_for_each(|(i, name)| write!(f, "{}{name}", if i == 0 { "" } else { "," }))
    }
}

impl fmt::Debug for Privileges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// The role that takes every other role away.
pub const NO_ACCESS: &str = "NoAccess";

const VM_USER: &[&str] = &[
    "VM.Audit",
    "VM.Backup",
    "VM.Config.CDROM",
    "VM.Config.Cloudinit",
    "VM.Console",
    "VM.GuestAgent.Audit",
    "VM.GuestAgent.FileRead",
    "VM.GuestAgent.FileSystemMgmt",
    "VM.GuestAgent.FileWrite",
    "VM.PowerMgmt",
];
const VM_ADMIN: Privileges = Privileges::of(&[
    "VM.Allocate",
    "VM.Clone",
    "VM.Config.CPU",
    "VM.Config.Disk",
    "VM.Config.HWType",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.Options",
    "VM.GuestAgent.Unrestricted",
    "VM.Migrate",
    "VM.Replicate",
    "VM.Snapshot",
    "VM.Snapshot.Rollback",
]);
const VM_ADMIN_ALL: Privileges = Privileges(VM_ADMIN.0 | Privileges::of(VM_USER).0);
/// What a role must never gain through `PVEAdmin`: the rights to the machine itself and to the rights of others.
const NOT_FOR_ADMIN: Privileges = Privileges::of(&[
    "Mapping.Modify",
    "Permissions.Modify",
    "Realm.Allocate",
    "Sys.AccessNetwork",
    "Sys.Incoming",
    "Sys.Modify",
    "Sys.PowerMgmt",
]);

/// The built-in roles, sorted by name. They cannot be changed or deleted.
pub const BUILT_IN: [(&str, Privileges); 17] = [
    ("Administrator", Privileges::ALL),
    (NO_ACCESS, Privileges::NONE),
    ("PVEAdmin", Privileges::ALL.without(NOT_FOR_ADMIN)),
    (
        "PVEAuditor",
        Privileges::of(&[
            "Datastore.Audit",
            "Mapping.Audit",
            "Pool.Audit",
            "SDN.Audit",
            "Sys.Audit",
            "VM.Audit",
            "VM.GuestAgent.Audit",
        ]),
    ),
    (
        "PVEDatastoreAdmin",
        Privileges::of(&[
            "Datastore.Allocate",
            "Datastore.AllocateSpace",
            "Datastore.AllocateTemplate",
            "Datastore.Audit",
        ]),
    ),
    ("PVEDatastoreUser", Privileges::of(&["Datastore.AllocateSpace", "Datastore.Audit"])),
    ("PVEMappingAdmin", Privileges::of(&["Mapping.Audit", "Mapping.Modify", "Mapping.Use"])),
    ("PVEMappingUser", Privileges::of(&["Mapping.Audit", "Mapping.Use"])),
    ("PVEPoolAdmin", Privileges::of(&["Pool.Allocate", "Pool.Audit"])),
    ("PVEPoolUser", Privileges::of(&["Pool.Audit"])),
    ("PVESDNAdmin", Privileges::of(&["SDN.Allocate", "SDN.Audit", "SDN.Use"])),
    ("PVESDNUser", Privileges::of(&["SDN.Audit", "SDN.Use"])),
    ("PVESysAdmin", Privileges::of(&["Sys.Audit", "Sys.Console", "Sys.Syslog"])),
    ("PVETemplateUser", Privileges::of(&["VM.Audit", "VM.Clone"])),
    ("PVEUserAdmin", Privileges::of(&["Group.Allocate", "Realm.AllocateUser", "User.Modify"])),
    ("PVEVMAdmin", VM_ADMIN_ALL),
    ("PVEVMUser", Privileges::of(VM_USER)),
];

/// The privileges of a built-in role, if there is one of that name.
pub fn built_in(role: &str) -> Option<Privileges> {
    BUILT_IN.binary_search_by(|(name, _)| (*name).cmp(role)).ok().map(|at| BUILT_IN[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_roles_are_sorted_so_that_they_can_be_searched() {
        assert!(NAMES.is_sorted());
        assert!(BUILT_IN.iter().map(|(name, _)| *name).is_sorted());
    }

    #[test]
    fn built_in_roles_have_the_known_sizes() {
        let sizes: Vec<_> = BUILT_IN.iter().map(|(name, set)| (*name, set.names().count())).collect();
        insta::assert_debug_snapshot!(sizes.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", "),
            @r#""Administrator 47, NoAccess 0, PVEAdmin 40, PVEAuditor 7, PVEDatastoreAdmin 4, PVEDatastoreUser 2, PVEMappingAdmin 3, PVEMappingUser 2, PVEPoolAdmin 2, PVEPoolUser 1, PVESDNAdmin 3, PVESDNUser 2, PVESysAdmin 3, PVETemplateUser 2, PVEUserAdmin 3, PVEVMAdmin 23, PVEVMUser 10""#);
        assert_eq!(built_in("PVEVMAdmin"), Some(Privileges::matching(|name| name.starts_with("VM."))));
    }

    #[test]
    fn a_set_prints_its_names_sorted() {
        let set = Privileges::of(&["VM.Audit", "Sys.Audit"]);
        assert_eq!(set.to_string(), "Sys.Audit,VM.Audit");
        assert!(set.contains(Privileges::of(&["VM.Audit"])));
        assert!(!set.contains(Privileges::of(&["VM.Audit", "VM.Clone"])));
        assert!(set.intersects(Privileges::of(&["VM.Audit", "VM.Clone"])));
        assert_eq!(Privileges::named("VM.audit"), None);
    }
}
