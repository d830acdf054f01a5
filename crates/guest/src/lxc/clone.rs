//! Copies of containers, and containers that serve for being copied.

use host::rootfs::Root;
use schema::{StorageId, Vmid};
use serde_json::json;
use storage::{CopyWish, Format, Pace, VolumeId};

use super::{
    config::{CtConfig, GuestLock, MountPoint, NetType, RootFs},
    create::random_mac,
    cts::{Ct, Cts, Inner},
    error::CtError,
    setup,
    snapshot::able,
};
use crate::{
    config_file::{Dialect, GuestFile, Section},
    datacenter,
    qemu::progress::{Progress, show},
    snapshot,
};

/// A wish for a copy.
#[derive(Debug, Clone)]
pub struct CloneWish {
    /// ID of the copy.
    pub newid: Vmid,
    /// Copy all volumes; for templates not, if nothing is said.
    pub full: Option<bool>,
    /// Its host name; that of the original if not given.
    pub hostname: Option<String>,
    /// Its notes; those of the original if not given.
    pub description: Option<String>,
    /// Storage of the copied volumes; each its own if not given.
    pub storage: Option<StorageId>,
    /// Copy the state that this snapshot kept.
    pub snapname: Option<String>,
    /// How fast volumes are copied at most, KiB a second.
    pub limit: Option<u64>,
}

/// Options of one container that its copy does not have.
const NOT_COPIED: &[&str] = &["template", "lock", "parent", "snaptime", "snapstate"];

/// The name and the text of the volume, where an option is about one that a container mounts.
fn mounted(section: &Section) -> Vec<(String, String)> {
    let config = CtConfig::read(section);
    let root = config.rootfs.iter().map(|root| ("rootfs".to_owned(), root.volume.clone()));
    let points = config.mp.iter().map(|(index, point)| (format!("mp{index}"), point.volume.clone()));
    root.chain(points).collect()
}

