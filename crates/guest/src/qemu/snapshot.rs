//! States of VMs that are kept: inside qcow2 files, with the memory in a volume of its own if wanted.
//!
//! ```text
//!   create:   lock, section "prepare" ──► disks (and memory) ──► section complete, unlock
//!   delete:   lock, section "delete"  ──► disks, memory      ──► section gone, unlock
//!   rollback: stop, lock ──► disks ──► configuration replaced, unlock ──► start if wanted
//! ```

use std::time::Duration;

use schema::Vmid;
use serde_json::{Value, json};
use storage::{SnapshotChange, Storages, VolumeId};

use super::{
    cmdline::{Bus, DriveId},
    error::VmError,
    pending::{is_cdrom, volume},
    progress::Progress,
    running::Running,
    snapshot_ram as ram,
    start::StartOptions,
    vms::{Inner, Vm, Vms},
    volumes,
};
use crate::config_file::{GuestFile, Section};

/// How long QEMU may take for snapshots of all disks; deleting walks through their metadata.
const DISKS: Duration = Duration::from_secs(600);

/// Options of a snapshot's section that are about the snapshot, or about one moment, not about the VM.
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
pub fn check_name(file: &GuestFile, name: &str) -> Result<(), String> {
    if ["current", "pending"].iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
        return Err(format!("unable to use snapshot name '{name}' (reserved name)"));
    }
    if file.snapshots.contains_key(name) {
        return Err(format!("snapshot name '{name}' already used"));
    }
    Ok(())
}

/// What a new snapshot's section begins as.
fn section(file: &GuestFile, wish: &SnapshotWish, now: i64) -> Section {
    let unused = |key: &str| DriveId::parse(key).is_some_and(|drive| drive.bus == Bus::Unused);
    let kept = file.main.iter().filter(|(key, _)| !OF_SNAPSHOT.contains(key) && !unused(key));
    let mut section: Section = kept.collect();
    if let Some(parent) = file.main.get("parent") {
        section.set("parent", parent);
    }
    section.set("snaptime", &now.to_string());
    section.set("snapstate", "prepare");
    section.set("description", wish.description.as_deref().unwrap_or_default());
    section
}

/// The VM as it was at a snapshot, with the machine that a kept memory belongs to.
///
/// # Errors
/// When there is none of that name.
pub(super) fn as_it_was(vm: &Vm, name: &str) -> Result<Vm, VmError> {
    let section = known(vm, name)?;
    let mut file = vm.file.clone();
    file.main = section.iter().filter(|(key, _)| !OF_SNAPSHOT.contains(key)).collect();
    let was = Vm::parse(&file.print());
    Ok(section.get("vmstate").map(|state| ram::Kept::of(section, state).machine(&was)).unwrap_or(was))
}

/// Takes a snapshot out of the file; those that came after it come after the one before it.
fn forget(file: &mut GuestFile, name: &str) {
    let Some(gone) = file.snapshots.remove(name) else { return };
    let parent = gone.get("parent").unwrap_or_default().to_owned();
    for section in file.snapshots.values_mut().chain([&mut file.main]) {
        if section.get("parent") == Some(name) {
            section.set("parent", &parent);
        }
    }
}

/// The main section after a rollback: the snapshot's, with notes and unused volumes of now; what the snapshot does not
/// know becomes unused.
fn restored(file: &GuestFile, name: &str, owned: &dyn Fn(&str) -> bool) -> Section {
    let Some(snapshot) = file.snapshots.get(name) else { return file.main.clone() };
    let mut main: Section = snapshot.iter().filter(|(key, _)| !OF_SNAPSHOT.contains(key)).collect();
    main.set("parent", name);
    main.set("description", file.main.get("description").unwrap_or_default());
    let drives = |section: &Section| -> Vec<(String, String)> {
        let drives = section.iter().filter(|(key, value)| DriveId::parse(key).is_some() && !is_cdrom(value));
        drives.filter_map(|(key, value)| Some((key.to_owned(), volume(value)?.to_owned()))).collect()
    };
    let used: Vec<String> = drives(&main).into_iter().map(|(_, volume)| volume).collect();
    let mut free = (0..256).map(|index| DriveId::new(Bus::Unused, index).to_string());
    for (key, volume) in drives(&file.main) {
        let unused = DriveId::parse(&key).is_some_and(|drive| drive.bus == Bus::Unused);
        if !used.contains(&volume)
            && (unused || owned(&volume))
            && let Some(key) = free.next()
        {
            main.set(&key, &volume);
        }
    }
    main
}

