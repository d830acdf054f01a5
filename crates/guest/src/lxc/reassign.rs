//! Volumes that another container gets.

use schema::Vmid;
use serde_json::{Value, json};
use storage::VolumeId;
use store::edit_both;

use super::{
    clone::moved,
    config::Unused,
    cts::{Ct, Cts},
    error::CtError,
    move_volume::{in_snapshot, mounted},
};
use crate::{config_file::GuestFile, qemu::progress::Progress};

/// A wish to give a volume to another container.
#[derive(Debug, Clone)]
pub struct ReassignWish {
    /// The option: `mp0`, … or `unused0`, ….
    pub volume: String,
    /// Who gets it.
    pub target: Vmid,
    /// As what; the same as it is if nothing is said.
    pub target_volume: Option<String>,
    /// SHA-1 of the configuration that the caller has seen.
    pub digest: Option<String>,
    /// The same of the other container's configuration.
    pub target_digest: Option<String>,
}

impl ReassignWish {
    fn key(&self) -> &str {
        self.target_volume.as_deref().unwrap_or(&self.volume)
    }
}

fn is_unused(key: &str) -> bool {
    key.starts_with("unused")
}

/// The volume that moves, where nothing forbids it.
fn checked(wish: &ReassignWish, (from, running): (&Ct, bool), (to, other): (&Ct, bool)) -> Result<VolumeId, CtError> {
    for (seen, ct) in [(&wish.digest, from), (&wish.target_digest, to)] {
        if seen.as_ref().is_some_and(|digest| *digest != ct.digest) {
            return Err(CtError::Digest);
        }
        ct.check_lock(false)?;
        if ct.config.template == Some(true) {
            return Err(CtError::parameter("volume", "the volumes of a template cannot be changed - clone it"));
        }
    }
    let (key, wrong) = (wish.key(), |why: &str| Err(CtError::parameter("volume", why)));
    if wish.volume == "rootfs" || key == "rootfs" {
        return wrong(
            "a root file system stays with its container: only mount points and unused volumes can be given away",
        );
    }
    if from.config.protection == Some(true) {
        return wrong("can't remove a volume - protection mode enabled");
    }
    if (running && !is_unused(&wish.volume)) || (other && !is_unused(key)) {
        return wrong("cannot move volumes of a running container - stop it first");
    }
    if is_unused(&wish.volume) && !is_unused(key) {
        return Err(CtError::parameter(
            "target-volume",
            "an unused volume has no place inside: give it away as unused",
        ));
    }
    let id = match wish.volume.strip_prefix("unused").and_then(|index| index.parse().ok()) {
        Some(index) => {
            let unused = from.config.unused.get(&index).and_then(|unused| unused.volume.parse().ok());
            unused
                .ok_or_else(|| CtError::parameter("volume", format!("the container has no volume '{}'", wish.volume)))?
        }
        None => mounted(from, &wish.volume)?,
    };
    if in_snapshot(&from.file, &id) {
        return wrong("can't move a volume used by a snapshot to another owner - delete the snapshot first");
    }
    if to.file.main.contains(key) || to.file.pending.contains(key) {
        let why = format!("target volume key '{key}' is already in use for CT {}", wish.target);
        return Err(CtError::parameter("target-volume", why));
    }
    if from.root_owner() != to.root_owner() {
        return wrong("one of the containers is privileged, the other is not: the owners of its files would be wrong");
    }
    Ok(id)
}

/// Takes the volume out of one file and puts it into the other.
fn give(wish: &ReassignWish, from: &mut GuestFile, to: &mut GuestFile, id: &VolumeId) -> Result<(), CtError> {
    let value = from.main.get(&wish.volume).unwrap_or_default().to_owned();
    from.main.remove(&wish.volume);
    from.revert_pending(&wish.volume);
    let key = wish.key();
    if is_unused(key) {
        to.main.set(key, &schema::property::print(&Unused { volume: id.to_string() }));
    } else {
        to.main.set(key, &moved(key, &value, id)?);
    }
    Ok(())
}

impl Cts {
    /// Checks the wish as far as that is possible without doing anything, and tells the volume that it is about.
    ///
    /// # Errors
    /// When the volume cannot be given away, or the other container cannot take it.
    pub fn check_reassign(&self, vmid: Vmid, wish: &ReassignWish) -> Result<VolumeId, CtError> {
        if wish.target == vmid {
            return Err(CtError::parameter("target-vmid", "must be different than source VMID to move volume"));
        }
        let (from, to) = (self.get(vmid)?, self.get(wish.target)?);
        let running = |vmid| self.running(vmid).is_some();
        let id = checked(wish, (&from, running(vmid)), (&to, running(wish.target)))?;
        self.inner.storages.usable(&id.storage)?;
        if !self.inner.owns(vmid, &id) {
            return Err(CtError::parameter("volume", format!("volume '{id}' does not belong to container {vmid}")));
        }
        Ok(id)
    }

