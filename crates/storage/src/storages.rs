//! The storages of a node, as the rest of the system uses them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use host::paths::Paths;
use schema::{NodeName, StorageId, Vmid};
use store::guests::GuestKind;
use store::{Store, StoreError};

use crate::health::Health;
use crate::location::{Located, Location};
use crate::plugin::dir::{self, TEMPORARY};
use crate::plugin::{self, Entry, NewVolume, Plugin, VolumeInfo};
use crate::{Configs, Content, Format, StorageConfig, StorageError, Volume, VolumeId, config};

/// Most disks that a guest can have on one storage.
const MOST_DISKS: u32 = 1024;
/// How long a new name may wait for its turn.
const LOCK_WAIT: Duration = Duration::from_secs(60);

/// How long the start waits for a storage.
const BEGIN: Duration = Duration::from_secs(5);

/// State of a storage.
#[derive(Clone, Debug)]
pub struct Status {
    /// Bytes that users can fill altogether.
    pub total: u64,
    /// Bytes filled.
    pub used: u64,
    /// Bytes free.
    pub avail: u64,
    /// Whether it can be used now.
    pub active: bool,
    /// Whether its configuration lets it be used here.
    pub enabled: bool,
    /// Whether all nodes see the same volumes.
    pub shared: bool,
    /// Its type.
    pub kind: String,
    /// What it may hold.
    pub content: String,
    /// How old the figures are.
    pub age: Duration,
    /// Why it is not active.
    pub reason: Option<String>,
}

/// The storages of this node. Cheap to clone.
#[derive(Clone)]
pub struct Storages {
    paths: Arc<Paths>,
    store: Arc<dyn Store>,
    node: NodeName,
    health: Health,
}

impl Storages {
    /// The storages that the configuration tree describes, seen from this node.
    #[must_use]
    pub fn new(paths: Arc<Paths>, store: Arc<dyn Store>, node: NodeName) -> Self {
        Self { paths, store, node, health: Health::default() }
    }

    /// Where this installation keeps things.
    #[must_use]
    pub fn paths(&self) -> &Arc<Paths> {
        &self.paths
    }

    /// This node.
    #[must_use]
    pub fn node(&self) -> &NodeName {
        &self.node
    }

    /// The configuration tree.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Makes the usable storages ready and removes what a killed daemon left unfinished. A storage that cannot be used
    /// is passed over, with a warning in the log.
    pub async fn start(&self) {
        crate::images::sweep(&crate::images::cache_directory(&self.paths)).await;
        let configs: Vec<_> = self.configs().iter().filter(|config| self.check(config).is_ok()).cloned().collect();
        let begun = configs.into_iter().map(|config| {
            let storages = self.clone();
            tokio::spawn(async move {
                if let Err(error) = storages.begin(&config).await {
                    tracing::warn!(storage = %config.id, "{error}");
                }
            })
        });
        // Side by side, and one whose server does not answer holds nobody up: it goes on alone.
        let all = begun.collect::<Vec<_>>().into_iter().map(|one| tokio::time::timeout(BEGIN, one));
        for one in all.map(tokio::spawn).collect::<Vec<_>>() {
            let _ = one.await;
        }
    }

    async fn begin(&self, config: &StorageConfig) -> Result<(), StorageError> {
        let (plugin, begun) = (plugin::of(config)?, Instant::now());
        if crate::secret::wants_secret(plugin) {
            self.unpack_secret(&config.id)?;
        }
        plugin.activate(config).await?;
        // Nobody waited for a later one: what lies there may be new by now.
        if begun.elapsed() < BEGIN { plugin.sweep(config).await } else { Ok(()) }
    }

    /// The view of `storage.cfg` as of now.
    #[must_use]
    pub fn configs(&self) -> Arc<Configs> {
        let local = self.paths.local_storage();
        store::views::Views::get(&self.store.tree(), config::KEY, |text| {
            let configs = Configs::parse_with(text, &local, |id| Some(crate::secret::file(&self.paths, id)));
            configs.warnings().iter().for_each(|warning| tracing::warn!("{warning}"));
            configs
        })
    }

