//! Changing a container's options, at once where that is possible while it runs.

use schema::{Params as _, Vmid};
use storage::VolumeId;

use super::{
    config::CtConfig,
    create::complete_nets,
    cts::{Ct, Cts, Inner},
    destroy::volumes,
    error::CtError,
    hotplug::{Change, Effect, effect},
    points::keep,
};
use crate::{
    config_file::{GuestFile, Section},
    datacenter,
    qemu::progress::Quiet,
};

/// A wish for changes.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Options that get a value.
    pub set: Section,
    /// Options that shall go.
    pub delete: Vec<String>,
    /// Options whose pending change shall be forgotten.
    pub revert: Vec<String>,
    /// Digest of the configuration that the caller has seen.
    pub digest: Option<String>,
}

/// Options that only creation sets.
const FIXED: &[&str] = &["unprivileged", "rootfs"];

impl Update {
    /// Each option that is touched, with its new value or that it goes.
    fn changes(&self) -> Vec<Change> {
        let gone = self.delete.iter().map(|key| (key.clone(), None));
        gone.chain(self.set.iter().map(|(key, value)| (key.to_owned(), Some(value.to_owned())))).collect()
    }
}

impl Cts {
    /// Changes options. What a running container cannot follow waits for its next start.
    ///
    /// # Errors
    /// When the container is locked, the digest is an old one, an option cannot be changed, or the kernel refuses a new
    /// limit; the configuration is as before then.
    pub async fn update(&self, vmid: Vmid, mut update: Update) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        let ct = self.get(vmid)?;
        ct.check_lock(update.delete.iter().any(|key| key == "lock"))?;
        check(&ct, &update)?;
        let wished = CtConfig::read(&update.set);
        complete_nets(&mut update.set, &wished, datacenter::text(&self.inner.store.tree()))?;
        keep_size(&ct, &mut update.set);
        self.inner.check_hook(&wished).await?;
        super::check::options(&wished, &CtConfig::read(&later(&ct.file, &update)))?;
        let running = self.running(vmid).map(|live| live.running().init);
        if running.is_some() {
            // What waits to go is mounted until then.
            super::check::volumes_apart(&wished, &ct.config)?;
        }
        let owner = ct.root_owner();
        let map = super::idmap::of(&ct.file.main.raw, ct.config.is_unprivileged()).map_err(CtError::Plan)?;
        let mut made = Vec::new();
        let done = async {
            self.inner.settle_points(vmid, (owner, &map), &mut update.set, &mut made).await?;
            if let Some(init) = running {
                self.inner.follow(&Quiet, (vmid, init), &ct, &update.changes()).await?;
            }
            self.inner.write(vmid, &update, running.is_some()).await
        };
        let done = done.await;
        let (done, gone) = match done {
            Ok(freed) => (Ok(()), freed),
            Err(err) => (Err(err), made),
        };
        for volume in gone {
            if let Err(err) = self.inner.storages.free(&volume).await {
                tracing::warn!("CT {vmid}: volume '{volume}' cannot be removed: {err}");
            }
        }
        done
    }
}

impl Inner {
    /// Refuses a hook script that could not be run.
    pub(super) async fn check_hook(&self, config: &CtConfig) -> Result<(), CtError> {
        let Some(volume) = &config.hookscript else { return Ok(()) };
        let found = crate::hook::find(&self.storages, volume).await;
        found.map(drop).map_err(|err| CtError::parameter("hookscript", err.to_string()))
    }

    /// Writes changes down. Returns the volumes that shall be removed now.
    async fn write(&self, vmid: Vmid, update: &Update, running: bool) -> Result<Vec<VolumeId>, CtError> {
        let mut freed = Vec::new();
        self.edit(vmid, |ct, file| {
            check(ct, update)?;
            freed = change(file, update, running, &|id| self.owns(vmid, id))?;
            Ok(())
        })
        .await?;
        Ok(freed)
    }

    /// Whether a volume belongs to a container by its name.
    pub(super) fn owns(&self, vmid: Vmid, id: &VolumeId) -> bool {
        self.storages.volume(id).is_ok_and(|volume| volume.owner == Some(vmid))
    }

