//! What a root file system is filled from: a template archive, or an image of an application.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use host::{
    archive, layers,
    lxc::{Files, Volume},
    mount::Inside,
    mount_point::{MountPoint, Source as MountSource},
    rootfs::Root,
    ssh_keys::HostKey,
};
use schema::Vmid;
use storage::{Content, VolumeId, oci};

use super::{
    application::{self, Application, SCRIPT, Said},
    config::{CtConfig, OsType},
    cts::Inner,
    error::CtError,
    setup::{self, Distribution, First},
};
use crate::qemu::progress::Progress;

/// The note beside LXC's configuration of what the image said.
const NOTE: &str = "image.json";

/// A template that was looked at.
#[derive(Clone)]
pub(super) enum Source {
    /// An archive with the files of a system.
    Archive(PathBuf),
    /// Layers of files, and how a program in them is run.
    Image(Arc<oci::Image>),
}

/// What is to be done with the files of a container.
pub(super) struct Fill {
    /// Where they come from.
    pub(super) source: Source,
    /// Where they go.
    pub(super) files: Files,
    /// The container's options.
    pub(super) config: CtConfig,
    /// What is done once in the life of a container.
    pub(super) first: First,
    /// Go on when some files cannot be unpacked.
    pub(super) ignore_errors: bool,
}

/// What was found in the files.
pub(super) struct Filled {
    /// The system.
    pub(super) found: Distribution,
    /// How the image's program is run.
    pub(super) application: Option<Application>,
}

impl Filled {
    /// What the option `ostype` becomes: nothing is written into the files of an application.
    pub(super) fn ostype(&self) -> OsType {
        let application = self.application.as_ref().is_some_and(|application| application.entrypoint.is_some());
        if application { OsType::Unmanaged } else { self.found.ostype() }
    }
}

impl Inner {
    /// Notes what an image said, for telling later what was changed since.
    pub(super) fn remember(&self, vmid: Vmid, application: Option<&Application>) -> Result<(), CtError> {
        let Some(application) = application else { return Ok(()) };
        let path = self.paths.lxc_container_dir(vmid).join(NOTE);
        let text = serde_json::to_vec(&application.said()).map_err(|err| CtError::Plan(err.to_string()))?;
        host::file::write_atomic(&path, &text, 0o600).map_err(|err| CtError::Plan(err.to_string()))
    }

