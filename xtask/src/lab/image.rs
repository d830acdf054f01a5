//! The disk from which every node boots: Debian 13 with Debian's kernel, and everything that our package depends on.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::programs::{Outcome, Program, top};

/// Debian's release inside.
const RELEASE: &str = "trixie";

/// Size of the disk as a node sees it; the file here is sparse.
const SIZE: &str = "8G";

/// Pages that nobody reads there, and waiting for the disk: neither is worth the time.
const OPTIONS: [&str; 6] = [
    "--aptopt=Acquire::Languages \"none\"",
    "--dpkgopt=force-unsafe-io",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
];

/// A disk with its kernel, below `.dev/lab`.
pub(crate) struct Image {
    folder: PathBuf,
}

impl Image {
    pub(crate) fn disk(&self) -> PathBuf {
        self.folder.join("disk.raw")
    }

    pub(crate) fn kernel(&self) -> PathBuf {
        self.folder.join("vmlinuz")
    }

    pub(crate) fn initrd(&self) -> PathBuf {
        self.folder.join("initrd.img")
    }
}

/// The image of these sources: found, or built, which takes a minute or two.
pub(crate) fn get(folder: &Path) -> Result<Image, String> {
    let inputs = inputs().map_err(|err| format!("the lab's image: {err}"))?;
    let packages = packages(&inputs);
    let mut hasher = DefaultHasher::new();
    (RELEASE, SIZE, OPTIONS, &packages, &inputs).hash(&mut hasher);
    let wanted = folder.join(format!("image-{:016x}", hasher.finish()));
    if !wanted.is_dir() {
        // Built aside and renamed: an image that is there is whole.
        let made = folder.join(format!("image-new-{}", std::process::id()));
        let built = build(&made, &packages);
        fs::remove_dir_all(made.join("root")).ok();
        if let Err(err) = built.and_then(|()| fs::rename(&made, &wanted).map_err(|err| err.to_string())) {
            fs::remove_dir_all(&made).ok();
            return Err(format!("the lab's image could not be built: {err}"));
        }
        drop_others(folder, &wanted);
    }
    Ok(Image { folder: wanted })
}

/// Every file that decides what is in the image: name, whether it may be executed, text.
type Input = (String, u32, Vec<u8>);

fn inputs() -> std::io::Result<Vec<Input>> {
    fn walk(path: &Path, found: &mut Vec<Input>) -> std::io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                walk(&entry?.path(), found)?;
            }
        } else {
            let name = path.strip_prefix(top()).unwrap_or(path).display().to_string();
            found.push((name, path.metadata()?.permissions().mode() & 0o111, fs::read(path)?));
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(&top().join("tests/lab/image"), &mut found)?;
    found.sort();
    Ok(found)
}

/// What is installed: the lab's own list, and what our package depends on, so that it installs without a network.
fn packages(inputs: &[Input]) -> String {
    let own = inputs.iter().find(|(name, ..)| name.ends_with("/packages")).map(|(.., text)| text.clone());
    let own = String::from_utf8_lossy(&own.unwrap_or_default()).into_owned();
    let own = own.lines().filter(|line| !line.starts_with('#')).map(|line| line.trim().to_owned());
    let mut all: Vec<String> = own.filter(|line| !line.is_empty()).chain(crate::deb::dependencies()).collect();
    all.sort();
    all.dedup();
    all.join(",")
}

fn build(folder: &Path, packages: &str) -> Outcome {
    let mirror = mirror()?;
    fs::create_dir_all(folder).map_err(|err| format!("{}: {err}", folder.display()))?;
    let sources = top().join("tests/lab/image");
    let (root, disk) = (folder.join("root"), folder.join("disk.raw"));
    Program::new("mmdebstrap")
        .args(&["--quiet", "--variant=minbase"])
        .args(&OPTIONS)
        .args(&[format!("--include={packages}")])
        // Before the packages: the kernel's package makes its initial file system by these settings.
        .args(&[format!("--essential-hook=cp -r '{}/.' \"$1/\"", sources.join("files").display())])
        .args(&[format!("--customize-hook={}", sources.join("customize").display())])
        .args(&[RELEASE.to_owned(), root.display().to_string(), mirror])
        .run()?;
    for (kind, name) in [("vmlinuz-", "vmlinuz"), ("initrd.img-", "initrd.img")] {
        let boot = fs::read_dir(root.join("boot")).map_err(|err| format!("{}: {err}", root.display()))?;
        let found = boot.flatten().find(|entry| entry.file_name().to_string_lossy().starts_with(kind));
        let found = found.ok_or_else(|| format!("no {kind}* in the image's /boot"))?;
        fs::copy(found.path(), folder.join(name)).map_err(|err| format!("{name}: {err}"))?;
    }
    Program::new("mke2fs")
        .args(&["-q", "-t", "ext4", "-E", "lazy_itable_init=1,nodiscard", "-d"])
        .args(&[root.display().to_string(), disk.display().to_string(), SIZE.to_owned()])
        .run()
}

/// The Debian mirror that this machine uses for its own release.
fn mirror() -> Result<String, String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let code = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or_default().to_owned();
    let targets = Program::new("apt-get").args(&["indextargets", "--format", "$(CODENAME) $(REPO_URI)"]).output()?;
    let found = targets.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == code);
    found
        .map(|(_, address)| address.to_owned())
        .ok_or_else(|| format!("no mirror of Debian's release '{code}' in the apt sources"))
}

/// Removes images of other sources, unless a lab that is up may need them.
fn drop_others(folder: &Path, wanted: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let names: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let is = |path: &Path, kind: &str| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(kind));
    if names.iter().any(|path| is(path, "up") || is(path, "test-")) {
        return;
    }
    for path in names.iter().filter(|path| is(path, "image-") && *path != wanted) {
        fs::remove_dir_all(path).ok();
    }
}
