//! Storages to test with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::paths::Paths;
use host::run::Run;
use schema::{StorageId, Vmid};
use storage::{Format, Storages, VolumeId};
use store::{SqliteStore, Txn};

/// A node with a storage.
pub(crate) struct Place {
    pub(crate) storages: Storages,
    pub(crate) storage: StorageId,
    mounted: Option<PathBuf>,
    dir: tempfile::TempDir,
}

pub(crate) fn vmid(id: u32) -> Vmid {
    Vmid::new(id).unwrap()
}

/// Runs a program, and says what it said when it failed.
pub(crate) async fn run(program: &str, args: &[&str]) -> bool {
    let done = Run::new(program).args(args).output().await;
    done.inspect_err(|error| eprintln!("{error}")).is_ok()
}

impl Place {
    pub(crate) async fn new(config: &str, storage: &str, dir: tempfile::TempDir, mounted: Option<PathBuf>) -> Self {
        let store: Arc<dyn store::Store> = Arc::new(SqliteStore::temporary().unwrap());
        let paths = Arc::new(Paths::new(dir.path()).unwrap());
        let config = config.replace("ROOT", &dir.path().to_string_lossy());
        store.commit(Txn::new().put("storage.cfg", config)).await.unwrap();
        let storages = Storages::new(paths, store, "n1".parse().unwrap());
        storages.start().await;
        Self { storages, storage: storage.parse().unwrap(), mounted, dir }
    }

    pub(crate) async fn dir() -> Self {
        Self::new("dir: d1\n\tpath ROOT/d1\n", "d1", tempfile::tempdir().unwrap(), None).await
    }

    /// A storage on a new BTRFS in a file.
    pub(crate) async fn btrfs() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let (image, place) = (dir.path().join("image"), dir.path().join("b1"));
        std::fs::File::create(&image).unwrap().set_len(512 << 20).unwrap();
        std::fs::create_dir(&place).unwrap();
        let made = run("mkfs.btrfs", &["-q", image.to_str().unwrap()]).await
            && run("mount", &["-o", "loop", image.to_str().unwrap(), place.to_str().unwrap()]).await;
        if !made {
            eprintln!("skipped: no BTRFS can be made and mounted here");
            return None;
        }
        Some(Self::new("btrfs: b1\n\tpath ROOT/b1\n\tis_mountpoint 1\n", "b1", dir, Some(place)).await)
    }

    /// A storage of which this is the section.
    pub(crate) async fn given(section: &str) -> Self {
        let (_, rest) = section.split_once(": ").unwrap();
        let name = rest.split_whitespace().next().unwrap().to_owned();
        Self::new(section, &name, tempfile::tempdir().unwrap(), None).await
    }

    pub(crate) fn formats(&self) -> Vec<Format> {
        let config = self.storages.config(&self.storage).unwrap();
        storage::plugin::of(&config).unwrap().abilities(&config).formats.to_vec()
    }

    /// Where a volume lies.
    pub(crate) async fn path(&self, id: &VolumeId) -> PathBuf {
        self.storages.resolve(id).await.unwrap()
    }

    /// Writes into a volume as a guest would: a text at its beginning, or a file in a directory.
    pub(crate) async fn write(&self, id: &VolumeId, text: &str) {
        let path = self.path(id).await;
        if path.is_dir() {
            std::fs::write(path.join("file"), text).unwrap();
            return;
        }
        let format = self.storages.volume(id).unwrap().format;
        let script = self.dir.path().join("written");
        let mut block = text.as_bytes().to_vec();
        block.resize(512, 0);
        std::fs::write(&script, block).unwrap();
        let command = format!("write -q -s {} 65536 512", script.display());
        assert!(run("qemu-io", &["-f", &format, "-c", &command, path.to_str().unwrap()]).await);
    }

    /// What was written there.
    pub(crate) async fn read(&self, id: &VolumeId) -> String {
        let located = self.storages.located(id, None).await.unwrap();
        let storage::location::Location::Path(path) = located.location else { panic!("no path") };
        self.text(&path, located.format).await
    }

    /// What was written into what lies there.
    pub(crate) async fn text(&self, path: &Path, format: Format) -> String {
        if path.is_dir() {
            return std::fs::read_to_string(path.join("file")).unwrap_or_default();
        }
        let out = self.dir.path().join("read");
        let _ = std::fs::remove_file(&out);
        let places = [path.to_str().unwrap(), out.to_str().unwrap()];
        assert!(run("qemu-img", &[&["convert", "-U", "-f", format.as_str(), "-O", "raw"][..], &places].concat()).await);
        let block = std::fs::read(out).unwrap()[65536..65536 + 512].to_vec();
        String::from_utf8(block).unwrap().trim_end_matches('\0').to_owned()
    }

    /// What lies in the storage's directory of guests' volumes, where there is one.
    pub(crate) fn left(&self) -> Vec<PathBuf> {
        let config = self.storages.config(&self.storage).unwrap();
        let Ok(top) = config.directory(storage::Content::Images) else { return Vec::new() };
        std::fs::read_dir(top).unwrap().flatten().map(|entry| entry.path()).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(place) = self.mounted.take() else { return };
        // Tests end in a runtime that must not wait; another one may.
        let unmount = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run("umount", &[place.to_str().unwrap()]))
        };
        std::thread::spawn(unmount).join().unwrap();
    }
}