/// The disks that a snapshot of this section is about: option and volume.
pub(super) fn disks(storages: &Storages, section: &Section) -> Result<Vec<(String, VolumeId)>, VmError> {
    let mut found = Vec::new();
    for (key, value) in section.iter() {
        let disk = DriveId::parse(key).is_some_and(|drive| drive.bus != Bus::Unused) && !is_cdrom(value);
        if !disk {
            continue;
        }
        let id = volume(value).and_then(|text| text.parse::<VolumeId>().ok());
        let able = id.filter(|id| storages.has_snapshots(id).unwrap_or(false));
        let Some(id) = able else {
            let why = format!(
                "snapshot feature is not available: drive '{key}' is not of format qcow2 - copy the VM with format=qcow2"
            );
            return Err(VmError::Volume(why));
        };
        found.push((key.to_owned(), id));
    }
    Ok(found)
}

/// QEMU's name of the drive that has this volume now.
fn node(vm: &Vm, id: &VolumeId) -> Option<String> {
    let text = id.to_string();
    let mut drives = vm.file.main.iter().filter(|(key, _)| DriveId::parse(key).is_some_and(|d| d.bus != Bus::Unused));
    drives.find(|(_, value)| volume(value) == Some(text.as_str())).map(|(key, _)| format!("drive-{key}"))
}

