//! File systems in files that nothing has mounted.

use std::path::Path;
use std::time::Duration;

use crate::run::{Run, RunError};

/// How long checking and growing may take.
const LONG: Duration = Duration::from_secs(4 * 3600);

/// Lets an ext4 file system fill the file or device that it lies in. It is checked before, as the tool demands.
///
/// # Errors
/// When it is none, is damaged beyond repair without asking, or a tool fails.
pub async fn grow(path: &Path) -> Result<(), RunError> {
    let checked = Run::new("e2fsck").args(["-f", "-p"]).arg(path).deadline(LONG).output().await;
    match checked {
        // It has repaired something.
        Err(error) if error.code() == Some(1) => {}
        other => drop(other?),
    }
    Run::new("resize2fs").arg(path).deadline(LONG).output().await.map(drop)
}
