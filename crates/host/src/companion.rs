//! Programs that serve one guest beside its QEMU, such as its TPM. Like QEMU they outlive us, so they are found again:
//! by a file with their process ID, and by the socket that their command line names.

use std::{io, path::PathBuf, time::Duration};

use crate::{process::Process, run::Run, scope::Scope};

/// How long one may take to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where one of them leaves its traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companion {
    /// Its scope under systemd, without `.scope`: `100-swtpm`.
    pub name: String,
    /// File with its process ID.
    pub pid_file: PathBuf,
    /// Where it listens.
    pub socket: PathBuf,
}

impl Companion {
    /// Its process, if it runs.
    #[must_use]
    pub fn process(&self) -> Option<Process> {
        let pid = std::fs::read_to_string(&self.pid_file).ok()?.trim().parse().ok()?;
        let process = Process::find(pid)?;
        let socket = self.socket.to_string_lossy();
        // The ID may have been given to something else meanwhile.
        process.cmdline()?.iter().any(|arg| arg.contains(&*socket)).then_some(process)
    }

    /// Ends it, if it runs, and removes its socket and pid file.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn end(&self) -> io::Result<()> {
        if let Some(process) = self.process() {
            process.end(PATIENCE).await?;
        }
        for file in [&self.socket, &self.pid_file] {
            // Some remove them themselves.
            let _ = std::fs::remove_file(file);
        }
        Ok(())
    }

    /// A program to be run as this, in a scope of its own.
    pub(crate) async fn program(&self, program: &str, description: &str) -> Run {
        Scope { name: &self.name, slice: "qemu.slice", description, properties: &[] }.program(program).await
    }

    /// Waits until it listens.
    ///
    /// # Errors
    /// When it ended, or does not within the limit.
    pub(crate) async fn listening(&self, process: Process, limit: Duration) -> io::Result<()> {
        let there = async {
            while !self.socket.exists() {
                if !process.alive() {
                    return Err(io::Error::other("it ended at once"));
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok(())
        };
        let timeout = |_| io::Error::new(io::ErrorKind::TimedOut, "it does not listen");
        tokio::time::timeout(limit, there).await.map_err(timeout)?
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn companion(directory: &Path) -> Companion {
        Companion { name: "1-x".into(), pid_file: directory.join("x.pid"), socket: directory.join("x.sock") }
    }

    #[tokio::test]
    async fn it_is_found_by_its_file_and_ended() {
        let directory = tempfile::tempdir().unwrap();
        let companion = companion(directory.path());
        let script = Run::new("sh").args(["-c", "sleep 600; :"]).arg(&companion.socket);
        let started = script.detached(&directory.path().join("log")).unwrap();
        let pid = started.pid().unwrap();
        std::fs::write(&companion.pid_file, pid.to_string()).unwrap();
        assert_eq!(companion.process().map(|process| process.pid), Some(pid));
        companion.end().await.unwrap();
        assert_eq!(companion.process(), None);
        assert!(!companion.pid_file.exists());
        companion.end().await.unwrap();
    }

    #[test]
    fn another_process_of_that_id_is_not_it() {
        let directory = tempfile::tempdir().unwrap();
        let companion = companion(directory.path());
        std::fs::write(&companion.pid_file, std::process::id().to_string()).unwrap();
        assert_eq!(companion.process(), None);
    }
}
