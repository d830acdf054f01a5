//! Hook scripts: programs of the administrator that run around start and stop of a guest.
//!
//! They are volumes of content `snippets`, run as root with the guest's ID and the phase as arguments. What they print
//! goes into the task's log, that of the last phase (nobody's task) into the daemon's.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use host::{
    look,
    run::{Run, RunError},
};
use schema::Vmid;
use storage::{Content, Storages, VolumeId};

use crate::qemu::progress::Progress;

/// How long a script may take. A start or stop waits for it, and must not for ever.
pub(crate) const LIMIT: Duration = Duration::from_secs(600);

/// When a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Before anything of the guest is made; a failure forbids the start.
    PreStart,
    /// When it runs.
    PostStart,
    /// Before it is stopped or asked to shut down; not when it ends by itself.
    PreStop,
    /// When it has ended, however.
    PostStop,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Self::PreStart => "pre-start",
            Self::PostStart => "post-start",
            Self::PreStop => "pre-stop",
            Self::PostStop => "post-stop",
        }
    }
}

/// Why a script is no good, or did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// It is no script that could be run.
    #[error("hookscript: '{volume}' {why}")]
    Unusable {
        /// The volume.
        volume: String,
        /// Why.
        why: String,
    },
    /// It failed.
    #[error("hookscript error for {vmid} on {phase}: {source}")]
    Failed {
        /// The guest.
        vmid: Vmid,
        /// When.
        phase: &'static str,
        /// Why.
        source: RunError,
    },
}

/// Finds a script.
///
/// # Errors
/// When it is of another content, not there, or not executable.
pub(crate) async fn find(storages: &Storages, volume: &str) -> Result<PathBuf, HookError> {
    let unusable = |why: String| HookError::Unusable { volume: volume.to_owned(), why };
    let id: VolumeId = volume.parse().map_err(unusable)?;
    let known = storages.volume(&id).map_err(|err| unusable(err.to_string()))?;
    if known.content != Content::Snippets {
        return Err(unusable("is not in the snippets folder of a storage".to_owned()));
    }
    let config = storages.config(&id.storage).map_err(|err| unusable(err.to_string()))?;
    config.check_use(known.content).map_err(|err| unusable(err.to_string()))?;
    let path = storages.resolve(&id).await.map_err(|err| unusable(err.to_string()))?;
    let found = look::metadata(&path).await.map_err(|err| unusable(format!("cannot be used: {err}")))?;
    if !found.is_some_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0) {
        return Err(unusable("is not executable: allow that with chmod +x".to_owned()));
    }
    Ok(path)
}

/// Runs a guest's script, if it has one.
///
/// # Errors
/// When it is unusable, fails, or takes too long.
pub(crate) async fn run(
    storages: &Storages,
    progress: &dyn Progress,
    vmid: Vmid,
    script: Option<&str>,
    phase: Phase,
) -> Result<(), HookError> {
    let Some(volume) = script else { return Ok(()) };
    let path = find(storages, volume).await?;
    run_file(&path, progress, vmid, phase, LIMIT).await
}

async fn run_file(
    path: &Path,
    progress: &dyn Progress,
    vmid: Vmid,
    phase: Phase,
    limit: Duration,
) -> Result<(), HookError> {
    let phase = phase.as_str();
    let run = Run::new(path).arg(vmid.to_string()).arg(phase).deadline(limit);
    let ended = run.lines(|line| progress.log(line)).await;
    ended.map_err(|source| HookError::Failed { vmid, phase, source })
}

/// Runs a guest's script where a failure changes nothing any more; it becomes a warning.
pub(crate) async fn attend(
    storages: &Storages,
    progress: &dyn Progress,
    vmid: Vmid,
    script: Option<&str>,
    phase: Phase,
) {
    if let Err(err) = run(storages, progress, vmid, script, phase).await {
        progress.warn(&err.to_string());
    }
}

/// Notes that a guest was started, so that its end is attended even if another daemon sees it.
pub(crate) fn note_start(marker: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(marker.parent().unwrap_or(Path::new("/")))?;
    std::fs::write(marker, "")
}

/// Whether a guest was started since its end was attended last; the answer is given once.
pub(crate) fn was_started(marker: &Path) -> bool {
    std::fs::remove_file(marker).is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::Value;
    use store::BoxFuture;

    use super::*;

    #[derive(Default)]
    struct Notebook(Mutex<Vec<String>>);

    impl Progress for Notebook {
        fn log(&self, line: &str) {
            self.0.lock().unwrap().push(line.to_owned());
        }
        fn warn(&self, line: &str) {
            self.log(line);
        }
        fn undo(&self, _: Value) -> BoxFuture<'_, Result<(), String>> {
            Box::pin(async { Ok(()) })
        }
    }

    fn script(directory: &Path, text: &str) -> PathBuf {
        let path = directory.join("hook");
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[tokio::test]
    async fn a_script_gets_its_arguments_and_its_words_are_kept() {
        let (directory, notes) = (tempfile::tempdir().unwrap(), Notebook::default());
        let vmid = Vmid::new(100).unwrap();
        let good = script(directory.path(), "echo \"$@\"; echo oops >&2");
        run_file(&good, &notes, vmid, Phase::PreStart, LIMIT).await.unwrap();
        // Two pipes have no common order.
        notes.0.lock().unwrap().sort();
        assert_eq!(*notes.0.lock().unwrap(), ["100 pre-start", "oops"]);
        let bad = script(directory.path(), "exit 3");
        let err = run_file(&bad, &notes, vmid, Phase::PostStop, LIMIT).await.unwrap_err().to_string();
        assert!(err.starts_with("hookscript error for 100 on post-stop: ") && err.ends_with("exit code 3"), "{err}");
    }

    #[tokio::test]
    async fn a_script_that_hangs_is_ended() {
        let directory = tempfile::tempdir().unwrap();
        let hangs = script(directory.path(), "sleep 600");
        let limit = Duration::from_millis(50);
        let ended = run_file(&hangs, &Notebook::default(), Vmid::new(100).unwrap(), Phase::PreStart, limit).await;
        assert!(ended.unwrap_err().to_string().contains("got timeout"));
    }

    #[test]
    fn an_end_is_attended_once() {
        let directory = tempfile::tempdir().unwrap();
        let marker = directory.path().join("run/100.started");
        assert!(!was_started(&marker));
        note_start(&marker).unwrap();
        assert!(was_started(&marker) && !was_started(&marker));
    }
}
