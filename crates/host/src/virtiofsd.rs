//! Directories of the host for guests: one `virtiofsd` a directory, which QEMU talks to by a vhost-user socket.
//!
//! Options are those of the program in Rust (`virtiofsd --help`), which Debian has since 13.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    companion::Companion,
    file::FileError,
    look,
    process::Process,
    run::{RunError, last_words},
};

/// Where distributions put the program, and where an administrator would.
const PLACES: [&str; 3] = ["/usr/libexec/virtiofsd", "/usr/local/bin/virtiofsd", "/usr/bin/virtiofsd"];

/// How long it may take to listen.
const START: Duration = Duration::from_secs(10);

/// Why a directory cannot be shared.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// The program is not installed.
    #[error(
        "virtiofs: virtiofsd is missing: install package 'virtiofsd' (Debian 13 and newer have it) to share directories"
    )]
    Missing,
    /// There is no such directory.
    #[error("virtiofs: '{0}' is not a directory of this host")]
    NoDirectory(PathBuf),
    /// It cannot be looked at.
    #[error("virtiofs: {0}")]
    Directory(#[from] FileError),
    /// The program failed.
    #[error("virtiofs: {0}")]
    Run(#[from] RunError),
    /// The program does not serve.
    #[error("virtiofs: virtiofsd for '{path}' failed: {source}\n{said}")]
    Failed {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
        /// What it printed last.
        said: String,
    },
}

/// A shared directory.
#[derive(Debug, Clone)]
pub struct Share {
    /// Its process.
    pub process: Companion,
    /// The directory.
    pub path: PathBuf,
    /// What the guest caches: `auto`, `always`, `metadata` or `never`.
    pub cache: &'static str,
    /// Pass O_DIRECT through.
    pub direct_io: bool,
    /// Pass POSIX ACLs through.
    pub acl: bool,
    /// Pass extended attributes through.
    pub xattr: bool,
    /// Keep files by handles instead of descriptors where that is possible: the driver of Windows closes few.
    pub handles: bool,
    /// What it prints.
    pub log: PathBuf,
}

impl Share {
    /// Starts it; it listens when this returns.
    ///
    /// # Errors
    /// When the program is missing or fails, or there is no such directory.
    pub async fn start(&self) -> Result<(), ShareError> {
        let program = PLACES.into_iter().find(|place| Path::new(place).exists()).ok_or(ShareError::Missing)?;
        if !look::metadata(&self.path).await?.is_some_and(|found| found.is_dir()) {
            return Err(ShareError::NoDirectory(self.path.clone()));
        }
        let failed = |source| ShareError::Failed { path: self.path.clone(), source, said: last_words(&self.log) };
        self.process.end().await.map_err(failed)?;
        // A log of its own for each start.
        let _ = std::fs::remove_file(&self.log);
        let run = self.process.program(program, &format!("Shared directory {}", self.path.display())).await;
        let started = run.args(self.arguments()).detached(&self.log)?;
        let gone = || failed(io::Error::other("it ended at once"));
        let process = started.pid().and_then(Process::find).ok_or_else(gone)?;
        // It ends when QEMU hangs up; how is of no interest then.
        drop(started.collected());
        std::fs::write(&self.process.pid_file, process.pid.to_string()).map_err(failed)?;
        self.process.listening(process, START).await.map_err(failed)
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            format!("--socket-path={}", self.process.socket.display()),
            format!("--shared-dir={}", self.path.display()),
            "--announce-submounts".to_owned(),
            format!("--cache={}", self.cache),
        ];
        let flags = [
            (self.direct_io, "--allow-direct-io"),
            // Access control lists are extended attributes.
            (self.xattr || self.acl, "--xattr"),
            (self.acl, "--posix-acl"),
            (self.handles, "--inode-file-handles=prefer"),
        ];
        arguments.extend(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| (*flag).to_owned()));
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(directory: &Path) -> Share {
        Share {
            process: Companion {
                name: "999999-virtiofs-0".into(),
                pid_file: directory.join("fs.pid-file"),
                socket: directory.join("fs"),
            },
            path: directory.to_owned(),
            cache: "auto",
            direct_io: false,
            acl: false,
            xattr: false,
            handles: false,
            log: directory.join("fs.log"),
        }
    }

    #[test]
    fn options_of_a_share() {
        let plain = share(Path::new("/x"));
        insta::assert_snapshot!(plain.arguments().join(" "), @"--socket-path=/x/fs --shared-dir=/x --announce-submounts --cache=auto");
        let all = Share { cache: "never", direct_io: true, acl: true, handles: true, ..plain };
        insta::assert_snapshot!(all.arguments().join(" "), @"--socket-path=/x/fs --shared-dir=/x --announce-submounts --cache=never --allow-direct-io --xattr --posix-acl --inode-file-handles=prefer");
    }

    #[tokio::test]
    async fn a_directory_is_served_where_the_program_is_installed() {
        let directory = tempfile::tempdir().unwrap();
        let share = share(directory.path());
        match share.start().await {
            Err(err @ ShareError::Missing) => {
                assert!(err.to_string().contains("install package 'virtiofsd'"));
                eprintln!("skipped: {err}");
                return;
            }
            started => started.unwrap(),
        }
        assert!(share.process.process().is_some());
        share.process.end().await.unwrap();
        assert!(share.process.process().is_none() && !share.process.socket.exists());
        let nowhere = Share { path: "/nowhere".into(), ..share };
        assert!(nowhere.start().await.unwrap_err().to_string().contains("is not a directory"));
    }
}
