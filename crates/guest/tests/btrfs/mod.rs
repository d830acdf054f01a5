//! BTRFS in a file, for tests of what needs snapshots of storages.

#![allow(clippy::unwrap_used)] // Helpers of tests.
#![allow(unreachable_pub)]

/// A file system that keeps states of raw files, for as long as this lives.
pub struct Btrfs(tempfile::TempDir);

impl Btrfs {
    /// None where this machine has none.
    pub async fn new() -> Option<Self> {
        let place = Self(tempfile::tempdir().unwrap());
        let image = place.0.path().join("image");
        let mounted = place.0.path().join("mounted");
        std::fs::create_dir(&mounted).unwrap();
        std::fs::File::create(&image).unwrap().set_len(256 << 20).unwrap();
        let made = host::run::Run::new("mkfs.btrfs").arg("-q").arg(&image).output().await.is_ok()
            && host::run::Run::new("mount").args(["-o", "loop"]).arg(&image).arg(&mounted).output().await.is_ok();
        made.then_some(place)
    }

    /// Where it is mounted.
    pub fn mounted(&self) -> std::path::PathBuf {
        self.0.path().join("mounted")
    }
}

impl Drop for Btrfs {
    #[allow(clippy::disallowed_methods, reason = "nobody waits for futures here")]
    fn drop(&mut self) {
        let mounted = self.0.path().join("mounted");
        std::process::Command::new("umount").arg("-l").arg(mounted).status().unwrap();
    }
}