    /// What was noted; nothing if it is not there any more.
    pub(super) fn remembered(&self, vmid: Vmid) -> Option<Said> {
        let text = host::file::read_text_limited(&self.paths.lxc_container_dir(vmid).join(NOTE), 1 << 20).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Looks at a template.
    pub(super) async fn source(&self, template: &VolumeId) -> Result<Source, CtError> {
        let wrong = |message: String| CtError::parameter("ostemplate", message);
        let volume = self.storages.volume(template).map_err(|err| wrong(err.to_string()))?;
        if volume.content != Content::Vztmpl {
            return Err(wrong(format!("'{template}' is not a container template")));
        }
        let path = self.storages.resolve(template).await.map_err(|err| wrong(err.to_string()))?;
        match oci::Image::open(&path).map_err(wrong)? {
            Some(image) => Ok(Source::Image(Arc::new(image))),
            None => {
                archive::check(&path).map_err(|err| wrong(err.to_string()))?;
                Ok(Source::Archive(path))
            }
        }
    }

    /// Unpacks a template, then writes the container's own files.
    pub(super) async fn fill(&self, progress: &dyn Progress, vmid: Vmid, fill: Fill) -> Result<Filled, CtError> {
        let owner = fill.files.map;
        if let Source::Image(image) = &fill.source {
            let image = image.clone();
            let checked = tokio::task::spawn_blocking(move || image.verify()).await;
            checked.map_err(|err| CtError::Plan(err.to_string()))?.map_err(CtError::Plan)?;
        }
        let wants_keys = match self.unpack(progress, vmid, &fill).await? {
            Err(err @ (archive::ArchiveError::Unpack(_) | archive::ArchiveError::Incomplete)) if fill.ignore_errors => {
                progress.warn(&format!("ignoring: {err}"));
                false
            }
            other => other?,
        };
        let Fill { source, files, config, mut first, .. } = fill;
        if wants_keys {
            first.host_keys = self.host_keys(progress, vmid, &config).await;
        }
        let facts = self.setup_facts();
        let done = self.lxc.mounted(vmid.get(), files, move |_, target| {
            let root = Root::open(target, owner).map_err(|err| err.to_string())?;
            let found = Distribution::detect(&root);
            let application = match &source {
                Source::Archive(_) => None,
                Source::Image(image) => Some(prepare(&root, &image.process)?),
            };
            let warnings = match &application {
                // Nobody logs in there, and nothing would read what a system reads.
                Some(Application { entrypoint: Some(_), .. }) => Vec::new(),
                _ => setup::set_up(&root, &config, &facts, Some(&first))?,
            };
            Ok((Filled { found, application }, warnings))
        });
        let done: Result<_, String> = done.await?;
        let (filled, warnings) =
            done.map_err(|message| CtError::Plan(format!("preparing its files failed: {message}")))?;
        let own = filled.application.iter().flat_map(|application| &application.warnings);
        warnings.iter().chain(own).for_each(|warning| progress.warn(warning));
        Ok(filled)
    }
}

impl Inner {
    /// Unpacks a template. Tells whether the container needs keys for its SSH server.
    async fn unpack(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        fill: &Fill,
    ) -> Result<Result<bool, archive::ArchiveError>, CtError> {
        let (source, config, files, owner) = (fill.source.clone(), fill.config.clone(), &fill.files, fill.files.map);
        let (lines, mut said) = tokio::sync::mpsc::unbounded_channel::<String>();
        let points = files.points.clone();
        let directory = |point: &MountPoint| matches!(point.source, MountSource::Volume(Volume::Directory(_)));
        let shared = matches!(files.rootfs, Volume::Directory(_)) || points.iter().any(directory);
        let unpacked = self.lxc.mounted(vmid.get(), files.clone(), move |inside, target| {
            let below = |point: &MountPoint| target.join(point.path.trim_start_matches('/'));
            let below: Vec<PathBuf> = points.iter().map(below).collect();
            // An image of its own can be full; a directory shares its file system with others.
            let reserve = if shared { archive::reserve(target) } else { 0 };
            let place = archive::Target { path: target, points: &below, map: owner, reserve };
            unpack(&source, inside, &place, |line| {
                // Nobody listens any more: the task was stopped.
                let _ = lines.send(line.to_owned());
            })?;
            leave_attributes(target, owner, &points)?;
            Ok(Root::open(target, owner).is_ok_and(|root| setup::wants_host_keys(&root, &config)))
        });
        let (unpacked, ()) = tokio::join!(unpacked, async {
            while let Some(line) = said.recv().await {
                progress.log(&line);
            }
        });
        Ok(unpacked?)
    }

    /// New keys for the SSH server inside. Without them a container is still of use.
    async fn host_keys(&self, progress: &dyn Progress, vmid: Vmid, config: &CtConfig) -> Vec<HostKey> {
        let name = config.host_name(vmid.get());
        let comment = format!("root@{}", name.split('.').next().unwrap_or(&name));
        let place = self.paths.lxc_dir().join(vmid.to_string()).join("keys");
        match host::ssh_keys::make(&place, &comment).await {
            Ok(keys) => keys,
            Err(err) => {
                progress.warn(&format!("the SSH server inside has the keys of its template, or none: {err}"));
                Vec::new()
            }
        }
    }
}

/// Gives the directories below mount points that keep their attributes those that the archive has.
fn leave_attributes(target: &Path, owner: Option<u32>, points: &[MountPoint]) -> Result<(), archive::ArchiveError> {
    let failed = |source| archive::ArchiveError::Read { name: target.display().to_string(), source };
    let root = Root::open(target, owner).map_err(failed)?;
    // Inner ones first: the outer ones take them along.
    let mut kept = points.iter().rev().filter(|point| point.keep_attributes);
    Ok(kept.try_for_each(|point| point.leave_attributes(&root))?)
}

fn unpack(
    source: &Source,
    inside: &Inside,
    target: &archive::Target<'_>,
    line: impl FnMut(&str),
) -> Result<(), archive::ArchiveError> {
    match source {
        Source::Archive(path) => archive::unpack(inside, path, target, line),
        Source::Image(image) => layers::apply(inside, &image.file, &image.layers, target, line),
    }
}

/// Makes what an image's program needs to be there.
fn prepare(root: &Root, process: &oci::Process) -> Result<Application, String> {
    let read = |path: &str| root.read(path).unwrap_or_default();
    let found = application::plan(process, &read("etc/passwd"), &read("etc/group"))?;
    for directory in &found.directories {
        root.make_directories(directory).map_err(|err| format!("'{directory}': {err}"))?;
    }
    if let Some(script) = &found.script {
        application::put_script(root, SCRIPT, script)?;
    }
    Ok(found)
}