impl Vms {
    /// The snapshots of a VM, by name.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn snapshots(&self, vmid: Vmid) -> Result<Vec<SnapshotInfo>, VmError> {
        Ok(list(&self.get(vmid)?.file))
    }

    /// Checks a wish as far as that is possible without doing anything.
    ///
    /// # Errors
    /// When the VM is locked or a template, the name is taken, or a disk cannot have snapshots.
    pub fn check_snapshot(&self, vmid: Vmid, wish: &SnapshotWish) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(false)?;
        if vm.is_template() {
            return Err(VmError::Volume("you can't take a snapshot if it's a template".to_owned()));
        }
        check_name(&vm.file, &wish.name).map_err(|why| VmError::parameter("snapname", why))?;
        disks(&self.inner.storages, &vm.file.main).map(drop)
    }

    /// Whether all disks of a VM can have snapshots.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn can_snapshot(&self, vmid: Vmid) -> Result<bool, VmError> {
        let vm = self.get(vmid)?;
        Ok(!vm.is_template() && disks(&self.inner.storages, &vm.file.main).is_ok())
    }

    /// Keeps the state of a VM. When a step fails, undoing the noted records removes what was kept, and the VM goes on.
    ///
    /// # Errors
    /// As [`Vms::check_snapshot`], when a storage or QEMU refuse, or the task is stopped.
    pub async fn snapshot(&self, progress: &dyn Progress, vmid: Vmid, wish: SnapshotWish) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_snapshot(vmid, &wish)?;
        self.check_foreign(vmid, &wish.name).await?;
        let record = json!({ "vm": { "snapshot": wish.name, "vmid": vmid.get() } });
        progress.undo(record).await.map_err(VmError::Journal)?;
        let now = host::clock::now();
        self.inner
            .edit(vmid, |_, file| {
                file.snapshots.insert(wish.name.clone(), section(file, &wish, now));
                file.main.set("lock", "snapshot");
                Ok(())
            })
            .await?;
        let vm = self.get(vmid)?;
        let disks = disks(&self.inner.storages, &vm.file.main)?;
        let running = self.running(vmid);
        let mut memory = Vec::new();
        match &running {
            None => {
                for (key, id) in &disks {
                    progress.log(&format!("snapshotting '{key}' ({id})"));
                    let made = self.inner.storages.snapshot(id, &wish.name, SnapshotChange::Create).await;
                    made.map_err(|err| VmError::Volume(err.to_string()))?;
                }
            }
            Some(running) if wish.ram => {
                let state = self.state_volume(progress, vmid, &vm, &wish.name).await?;
                let found = volumes::find(&self.inner.storages, &state).await.map_err(VmError::Volume)?;
                ram::save(progress, running, &found.path, take(running, &disks, &wish.name)).await?;
                memory.push(("vmstate", state));
                memory.extend(ram::of_process(running));
            }
            Some(running) => {
                let frozen = self.freeze(progress, vmid, &vm).await;
                let taken = take(running, &disks, &wish.name).await;
                if frozen {
                    self.thaw(progress, vmid).await;
                }
                taken?;
            }
        }
        self.inner
            .edit(vmid, |_, file| {
                if let Some(section) = file.snapshots.get_mut(&wish.name) {
                    section.remove("snapstate");
                    memory.iter().for_each(|(key, value)| section.set(key, value));
                }
                file.main.set("parent", &wish.name);
                file.main.remove("lock");
                Ok(())
            })
            .await
    }

    /// Makes the volume for a VM's memory.
    pub(super) async fn state_volume(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        vm: &Vm,
        name: &str,
    ) -> Result<String, VmError> {
        let storages = &self.inner.storages;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        let drives = vm.file.main.iter().filter(|(key, value)| DriveId::parse(key).is_some() && !is_cdrom(value));
        let used = drives.filter_map(|(_, value)| volume(value)?.parse::<VolumeId>().ok()).map(|id| id.storage);
        let used: Vec<_> = used.filter_map(|id| storages.config(&id).ok()).collect();
        let chosen = used.iter().find(|config| config.shared()).or(used.first()).map(|config| config.id.to_string());
        let storage = vm.file.main.get("vmstatestorage").map(str::to_owned).or(chosen);
        let storage = storage.unwrap_or_else(|| "local".to_owned());
        let storage = storage.parse().map_err(|why: String| VmError::parameter("vmstatestorage", why))?;
        let config = storages.usable_for(&storage, storage::Content::Images).map_err(text)?;
        let file = format!("vm-{vmid}-state-{name}.raw");
        let id = VolumeId::new(&storage, storage::plugin::of(&config).map_err(text)?.volname(vmid, &file)).to_string();
        progress.undo(json!({ "vm": { "volume": id } })).await.map_err(VmError::Journal)?;
        let size = (2 * super::cmdline::memory_mib(&vm.config) + 500) << 20;
        let format = Some(storage::Format::Raw);
        storages.allocate(&storage, vmid, format, size, Some(&file)).await.map_err(text)?;
        progress.log(&format!("saving the memory to '{id}'"));
        Ok(id)
    }

    /// Checks that a snapshot can be removed.
    ///
    /// # Errors
    /// When there is none of that name, or the VM is locked.
    pub fn check_delete_snapshot(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(false)?;
        known(&vm, name).map(drop)
    }

    /// Removes a snapshot. Cut off half-way, it can be called again; `force` removes it from the configuration even
    /// if a disk refuses.
    ///
    /// # Errors
    /// As [`Vms::check_delete_snapshot`], and when a storage or QEMU refuse.
    pub async fn delete_snapshot(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        name: &str,
        force: bool,
    ) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_delete_snapshot(vmid, name)?;
        let record = json!({ "vm": { "snapshot-delete": name, "vmid": vmid.get() } });
        progress.undo(record).await.map_err(VmError::Journal)?;
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("lock", "snapshot-delete");
                if let Some(section) = file.snapshots.get_mut(name) {
                    section.set("snapstate", "delete");
                }
                Ok(())
            })
            .await?;
        let vm = self.get(vmid)?;
        match self.drop_disks(vmid, &vm, name).await {
            Err(err) if force => progress.warn(&err.to_string()),
            dropped => dropped?,
        }
        self.inner
            .edit(vmid, |_, file| {
                forget(file, name);
                file.main.remove("lock");
                Ok(())
            })
            .await
    }

    /// Removes what disks and the memory volume keep of a snapshot; what is gone already is fine.
    async fn drop_disks(&self, vmid: Vmid, vm: &Vm, name: &str) -> Result<(), VmError> {
        let section = known(vm, name)?;
        let running = self.running(vmid);
        let kept = match &running {
            Some(running) => known_to(running).await?,
            None => Value::Null,
        };
        let named = section.iter().filter(|(key, value)| {
            DriveId::parse(key).is_some_and(|drive| drive.bus != Bus::Unused) && !is_cdrom(value)
        });
        for id in named.filter_map(|(_, value)| volume(value)?.parse::<VolumeId>().ok()) {
            match (&running, node(vm, &id)) {
                (Some(running), Some(node)) => {
                    if has(&kept, &node, name) {
                        let which = json!({ "device": node, "name": name });
                        running.call("blockdev-snapshot-delete-internal-sync", which, DISKS).await?;
                    }
                }
                _ => {
                    let dropped = self.inner.storages.snapshot(&id, name, SnapshotChange::Delete).await;
                    dropped.map_err(|err| VmError::Volume(err.to_string()))?;
                }
            }
        }
        match section.get("vmstate") {
            Some(state) => volumes::free(&self.inner.storages, state).await.map_err(VmError::Volume),
            None => Ok(()),
        }
    }

    /// Checks that a VM can go back to a snapshot.
    ///
    /// # Errors
    /// When there is none of that name, it is not complete, or the VM is locked for something else or a template.
    pub fn check_rollback(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        // One that was cut off is finished by another one.
        vm.check_lock(vm.has_lock("rollback"))?;
        if vm.is_template() {
            return Err(VmError::Volume("you can't rollback if vm is a template".to_owned()));
        }
        let section = known(&vm, name)?;
        if let Some(state) = section.get("snapstate") {
            let why = format!("unable to rollback to incomplete snapshot (snapstate = {state})");
            return Err(VmError::Volume(why));
        }
        disks(&self.inner.storages, section).map(drop)
    }

    /// Brings a VM back to a kept state; a running one is stopped. One that was kept with its memory runs afterwards.
    /// Cut off half-way, the VM stays locked as `rollback`, and this can be called again.
    ///
    /// # Errors
    /// As [`Vms::check_rollback`], and when a storage or QEMU refuse.
    pub async fn rollback(&self, progress: &dyn Progress, vmid: Vmid, name: &str, start: bool) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_rollback(vmid, name)?;
        if let Some(running) = self.running(vmid) {
            progress.log("stopping the VM");
            self.quit(&running, Duration::from_secs(60)).await?;
        }
        let vm = self.get(vmid)?;
        let section = known(&vm, name)?.clone();
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("lock", "rollback");
                Ok(())
            })
            .await?;
        for (key, id) in disks(&self.inner.storages, &section)? {
            progress.log(&format!("rolling back '{key}' ({id})"));
            let done = self.inner.storages.snapshot(&id, name, SnapshotChange::Apply).await;
            done.map_err(|err| VmError::Volume(err.to_string()))?;
        }
        let fresh = super::create::uuid()?;
        let owned = super::pending::owned_by(&self.inner.storages, vmid);
        self.inner
            .edit(vmid, |_, file| {
                let mut main = restored(file, name, &owned);
                // The guest must notice that it has been here before.
                if main.get("vmgenid").is_some_and(|id| id != "0") {
                    main.set("vmgenid", &fresh);
                }
                file.main = main;
                file.pending = Section::default();
                Ok(())
            })
            .await?;
        match section.get("vmstate") {
            Some(state) => self.start_from(progress, vmid, ram::Kept::of(&section, state)).await,
            None if start => self.start_in_turn(progress, vmid, StartOptions::default()).await,
            None => Ok(()),
        }
    }

    /// Changes a snapshot's notes.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn describe_snapshot(&self, vmid: Vmid, name: &str, description: &str) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.inner
            .edit(vmid, |vm, file| {
                known(vm, name)?;
                if let Some(section) = file.snapshots.get_mut(name) {
                    section.set("description", description);
                }
                Ok(())
            })
            .await
    }

    /// Takes back a snapshot that was not finished; one whose removal was cut off can be removed again.
    pub(crate) async fn undo_snapshot(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        let Ok(vm) = self.get(vmid) else { return Ok(()) };
        let unfinished = vm.file.snapshots.get(name).and_then(|section| section.get("snapstate")) == Some("prepare");
        if unfinished {
            if let Some(running) = self.running(vmid) {
                ram::settle(&running).await?;
                self.thaw(&super::progress::Quiet, vmid).await;
            }
            self.drop_disks(vmid, &vm, name).await?;
        }
        self.inner.unlock_snapshot(vmid, unfinished.then_some(name)).await
    }
}

