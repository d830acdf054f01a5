//! Making a container from a template archive.

use host::lxc::{Files, Volume};
use schema::{Indexed, Props, StorageId, Vmid};
use serde_json::{Value, json};
use storage::{Content, VolumeId};

use super::{
    check,
    config::{CtConfig, GuestLock, MountPoint, RootFs},
    cts::{Cts, Inner, root_owner},
    error::CtError,
    idmap::{self, Entry},
    owners, points,
    setup::First,
    source::{Fill, Filled, Source},
};
use crate::{
    config_file::{Dialect, GuestFile, Section},
    datacenter,
    qemu::progress::Progress,
};

/// Size of a root file system where none is given, bytes.
const ROOT_SIZE: u64 = 4 << 30;

/// A wish for a new container.
#[derive(Clone)]
pub struct Create {
    /// Its ID.
    pub vmid: Vmid,
    /// Its options as text. `rootfs` may be a wish for a volume (`local:4`).
    pub options: Section,
    /// The archive to unpack.
    pub template: VolumeId,
    /// Where the root file system goes when `rootfs` does not say.
    pub storage: StorageId,
    /// Root's password.
    pub password: Option<String>,
    /// SSH keys that may log in as root.
    pub ssh_keys: Option<String>,
    /// Go on when some files of the archive cannot be unpacked.
    pub ignore_unpack_errors: bool,
}

/// What a wish means, all of it checked.
struct Ready {
    file: GuestFile,
    source: Source,
    root: RootFs,
    target: StorageId,
    size: u64,
    points: Indexed<Props<MountPoint>>,
    owner: Option<u32>,
    map: Vec<Entry>,
}

impl Cts {
    /// Checks a wish as far as that is possible without doing anything. A task that follows should not fail for what
    /// could be told before.
    ///
    /// # Errors
    /// When the ID is taken, or the template, the storage or an option is wrong.
    pub async fn check_create(&self, create: &Create) -> Result<(), CtError> {
        self.inner.ready(create).await.map(drop)
    }

    /// Makes a container: its configuration, its volume with the archive's files. When a step fails, undoing the noted
    /// records removes all of it.
    ///
    /// # Errors
    /// As [`Cts::check_create`], and when a step fails.
    pub async fn create(&self, progress: &dyn Progress, create: Create) -> Result<(), CtError> {
        let vmid = create.vmid;
        let turn = self.turn(vmid).await?;
        let mut ready = self.inner.ready(&create).await?;
        let undo = |record: Value| async move { progress.undo(record).await.map_err(CtError::Journal) };
        undo(json!({ "lxc": "create", "vmid": vmid.get() })).await?;
        ready.file.main.set("lock", GuestLock::Create.as_str());
        self.inner.insert(vmid, &ready.file).await?;

        let fresh = self.inner.name_volume(vmid, &ready.target, ready.size).await?;
        undo(json!({ "lxc": "volume", "volume": fresh.id.to_string() })).await?;
        let rootfs = self.inner.make_volume(vmid, &fresh, ready.owner).await?;
        progress.log(&format!("created volume '{}'", fresh.id));
        let mut points = Section::default();
        for (index, point) in &ready.points {
            let value = match points::check(*index, point)? {
                points::Kind::New(target, size) => {
                    let fresh = self.inner.name_volume(vmid, &target, size).await?;
                    undo(json!({ "lxc": "volume", "volume": fresh.id.to_string() })).await?;
                    let owner = owners::disk_root(&points::owners(*index, point, &ready.map)?, ready.owner);
                    self.inner.make_volume(vmid, &fresh, owner).await?;
                    progress.log(&format!("created volume '{}' for mp{index}", fresh.id));
                    fresh.value(point)
                }
                _ => schema::property::print(&point.0),
            };
            points.set(&format!("mp{index}"), &value);
        }
        progress.log(&format!("extracting archive '{}'", create.template));
        let below = self.inner.points(&CtConfig::read(&points), &ready.map, true).await?;
        let files = Files { rootfs, points: below, map: ready.owner };
        let fill = Fill {
            source: ready.source.clone(),
            files,
            config: CtConfig::read(&ready.file.main),
            first: first(&create)?,
            ignore_errors: create.ignore_unpack_errors,
        };
        let filled = self.inner.fill(progress, vmid, fill).await?;

        let mut root = ready.root.clone();
        root.volume = fresh.id.to_string();
        root.size = (ready.size > 0).then(|| schema::size::format_disk_size(ready.size));
        self.inner
            .edit(vmid, |_, file| {
                file.main.remove("lock");
                file.main.set("rootfs", &schema::property::print(&root));
                points.iter().for_each(|(key, value)| file.main.set(key, value));
                enter(&filled, &mut file.main);
                Ok(())
            })
            .await?;
        self.inner.remember(vmid, filled.application.as_ref())?;
        drop(turn);
        Ok(())
    }

