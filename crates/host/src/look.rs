//! Looks at files on media that may hang, such as a network file system whose server is gone.

use std::{fs::Metadata, io, path::Path, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::file::FileError;

/// How long a medium may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nothing ends a thread that waits for a medium, and the runtime's other work needs threads, too: so many may hang.
static THREADS: Semaphore = Semaphore::const_new(32);

/// Runs a look at a path off the runtime, with a deadline.
///
/// # Errors
/// What the look ran into; [`FileError::Hangs`] when there is no answer in time.
pub async fn at<T: Send + 'static>(
    path: &Path,
    look: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, FileError> {
    within(PATIENCE, path, look).await
}

/// What is at a path, at the end of links; nothing if there is nothing.
///
/// # Errors
/// As [`at`].
pub async fn metadata(path: &Path) -> Result<Option<Metadata>, FileError> {
    match at(path, |path| path.metadata()).await {
        Err(error) if error.is_not_found() => Ok(None),
        found => found.map(Some),
    }
}

async fn within<T: Send + 'static>(
    patience: Duration,
    path: &Path,
    look: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, FileError> {
    let own = path.to_path_buf();
    let looking = async {
        let thread = THREADS.acquire().await;
        let look = spawn_blocking(move || {
            let _thread = thread;
            look(&own)
        });
        look.await.unwrap_or_else(|cut_off| Err(io::Error::other(cut_off)))
    };
    let answer = timeout(patience, looking).await;
    answer.map_err(|_| FileError::Hangs { path: path.to_path_buf() })?.map_err(FileError::io("look at", path))
}

#[cfg(test)]
mod tests {
    use std::fs::{File, OpenOptions};

    use nix::{sys::stat::Mode, unistd::mkfifo};

    use super::*;

    #[tokio::test]
    async fn what_is_there_is_told() {
        let dir = tempfile::tempdir().unwrap();
        assert!(metadata(dir.path()).await.unwrap().unwrap().is_dir());
        assert!(metadata(&dir.path().join("none")).await.unwrap().is_none());
        let file = dir.path().join("file");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(metadata(&file).await.unwrap().unwrap().len(), 1);
        assert!(metadata(&file.join("below")).await.is_err());
    }

    #[tokio::test]
    async fn a_medium_that_hangs_is_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        mkfifo(&pipe, Mode::S_IRWXU).unwrap();
        // Opening a pipe waits for its other end.
        let error = within(Duration::from_millis(20), &pipe, |pipe| File::open(pipe)).await.unwrap_err();
        assert!(error.to_string().contains("does not answer - got timeout"), "{error}");
        drop(OpenOptions::new().read(true).write(true).open(&pipe).unwrap());
    }
}
