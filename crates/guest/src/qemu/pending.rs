//! Changes of a configuration: pure edits of the file, and which volumes come free by them.

use schema::Vmid;
use storage::Storages;

use super::{
    cloudinit,
    cmdline::{Bus, DriveId, without},
    error::VmError,
    update::Update,
    vms::Inner,
    volumes,
};
use crate::config_file::{GuestFile, Section};

/// Volumes that a guest may keep without using them.
const UNUSED: u32 = 256;

/// The volume a drive's value names; nothing for empty drives, the host's own drive and plain paths.
pub(crate) fn volume(value: &str) -> Option<&str> {
    let file = value.split(',').find_map(|part| match part.split_once('=') {
        None => Some(part),
        Some(("file" | "volume", file)) => Some(file),
        Some(_) => None,
    })?;
    (file.contains(':') && !file.starts_with('/')).then_some(file)
}

/// Whether a drive's value describes a CD-ROM.
pub(crate) fn is_cdrom(value: &str) -> bool {
    value.split(',').any(|part| part == "media=cdrom")
}

/// Whether any section names the volume.
fn is_named(file: &GuestFile, volume_id: &str) -> bool {
    let names = |section: &Section| {
        section.iter().any(|(key, value)| DriveId::parse(key).is_some() && volume(value) == Some(volume_id))
    };
    names(&file.main) || names(&file.pending) || file.snapshots.values().any(names)
}

/// Keeps a volume that lost its drive. Volumes of others, and CD-ROMs, are simply let go.
pub(crate) fn keep(file: &mut GuestFile, value: &str, owned: &dyn Fn(&str) -> bool) -> Result<(), VmError> {
    let Some(volume_id) = volume(value).filter(|volume| owned(volume) && !is_cdrom(value)) else { return Ok(()) };
    if is_named(file, volume_id) {
        return Ok(());
    }
    let free = (0..UNUSED).map(|index| DriveId::new(Bus::Unused, index).to_string());
    let key = free.into_iter().find(|key| !file.main.contains(key));
    let key = key.ok_or_else(|| VmError::parameter("delete", "Too many unused volumes - please delete them first."))?;
    file.main.set(&key, volume_id);
    Ok(())
}

/// The volume of a cloud-init drive that nothing names any more: it is made anew when it is needed, and never kept.
fn spent(file: &GuestFile, value: &str, owned: &dyn Fn(&str) -> bool) -> Option<String> {
    let id = volume(value).filter(|id| cloudinit::is_volume(id) && owned(id) && !is_named(file, id))?;
    Some(id.to_owned())
}