    /// Gives a volume to another container of this node: it gets a name of that one.
    ///
    /// # Errors
    /// As [`Cts::check_reassign`], and when the storage refuses. Nothing is changed then.
    pub async fn reassign(&self, progress: &dyn Progress, vmid: Vmid, wish: &ReassignWish) -> Result<(), CtError> {
        // Two that give each other volumes must not wait for each other.
        let (first, second) = (vmid.min(wish.target), vmid.max(wish.target));
        let (_one, _other) = (self.turn(first).await?, self.turn(second).await?);
        let id = self.check_reassign(vmid, wish)?;
        let storages = &self.inner.storages;
        let format = storages.volume(&id)?.format.parse().map_err(|why: String| CtError::parameter("volume", why))?;
        let name = storages.next_name(&id.storage, wish.target, format).await?;
        let new = storages.renamed(&id, wish.target, &name)?;
        let record = json!({ "lxc": "renamed", "from": id.to_string(), "to": new.to_string() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        storages.rename(&id, wish.target, &name).await?;
        progress.log(&format!("renamed '{id}' to '{new}'"));
        self.write_both(vmid, wish, &new).await?;
        progress.log(&format!("'{}' of CT {vmid} is '{}' of CT {} now", wish.volume, wish.key(), wish.target));
        Ok(())
    }

    /// Changes both files or none.
    async fn write_both(&self, vmid: Vmid, wish: &ReassignWish, new: &VolumeId) -> Result<(), CtError> {
        let (from, to) = (self.inner.key(vmid), self.inner.key(wish.target));
        let change = || {
            let mut source = self.get(vmid)?.file.clone();
            let mut target = self.get(wish.target)?.file.clone();
            give(wish, &mut source, &mut target, new)?;
            Ok([source.print(), target.print()])
        };
        edit_both(self.inner.store.as_ref(), [&from, &to], change).await.map(drop)
    }

    /// Gives a volume its old name back, unless the other container has it in its configuration already.
    pub(super) async fn undo_reassign(&self, record: &Value) -> Result<(), String> {
        let id = |key: &str| record[key].as_str().unwrap_or_default().parse::<VolumeId>();
        let (from, to) = (id("from")?, id("to")?);
        let storages = &self.inner.storages;
        if self.uses(&to) || storages.resolve(&to).await.is_err() {
            return Ok(());
        }
        let old = storages.volume(&from).map_err(|err| err.to_string())?;
        let owner = old.owner.ok_or("the volume had no owner")?;
        storages.rename(&to, owner, &old.name).await.map(|_| ()).map_err(|err| err.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(volume: &str, target_volume: Option<&str>) -> ReassignWish {
        let target_volume = target_volume.map(str::to_owned);
        let target = Vmid::new(101).unwrap();
        ReassignWish { volume: volume.into(), target, target_volume, digest: None, target_digest: None }
    }

    #[test]
    fn a_volume_goes_where_there_is_room_for_it() {
        let from = Ct::parse(
            "mp0: local:100/vm-100-disk-1.raw,mp=/a,size=1G\nmp1: /srv,mp=/b\nrootfs: local:100/vm-100-disk-0.raw\n\
             unprivileged: 1\nunused0: local:100/vm-100-disk-2.raw\n\n[kept]\nunused3: local:100/vm-100-disk-2.raw\n",
        );
        let to = Ct::parse("mp0: local:101/vm-101-disk-1.raw,mp=/a\nunprivileged: 1\n");
        let check = |wish: ReassignWish| checked(&wish, (&from, false), (&to, false)).map_err(|err| err.to_string());
        assert!(check(wish("mp0", None)).unwrap_err().contains("already in use for CT 101"));
        assert_eq!(check(wish("mp0", Some("mp1"))).unwrap().volname, "100/vm-100-disk-1.raw");
        assert!(check(wish("mp1", None)).unwrap_err().contains("is no volume of a storage"));
        assert!(check(wish("rootfs", Some("mp1"))).is_err() && check(wish("mp7", None)).is_err());
        assert!(check(wish("unused0", None)).unwrap_err().contains("used by a snapshot"));
        assert!(checked(&wish("mp0", Some("mp1")), (&from, true), (&to, false)).is_err());
        let privileged = Ct::parse("hostname: x\n");
        assert!(checked(&wish("mp0", None), (&from, false), (&privileged, false)).is_err());
        let (mut source, mut target) = (from.file.clone(), to.file.clone());
        let id: VolumeId = "local:101/vm-101-disk-2.raw".parse().unwrap();
        give(&wish("mp0", Some("mp1")), &mut source, &mut target, &id).unwrap();
        assert!(!source.main.contains("mp0"));
        assert_eq!(target.main.get("mp1"), Some("local:101/vm-101-disk-2.raw,mp=/a,size=1G"));
    }
}
