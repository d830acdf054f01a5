//! Device nodes that appear in a container that runs.
//!
//! As for mount points: the node is made in a file system that only a namespace of ours sees, and a detached copy of
//! its mount is put over an empty file in the container.

use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, umount2};

use crate::{
    cgroup::{Cgroups, Mode},
    device_node::{self, Device, Node},
    lxc::{Lxc, LxcError},
    mount::{Inside, MountError, in_private_namespace},
    mount_live::{enter, root_of},
    mount_tree,
    process::Process,
    rootfs::Root,
    run::Run,
};

impl Lxc {
    /// Puts a device node into a running container; the empty file below it belongs to `owner`.
    ///
    /// # Errors
    /// When the system refuses, or the container ended; nothing is left then.
    pub async fn attach_device(
        &self,
        vmid: u32,
        init: Process,
        owner: Option<u32>,
        node: Node,
    ) -> Result<(), LxcError> {
        let place = self.home(vmid).join("hotplug").join("device");
        let done = in_private_namespace(move |_: &Inside| {
            let path = node.path.clone();
            let failed = |err: std::io::Error| MountError::Mount {
                source_path: "device node".into(),
                target: path.clone(),
                reason: err.to_string(),
            };
            device_node::make(&place, std::slice::from_ref(&node))?;
            let name = node.path.to_string_lossy().into_owned();
            let ours = Root::open(&place, None).and_then(|root| root.handle(&name)).map_err(failed)?;
            let theirs = root_of(&init, owner).map_err(failed)?;
            let above = node.path.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
            theirs.make_directories(&above).map_err(failed)?;
            if !theirs.is_there(&name) {
                theirs.write(&name, "", 0o600).map_err(failed)?;
            }
            let target = theirs.handle(&name).map_err(failed)?;
            let tree = mount_tree::detached(&ours, false).map_err(failed)?;
            enter(&init)?;
            mount_tree::put(&tree, &target).map_err(failed)
        });
        Ok(done.await??)
    }

    /// Lets a running privileged container open a device, or no longer.
    ///
    /// # Errors
    /// When the kernel or LXC refuses.
    pub async fn permit_device(
        &self,
        cgroups: &Cgroups,
        vmid: u32,
        device: Device,
        allowed: bool,
    ) -> Result<(), LxcError> {
        let file = if allowed { "devices.allow" } else { "devices.deny" };
        let rule = format!("{device} rw");
        match cgroups.mode() {
            Mode::Legacy => {
                let failed = |err| LxcError::File(format!("cannot write {file} of container {vmid}"), err);
                cgroups.group(&Self::groups(vmid).0).write_below("devices", file, &rule).map_err(failed)
            }
            // There the rules are a program that only LXC's monitor can exchange.
            Mode::Unified => {
                let words = self.tool("lxc-cgroup", vmid);
                Run::new(&words[0]).args(&words[1..]).args([file, &rule]).output().await?;
                Ok(())
            }
        }
    }
}

/// Takes a device node out of a running container. What has it open keeps it.
///
/// # Errors
/// When none is mounted there, or the container ended.
pub async fn detach(init: Process, path: &Path) -> Result<(), LxcError> {
    let path = path.to_owned();
    let done = in_private_namespace(move |_: &Inside| {
        let failed = |err: std::io::Error| LxcError::File(format!("cannot remove '{}'", path.display()), err);
        let above = path.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        let theirs = root_of(&init, None).map_err(failed)?;
        let above = theirs.directory(&above).map_err(failed)?;
        enter(&init)?;
        nix::unistd::fchdir(&above).map_err(|err| failed(err.into()))?;
        umount2(&name, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW).map_err(|err| failed(err.into()))?;
        theirs.remove(&path.to_string_lossy()).map_err(failed)
    });
    done.await?
}