/// Takes an option out of the main section. Returns the volume that shall be freed.
fn remove(
    file: &mut GuestFile,
    key: &str,
    force: bool,
    owned: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, VmError> {
    let Some(value) = file.main.remove(key) else { return Ok(None) };
    let Some(drive) = DriveId::parse(key) else { return Ok(None) };
    drop_from_boot(file, drive);
    if let Some(spent) = spent(file, &value, owned) {
        return Ok(Some(spent));
    }
    if !force && drive.bus != Bus::Unused {
        keep(file, &value, owned)?;
        return Ok(None);
    }
    match volume(&value) {
        Some(volume_id) if owned(volume_id) && !is_cdrom(&value) => {
            if is_named(file, volume_id) {
                return Err(VmError::parameter("delete", "volume is still in use (snapshot?)"));
            }
            Ok(Some(volume_id.to_owned()))
        }
        _ => Ok(None),
    }
}

pub(crate) fn drop_from_boot(file: &mut GuestFile, drive: DriveId) {
    if let Some(order) = file.main.get("boot").and_then(|boot| boot.strip_prefix("order=")) {
        let rest = format!("order={}", without(order, drive));
        file.main.set("boot", &rest);
    }
}

/// Sets an option of the main section; a volume that it replaces is kept as unused. Returns the volume that shall be
/// freed.
pub(crate) fn set(
    file: &mut GuestFile,
    key: &str,
    value: &str,
    owned: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, VmError> {
    let old = file.main.get(key).map(str::to_owned);
    file.main.set(key, value);
    let Some(new) = DriveId::parse(key).map(|_| volume(value)) else { return Ok(None) };
    if let Some(new) = new {
        let again: Vec<String> = file
            .main
            .iter()
            .filter(|(other, text)| other.starts_with("unused") && volume(text) == Some(new))
            .map(|(other, _)| other.to_owned())
            .collect();
        for other in again {
            file.main.remove(&other);
        }
    }
    match old {
        Some(old) if volume(&old) != new => {
            keep(file, &old, owned)?;
            Ok(spent(file, &old, owned))
        }
        _ => Ok(None),
    }
}

/// Puts the pending changes that `now` selects into force. Returns the volumes that shall be freed once the file is
/// written.
pub(crate) fn apply(
    file: &mut GuestFile,
    owned: &dyn Fn(&str) -> bool,
    now: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, VmError> {
    let mut freed = Vec::new();
    for (key, force) in file.deletions() {
        if now(&key) {
            freed.extend(remove(file, &key, force, owned)?);
            file.cancel_deletion(&key);
        }
    }
    let selected: Vec<(String, String)> = file
        .pending
        .iter()
        .filter(|(key, _)| *key != "delete" && now(key))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    for (key, value) in without_taken(file, selected, owned) {
        freed.extend(set(file, &key, &value, owned)?);
        file.pending.remove(&key);
    }
    file.clean_pending();
    Ok(freed)
}

/// Leaves out drives whose volume another drive still has that does not change now: they wait for it.
fn without_taken(
    file: &GuestFile,
    mut selected: Vec<(String, String)>,
    owned: &dyn Fn(&str) -> bool,
) -> Vec<(String, String)> {
    loop {
        let changes = |key: &str| selected.iter().any(|(other, _)| other == key);
        let taken = |key: &str, value: &str| {
            let wanted = volume(value).filter(|id| owned(id) && !is_cdrom(value) && DriveId::parse(key).is_some());
            wanted.is_some_and(|wanted| {
                let drive = |other: &str| DriveId::parse(other).is_some_and(|id| id.bus != Bus::Unused);
                let mut others = file.main.iter().filter(|(other, _)| *other != key && drive(other) && !changes(other));
                others.any(|(_, text)| volume(text) == Some(wanted))
            })
        };
        let free: Vec<(String, String)> = selected.iter().filter(|(key, value)| !taken(key, value)).cloned().collect();
        if free.len() == selected.len() {
            return selected;
        }
        selected = free;
    }
}

/// Notes the wishes of a change as pending; `settled` is what they set, in the form that is kept. Returns the volumes
/// that shall be freed once the file is written.
///
/// # Errors
/// When a volume would have two drives, or none of them would find it again.
pub(crate) fn note(
    file: &mut GuestFile,
    update: &Update,
    settled: &[(String, String)],
    owned: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, VmError> {
    let waited = waiting_drives(file);
    for key in &update.revert {
        file.revert_pending(key);
    }
    for key in &update.delete {
        file.delete_pending(key, update.force);
    }
    for (key, value) in settled {
        if value.is_empty() {
            file.delete_pending(key, false);
        } else {
            add_to_boot(file, key, value);
            file.set_pending(key, value);
        }
    }
    let freed = keep_dropped(file, &waited, owned)?;
    for (key, value) in settled {
        check_single(file, key, value, owned)?;
    }
    // What was to go and stays after all may have been promised to another drive meanwhile.
    for key in update.revert.iter().filter(|key| !file.pending.contains(key)) {
        if let Some(value) = file.main.get(key) {
            check_single(file, key, value, owned)?;
        }
    }
    Ok(freed)
}

/// A new CD-ROM drive is booted from when nothing before it boots.
fn add_to_boot(file: &mut GuestFile, key: &str, value: &str) {
    let known = file.main.contains(key) || file.pending.contains(key);
    let seed = volume(value).is_some_and(cloudinit::is_volume);
    if known || seed || !is_cdrom(value) || DriveId::parse(key).is_none() {
        return;
    }
    let boot = file.pending.get("boot").or_else(|| file.main.get("boot"));
    if let Some(order) = boot.and_then(|boot| boot.strip_prefix("order=")) {
        let devices: Vec<&str> = order.split(';').filter(|device| !device.is_empty() && *device != key).collect();
        let order = format!("order={}", devices.into_iter().chain([key]).collect::<Vec<_>>().join(";"));
        file.set_pending("boot", &order);
    }
}

/// Refuses a second drive for one volume: the guest would write over itself.
fn check_single(file: &GuestFile, key: &str, value: &str, owned: &dyn Fn(&str) -> bool) -> Result<(), VmError> {
    let Some(wanted) = volume(value).filter(|id| owned(id) && !is_cdrom(value) && DriveId::parse(key).is_some()) else {
        return Ok(());
    };
    let deleted = file.deletions();
    let stays = |other: &str| !deleted.contains_key(other) && !file.pending.contains(other);
    let main = file.main.iter().filter(|(other, _)| stays(other));
    let all = main.chain(file.pending.iter());
    let mut others =
        all.filter(|(other, _)| *other != key && DriveId::parse(other).is_some_and(|id| id.bus != Bus::Unused));
    match others.find(|(_, value)| volume(value) == Some(wanted)) {
        Some((other, _)) => Err(VmError::parameter(key, format!("volume '{wanted}' is already used by '{other}'"))),
        None => Ok(()),
    }
}

/// Values of drives that wait for the next start.
pub(crate) fn waiting_drives(file: &GuestFile) -> Vec<String> {
    let drives = file.pending.iter().filter(|(key, _)| DriveId::parse(key).is_some());
    drives.map(|(_, value)| value.to_owned()).collect()
}

/// Keeps volumes as unused that waited for the next start, and that no pending change names any more: they may hold
/// data already, and without an entry nobody would find them. Returns the volumes that shall be freed instead.
pub(crate) fn keep_dropped(
    file: &mut GuestFile,
    waited: &[String],
    owned: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, VmError> {
    let mut freed = Vec::new();
    for value in waited {
        let waits = |text: &String| volume(text) == volume(value);
        if !waiting_drives(file).iter().any(waits) {
            keep(file, value, owned)?;
            freed.extend(spent(file, value, owned));
        }
    }
    Ok(freed)
}

/// Whether a volume belongs to a guest by its name.
pub(crate) fn owned_by(storages: &Storages, vmid: Vmid) -> impl Fn(&str) -> bool + '_ {
    move |volume| volumes::owner(storages, volume) == Some(vmid)
}

/// A drive's value for another volume: without what was about the old one, or about its making.
pub(crate) fn with_file(options: &str, file: &str) -> String {
    let rest: Vec<&str> = options
        .split(',')
        .filter(|part| match part.split_once('=') {
            None => false,
            Some((key, _)) => !matches!(key, "file" | "volume" | "size" | "format" | "import-from"),
        })
        .collect();
    std::iter::once(file).chain(rest).collect::<Vec<_>>().join(",")
}

impl Inner {
    /// Puts all pending changes of a stopped VM into force.
    pub(crate) async fn apply_pending(&self, vmid: Vmid) -> Result<(), VmError> {
        let mut freed = Vec::new();
        let owned = owned_by(&self.storages, vmid);
        self.edit(vmid, |vm, file| {
            freed = apply(file, &owned, &|_| true)?;
            cloudinit::note(&vm.file.main, file);
            Ok(())
        })
        .await?;
        self.free_all(&freed).await
    }

    /// Frees volumes, all that can be.
    ///
    /// # Errors
    /// The first that could not.
    pub(crate) async fn free_all(&self, freed: &[String]) -> Result<(), VmError> {
        let mut outcome = Ok(());
        for volume in freed {
            let freed = volumes::free(&self.storages, volume).await.map_err(VmError::Volume);
            outcome = outcome.and(freed);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config_file::Dialect;

    fn file(text: &str) -> GuestFile {
        GuestFile::parse(Dialect::Qemu, text)
    }

    fn ours(volume: &str) -> bool {
        volume.contains("vm-100-")
    }

    #[test]
    fn a_removed_drive_is_kept_as_unused_and_freed_on_the_second_removal() {
        let mut file =
            file("boot: order=scsi0;net0\nscsi0: local:100/vm-100-disk-0.qcow2,size=1G\nunused0: x:vm-100-a\n");
        file.delete_pending("scsi0", false);
        assert!(apply(&mut file, &ours, &|_| true).unwrap().is_empty());
        assert_eq!(file.print(), "boot: order=net0\nunused0: x:vm-100-a\nunused1: local:100/vm-100-disk-0.qcow2\n");
        file.delete_pending("unused1", false);
        assert_eq!(apply(&mut file, &ours, &|_| true).unwrap(), ["local:100/vm-100-disk-0.qcow2"]);
        assert_eq!(file.print(), "boot: order=net0\nunused0: x:vm-100-a\n");
    }

    #[test]
    fn a_volume_of_somebody_else_or_of_a_snapshot_is_never_freed() {
        let mut theirs = file("scsi0: local:7/vm-7-disk-0.raw\n");
        theirs.delete_pending("scsi0", true);
        assert!(apply(&mut theirs, &ours, &|_| true).unwrap().is_empty());
        assert_eq!(theirs.print(), "");
        let mut shared = file("scsi0: s:vm-100-a\n[snap]\nscsi0: s:vm-100-a\n");
        shared.delete_pending("scsi0", true);
        assert!(apply(&mut shared, &ours, &|_| true).unwrap_err().to_string().contains("still in use"));
    }

    #[test]
    fn only_what_can_be_done_now_is_done() {
        let mut file = file("cores: 1\nname: a\n[PENDING]\ncores: 2\nname: b\nide2: none,media=cdrom\n");
        apply(&mut file, &ours, &|key| key == "name").unwrap();
        assert_eq!(file.print(), "cores: 1\nname: b\n\n[PENDING]\ncores: 2\nide2: none,media=cdrom\n");
    }

    #[test]
    fn a_volume_that_waited_for_a_start_is_kept_when_it_is_dropped() {
        let mut file = file("scsi0: s:vm-100-a\n[PENDING]\nscsi0: s:vm-100-a,ssd=1\nscsi1: s:vm-100-b,size=2G\n");
        let waited = waiting_drives(&file);
        file.revert_pending("scsi0");
        file.revert_pending("scsi1");
        assert!(keep_dropped(&mut file, &waited, &ours).unwrap().is_empty());
        file.clean_pending();
        assert_eq!(file.print(), "scsi0: s:vm-100-a\nunused0: s:vm-100-b\n");
    }

    #[test]
    fn an_unused_volume_taken_up_again_is_not_unused_any_more() {
        let mut file = file("unused0: s:vm-100-a\n[PENDING]\nscsi1: s:vm-100-a,ssd=1\n");
        apply(&mut file, &ours, &|_| true).unwrap();
        assert_eq!(file.print(), "scsi1: s:vm-100-a,ssd=1\n");
    }

    #[test]
    fn a_new_cdrom_drive_is_booted_from_last() {
        let mut file = file("boot: order=scsi0;net0\n");
        let cdrom = [("ide2".to_owned(), "none,media=cdrom".to_owned())];
        note(&mut file, &Update::default(), &cdrom, &ours).unwrap();
        assert_eq!(file.pending.get("boot"), Some("order=scsi0;net0;ide2"));
        let seed = [("ide0".to_owned(), "s:vm-100-cloudinit,media=cdrom".to_owned())];
        note(&mut file, &Update::default(), &seed, &ours).unwrap();
        assert_eq!(file.pending.get("boot"), Some("order=scsi0;net0;ide2"));
    }

    #[test]
    fn a_volume_has_one_drive() {
        let mut file = file("scsi0: s:vm-100-a\nunused0: s:vm-100-b\n");
        let twice = [("scsi1".to_owned(), "s:vm-100-a,ssd=1".to_owned())];
        let refused = note(&mut file.clone(), &Update::default(), &twice, &ours).unwrap_err().to_string();
        assert_eq!(refused, "scsi1: volume 's:vm-100-a' is already used by 'scsi0'");
        let unused = [("scsi1".to_owned(), "s:vm-100-b".to_owned())];
        note(&mut file, &Update::default(), &unused, &ours).unwrap();
        let moved = Update { delete: vec!["scsi0".into()], ..Update::default() };
        let again = [("scsi2".to_owned(), "s:vm-100-a".to_owned())];
        note(&mut file, &moved, &again, &ours).unwrap();
        apply(&mut file, &ours, &|_| true).unwrap();
        assert_eq!(file.print(), "scsi1: s:vm-100-b\nscsi2: s:vm-100-a\n");
    }

    /// What somebody may do to a VM, and what of it is put into force at that moment.
    #[derive(Debug, Clone)]
    struct Act {
        delete: Vec<String>,
        revert: Vec<String>,
        force: bool,
        /// A drive, and whether it gets a volume that exists (by number) or a new one.
        set: Option<(String, Option<usize>)>,
        /// Which of the drives can be changed while the VM runs; all when it is stopped.
        now: Option<Vec<String>>,
    }

    fn drives() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["scsi0", "scsi1", "virtio0", "ide0", "efidisk0", "unused0", "unused1"])
            .prop_map(str::to_owned)
    }

    fn act() -> impl Strategy<Value = Act> {
        let some = || prop::collection::vec(drives(), 0..2);
        let set = prop::option::of((drives(), prop::option::of(0..6_usize)));
        let now = prop::option::of(prop::collection::vec(drives(), 0..5));
        (some(), some(), any::<bool>(), set, now).prop_map(|(delete, revert, force, set, now)| {
            let set = set.filter(|(key, _)| !key.starts_with("unused") && !delete.contains(key));
            Act { delete, revert, force, set, now }
        })
    }

    proptest! {
        #[test]
        fn no_volume_is_lost_or_named_twice(acts in prop::collection::vec(act(), 1..12), snapshot in 0..12_usize) {
            let mut file = GuestFile::new(Dialect::Qemu);
            let (mut known, mut freed) = (Vec::<String>::new(), Vec::<String>::new());
            for (number, act) in acts.into_iter().enumerate() {
                if number == snapshot {
                    file.snapshots.insert("snap".into(), file.main.clone());
                }
                let made = format!("s:vm-100-{number}");
                let settled: Vec<(String, String)> = act.set.iter().map(|(key, volume)| {
                    let volume = volume.and_then(|place| known.get(place)).filter(|volume| !freed.contains(volume));
                    (key.clone(), volume.unwrap_or(&made).clone())
                }).collect();
                let update = Update { delete: act.delete, revert: act.revert, force: act.force, ..Update::default() };
                let now = |key: &str| key.starts_with("unused") || act.now.as_ref().is_none_or(|now| now.iter().any(|one| one == key));
                let mut next = file.clone();
                // As `update` does: what is refused leaves no trace, and a volume that was made for it is taken back.
                let Ok(gone) = note(&mut next, &update, &settled, &ours).and_then(|_| apply(&mut next, &ours, &now)) else { continue };
                file = next;
                freed.extend(gone);
                known.extend(settled.into_iter().map(|(_, volume)| volume).filter(|volume| *volume == made));

                let names = |section: &Section, id: &str| section.iter().filter(|(key, value)| DriveId::parse(key).is_some() && volume(value) == Some(id)).count();
                for id in &known {
                    let named = names(&file.main, id) + names(&file.pending, id) + file.snapshots.values().map(|section| names(section, id)).sum::<usize>();
                    prop_assert_eq!(named == 0, freed.contains(id), "{} in {}", id, file.print());
                    prop_assert!(names(&file.main, id) <= 1, "{} twice in {}", id, file.print());
                }
            }
        }
    }
}