/// The options that are copied, without volumes.
fn options(section: &Section, wish: &CloneWish) -> Section {
    let volume = |key: &str| {
        key == "rootfs" || ["mp", "unused"].iter().any(|start| key.strip_prefix(start).is_some_and(is_number))
    };
    let copied = section.iter().filter(|(key, _)| !NOT_COPIED.contains(key) && !volume(key));
    let mut options: Section = copied.collect();
    options.raw.clone_from(&section.raw);
    if let Some(name) = &wish.hostname {
        options.set("hostname", name);
    }
    if let Some(text) = &wish.description {
        options.set("description", text);
    }
    options
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An option's value with another volume.
pub(super) fn moved(key: &str, value: &str, volume: &VolumeId) -> Result<String, CtError> {
    let wrong = |why| CtError::parameter(key, why);
    if key == "rootfs" {
        let mut root: RootFs = schema::property::parse(value).map_err(wrong)?;
        root.volume = volume.to_string();
        return Ok(schema::property::print(&root));
    }
    let mut point: MountPoint = schema::property::parse(value).map_err(wrong)?;
    point.volume = volume.to_string();
    Ok(schema::property::print(&point))
}

impl Cts {
    /// Checks a wish as far as that is possible without doing anything, and tells the storages that it will use.
    ///
    /// # Errors
    /// When the original is locked or runs, the ID is taken, or a volume cannot be copied so.
    pub fn check_clone(&self, vmid: Vmid, wish: &CloneWish) -> Result<Vec<StorageId>, CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        self.inner.check_free(wish.newid)?;
        if self.running(vmid).is_some() && wish.snapname.is_none() {
            let why = "cannot clone a running container: stop it first, or copy one of its snapshots (snapname)";
            return Err(CtError::Plan(why.to_owned()));
        }
        let section = source(&ct, wish)?;
        let volumes = volumes(&section)?;
        if wish.snapname.is_some() {
            able(&self.inner.storages, &snapshot::volumes(ct.file.dialect, &section))?;
        }
        let linked = !wish.full.unwrap_or(ct.config.template != Some(true));
        let cannot = |(_, id): &&(String, VolumeId)| !self.inner.linkable(&ct, id);
        if let Some((key, volume)) = volumes.iter().filter(|_| linked).find(cannot) {
            let why = format!("Linked clone feature for '{volume}' ({key}) is not available - use 'full' to copy it");
            return Err(CtError::parameter("full", why));
        }
        if linked && wish.storage.is_some() {
            return Err(CtError::parameter(
                "storage",
                "a linked clone lies where its template lies: use 'full' to copy it",
            ));
        }
        Ok(volumes.into_iter().map(|(_, volume)| wish.storage.clone().unwrap_or(volume.storage)).collect())
    }

    /// Whether copies of a template can share all of its volumes.
    ///
    /// # Errors
    /// When there is no such container on this node.
    pub fn can_link(&self, vmid: Vmid) -> Result<bool, CtError> {
        let ct = self.get(vmid)?;
        Ok(volumes(&ct.file.main).is_ok_and(|all| all.iter().all(|(_, id)| self.inner.linkable(&ct, id))))
    }

    /// Makes a copy of a container: new hardware addresses, volumes copied. When a step fails, undoing the noted records
    /// removes all of it.
    ///
    /// # Errors
    /// As [`Cts::check_clone`], when a storage refuses, or the task is stopped.
    pub async fn clone_ct(&self, progress: &dyn Progress, vmid: Vmid, wish: CloneWish) -> Result<(), CtError> {
        // Others may copy it too meanwhile, but nobody starts or removes it.
        let _source = self.shared_turn(vmid).await?;
        let _turn = self.turn(wish.newid).await?;
        self.check_clone(vmid, &wish)?;
        let ct = self.get(vmid)?;
        let section = source(&ct, &wish)?;
        let mut file = GuestFile::new(Dialect::Lxc);
        file.main = options(&section, &wish);
        renew(&mut file.main, datacenter::text(&self.inner.store.tree()))?;
        file.main.set("lock", GuestLock::Create.as_str());
        let record = json!({ "lxc": "create", "vmid": wish.newid.get() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        self.inner.insert(wish.newid, &file).await?;
        let mut made = Vec::new();
        let linked = !wish.full.unwrap_or(ct.config.template != Some(true));
        for (key, source) in volumes(&section)? {
            let copy = match linked {
                true => self.inner.link_volume(progress, wish.newid, &key, &source).await?,
                false => self.inner.copy_volume(progress, &wish, &key, &source).await?,
            };
            let value = section.get(&key).unwrap_or_default();
            made.push((key.clone(), moved(&key, value, &copy)?));
            if key == "rootfs" {
                self.inner.give_identity(wish.newid, &ct, &copy).await?;
            }
        }
        self.inner
            .edit(wish.newid, |_, file| {
                made.iter().for_each(|(key, value)| file.main.set(key, value));
                file.main.remove("lock");
                Ok(())
            })
            .await
    }

    /// Checks that a container can become a template.
    ///
    /// # Errors
    /// When it is one, runs, is locked or has snapshots.
    pub fn check_template(&self, vmid: Vmid) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        let refuse = |why: &str| Err(CtError::parameter("vmid", why));
        if ct.config.template == Some(true) {
            return refuse("you can't convert a template to a template");
        }
        if !ct.file.snapshots.is_empty() {
            return refuse("unable to create template, because CT contains snapshots");
        }
        if self.running(vmid).is_some() {
            return refuse("you can't convert a CT to template if the CT is running");
        }
        Ok(())
    }

    /// Makes a container a template: it does not start any more. When a step fails, undoing the noted record makes it a
    /// container again.
    ///
    /// # Errors
    /// As [`Cts::check_template`], and when a storage refuses.
    pub async fn make_template(&self, progress: &dyn Progress, vmid: Vmid) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.check_template(vmid)?;
        let record = json!({ "lxc": "template", "vmid": vmid.get() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        // From here on nobody starts it.
        self.inner.put(vmid, "template", "1").await?;
        let ct = self.get(vmid)?;
        for (key, id) in volumes(&ct.file.main)? {
            if self.inner.storages.volume(&id)?.owner != Some(vmid) {
                continue;
            }
            let base = self.inner.storages.make_base(&id).await?;
            progress.log(&format!("{key}: '{id}' is base volume '{base}' now"));
            let value = ct.file.main.get(&key).unwrap_or_default();
            self.inner.put(vmid, &key, &moved(&key, value, &base)?).await?;
        }
        self.inner.lxc.remove(vmid.get())?;
        Ok(())
    }
}

/// What is copied: the options of now, or those that a snapshot kept.
fn source(ct: &Ct, wish: &CloneWish) -> Result<Section, CtError> {
    match &wish.snapname {
        Some(name) => {
            let kept =
                snapshot::section(&ct.file, name).map_err(|why| CtError::parameter("snapname", why.to_string()))?;
            Ok(snapshot::of_guest(kept))
        }
        None => Ok(ct.file.main.clone()),
    }
}

/// The volumes that a container mounts, by option.
fn volumes(section: &Section) -> Result<Vec<(String, VolumeId)>, CtError> {
    let parse = |(key, text): (String, String)| match text.parse::<VolumeId>() {
        Ok(id) => Ok((key, id)),
        Err(_) => {
            let why = format!("unable to clone mount point '{key}' - '{text}' is no volume of a storage");
            Err(CtError::Plan(why))
        }
    };
    mounted(section).into_iter().map(parse).collect()
}

/// Gives all interfaces new hardware addresses.
fn renew(options: &mut Section, datacenter: &str) -> Result<(), CtError> {
    for (index, net) in CtConfig::read(options).net.iter() {
        let mut net = net.0.clone();
        net.hwaddr = Some(random_mac(datacenter)?);
        net.r#type = Some(NetType::Veth);
        options.set(&format!("net{index}"), &schema::property::print(&net));
    }
    Ok(())
}

impl Inner {
    async fn put(&self, vmid: Vmid, key: &str, value: &str) -> Result<(), CtError> {
        self.edit(vmid, |_, file| {
            file.main.set(key, value);
            Ok(())
        })
        .await
    }

    /// Whether a copy of a template can share a volume with it.
    pub(super) fn linkable(&self, ct: &Ct, id: &VolumeId) -> bool {
        // What is linked to a disk image of a directory is an image of QEMU's own format: no file system for a container.
        let fits = |format: Format| format != Format::Qcow2;
        ct.config.template == Some(true)
            && self.storages.can_link(id).unwrap_or(false)
            && self.storages.link_format(id).is_ok_and(fits)
    }

    async fn link_volume(
        &self,
        progress: &dyn Progress,
        newid: Vmid,
        key: &str,
        base: &VolumeId,
    ) -> Result<VolumeId, CtError> {
        let format = self.storages.link_format(base)?;
        let name = self.storages.next_name(&base.storage, newid, format).await?;
        let id = self.storages.link_name(base, newid, &name)?;
        let record = json!({ "lxc": "volume", "volume": id.to_string() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        progress.log(&format!("{key}: '{id}' is linked to '{base}'"));
        Ok(self.storages.link(base, newid, &name).await?)
    }

    async fn copy_volume(
        &self,
        progress: &dyn Progress,
        wish: &CloneWish,
        key: &str,
        source: &VolumeId,
    ) -> Result<VolumeId, CtError> {
        let target = wish.storage.clone().unwrap_or_else(|| source.storage.clone());
        let config = self.storages.usable_for(&target, storage::Content::Rootdir)?;
        let format = self.storages.volume(source)?.format;
        let format: Format = format.parse().map_err(|why: String| CtError::parameter(key, why))?;
        let name = self.storages.next_name(&target, wish.newid, format).await?;
        let id = VolumeId::new(&target, storage::plugin::of(&config)?.volname(wish.newid, &name));
        let record = json!({ "lxc": "volume", "volume": id.to_string() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        progress.log(&format!("{key}: copying '{source}' to '{id}'"));
        let pace = Pace { limit: wish.limit, in_use: false };
        let (snapshot, vmid) = (wish.snapname.as_deref(), wish.newid);
        let copy = CopyWish { source, snapshot, target: &target, vmid, format, name: &name, pace };
        // Dropping the copy ends its program.
        let copied = tokio::select! {
            copied = self.storages.copy_volume(copy, show(progress, key)) => copied?,
            () = progress.cancelled() => return Err(CtError::Cancelled),
        };
        if snapshot.is_some() {
            self.release(&copied).await?;
        }
        Ok(copied)
    }

    /// Lets the system inside make a new identity of its own at its next start.
    async fn give_identity(&self, newid: Vmid, ct: &Ct, root: &VolumeId) -> Result<(), CtError> {
        let place = self.located(root).await?;
        let owner = ct.root_owner();
        let (config, facts) = (ct.config.clone(), self.setup_facts());
        let done = self.lxc.mounted(newid.get(), place.into(), move |_, target| {
            let root = Root::open(target, owner).map_err(|err| err.to_string())?;
            setup::new_identity(&root, &config, &facts)
        });
        done.await?.map_err(|why| CtError::Plan(format!("preparing the copy's files failed: {why}")))
    }

    /// Makes a template that was not finished a container again.
    pub(crate) async fn undo_template(&self, vmid: Vmid) -> Result<(), CtError> {
        let Ok(ct) = self.get(vmid) else { return Ok(()) };
        for (key, id) in volumes(&ct.file.main)? {
            let volume = self.storages.volume(&id)?;
            if !volume.is_base {
                let renamed = self.storages.unmake_base(&self.storages.base_name(&id)?).await;
                if renamed.is_err() && self.storages.resolve(&id).await.is_err() {
                    renamed?;
                    return Ok(());
                }
                continue;
            }
            let id = self.storages.unmake_base(&id).await?;
            let value = ct.file.main.get(&key).unwrap_or_default();
            self.put(vmid, &key, &moved(&key, value, &id)?).await?;
        }
        self.edit(vmid, |_, file| {
            file.main.remove("template");
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_new_addresses_and_volumes_of_its_own() {
        let text = "#notes\nhostname: db\nlock: disk\nmp0: local:100/vm-100-disk-1.raw,mp=/srv\nmemory: 64\n\
                    net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp\nrootfs: local:100/vm-100-disk-0.raw,size=4G\n\
                    template: 1\nunused0: local:100/vm-100-disk-2.raw\nlxc.apparmor.profile: unconfined\n";
        let file = GuestFile::parse(Dialect::Lxc, text);
        let wish = CloneWish {
            newid: Vmid::new(101).unwrap(),
            full: None,
            hostname: Some("copy".into()),
            description: None,
            storage: None,
            snapname: None,
            limit: None,
        };
        let mut copied = options(&file.main, &wish);
        renew(&mut copied, "").unwrap();
        let net = copied.get("net0").unwrap().to_owned();
        assert!(net.contains("name=eth0") && net.contains("ip=dhcp") && !net.contains("BC:24:11:00:00:01"), "{net}");
        copied.remove("net0");
        let mut new = GuestFile::new(Dialect::Lxc);
        new.main = copied;
        assert_eq!(new.print(), "#notes\nhostname: copy\nmemory: 64\nlxc.apparmor.profile: unconfined\n");
        let found = volumes(&file.main).unwrap();
        assert_eq!(found.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["rootfs", "mp0"]);
        let id = "local:101/vm-101-disk-1.raw".parse().unwrap();
        assert_eq!(moved("mp0", file.main.get("mp0").unwrap(), &id).unwrap(), "local:101/vm-101-disk-1.raw,mp=/srv");
        assert_eq!(
            moved("rootfs", file.main.get("rootfs").unwrap(), &id).unwrap(),
            "local:101/vm-101-disk-1.raw,size=4G"
        );
        let bind = GuestFile::parse(Dialect::Lxc, "mp0: /srv,mp=/srv\n");
        assert!(volumes(&bind.main).unwrap_err().to_string().contains("unable to clone mount point 'mp0'"));
    }
}
