//! `./dev deb`: the Debian package, made with `dpkg-deb` from a tree laid out here.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::programs::{Outcome, Program, target_dir, top};
use crate::serve::COMMANDS;
use crate::web;

/// Builds the release binary, or takes the one that is named, and packs it with its links, units and scripts.
pub(crate) fn build(options: &[String]) -> Outcome {
    let binary = match options {
        [] => {
            web::build()?;
            Program::cargo(&["build", "--release", "--package", "pleiad"]).run()?;
            target_dir().join("release/pleiad")
        }
        [flag, file] if flag == "--binary" => std::path::absolute(file).map_err(|e| format!("--binary {file}: {e}"))?,
        _ => return Err("the one option is --binary FILE".to_owned()),
    };
    println!("{}", pack(&binary, &target_dir().join("deb"), &[])?.display());
    Ok(())
}

/// Packs this binary into a package in the folder `out`; `options` are further ones of `dpkg-deb`.
pub(crate) fn pack(binary: &Path, out: &Path, options: &[&str]) -> Result<PathBuf, String> {
    let arch = Program::new("dpkg").args(&["--print-architecture"]).output()?.trim().to_owned();
    let version = env!("CARGO_PKG_VERSION");
    let tree = out.join("tree");
    fs::remove_dir_all(&tree).ok();
    let file = out.join(format!("pleiad_{version}_{arch}.deb"));
    lay_out(&tree, binary, version, &arch).map_err(|e| format!("cannot lay out {}: {e}", tree.display()))?;
    // Members belong to root whoever builds; the time stamps are the last commit's: the same input, the same package.
    let when = Program::new("git").args(&["log", "-1", "--format=%ct"]).output().unwrap_or_default();
    Program::new("dpkg-deb")
        .args(&["--root-owner-group"])
        .args(options)
        .args(&["--build"])
        .args(&[tree.display().to_string(), file.display().to_string()])
        .env("SOURCE_DATE_EPOCH", when.trim())
        .run()?;
    Ok(file)
}

fn lay_out(tree: &Path, binary: &Path, version: &str, arch: &str) -> std::io::Result<()> {
    let put = |source: &Path, to: &str, mode: u32| {
        let target = tree.join(to);
        fs::create_dir_all(target.parent().unwrap_or(tree))?;
        fs::copy(source, &target)?;
        fs::set_permissions(&target, fs::Permissions::from_mode(mode))
    };
    put(binary, "usr/bin/pleiad", 0o755)?;
    for name in COMMANDS {
        symlink("pleiad", tree.join("usr/bin").join(name))?;
    }
    let packaging = top().join("packaging");
    for entry in fs::read_dir(packaging.join("systemd"))? {
        let unit = entry?;
        put(&unit.path(), &format!("usr/lib/systemd/system/{}", unit.file_name().to_string_lossy()), 0o644)?;
    }
    put(&packaging.join("lxcfs.conf"), "usr/lib/systemd/system/lxcfs.service.d/pleiad.conf", 0o644)?;
    put(&packaging.join("sysusers.conf"), "usr/lib/sysusers.d/pleiad.conf", 0o644)?;
    put(&top().join("LICENSE"), "usr/share/doc/pleiad/copyright", 0o644)?;
    put(&top().join("CHANGELOG.md"), "usr/share/doc/pleiad/changelog", 0o644)?;
    for script in ["postinst", "prerm", "postrm"] {
        put(&packaging.join("deb").join(script), &format!("DEBIAN/{script}"), 0o755)?;
    }
    fs::write(tree.join("DEBIAN/control"), control(version, arch))
}

/// The packages that ours depends on: the `run` part of packaging/apt-packages, and the libraries that are linked.
pub(crate) fn dependencies() -> Vec<String> {
    let packages = fs::read_to_string(top().join("packaging/apt-packages")).unwrap_or_default();
    let run = packages.lines().filter_map(|line| line.strip_prefix("run")).map(|name| name.trim().to_owned());
    run.chain(["libc6", "libpam0g", "libcrypt1", "adduser"].map(String::from)).collect()
}

fn control(version: &str, arch: &str) -> String {
    let depends: Vec<String> = dependencies()
        .into_iter()
        .map(|name| if name == "qemu-system-x86" { format!("{name} (>= 1:10)") } else { name })
        .collect();
    format!(
        "Package: pleiad\nVersion: {version}\nArchitecture: {arch}\nSection: admin\nPriority: optional\n\
         Maintainer: Pleiad developers <pleiad@pleiad.invalid>\nDepends: {}\n\
         Recommends: apparmor, virtiofsd, nfs-common, cifs-utils, smbclient, smartmontools\n\
         Conflicts: qemu-server, pve-manager, pve-container, libpve-storage-perl, libpve-access-control\n\
         Description: virtual machines and containers on a Debian host\n \
         One program with a REST API on port 8006 and the command lines qm, pct, pvesm,\n \
         pveum, pveam and pvesh. Guests run on QEMU and LXC.\n",
        depends.join(", ")
    )
}
