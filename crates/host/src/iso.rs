//! CD images of a few small files: ISO 9660 with Joliet and Rock Ridge.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    file::{FileError, create_dir, write_unsynced},
    run::{Run, RunError},
};

/// How long `genisoimage` may take for a few megabytes.
const DEADLINE: Duration = Duration::from_secs(30);

/// Why no CD image was made.
#[derive(Debug, thiserror::Error)]
pub enum IsoError {
    /// The files could not be laid out.
    #[error(transparent)]
    File(#[from] FileError),
    /// `genisoimage` (package `genisoimage`) failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A thread ended unexpectedly.
    #[error("unable to lay out the files of a CD: {0}")]
    Thread(io::Error),
}

/// A folder that nobody else may look into, and that goes away.
struct Staging(PathBuf);

impl Drop for Staging {
    fn drop(&mut self) {
        // Its parent is emptied with the machine's next start at the latest.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes the image of a CD. `files` are paths below its root, whose folders are made, and contents. They may be secret:
/// for a moment they lie in a folder below `staging`, which is made if it is missing and should not be on a disk.
///
/// # Errors
/// When the files cannot be laid out, or `genisoimage` fails.
pub async fn build(staging: &Path, label: &str, files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, IsoError> {
    let folder = staging.to_owned();
    let laid = tokio::task::spawn_blocking(move || lay_out(&folder, &files)).await;
    let folder = laid.map_err(|error| IsoError::Thread(io::Error::other(error)))??;
    let run = Run::new("genisoimage").args(["-quiet", "-iso-level", "3", "-J", "-joliet-long", "-r"]);
    let run = run.args(["-input-charset", "utf-8", "-V", label]).arg(&folder.0);
    Ok(run.deadline(DEADLINE).output().await?.stdout)
}

fn lay_out(staging: &Path, files: &[(String, Vec<u8>)]) -> Result<Staging, FileError> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    create_dir(staging, 0o700)?;
    let name = format!("cd-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let folder = Staging(staging.join(name));
    create_dir(&folder.0, 0o700)?;
    for (path, content) in files {
        let path = folder.0.join(path);
        if let Some(parent) = path.parent() {
            create_dir(parent, 0o700)?;
        }
        write_unsynced(&path, content, 0o600)?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_cd_has_its_label_and_long_names_and_leaves_nothing_behind() {
        let root = tempfile::tempdir().unwrap();
        let files = vec![
            ("user-data".to_owned(), b"#cloud-config\n".to_vec()),
            ("openstack/latest/meta_data.json".to_owned(), b"{}".to_vec()),
        ];
        let image = match build(root.path(), "config-2", files).await {
            Err(IsoError::Run(RunError::Start { .. })) => {
                println!("skipped: genisoimage is not installed");
                return;
            }
            made => made.unwrap(),
        };
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0);
        // The primary descriptor lies in sector 16, the one of Joliet in the next; its label is UCS-2.
        let sector = |number: usize| &image[number * 2048..(number + 1) * 2048];
        assert_eq!((&sector(16)[..6], &sector(16)[40..49]), (&b"\x01CD001"[..], &b"config-2 "[..]));
        assert_eq!((&sector(17)[..6], &sector(17)[88..91]), (&b"\x02CD001"[..], &b"%/E"[..]));
        let has = |text: &[u8]| image.windows(text.len()).any(|part| part == text);
        let ucs: Vec<u8> = "meta_data.json".bytes().flat_map(|byte| [0, byte]).collect();
        assert!(has(b"NM\x13\x01\0meta_data.json") && has(&ucs) && has(b"#cloud-config\n"));
    }
}
