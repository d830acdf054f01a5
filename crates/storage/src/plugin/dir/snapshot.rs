//! Snapshots inside qcow2 files, of volumes that no program has open.

use std::path::Path;
use std::time::Duration;

use host::run::Run;
use serde_json::Value;

use super::inside;
use crate::{StorageConfig, StorageError, Volume};

/// How long a change of an image's metadata may take: deleting walks through all of them.
const CHANGE: Duration = Duration::from_secs(3600);
/// How long a look may take.
const LOOK: Duration = Duration::from_secs(20);

/// What is done with a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Keeps the state of now.
    Create,
    /// Makes the kept state that of now.
    Apply,
    /// Forgets the kept state.
    Delete,
}

/// Does it. Making one that is there is an error; deleting one that is not there is fine.
pub(super) async fn change(
    config: &StorageConfig,
    volume: &Volume,
    name: &str,
    change: Change,
) -> Result<(), StorageError> {
    if volume.format != "qcow2" || volume.is_base {
        return Err(StorageError::Invalid("can't snapshot this image format".to_owned()));
    }
    let path = inside(config, volume).await?;
    let there = names(&path).await?.iter().any(|known| known == name);
    let option = match (change, there) {
        (Change::Delete, false) => return Ok(()),
        (Change::Create, true) => {
            return Err(StorageError::Invalid(format!("volume '{}' has a snapshot '{name}' already", volume.name)));
        }
        (Change::Apply, false) => {
            return Err(StorageError::Invalid(format!("volume '{}' has no snapshot '{name}'", volume.name)));
        }
        (Change::Create, false) => "-c",
        (Change::Apply, true) => "-a",
        (Change::Delete, true) => "-d",
    };
    Run::new("qemu-img").args(["snapshot", "-q", option, name]).arg(path).deadline(CHANGE).output().await?;
    Ok(())
}

/// The names of a volume's snapshots; none where its format has none.
pub(super) async fn list(config: &StorageConfig, volume: &Volume) -> Result<Vec<String>, StorageError> {
    let path = inside(config, volume).await?;
    if volume.format == "qcow2" { names(&path).await } else { Ok(Vec::new()) }
}

/// The snapshots in an image.
async fn names(path: &Path) -> Result<Vec<String>, StorageError> {
    let run = Run::new("qemu-img").args(["info", "--output=json", "-f", "qcow2"]).arg(path);
    let output = run.deadline(LOOK).output().await?;
    let told: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| StorageError::Invalid(format!("qemu-img told nothing about '{}'", path.display())))?;
    let all = told["snapshots"].as_array().into_iter().flatten();
    Ok(all.filter_map(|snapshot| snapshot["name"].as_str().map(str::to_owned)).collect())
}