impl Inner {
    async fn unlock_snapshot(&self, vmid: Vmid, gone: Option<&str>) -> Result<(), VmError> {
        self.edit(vmid, |vm, file| {
            if vm.has_lock("snapshot") || vm.has_lock("snapshot-delete") {
                file.main.remove("lock");
            }
            if let Some(name) = gone {
                file.snapshots.remove(name);
            }
            Ok(())
        })
        .await
    }
}

fn known<'a>(vm: &'a Vm, name: &str) -> Result<&'a Section, VmError> {
    let section = vm.file.snapshots.get(name);
    section.ok_or_else(|| VmError::Volume(format!("snapshot '{name}' does not exist")))
}

/// Keeps the state of all disks of a running VM at the same moment.
async fn take(running: &Running, disks: &[(String, VolumeId)], name: &str) -> Result<(), VmError> {
    let action = |(key, _): &(String, VolumeId)| {
        let data = json!({ "device": format!("drive-{key}"), "name": name });
        json!({ "type": "blockdev-snapshot-internal-sync", "data": data })
    };
    let actions: Vec<Value> = disks.iter().map(action).collect();
    if actions.is_empty() {
        return Ok(());
    }
    running.call("transaction", json!({ "actions": actions }), DISKS).await.map(drop)
}

/// What a running VM knows of its disks.
pub(super) async fn known_to(running: &Running) -> Result<Value, VmError> {
    running.call("query-named-block-nodes", json!({ "flat": true }), super::running::COMMAND).await
}