    /// Puts all pending changes into force; the container does not run.
    pub(crate) async fn apply_pending(&self, vmid: Vmid) -> Result<(), CtError> {
        self.edit(vmid, |_, file| {
            let before = volumes(file);
            for key in file.deletions().into_keys() {
                file.main.remove(&key);
            }
            let pending = std::mem::take(&mut file.pending);
            for (key, value) in pending.iter().filter(|(key, _)| *key != "delete") {
                file.main.set(key, value);
            }
            taken_up(file);
            let after = volumes(file);
            let gone = before.iter().filter(|id| !after.contains(id) && self.owns(vmid, id));
            gone.cloned().collect::<Vec<_>>().iter().try_for_each(|id| keep(file, id))
        })
        .await
    }
}

fn check(ct: &Ct, update: &Update) -> Result<(), CtError> {
    if update.digest.as_ref().is_some_and(|digest| *digest != ct.digest) {
        return Err(CtError::Digest);
    }
    for key in update.delete.iter().chain(&update.revert) {
        if CtConfig::SPEC.find(key).is_none() {
            return Err(CtError::parameter("delete", format!("unknown option '{key}'")));
        }
        if key == "template" && ct.config.template == Some(true) {
            return Err(CtError::parameter("delete", "a template cannot become a container again - clone it"));
        }
        if update.set.contains(key) {
            return Err(CtError::parameter(
                "delete",
                format!("you can't use '-{key}' and '-delete {key}' at the same time"),
            ));
        }
    }
    for key in FIXED {
        let (now, wanted) = (ct.file.main.get(key), update.set.get(key));
        let same = now == wanted || *key == "rootfs" && now.map(volume_of) == wanted.map(volume_of);
        if update.delete.iter().any(|other| other == key) || (update.set.contains(key) && !same) {
            return Err(CtError::parameter(key, format!("unable to modify read-only option: '{key}'")));
        }
    }
    Ok(())
}

/// The volume in the value of a mount point.
fn volume_of(value: &str) -> &str {
    let first = value.split(',').find(|part| part.starts_with("volume=") || !part.contains('='));
    first.map_or(value, |part| part.strip_prefix("volume=").unwrap_or(part))
}

/// Options of the root file system change, its volume and thus its size do not.
fn keep_size(ct: &Ct, set: &mut Section) {
    if let (Some(now), Some(mut wanted)) = (ct.config.rootfs.clone(), CtConfig::read(set).rootfs) {
        wanted.0.size = now.0.size;
        set.set("rootfs", &schema::property::print(&wanted.0));
    }
}

/// All options once everything that waits is in force.
fn later(file: &GuestFile, update: &Update) -> Section {
    let mut section = file.main.clone();
    file.deletions().keys().chain(&update.delete).for_each(|key| drop(section.remove(key)));
    for (key, value) in file.pending.iter().filter(|(key, _)| *key != "delete").chain(update.set.iter()) {
        section.set(key, value);
    }
    section
}

/// Edits the file. A volume that nothing names any more is kept as unused, or, when it was that already, returned to be
/// removed.
fn change(
    file: &mut GuestFile,
    update: &Update,
    running: bool,
    owned: &dyn Fn(&VolumeId) -> bool,
) -> Result<Vec<VolumeId>, CtError> {
    let main = file.main.clone();
    let now = |key: &str, wished: Option<&str>| !running || effect(key, main.get(key), wished) != Effect::Waits;
    let before = volumes(file);
    let dropped: Vec<VolumeId> = CtConfig::read(&file.main)
        .unused
        .iter()
        .filter(|(index, _)| update.delete.contains(&format!("unused{index}")))
        .filter_map(|(_, unused)| unused.volume.parse().ok())
        .collect();
    for key in &update.revert {
        file.revert_pending(key);
    }
    for key in &update.delete {
        if now(key, None) {
            file.main.remove(key);
            file.revert_pending(key);
        } else if file.main.contains(key) {
            file.delete_pending(key, false);
        } else {
            file.revert_pending(key);
        }
    }
    for (key, value) in update.set.iter() {
        if now(key, Some(value)) {
            file.main.set(key, value);
            file.revert_pending(key);
        } else {
            file.set_pending(key, value);
        }
    }
    file.clean_pending();
    taken_up(file);
    let after = volumes(file);
    let gone = before.into_iter().filter(|id| !after.contains(id) && owned(id));
    let (freed, kept): (Vec<_>, Vec<_>) = gone.partition(|id| dropped.contains(id));
    kept.iter().try_for_each(|id| keep(file, id))?;
    Ok(freed)
}

