//! Making the CD: at a start, when it is asked for, and in a running guest.

use schema::Vmid;
use serde_json::json;
use storage::{Content, VolumeId};

use super::{
    Custom, Part, Resolver, SECTION, SNIPPET_LIMIT, SNIPPETS_LIMIT, Seed, Settings, VOLUME_SIZE, changes, check_value,
    drive::volume_stem, drive_of, image::Layout, is_hashed, is_windows,
};
use crate::config_file::Pending;
use crate::qemu::{
    cmdline::DriveId,
    config::{OsType, VmConfig, passthrough::CiCustom},
    error::VmError,
    pending::{is_cdrom, with_file},
    progress::Progress,
    vms::{Inner, Vm, Vms},
    volumes,
};

/// What a password looks like to those who may not see its hash.
const HIDDEN: &str = "**********";

/// Checks options for cloud-init that are about to be set, without a look at the VM.
///
/// # Errors
/// The option that is wrong.
pub fn check_options(options: &[(String, String)]) -> Result<(), VmError> {
    super::check_single(std::iter::empty(), options)?;
    options.iter().try_for_each(|(key, value)| check_value(key, value).map_err(|why| VmError::parameter(key, why)))
}

/// Brings a password among options into the form that is kept: hashed, unless the guest is Windows, which must be told
/// the password itself. `stored` is the kind of guest where the options do not say it.
pub(crate) fn hash_password(options: &mut [(String, String)], stored: Option<OsType>) -> Result<(), VmError> {
    let given = options.iter().find(|(key, _)| key == "ostype");
    let ostype = given.map_or(stored, |(_, value)| schema::Scalar::read(value).ok());
    let Some((_, password)) = options.iter_mut().find(|(key, _)| key == "cipassword") else { return Ok(()) };
    if !password.is_empty() && !is_hashed(password) && !ostype.is_some_and(is_windows) {
        *password = host::crypt::hash_sha256(password).map_err(VmError::io("unable to hash the password"))?;
    }
    Ok(())
}

impl Vms {
    /// Makes the volume for a CD: `STORAGE:cloudinit`. Its content is made at the next start. Returns the drive's value
    /// as it is kept.
    pub(crate) async fn settle_cloudinit(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        (key, value): (&str, &str),
        storage: &str,
    ) -> Result<String, VmError> {
        let wrong = |message: String| VmError::parameter(key, message);
        let format = value.split(',').find_map(|part| part.strip_prefix("format="));
        let storages = &self.inner.storages;
        let named = Some(volume_stem(vmid));
        let wish = volumes::wish_named(storages, storage, vmid, (format, VOLUME_SIZE), named).await.map_err(wrong)?;
        let made = wish.id.to_string();
        // One may be left of a drive that a snapshot has still.
        if storages.resolve(&wish.id).await.is_err() {
            progress.undo(json!({ "vm": { "volume": made } })).await.map_err(VmError::Journal)?;
            volumes::make(storages, vmid, &wish).await.map_err(wrong)?;
            progress.log(&format!("{key}: successfully created disk '{made}'"));
        }
        let kept = with_file(value, &made);
        Ok(if is_cdrom(&kept) { kept } else { format!("{kept},media=cdrom") })
    }

    /// Makes a VM's CD anew and, if it runs, puts that into its drive.
    ///
    /// # Errors
    /// When it has none or is locked, an own file cannot be read, or the storage or QEMU refuse.
    pub async fn regenerate_cloudinit(&self, progress: &dyn Progress, vmid: Vmid) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        let vm = self.get(vmid)?;
        vm.check_lock(false)?;
        if drive_of(&vm.file.main).is_none() {
            let why = format!("VM {vmid} has no cloud-init drive - add one: ide2 = <storage ID>:cloudinit");
            return Err(VmError::Volume(why));
        }
        self.refresh_running_cloudinit(progress, vmid).await
    }

    /// As [`Vms::regenerate_cloudinit`], in the caller's turn and without a complaint when there is no CD.
    pub(crate) async fn refresh_running_cloudinit(&self, progress: &dyn Progress, vmid: Vmid) -> Result<(), VmError> {
        let Some(drive) = self.inner.refresh_cloudinit(progress, vmid).await? else { return Ok(()) };
        match self.running(vmid) {
            Some(running) => self.inner.swap_medium(&running, drive).await,
            None => Ok(()),
        }
    }

    /// After a change of a VM that runs: makes its CD anew if it is to hear of changes at once (`hotplug` with
    /// `cloudinit`).
    pub(crate) async fn hot_cloudinit(&self, progress: &dyn Progress, vmid: Vmid) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        let hot =
            vm.config.hotplug.as_deref().is_some_and(|features| features.split(',').any(|one| one == "cloudinit"));
        if hot && vm.file.special.contains_key(SECTION) && self.running(vmid).is_some() {
            self.refresh_running_cloudinit(progress, vmid).await?;
        }
        Ok(())
    }

    /// What the CD has, and what it will have when it is made again.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn cloudinit_pending(&self, vmid: Vmid) -> Result<Vec<Pending>, VmError> {
        Ok(changes::pending(&self.get(vmid)?.file))
    }

    /// One of the texts that cloud-init would be told now. The password's hash is in it only if `reveal`.
    ///
    /// # Errors
    /// When there is no such VM on this node, or an own file cannot be read.
    pub async fn cloudinit_part(&self, vmid: Vmid, part: Part, reveal: bool) -> Result<String, VmError> {
        let vm = self.get(vmid)?;
        let mut settings = self.inner.settings(vmid, &vm.config);
        // Meta data is about the true texts.
        if !reveal && part == Part::User {
            settings.password = settings.password.map(|_| HIDDEN.to_owned());
        }
        let seed = Seed::new(&settings, self.inner.custom(&vm.config).await?);
        Ok(String::from_utf8_lossy(seed.part(part)).into_owned())
    }
}

