//! Kept states of guests, VMs and containers alike: what their files say of them, and the steps of making, removing and
//! going back to one. Nothing here touches a host; what does is behind [`steps::Edge`].

pub mod steps;

use crate::config_file::{Dialect, GuestFile, Section};

/// Options of a snapshot's section that are about the snapshot, or about one moment, not about the guest.
const OF_SNAPSHOT: &[&str] = &[
    "description",
    "parent",
    "snaptime",
    "snapstate",
    "vmstate",
    "runningmachine",
    "runningcpu",
    "running-nets-host-mtu",
    "lock",
];

/// How many volumes a guest may keep without using them.
const UNUSED: u32 = 256;

/// Why a snapshot is not made, removed or gone back to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something long is going on with the guest.
    #[error("{kind} is locked ({lock})")]
    Locked {
        /// `VM` or `CT`.
        kind: &'static str,
        /// What for.
        lock: String,
    },
    /// Templates have none.
    #[error("you can't {0} if it's a template")]
    Template(&'static str),
    /// The name is taken or has a meaning.
    #[error("{0}")]
    Name(String),
    /// There is none of that name.
    #[error("snapshot '{0}' does not exist")]
    Unknown(String),
    /// It is being made or removed, or that was cut off.
    #[error("unable to rollback to incomplete snapshot (snapstate = {0})")]
    Incomplete(String),
    /// Somebody took the lock away meanwhile.
    #[error("missing {0} lock - somebody unlocked the guest meanwhile; do it again")]
    LockLost(&'static str),
    /// It was finished, or is being removed.
    #[error("wrong snapshot state - '{0}' is not being made")]
    NotBegun(String),
}

/// A wish for a snapshot.
#[derive(Debug, Clone)]
pub struct SnapshotWish {
    /// Its name.
    pub name: String,
    /// Notes.
    pub description: Option<String>,
    /// Keep the memory of a running VM too.
    pub ram: bool,
}

/// A snapshot in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotInfo {
    /// Its name.
    pub name: String,
    /// Notes.
    pub description: String,
    /// When it was made, seconds since 1970.
    pub time: Option<i64>,
    /// The one before it.
    pub parent: Option<String>,
    /// Whether it has the memory.
    pub ram: bool,
    /// `prepare` or `delete` while it is made or removed, or after that failed.
    pub state: Option<String>,
}

/// The snapshots of a guest's file, by name.
#[must_use]
pub fn list(file: &GuestFile) -> Vec<SnapshotInfo> {
    let info = |(name, section): (&String, &Section)| SnapshotInfo {
        name: name.clone(),
        description: section.get("description").unwrap_or_default().to_owned(),
        time: section.get("snaptime").and_then(|time| time.parse().ok()),
        parent: section.get("parent").map(str::to_owned),
        ram: section.contains("vmstate"),
        state: section.get("snapstate").map(str::to_owned),
    };
    file.snapshots.iter().map(info).collect()
}

/// Checks that a new snapshot may have this name.
///
/// # Errors
/// Why not.
pub fn check_name(file: &GuestFile, name: &str) -> Result<(), Refusal> {
    if ["current", "pending"].iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
        return Err(Refusal::Name(format!("unable to use snapshot name '{name}' (reserved name)")));
    }
    if file.snapshots.contains_key(name) {
        return Err(Refusal::Name(format!("snapshot name '{name}' already used")));
    }
    Ok(())
}

/// The section of a snapshot.
///
/// # Errors
/// When there is none of that name.
pub fn section<'a>(file: &'a GuestFile, name: &str) -> Result<&'a Section, Refusal> {
    file.snapshots.get(name).ok_or_else(|| Refusal::Unknown(name.to_owned()))
}

/// What a section says of the guest itself, without what is about the snapshot.
#[must_use]
pub fn of_guest(section: &Section) -> Section {
    let mut section = section.clone();
    for key in OF_SNAPSHOT {
        section.remove(key);
    }
    section
}

/// A volume that a guest uses: the option that names it, and its ID (or, of a container, a path of the host).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// `scsi0`, `mp1`, …
    pub key: String,
    /// What the option says first.
    pub volume: String,
}

