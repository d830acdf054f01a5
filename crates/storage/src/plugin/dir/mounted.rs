//! Directories of other machines: mounted when they are used, and looked after without a look into them.

use std::path::Path;
use std::time::Duration;

use host::run::Run;

use super::blocking;
use crate::{StorageConfig, StorageError};

/// How long mounting may take; servers that do not answer let it wait much longer.
const MOUNT: Duration = Duration::from_secs(40);

/// What is mounted at the path of a storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Type of file system for mount(8).
    pub kind: &'static str,
    /// What is mounted: `server:/export`, `//server/share`.
    pub source: String,
    /// Options. Nothing secret is among them: they can be seen by everybody.
    pub options: Vec<String>,
}

impl Mount {
    /// Whether the kernel's table of mounts (proc_pid_mountinfo(5)) has this mount at a path.
    fn is_there(&self, table: &str, place: &Path) -> bool {
        let wanted = normal(&self.source);
        host::mount::sources(table).iter().any(|(path, source)| path == place && normal(source) == wanted)
    }
}

/// The kernel may write a source with or without a slash at its end.
fn normal(source: &str) -> &str {
    source.trim_end_matches('/')
}

fn place(config: &StorageConfig) -> &Path {
    config.path.as_deref().unwrap_or(Path::new("/"))
}

/// Refuses a storage that is not mounted. A server that hangs does not hold this up.
pub(super) fn check(config: &StorageConfig, mount: &Mount) -> Result<(), StorageError> {
    let table = host::mount::table().map_err(StorageError::io("read", Path::new("/proc/self/mountinfo")))?;
    match mount.is_there(&table, place(config)) {
        true => Ok(()),
        false => Err(StorageError::Inactive {
            storage: config.id.clone(),
            reason: format!("'{}' is not mounted at '{}'", mount.source, place(config).display()),
        }),
    }
}

/// Mounts it if it is not.
pub(super) async fn ensure(config: &StorageConfig, mount: &Mount) -> Result<(), StorageError> {
    if check(config, mount).is_ok() {
        return Ok(());
    }
    let (target, create) = (place(config).to_path_buf(), config.options.create_base_path.or(config.options.mkdir));
    let (id, made) = (config.id.clone(), target.clone());
    blocking(config, move || {
        if create.unwrap_or(true) {
            host::file::create_dir(&made, 0o755)?;
        }
        // What lies below would be hidden, and taken for the storage's content whenever that is not mounted.
        let below = std::fs::read_dir(&made).map_err(StorageError::io("read", &made))?.next().is_some();
        if below {
            let reason =
                format!("'{}' is not empty and nothing is mounted there; move its content away", made.display());
            return Err(StorageError::Inactive { storage: id, reason });
        }
        Ok(())
    })
    .await?;
    let mut run = Run::new("mount").args(["-t", mount.kind]);
    if !mount.options.is_empty() {
        run = run.args(["-o", &mount.options.join(",")]);
    }
    let done = run.args(["--", &mount.source]).arg(&target).deadline(MOUNT).output().await;
    // Another one may have been as quick.
    if done.is_err() && check(config, mount).is_ok() {
        return Ok(());
    }
    done.map(drop).map_err(|error| StorageError::Inactive {
        storage: config.id.clone(),
        reason: format!("'{}' cannot be mounted: {error}", mount.source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_is_known_by_source_and_place() {
        let table = "36 35 0:50 / /mnt/pve/n1 rw,relatime shared:1 - nfs4 nas:/export/a rw,vers=4.2\n\
                     37 35 0:51 / /mnt/pve/c1 rw shared:2 - cifs //nas/my\\040share rw\n";
        let mount = |source: &str| Mount { kind: "nfs", source: source.into(), options: Vec::new() };
        assert!(mount("nas:/export/a/").is_there(table, Path::new("/mnt/pve/n1")));
        assert!(mount("//nas/my share").is_there(table, Path::new("/mnt/pve/c1")));
        assert!(!mount("nas:/export/b").is_there(table, Path::new("/mnt/pve/n1")));
        assert!(!mount("nas:/export/a").is_there(table, Path::new("/mnt/pve/n2")));
    }
}