/// A volume that is mounted again is not unused any more.
fn taken_up(file: &mut GuestFile) {
    let config = CtConfig::read(&file.main);
    for (index, unused) in &config.unused {
        if config.mp.values().any(|point| point.volume == unused.volume) {
            file.main.remove(&format!("unused{index}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::Dialect;

    fn update(set: &[(&str, &str)], delete: &[&str]) -> Update {
        Update {
            set: set.iter().copied().collect(),
            delete: delete.iter().map(|key| (*key).to_owned()).collect(),
            ..Update::default()
        }
    }

    #[test]
    fn what_a_running_container_cannot_follow_waits() {
        let mut file = GuestFile::parse(Dialect::Lxc, "memory: 512\ntty: 2\nconsole: 1\n");
        let change = |file: &mut GuestFile, update: &Update, running| change(file, update, running, &|_| true).unwrap();
        change(&mut file, &update(&[("memory", "1024"), ("tty", "3")], &["console"]), true);
        assert_eq!(file.print(), "console: 1\nmemory: 1024\ntty: 2\n\n[pve:pending]\ndelete: console\ntty: 3\n");
        change(&mut file, &Update { revert: vec!["tty".into()], ..Update::default() }, true);
        change(&mut file, &update(&[], &["console", "tty"]), false);
        assert_eq!(file.print(), "memory: 1024\n");
    }

    #[test]
    fn no_volume_is_lost() {
        let owned = |id: &VolumeId| id.to_string().contains("/vm-100-");
        let mut file = GuestFile::parse(
            Dialect::Lxc,
            "mp0: local:100/vm-100-disk-1.raw,mp=/a\nmp1: /srv,mp=/b\nmp2: local:101/vm-101-disk-1.raw,mp=/c\n",
        );
        let all = update(&[], &["mp0", "mp1", "mp2"]);
        assert_eq!(change(&mut file, &all, true, &owned).unwrap(), []);
        assert!(file.main.contains("mp0"), "it is mounted as long as the container runs");
        assert_eq!(change(&mut file, &all, false, &owned).unwrap(), []);
        assert_eq!(file.print(), "unused0: local:100/vm-100-disk-1.raw\n");
        let again = update(&[("mp5", "local:100/vm-100-disk-1.raw,mp=/d")], &["unused0"]);
        assert_eq!(change(&mut file, &again, false, &owned).unwrap(), [], "it is used again");
        change(&mut file, &update(&[], &["mp5"]), false, &owned).unwrap();
        let freed = change(&mut file, &update(&[], &["unused0"]), false, &owned).unwrap();
        assert_eq!((freed.len(), file.print()), (1, String::new()));
        // One that was made for a change which is dropped again.
        file.set_pending("mp0", "local:100/vm-100-disk-2.raw,mp=/a");
        let revert = Update { revert: vec!["mp0".into()], ..Update::default() };
        change(&mut file, &revert, true, &owned).unwrap();
        assert_eq!(file.print(), "unused0: local:100/vm-100-disk-2.raw\n");
    }

    #[test]
    fn a_volume_taken_up_again_is_not_unused_any_more() {
        let mut file = GuestFile::parse(
            Dialect::Lxc,
            "unused0: local:100/vm-100-disk-1.raw\nunused1: local:100/vm-100-disk-2.raw\n",
        );
        let up = update(&[("mp0", "local:100/vm-100-disk-1.raw,mp=/a")], &[]);
        assert_eq!(change(&mut file, &up, true, &|_| true).unwrap(), []);
        assert_eq!(file.print(), "mp0: local:100/vm-100-disk-1.raw,mp=/a\nunused1: local:100/vm-100-disk-2.raw\n");
    }

    #[test]
    fn some_things_never_change() {
        let ct = Ct::parse("unprivileged: 1\nrootfs: local:1/a.raw\n");
        assert!(check(&ct, &update(&[("unprivileged", "0")], &[])).is_err());
        assert!(check(&ct, &update(&[("unprivileged", "1")], &[])).is_ok());
        assert!(check(&ct, &update(&[], &["rootfs"])).is_err());
        assert!(check(&ct, &update(&[("rootfs", "local:2/a.raw")], &[])).is_err());
        let mut options = update(&[("rootfs", "local:1/a.raw,ro=1,size=99G")], &[]);
        assert!(check(&ct, &options).is_ok(), "its options may change");
        keep_size(&ct, &mut options.set);
        assert_eq!(options.set.get("rootfs"), Some("local:1/a.raw,ro=1"));
        assert!(check(&ct, &update(&[], &["nonsense"])).is_err());
        assert!(check(&ct, &update(&[("tty", "1")], &["tty"])).is_err());
        let stale = Update { digest: Some("x".into()), ..Update::default() };
        assert!(matches!(check(&ct, &stale), Err(CtError::Digest)));
    }
}