/// The volumes that a snapshot of this section is about, in the order in which they are kept. CDs and unused volumes
/// are left out.
#[must_use]
pub fn volumes(dialect: Dialect, section: &Section) -> Vec<Attached> {
    let found = section.iter().filter_map(|(key, value)| {
        let place = place(dialect, key)?;
        let file = volume(value)?;
        let taken = file != "none" && !value.split(',').any(|part| part == "media=cdrom");
        taken.then(|| (place, Attached { key: key.to_owned(), volume: file.to_owned() }))
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, attached)| attached).collect()
}

/// Where an option stands among those that name volumes.
fn place(dialect: Dialect, key: &str) -> Option<(usize, u32)> {
    let buses: &[&str] = match dialect {
        Dialect::Qemu => &["ide", "scsi", "virtio", "sata", "efidisk", "tpmstate"],
        Dialect::Lxc => &["rootfs", "mp"],
    };
    let name = key.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let bus = buses.iter().position(|bus| *bus == name)?;
    match &key[name.len()..] {
        "" if name == "rootfs" => Some((bus, 0)),
        number => number.parse().ok().map(|number| (bus, number)),
    }
}

/// The volume of an option's value.
fn volume(value: &str) -> Option<&str> {
    value.split(',').find_map(|part| match part.split_once('=') {
        None => Some(part),
        Some(("file" | "volume", file)) => Some(file),
        Some(_) => None,
    })
}