pub(super) fn has(nodes: &Value, node: &str, name: &str) -> bool {
    let node = nodes.as_array().into_iter().flatten().find(|known| known["node-name"] == node);
    let kept = node.and_then(|node| node["image"]["snapshots"].as_array()).into_iter().flatten();
    kept.into_iter().any(|kept| kept["name"] == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::Dialect;

    fn wish(name: &str) -> SnapshotWish {
        SnapshotWish { name: name.into(), description: Some("before the update".into()), ram: false }
    }

    fn file(text: &str) -> GuestFile {
        GuestFile::parse(Dialect::Qemu, text)
    }

    #[test]
    fn a_snapshot_keeps_the_configuration_and_not_what_is_about_the_moment() {
        let mut file = file(
            "#notes\ncores: 2\nlock: backup\nparent: a1\nunused0: s:vm-100-x\n[PENDING]\ncores: 4\n[a1]\ncores: 1\n",
        );
        let new = section(&file, &wish("b1"), 7);
        file.snapshots.insert("b1".into(), new);
        insta::assert_snapshot!(file.print(), @r"
        #notes
        cores: 2
        lock: backup
        parent: a1
        unused0: s:vm-100-x

        [PENDING]
        cores: 4

        [a1]
        cores: 1

        [b1]
        #before the update
        cores: 2
        parent: a1
        snapstate: prepare
        snaptime: 7
        ");
        assert_eq!(check_name(&file, "b1").unwrap_err(), "snapshot name 'b1' already used");
        assert!(check_name(&file, "Current").unwrap_err().contains("reserved"));
    }

    #[test]
    fn what_came_after_a_removed_snapshot_comes_after_the_one_before() {
        let mut file = file("parent: b1\n[a1]\ncores: 1\n[b1]\nparent: a1\n[c1]\nparent: b1\n");
        forget(&mut file, "b1");
        assert_eq!(file.print(), "parent: a1\n\n[a1]\ncores: 1\n\n[c1]\nparent: a1\n");
        forget(&mut file, "a1");
        assert_eq!(file.print(), "\n[c1]\n");
    }

    #[test]
    fn a_rollback_loses_no_volume() {
        let file = file(
            "#now\ncores: 4\nscsi0: s:100/vm-100-a,size=1G\nscsi1: s:100/vm-100-b\nscsi2: s:7/vm-7-c\nide2: s:iso/x,media=cdrom\n\
             unused0: s:100/vm-100-d\n[a1]\n#then\ncores: 1\nscsi0: s:100/vm-100-a\nsnaptime: 1\nvmstate: s:100/vm-100-state-a1.raw\n",
        );
        let main = restored(&file, "a1", &|volume| volume.contains("vm-100"));
        let mut after = GuestFile::new(Dialect::Qemu);
        after.main = main;
        assert_eq!(
            after.print(),
            "#now\ncores: 1\nparent: a1\nscsi0: s:100/vm-100-a\nunused0: s:100/vm-100-b\nunused1: s:100/vm-100-d\n"
        );
    }
}