    /// Takes back one step of a creation, by the record noted before it.
    ///
    /// # Errors
    /// When that fails, as a message.
    pub async fn undo(&self, record: &Value) -> Result<(), String> {
        match record["lxc"].as_str() {
            Some("create") => {
                let vmid = record["vmid"].as_u64().and_then(|id| u32::try_from(id).ok()).and_then(Vmid::new);
                let vmid = vmid.ok_or_else(|| format!("not an undo record of a container: {record}"))?;
                match self.get(vmid) {
                    // Without the lock it is not the one whose creation failed.
                    Ok(ct) if !ct.has_lock(GuestLock::Create) => return Ok(()),
                    Ok(_) => self.inner.remove(vmid).await.map_err(|err| err.to_string())?,
                    Err(_) => {}
                }
                self.forget(vmid);
                self.inner.lxc.remove(vmid.get()).map_err(|err| err.to_string())
            }
            Some("template") => {
                let vmid = record["vmid"].as_u64().and_then(|id| u32::try_from(id).ok()).and_then(Vmid::new);
                let vmid = vmid.ok_or_else(|| format!("not an undo record of a container: {record}"))?;
                self.inner.undo_template(vmid).await.map_err(|err| err.to_string())
            }
            Some("snapshot") => {
                let vmid = record["vmid"].as_u64().and_then(|id| u32::try_from(id).ok()).and_then(Vmid::new);
                let vmid = vmid.ok_or_else(|| format!("not an undo record of a container: {record}"))?;
                let name = record["name"].as_str().unwrap_or_default();
                self.undo_snapshot(vmid, name).await.map_err(|err| err.to_string())
            }
            Some("renamed") => self.undo_reassign(record).await,
            Some("volume") => {
                let id: VolumeId = record["volume"].as_str().unwrap_or_default().parse()?;
                if self.uses(&id) {
                    return Ok(());
                }
                self.inner.storages.free(&id).await.map_err(|err| err.to_string())
            }
            _ => Err(format!("not an undo record of a container: {record}")),
        }
    }

    /// Whether the container that a volume belongs to by its name is complete and has it in its configuration: then it is
    /// no leftover.
    pub(super) fn uses(&self, volume: &VolumeId) -> bool {
        let owner = self.inner.storages.volume(volume).ok().and_then(|known| known.owner);
        let ct = owner.and_then(|vmid| self.get(vmid).ok());
        ct.filter(|ct| !ct.has_lock(GuestLock::Create))
            .is_some_and(|ct| super::destroy::volumes(&ct.file).contains(volume))
    }
}

impl Inner {
    async fn ready(&self, create: &Create) -> Result<Ready, CtError> {
        self.check_free(create.vmid)?;
        let source = self.source(&create.template).await?;
        let config = CtConfig::read(&create.options);
        self.check_hook(&config).await?;
        check::options(&config, &config)?;
        let (target, size, root) = root_wish(&config, &create.storage)?;
        self.storages
            .usable_for(&target, Content::Rootdir)
            .map_err(|err| CtError::parameter("rootfs", err.to_string()))?;
        self.check_points(create.vmid, &config)?;
        let mut file = GuestFile::new(Dialect::Lxc);
        file.main = create.options.clone();
        complete(create.vmid, &mut file.main, &config, datacenter::text(&self.store.tree()))?;
        let owner = root_owner(&config, &create.options.raw);
        let map = idmap::of(&create.options.raw, config.is_unprivileged()).map_err(CtError::Plan)?;
        for (index, point) in &config.mp {
            points::owners(*index, point, &map)?;
        }
        Ok(Ready { file, source, root, target, size, points: config.mp, owner, map })
    }

    /// Refuses mount points that could not be made.
    fn check_points(&self, vmid: Vmid, config: &CtConfig) -> Result<(), CtError> {
        for (index, point) in &config.mp {
            let wrong = |why: String| CtError::parameter(&format!("mp{index}"), why);
            match points::check(*index, point)? {
                points::Kind::New(target, _) => {
                    self.storages.usable_for(&target, Content::Rootdir).map_err(|err| wrong(err.to_string()))?;
                }
                points::Kind::Volume(id) => {
                    if self.storages.volume(&id)?.owner != Some(vmid) {
                        return Err(wrong(format!("volume '{id}' does not belong to container {vmid}")));
                    }
                }
                points::Kind::Device(_) | points::Kind::Bind(_) => {}
            }
        }
        Ok(())
    }