/// A memory that a snapshot keeps: options of its section, `vmstate` among them.
pub type Memory = Vec<(&'static str, String)>;

/// Checks a wish as far as the file tells.
///
/// # Errors
/// When the guest is locked or a template, or the name is taken.
pub fn check_begin(file: &GuestFile, wish: &SnapshotWish) -> Result<(), Refusal> {
    check_lock(file, None)?;
    check_template(file, "take a snapshot")?;
    check_name(file, &wish.name)
}

/// Notes a snapshot that is being made.
///
/// # Errors
/// As [`check_begin`].
pub fn begin(file: &mut GuestFile, wish: &SnapshotWish, now: i64, memory: &Memory) -> Result<(), Refusal> {
    check_begin(file, wish)?;
    let mut section = of_guest(&file.main);
    unused(&file.main).iter().for_each(|(key, _)| drop(section.remove(key)));
    if let Some(parent) = file.main.get("parent") {
        section.set("parent", parent);
    }
    section.set("snaptime", &now.to_string());
    section.set("snapstate", "prepare");
    section.set("description", wish.description.as_deref().unwrap_or_default());
    memory.iter().for_each(|(key, value)| section.set(key, value));
    file.snapshots.insert(wish.name.clone(), section);
    file.main.set("lock", "snapshot");
    Ok(())
}

/// Notes that a snapshot is complete.
///
/// # Errors
/// When it is not one that is being made, or the lock is gone.
pub fn commit(file: &mut GuestFile, name: &str) -> Result<(), Refusal> {
    if file.main.get("lock") != Some("snapshot") {
        return Err(Refusal::LockLost("snapshot"));
    }
    if section(file, name)?.get("snapstate") != Some("prepare") {
        return Err(Refusal::NotBegun(name.to_owned()));
    }
    if let Some(section) = file.snapshots.get_mut(name) {
        section.remove("snapstate");
    }
    file.main.set("parent", name);
    file.main.remove("lock");
    Ok(())
}

/// Forgets a snapshot that could not be made.
pub fn abandon(file: &mut GuestFile, name: &str) {
    if file.snapshots.get(name).and_then(|section| section.get("snapstate")) == Some("prepare") {
        file.snapshots.remove(name);
    }
    if matches!(file.main.get("lock"), Some("snapshot" | "snapshot-delete")) {
        file.main.remove("lock");
    }
}

/// Notes that a snapshot is being removed. A removal that was cut off may begin again.
///
/// # Errors
/// When there is none of that name, or the guest is locked.
pub fn begin_delete(file: &mut GuestFile, name: &str) -> Result<(), Refusal> {
    check_lock(file, None)?;
    section(file, name)?;
    file.main.set("lock", "snapshot-delete");
    if let Some(section) = file.snapshots.get_mut(name) {
        section.set("snapstate", "delete");
    }
    Ok(())
}

/// Notes that a volume keeps nothing of a snapshot any more: should the rest fail, nobody asks for it again.
pub fn set_aside(file: &mut GuestFile, name: &str, key: &str) {
    let Some(section) = file.snapshots.get_mut(name) else { return };
    let gone = section.get(key).and_then(volume).map(str::to_owned);
    section.remove(key);
    if let (Some(gone), true) = (gone, key != "vmstate") {
        put_aside(section, &gone);
    }
}

/// Keeps a volume as unused, if there is room.
fn put_aside(section: &mut Section, volume: &str) {
    if let Some(key) = (0..UNUSED).map(|index| format!("unused{index}")).find(|key| !section.contains(key)) {
        section.set(&key, volume);
    }
}

/// The unused volumes of a section: options and volumes.
fn unused(section: &Section) -> Vec<(String, String)> {
    let keys = (0..UNUSED).map(|index| format!("unused{index}"));
    keys.filter_map(|key| section.get(&key).map(str::to_owned).map(|volume| (key, volume))).collect()
}

/// Takes a snapshot out of the file; those that came after it come after the one before it.
pub fn forget(file: &mut GuestFile, name: &str) {
    file.main.remove("lock");
    let Some(gone) = file.snapshots.remove(name) else { return };
    let parent = gone.get("parent").filter(|parent| *parent != name).unwrap_or_default().to_owned();
    for section in file.snapshots.values_mut().chain([&mut file.main]) {
        if section.get("parent") == Some(name) {
            section.set("parent", &parent);
        }
    }
}

/// Checks that a guest can go back to a snapshot, as far as the file tells. A rollback that was cut off is finished by
/// another one.
///
/// # Errors
/// When there is none of that name, it is not complete, or the guest is locked for something else or a template.
pub fn check_rollback(file: &GuestFile, name: &str) -> Result<(), Refusal> {
    check_lock(file, Some("rollback"))?;
    check_template(file, "rollback")?;
    match section(file, name)?.get("snapstate") {
        Some(state) => Err(Refusal::Incomplete(state.to_owned())),
        None => Ok(()),
    }
}

/// Brings the file back: the snapshot's options, with notes and unused volumes of now; volumes of the guest that the
/// snapshot does not know become unused. Changes that wait belong to the state that is given up.
///
/// # Errors
/// As [`check_rollback`].
pub fn apply(file: &mut GuestFile, name: &str, owned: &dyn Fn(&str) -> bool) -> Result<(), Refusal> {
    check_rollback(file, name)?;
    file.main = restored(file, name, owned)?;
    file.pending = Section::default();
    Ok(())
}

fn restored(file: &GuestFile, name: &str, owned: &dyn Fn(&str) -> bool) -> Result<Section, Refusal> {
    let snapshot = section(file, name)?;
    let mut main = of_guest(snapshot);
    main.set("parent", name);
    main.set("description", file.main.get("description").unwrap_or_default());
    // Memories of early versions noted their machine as if it were configured.
    if snapshot.contains("vmstate") && !snapshot.contains("runningmachine") && !file.main.contains("machine") {
        main.remove("machine");
    }
    let used = volumes(file.dialect, &main);
    let is_used = |volume: &str| used.iter().any(|known| known.volume == volume);
    for (key, volume) in unused(&file.main).into_iter().filter(|(_, volume)| !is_used(volume)) {
        main.set(&key, &volume);
    }
    let attached = volumes(file.dialect, &file.main).into_iter().map(|attached| attached.volume);
    for volume in attached.filter(|volume| !is_used(volume) && owned(volume)) {
        put_aside(&mut main, &volume);
    }
    Ok(main)
}

/// Refuses while something long is going on, except what is to be `finished`.
fn check_lock(file: &GuestFile, finished: Option<&str>) -> Result<(), Refusal> {
    let kind = match file.dialect {
        Dialect::Qemu => "VM",
        Dialect::Lxc => "CT",
    };
    match file.main.get("lock") {
        Some(lock) if Some(lock) != finished => Err(Refusal::Locked { kind, lock: lock.to_owned() }),
        _ => Ok(()),
    }
}

fn check_template(file: &GuestFile, action: &'static str) -> Result<(), Refusal> {
    if file.main.get("template") == Some("1") { Err(Refusal::Template(action)) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