    /// A configured storage.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn config(&self, id: &StorageId) -> Result<Arc<StorageConfig>, StorageError> {
        self.configs().get(id).cloned()
    }

    /// A storage that can be used on this node.
    ///
    /// # Errors
    /// When there is none of this name, it is disabled, for other nodes, or of a type without a plugin.
    pub fn usable(&self, id: &StorageId) -> Result<Arc<StorageConfig>, StorageError> {
        let config = self.config(id)?;
        self.check(&config)?;
        Ok(config)
    }

    /// A storage that can be used on this node for this content.
    ///
    /// # Errors
    /// As [`Self::usable`], and when it does not take the content.
    pub fn usable_for(&self, id: &StorageId, content: Content) -> Result<Arc<StorageConfig>, StorageError> {
        let config = self.usable(id)?;
        if config.holds(content) {
            return Ok(config);
        }
        Err(StorageError::Content { storage: id.clone(), content: content.to_string() })
    }

    /// A storage that can be used and whose medium does not hang as far as is known: whoever waits for one that hangs
    /// keeps a thread, and there are only so many.
    fn answering(&self, id: &StorageId) -> Result<Arc<StorageConfig>, StorageError> {
        let config = self.usable(id)?;
        // Programs that look at devices have deadlines and keep no thread: a slow answer is none that is missing.
        if config.path.is_some() && self.health.hangs(id) {
            return Err(StorageError::Hangs(id.clone()));
        }
        Ok(config)
    }

    fn check(&self, config: &StorageConfig) -> Result<(), StorageError> {
        if !config.enabled() {
            return Err(StorageError::Disabled(config.id.clone()));
        }
        if !config.on_node(&self.node) {
            return Err(StorageError::OtherNode { storage: config.id.clone(), node: self.node.to_string() });
        }
        plugin::of(config).map(|_| ())
    }

    /// What a volume's name tells; no look at the medium.
    ///
    /// # Errors
    /// When the storage cannot be used or no volume there can have this name.
    pub fn volume(&self, id: &VolumeId) -> Result<Volume, StorageError> {
        plugin::of(&*self.usable(&id.storage)?)?.parse(&id.volname)
    }

    /// Where a volume lies; no look at the medium. The path is below its storage by construction.
    ///
    /// # Errors
    /// As [`Self::volume`].
    pub fn path(&self, id: &VolumeId) -> Result<PathBuf, StorageError> {
        let config = self.usable(&id.storage)?;
        let plugin = plugin::of(&config)?;
        path_of(id, plugin.locate(&config, &plugin.parse(&id.volname)?, None)?)
    }

    /// Where an existing volume lies, after a look that it is there and that no link leads out of its storage.
    ///
    /// # Errors
    /// When it is not there, or leads out.
    pub async fn resolve(&self, id: &VolumeId) -> Result<PathBuf, StorageError> {
        path_of(id, self.located(id, None).await?)
    }

    /// Where an existing volume or one of its snapshots lies, made reachable on this node, after a look that it is there
    /// and that nothing leads out of its storage.
    ///
    /// # Errors
    /// When it is not there, or leads out.
    pub async fn located(&self, id: &VolumeId, snapshot: Option<&str>) -> Result<Located, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        plugin.find(&config, &volume, snapshot).await.map_err(|error| full_name(error, id))
    }

    pub(crate) fn parts(
        &self,
        id: &VolumeId,
    ) -> Result<(Arc<StorageConfig>, &'static dyn Plugin, Volume), StorageError> {
        let config = self.answering(&id.storage)?;
        let plugin = plugin::of(&config)?;
        let volume = plugin.parse(&id.volname)?;
        Ok((config, plugin, volume))
    }

    /// What an existing volume's own metadata tell.
    ///
    /// # Errors
    /// When it is not there or not readable.
    pub async fn info(&self, id: &VolumeId) -> Result<VolumeInfo, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        plugin.info(&config, &volume).await.map_err(|error| full_name(error, id))
    }

    /// Makes a volume for a guest. `size` is in bytes, 0 for [`Format::Subvol`]. Without a format it is the storage's
    /// default; without a name the next free one, `vm-100-disk-0.qcow2`.
    ///
    /// # Errors
    /// When the storage does not take such volumes, the name is taken, or the medium is full. Nothing is left then.
    pub async fn allocate(
        &self,
        storage: &StorageId,
        vmid: Vmid,
        format: Option<Format>,
        size: u64,
        name: Option<&str>,
    ) -> Result<VolumeId, StorageError> {
        let config = self.answering(storage)?;
        let plugin = plugin::of(&config)?;
        let named = name.map(|name| plugin.parse(&plugin.volname(vmid, name))).transpose()?;
        let format = match (&named, format) {
            (Some(named), wish) => agreed(named, vmid, wish)?,
            (None, wish) => wish.unwrap_or(config.default_format()),
        };
        check_wish(&config, plugin, format, size)?;
        plugin.activate(&config).await?;
        // Writing every block takes long; the lock is for names only, and a name that is taken meanwhile is an error.
        let whole = config.options.preallocation == Some(config::Preallocation::Full);
        let _lock = if whole { None } else { Some(self.lock(storage).await?) };
        let name = match name {
            Some(name) => name.to_owned(),
            None => plugin.file_name(&next_stem(&plugin.names(&config, vmid).await?, vmid, format)?, format),
        };
        let id = VolumeId::new(storage, plugin.volname(vmid, &name));
        let volume = NewVolume { vmid, name, format, size };
        plugin.allocate(&config, &volume).await.map_err(|error| full_name(error, &id))?;
        Ok(id)
    }

    pub(crate) async fn lock(&self, storage: &StorageId) -> Result<store::Lock, StoreError> {
        let (name, owner) = (format!("storage-{storage}"), format!("node {}", self.node));
        self.store.lock(&name, &owner, LOCK_WAIT, LOCK_WAIT).await
    }

    /// Removes a volume; one that is gone already is fine.
    ///
    /// # Errors
    /// When it is a template volume with linked clones, a protected backup, or the medium fails.
    pub async fn free(&self, id: &VolumeId) -> Result<(), StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        // Nobody links to a template volume while it is looked whether anybody does.
        let _lock = if volume.is_base { Some(self.lock(&id.storage).await?) } else { None };
        plugin.free(&config, &volume).await
    }

    /// Notes of a volume, and whether it is protected; only backups have either.
    ///
    /// # Errors
    /// When the volume is not there.
    pub async fn attributes(&self, id: &VolumeId) -> Result<(Option<String>, Option<bool>), StorageError> {
        let (config, _, volume) = self.parts(id)?;
        if volume.content != Content::Backup {
            return Ok((None, None));
        }
        dir::attributes(&config, &volume).await
    }

    /// Sets notes (an empty text removes them) and protection of a backup.
    ///
    /// # Errors
    /// When the volume is not there or is no backup.
    pub async fn set_attributes(
        &self,
        id: &VolumeId,
        notes: Option<String>,
        protected: Option<bool>,
    ) -> Result<(), StorageError> {
        let (config, _, volume) = self.parts(id)?;
        if volume.content != Content::Backup {
            return Err(StorageError::Invalid(format!("only backups have notes and protection, not '{id}'")));
        }
        dir::set_attributes(&config, &volume, notes, protected).await.map_err(|error| full_name(error, id))
    }

    /// Lets a volume grow to `size` bytes; no program may use it meanwhile.
    ///
    /// # Errors
    /// When it would shrink, its format cannot grow, or it is not there.
    pub async fn resize(&self, id: &VolumeId, size: u64) -> Result<(), StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        plugin.resize(&config, &volume, size).await.map_err(|error| full_name(error, id).explain_full(&config.id, id))
    }

    /// The volumes of a storage, sorted by ID: of one content type or all it is configured for, of one guest or all.
    ///
    /// # Errors
    /// When the storage cannot be used or does not take this content.
    pub async fn list(
        &self,
        storage: &StorageId,
        content: Option<Content>,
        vmid: Option<Vmid>,
    ) -> Result<Vec<Entry>, StorageError> {
        let config = match content {
            Some(content) => self.usable_for(storage, content)?,
            None => self.usable(storage)?,
        };
        self.answering(storage)?;
        let wanted = content.map_or_else(|| config.content.clone(), |content| BTreeSet::from([content]));
        self.collect(&config, &wanted, vmid).await
    }

    async fn collect(
        &self,
        config: &StorageConfig,
        wanted: &BTreeSet<Content>,
        vmid: Option<Vmid>,
    ) -> Result<Vec<Entry>, StorageError> {
        let plugin = plugin::of(config)?;
        let guest = |content: &Content| matches!(content, Content::Images | Content::Rootdir);
        let mut entries = Vec::new();
        if wanted.iter().any(guest) {
            let tree = self.store.tree();
            for mut entry in plugin.list(config, Content::Images, vmid).await? {
                let owner = entry.vmid.and_then(|vmid| store::guests::find_guest(&tree, vmid));
                let container = owner.is_some_and(|(_, kind)| kind == GuestKind::Lxc);
                let content = if container { Content::Rootdir } else { Content::Images };
                if wanted.contains(&content) {
                    entry.content = content.to_string();
                    entries.push(entry);
                }
            }
        }
        for content in wanted.iter().filter(|content| !guest(content)) {
            entries.extend(plugin.list(config, *content, vmid).await?);
        }
        entries.sort_by(|a, b| a.volid.cmp(&b.volid));
        Ok(entries)
    }

    /// State of a storage, at once even while its medium hangs: the figures may be old, and tell how old.
    ///
    /// # Errors
    /// When there is no such storage.
    pub async fn status(&self, storage: &StorageId) -> Result<Status, StorageError> {
        let config = self.config(storage)?;
        let refused = self.check(&config).err();
        let seen = match refused {
            None => self.health.look(&config).await,
            Some(_) => None,
        };
        let age = seen.as_ref().map_or(Duration::ZERO, |seen| seen.at.elapsed());
        let hangs = refused.is_none() && self.health.hangs(storage);
        let (space, reason) = match (seen.map(|seen| seen.space), &refused) {
            // The last figures are better than none; their age says what they are worth.
            (Some(Ok(space)), _) if hangs => (Some(space), Some(StorageError::Hangs(storage.clone()).to_string())),
            (Some(Ok(space)), _) => (Some(space), None),
            (Some(Err(reason)), _) => (None, Some(reason)),
            (None, Some(refused)) => (None, Some(refused.to_string())),
            (None, None) => (None, Some(StorageError::Hangs(storage.clone()).to_string())),
        };
        let room = space.unwrap_or_default();
        Ok(Status {
            total: room.total,
            used: room.used,
            avail: room.avail,
            active: space.is_some() && !hangs,
            enabled: config.enabled() && config.on_node(&self.node),
            shared: config.shared(),
            kind: config.kind.to_string(),
            content: config.content_list(),
            age,
            reason,
        })
    }

    /// State of all storages that are configured for this node, looked at side by side.
    pub async fn statuses(&self) -> Vec<(StorageId, Status)> {
        let configs = self.configs();
        let here = configs.iter().filter(|config| config.on_node(&self.node)).map(|config| config.id.clone());
        let looks: Vec<_> = here
            .map(|id| {
                let storages = self.clone();
                tokio::spawn(async move { storages.status(&id).await.ok().map(|status| (id, status)) })
            })
            .collect();
        let mut statuses = Vec::new();
        for look in looks {
            statuses.extend(look.await.ok().flatten());
        }
        statuses
    }

    /// Changes `storage.cfg`. With a `digest` (SHA-1 of the text that the caller saw) only if nobody else did meanwhile.
    ///
    /// # Errors
    /// Those of `change`, a stale digest, and those of the store.
    pub async fn edit(
        &self,
        digest: Option<&str>,
        change: impl Fn(&str) -> Result<String, StorageError> + Send + Sync,
    ) -> Result<(), StorageError> {
        store::edit(&*self.store, config::KEY, |entry| {
            let text = entry.map_or("", |entry| &*entry.text);
            if digest.is_some_and(|digest| digest != schema::digest(text)) {
                return Err(StorageError::Invalid(
                    "detected modified configuration - file changed by other user? Try again.".to_owned(),
                ));
            }
            change(text).map(Some)
        })
        .await
        .map(|_| ())
    }

    /// Forgets what is remembered of a storage's state, after its configuration changed.
    pub fn changed(&self, storage: &StorageId) {
        self.health.forget(storage);
    }

    /// A path for an unfinished file of that content, on the file system of its storage: [`crate::upload::finish`]
    /// renames it. What a killed daemon left there goes away at the next start.
    ///
    /// # Errors
    /// When the storage cannot be used for this content.
    pub async fn temporary(&self, storage: &StorageId, content: Content) -> Result<PathBuf, StorageError> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let config = self.usable_for(storage, content)?;
        plugin::of(&config)?.activate(&config).await?;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Ok(config.directory(content)?.join(format!("{TEMPORARY}{}-{number}", std::process::id())))
    }
}

