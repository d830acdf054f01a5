//! Keys by which an SSH server is known, as ssh-keygen(1) makes them.

use std::{os::unix::fs::DirBuilderExt as _, path::Path};

use crate::run::{Run, RunError};

/// One key of a server.
#[derive(Clone, PartialEq, Eq)]
pub struct HostKey {
    /// Name of its file, `ssh_host_ed25519_key`; the public half has `.pub` besides.
    pub name: String,
    /// The secret half.
    pub private: String,
    /// The other one.
    pub public: String,
}

impl std::fmt::Debug for HostKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HostKey({})", self.name)
    }
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The program failed, or is not there.
    #[error(transparent)]
    Run(#[from] RunError),
    /// What it made could not be read.
    #[error("cannot make keys for the SSH server: {0}")]
    File(#[from] std::io::Error),
}

/// Makes a key of each kind that servers have. `place` is a directory that is made, and removed again; `comment` goes
/// into the public halves.
///
/// # Errors
/// When OpenSSH's client is not installed, or the place cannot be written.
pub async fn make(place: &Path, comment: &str) -> Result<Vec<HostKey>, KeyError> {
    let _ = std::fs::remove_dir_all(place);
    std::fs::DirBuilder::new().mode(0o700).create(place)?;
    let made = all(place, comment).await;
    std::fs::remove_dir_all(place)?;
    made
}

async fn all(place: &Path, comment: &str) -> Result<Vec<HostKey>, KeyError> {
    // Side by side: RSA takes many times as long as the others.
    let (rsa, ecdsa, ed25519) =
        tokio::join!(one(place, comment, "rsa"), one(place, comment, "ecdsa"), one(place, comment, "ed25519"));
    Ok(vec![rsa?, ecdsa?, ed25519?])
}

async fn one(place: &Path, comment: &str, kind: &str) -> Result<HostKey, KeyError> {
    let name = format!("ssh_host_{kind}_key");
    let file = place.join(&name);
    Run::new("ssh-keygen").args(["-q", "-t", kind, "-N", "", "-C", comment, "-f"]).arg(&file).output().await?;
    let (private, public) = (std::fs::read_to_string(&file)?, std::fs::read_to_string(file.with_extension("pub"))?);
    Ok(HostKey { name, private, public })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_of_each_kind_and_nothing_left() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("keys");
        let keys = match make(&place, "root@web").await {
            Err(KeyError::Run(RunError::Start { .. })) => return eprintln!("skipped: ssh-keygen is not installed"),
            keys => keys.unwrap(),
        };
        assert_eq!(keys.len(), 3);
        assert!(keys.iter().all(|key| key.private.contains("PRIVATE KEY") && key.public.ends_with(" root@web\n")));
        assert!(!format!("{keys:?}").contains("PRIVATE") && !place.exists());
    }
}