    /// An empty file system that belongs to the container's root.
    pub(super) async fn fresh(&self, volume: &VolumeId, owner: Option<u32>) -> Result<Volume, CtError> {
        let place = self.located(volume).await?;
        if owner.is_some() {
            super::start::reserve_ids()?;
        }
        let owner = owner.unwrap_or(0);
        match &place {
            Volume::Directory(path) => {
                host::lxc::give(path, owner).map_err(CtError::io(format!("unable to hand over '{volume}'")))?;
            }
            Volume::Image(path) => host::mount::make_ext4(path, owner).await?,
        }
        Ok(place)
    }
}

fn first(create: &Create) -> Result<First, CtError> {
    let hash =
        |password: &String| host::crypt::hash_sha256(password).map_err(CtError::io("unable to hash the password"));
    let random = host::crypt::random(8).map_err(CtError::io("no random numbers"))?;
    Ok(First {
        password_hash: create.password.as_ref().map(hash).transpose()?,
        ssh_keys: create.ssh_keys.clone(),
        days: u64::try_from(host::clock::now() / 86400).unwrap_or(0),
        random: random.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        host_keys: Vec::new(),
    })
}

/// Storage, size in bytes (0: a directory) and options of the root file system.
fn root_wish(config: &CtConfig, storage: &StorageId) -> Result<(StorageId, u64, RootFs), CtError> {
    match &config.rootfs {
        Some(root) => match points::new_volume(&root.volume) {
            Some((target, size)) => Ok((target, size, root.0.clone())),
            None => Err(CtError::parameter(
                "rootfs",
                format!(
                    "'{}' is not supported by this version: ask for a new volume, STORAGE:SIZE in GiB",
                    root.volume
                ),
            )),
        },
        None => {
            let text = format!("{storage}:4");
            let root = schema::property::parse(&text).map_err(|err| CtError::parameter("rootfs", err))?;
            Ok((storage.clone(), ROOT_SIZE, root))
        }
    }
}

/// Adds what a file always has: a name, limits, architecture, MAC addresses as the text of `datacenter.cfg` says.
fn complete(vmid: Vmid, options: &mut Section, config: &CtConfig, datacenter: &str) -> Result<(), CtError> {
    let name = format!("CT{vmid}");
    for (key, value) in [("arch", "amd64"), ("hostname", name.as_str()), ("memory", "512"), ("swap", "512")] {
        if !options.contains(key) {
            options.set(key, value);
        }
    }
    options.remove("rootfs");
    // They come back with their volumes.
    for index in config.mp.keys() {
        options.remove(&format!("mp{index}"));
    }
    complete_nets(options, config, datacenter)
}

/// Writes what was found in the files.
fn enter(filled: &Filled, options: &mut Section) {
    if !options.contains("ostype") {
        options.set("ostype", filled.ostype().as_str());
    }
    let Some(application) = &filled.application else { return };
    application.enter(options);
    if application.entrypoint.is_some() {
        host_managed(options);
    }
}

/// Lets the host set the fixed addresses: in an application nobody else would.
fn host_managed(options: &mut Section) {
    let config = CtConfig::read(options);
    for (index, net) in config.net.iter() {
        let fixed = |address: &Option<String>| address.as_deref().is_some_and(|text| text.contains('/'));
        if net.host_managed.is_none() && (fixed(&net.ip) || fixed(&net.ip6)) && net.ip.as_deref() != Some("dhcp") {
            let mut net = net.0.clone();
            net.host_managed = Some(true);
            options.set(&format!("net{index}"), &schema::property::print(&net));
        }
    }
}

/// As [`datacenter::random_mac`].
pub(crate) fn random_mac(datacenter: &str) -> Result<String, CtError> {
    datacenter::random_mac(datacenter).map_err(CtError::io("no random numbers"))
}

/// Gives interfaces that have none a MAC address, and their kind.
pub(crate) fn complete_nets(options: &mut Section, config: &CtConfig, datacenter: &str) -> Result<(), CtError> {
    for (index, net) in config.net.iter() {
        let mut net = net.0.clone();
        if net.hwaddr.is_none() {
            net.hwaddr = Some(random_mac(datacenter)?);
        }
        net.r#type = Some(super::config::NetType::Veth);
        options.set(&format!("net{index}"), &schema::property::print(&net));
    }
    Ok(())
}