fn path_of(id: &VolumeId, located: Located) -> Result<PathBuf, StorageError> {
    match located.location {
        Location::Path(path) => Ok(path),
        _ => Err(StorageError::Invalid(format!("volume '{id}' has no path on this node"))),
    }
}

/// The full volume ID in errors that know only the file.
pub(crate) fn full_name(error: StorageError, id: &VolumeId) -> StorageError {
    match error {
        StorageError::NoVolume(_) => StorageError::NoVolume(id.to_string()),
        StorageError::Exists(_) => StorageError::Exists(id.to_string()),
        other => other,
    }
}

fn agreed(named: &Volume, vmid: Vmid, wish: Option<Format>) -> Result<Format, StorageError> {
    let owned = ["vm", "base", "subvol"].iter().any(|start| named.name.starts_with(&format!("{start}-{vmid}-")));
    if !owned {
        return Err(StorageError::Name(format!("illegal name '{}' - should be 'vm-{vmid}-*'", named.name)));
    }
    let format: Format = named.format.parse().map_err(StorageError::Name)?;
    match wish {
        Some(wish) if wish != format => {
            Err(StorageError::Name(format!("wrong file extension - '{}' is no name for format '{wish}'", named.name)))
        }
        _ => Ok(format),
    }
}

fn check_wish(config: &StorageConfig, plugin: &dyn Plugin, format: Format, size: u64) -> Result<(), StorageError> {
    let id = &config.id;
    let content = if format == Format::Subvol { Content::Rootdir } else { Content::Images };
    if !config.holds(content) && !config.holds(Content::Rootdir) {
        return Err(StorageError::Content { storage: id.clone(), content: content.to_string() });
    }
    if !plugin.abilities(config).formats.contains(&format) {
        return Err(StorageError::Format { storage: id.clone(), format: format.to_string() });
    }
    match (format, size) {
        (Format::Subvol, 0) => Ok(()),
        (Format::Subvol, _) if plugin.abilities(config).quota => Ok(()),
        (Format::Subvol, _) => Err(StorageError::Invalid(format!(
            "storage '{id}' cannot limit the size of directories; use size 0 or raw"
        ))),
        (_, 0) => Err(StorageError::Invalid("a disk cannot have size 0".to_owned())),
        _ => Ok(()),
    }
}

/// The lowest free number makes the name, whatever formats the others have.
pub(crate) fn next_stem(taken: &[String], vmid: Vmid, format: Format) -> Result<String, StorageError> {
    let number = |name: &String| -> Option<u32> {
        let (_, rest) = name.split_once(&format!("-{vmid}-disk-"))?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let numbers: BTreeSet<u32> = taken.iter().filter_map(number).collect();
    let free = (0..MOST_DISKS).find(|number| !numbers.contains(number));
    let free =
        free.ok_or_else(|| StorageError::Invalid(format!("guest {vmid} has {MOST_DISKS} volumes; remove some")))?;
    let start = if format == Format::Subvol { "subvol" } else { "vm" };
    Ok(format!("{start}-{vmid}-disk-{free}"))
}