impl Inner {
    fn settings(&self, vmid: Vmid, config: &VmConfig) -> Settings {
        let (servers, search) = host::lxc::resolver("/etc".as_ref());
        // A resolver on the host's own loopback is none for guests.
        let reachable = |server: &String| server.parse::<std::net::IpAddr>().is_ok_and(|at| !at.is_loopback());
        let nameservers = servers.into_iter().map(|server| server.trim().to_owned()).filter(reachable).collect();
        let search = search.split_whitespace().map(str::to_owned).collect();
        Settings::new(vmid.get(), config, &Resolver { nameservers, search })
    }

    async fn custom(&self, config: &VmConfig) -> Result<Custom, VmError> {
        let Some(CiCustom { meta, network, user, vendor }) = config.cicustom.as_deref() else {
            return Ok(Custom::default());
        };
        let read = async |volume: &Option<String>| match volume {
            Some(volume) => self.snippet(volume).await.map(Some).map_err(|why| VmError::parameter("cicustom", why)),
            None => Ok(None),
        };
        let custom = Custom {
            user: read(user).await?,
            network: read(network).await?,
            meta: read(meta).await?,
            vendor: read(vendor).await?,
        };
        let all = [&custom.user, &custom.network, &custom.meta, &custom.vendor];
        if all.into_iter().flatten().map(Vec::len).sum::<usize>() > SNIPPETS_LIMIT {
            return Err(VmError::parameter("cicustom", "the files are larger than 3 MiB together"));
        }
        Ok(custom)
    }

    /// Reads an own file.
    pub(super) async fn snippet(&self, volume: &str) -> Result<Vec<u8>, String> {
        let id: VolumeId = volume.parse()?;
        let known = self.storages.volume(&id).map_err(|err| err.to_string())?;
        if known.content != Content::Snippets {
            return Err(format!("'{volume}' is no snippet, but of content type '{}'", known.content));
        }
        let path = self.storages.resolve(&id).await.map_err(|err| err.to_string())?;
        let read = tokio::task::spawn_blocking(move || host::file::read_limited(&path, SNIPPET_LIMIT)).await;
        read.map_err(|err| err.to_string())?.map_err(|err| err.to_string())
    }

    /// Checks that the files an option names can be read.
    pub(crate) async fn check_custom(&self, value: &str) -> Result<(), VmError> {
        let custom: CiCustom = schema::property::parse(value).map_err(|why| VmError::parameter("cicustom", why))?;
        for volume in [&custom.user, &custom.network, &custom.meta, &custom.vendor].into_iter().flatten() {
            self.snippet(volume).await.map_err(|why| VmError::parameter("cicustom", why))?;
        }
        Ok(())
    }

    /// Makes the CD of a VM anew, if it has one. Returns its drive.
    ///
    /// # Errors
    /// When an own file cannot be read, it is too much for the volume, or the storage refuses.
    pub(crate) async fn refresh_cloudinit(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
    ) -> Result<Option<DriveId>, VmError> {
        let vm = self.get(vmid)?;
        let Some((drive, volume)) = drive_of(&vm.file.main) else { return Ok(None) };
        let settings = self.settings(vmid, &vm.config);
        let seed = Seed::new(&settings, self.custom(&vm.config).await?);
        let Layout { label, files } = Layout::new(&settings, seed);
        let files = files.into_iter().map(|(path, content)| (path.to_owned(), content)).collect();
        let image = host::iso::build(&self.paths.run_dir().join("cloudinit"), label, files).await;
        let image = image.map_err(|err| VmError::Volume(format!("unable to make the cloud-init image: {err}")))?;
        let id: VolumeId = volume.parse().map_err(VmError::Volume)?;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        // A state that is gone back to may have a drive whose volume was freed since.
        if matches!(self.storages.resolve(&id).await, Err(storage::StorageError::NoVolume(_))) {
            let name = id.volname.rsplit('/').next();
            self.storages.allocate(&id.storage, vmid, None, VOLUME_SIZE, name).await.map_err(text)?;
        }
        self.storages.fill(&id, &image).await.map_err(text)?;
        progress.log(&format!("{drive}: made cloud-init image '{volume}'"));
        self.clear_changes(vmid, &vm).await?;
        Ok(Some(drive))
    }

    /// Forgets what changed until this state of the configuration: the CD has it now.
    async fn clear_changes(&self, vmid: Vmid, seen: &Vm) -> Result<(), VmError> {
        if !seen.file.special.contains_key(SECTION) {
            return Ok(());
        }
        self.edit(vmid, |_, file| {
            // What changed since the CD's making began is noted against what the CD has.
            file.special.remove(SECTION);
            changes::note(&seen.file.main, file);
            Ok(())
        })
        .await?;
        // Only the old CD had a text that is there no more.
        self.sweep_user_data(vmid).await;
        Ok(())
    }
}
