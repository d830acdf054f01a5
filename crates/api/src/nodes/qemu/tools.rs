//! `/nodes/{node}/qemu/{vmid}/{resize,sendkey,monitor}`.

use access::Access;
use schema::{ApiError, NodeName, Params, Vmid};

use super::{refused, skiplock, task};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Makes a disk larger.
    PUT "/nodes/{node}/qemu/{vmid}/resize" => resize, name = "resize_vm",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task];
    /// Presses keys: `ctrl-alt-delete`.
    PUT "/nodes/{node}/qemu/{vmid}/sendkey" => sendkey, name = "vm_sendkey",
        Access::perm("/vms/{vmid}", &["VM.Console"]), Target::Node;
    /// Runs a command of QEMU's human monitor.
    POST "/nodes/{node}/qemu/{vmid}/monitor" => monitor, name = "monitor",
        Access::any("/vms/{vmid}", &["Sys.Audit", "Sys.Modify"]), Target::Node;
}

/// Disks that can be made larger.
#[derive(schema::Choice, Clone, Copy, Debug)]
#[rustfmt::skip]
pub(super) enum Disk {
    Ide0, Ide1, Ide2, Ide3,
    Scsi0, Scsi1, Scsi2, Scsi3, Scsi4, Scsi5, Scsi6, Scsi7, Scsi8, Scsi9, Scsi10, Scsi11, Scsi12, Scsi13, Scsi14, Scsi15,
    Scsi16, Scsi17, Scsi18, Scsi19, Scsi20, Scsi21, Scsi22, Scsi23, Scsi24, Scsi25, Scsi26, Scsi27, Scsi28, Scsi29, Scsi30,
    Virtio0, Virtio1, Virtio2, Virtio3, Virtio4, Virtio5, Virtio6, Virtio7, Virtio8, Virtio9, Virtio10, Virtio11, Virtio12,
    Virtio13, Virtio14, Virtio15,
    Sata0, Sata1, Sata2, Sata3, Sata4, Sata5,
    Efidisk0, Tpmstate0,
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Resize {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// SHA-1 of the configuration that the caller has seen.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// The disk.
    disk: Disk,
    /// Its new size, or with `+` what is added; bytes, or with K, M, G, T.
    #[param(pattern = r"\+?\d+(\.\d+)?[KMGT]?")]
    size: String,
    /// Resize it whatever the VM is locked for; only root may.
    skiplock: Option<bool>,
}

async fn resize(call: Call, p: Resize) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    let vms = call.node.vms.clone();
    let vm = vms.get(p.vmid).map_err(refused)?;
    if p.digest.is_some_and(|digest| digest != vm.digest) {
        return Err(refused(guest::qemu::VmError::Digest));
    }
    let (grow, size) = p.size.strip_prefix('+').map_or((false, p.size.as_str()), |size| (true, size));
    let bytes = schema::size::parse_disk_size(size).ok_or_else(|| ApiError::param("size", "not a size"))?;
    let disk = p.disk.as_str();
    task(&call, "resize", p.vmid, move |_| async move { Ok(vms.resize(p.vmid, disk, bytes, grow, skip).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct SendKey {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Keys by QEMU's names, joined by `-`.
    key: String,
    /// Whatever the VM is locked for; only root may.
    skiplock: Option<bool>,
}

async fn sendkey(call: Call, p: SendKey) -> Result<(), ApiError> {
    skiplock(&call, p.skiplock)?;
    call.node.vms.sendkey(p.vmid, &p.key).await.map_err(refused)
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Monitor {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// The command.
    command: String,
}

/// Commands that show something and change nothing, for callers who may only look.
fn only_shows(command: &str) -> bool {
    let mut words = command.split_whitespace();
    matches!(words.next(), Some("info" | "help" | "?"))
}

async fn monitor(call: Call, p: Monitor) -> Result<String, ApiError> {
    if !only_shows(&p.command) {
        call.require(&format!("/vms/{}", p.vmid), &["Sys.Modify"])?;
    }
    call.node.vms.monitor(p.vmid, &p.command).await.map_err(refused)
}
