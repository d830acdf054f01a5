//! `/nodes/{node}/lxc/{vmid}/{feature,resize}`.

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, Vmid};

use super::refused;
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::qemu::feature::{Feature, OfFeature};
use crate::nodes::qemu::task;

endpoints! {
    /// Tells whether something can be done with a container's volumes.
    GET "/nodes/{node}/lxc/{vmid}/feature" => feature, name = "vm_feature",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Makes a volume of a container larger.
    PUT "/nodes/{node}/lxc/{vmid}/resize" => resize, name = "resize_vm",
        Access::any("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task];
}

/// Whether it can be done.
#[derive(Reply, Clone, Debug)]
struct Has {
    /// Whether.
    #[reply(name = "hasFeature")]
    has: bool,
}

async fn feature(call: Call, p: OfFeature) -> Result<Has, ApiError> {
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    let known = p.snapname.as_ref().is_none_or(|name| ct.file.snapshots.contains_key(name));
    let cts = &call.node.cts;
    let has = match p.feature {
        Feature::Copy => true,
        Feature::Snapshot => cts.can_snapshot(p.vmid).map_err(refused)?,
        Feature::Clone => p.snapname.is_none() && cts.can_link(p.vmid).map_err(refused)?,
    };
    Ok(Has { has: known && has })
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Resize {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// SHA-1 of the configuration that the caller has seen.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// The volume, by option: `rootfs` or `mp0` to `mp255`.
    disk: super::volume_option::VolumeOption,
    /// Its new size, or with `+` what is added; bytes, or with K, M, G, T.
    #[param(pattern = r"\+?\d+(\.\d+)?[KMGT]?")]
    size: String,
}

async fn resize(call: Call, p: Resize) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    let ct = cts.get(p.vmid).map_err(refused)?;
    if p.digest.is_some_and(|digest| digest != ct.digest) {
        return Err(refused(guest::lxc::CtError::Digest));
    }
    let (grow, size) = p.size.strip_prefix('+').map_or((false, p.size.as_str()), |size| (true, size));
    let bytes = schema::size::parse_disk_size(size).ok_or_else(|| ApiError::param("size", "not a size"))?;
    let disk = p.disk.0;
    cts.check_resize(p.vmid, &disk).map_err(refused)?;
    let work = move |ctx| async move { Ok(cts.resize(&ctx, p.vmid, &disk, bytes, grow).await?) };
    task(&call, "resize", p.vmid, work).await
}
