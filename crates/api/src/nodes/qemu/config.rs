//! `/nodes/{node}/qemu/{vmid}/{config,pending}`.

use std::time::Duration;

use access::Access;
use guest::{
    config_file::Pending,
    qemu::{Update, config::VmConfig},
};
use schema::{ApiError, Flat, NodeName, Params, Reply, Returns, StorageId, Vmid};
use serde_json::{Map, Value};

use super::{OfVm, permission, refused, skiplock, task};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::guest_config::typed;
use crate::nodes::pool::Place;
use crate::nodes::tags;

/// Whoever may change something may call; what he changes is checked option by option.
const ANY_CONFIG: &[&str] = &[
    "VM.Config.Disk",
    "VM.Config.CDROM",
    "VM.Config.CPU",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.HWType",
    "VM.Config.Options",
    "VM.Config.Cloudinit",
];

endpoints! {
    /// Shows a VM's configuration, with pending changes in it unless `current` is set.
    GET "/nodes/{node}/qemu/{vmid}/config" => read, name = "vm_config",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Changes a VM's configuration as a task.
    POST "/nodes/{node}/qemu/{vmid}/config" => change_async, name = "update_vm_async",
        Access::any("/vms/{vmid}", ANY_CONFIG), Target::Node, [Task];
    /// Changes a VM's configuration.
    PUT "/nodes/{node}/qemu/{vmid}/config" => change, name = "update_vm",
        Access::any("/vms/{vmid}", ANY_CONFIG), Target::Node;
    /// Lists a VM's options with the changes that wait for its next start.
    GET "/nodes/{node}/qemu/{vmid}/pending" => pending, name = "vm_pending",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
}

/// The options of a call as texts; other names for the same thing brought into one.
pub(super) fn texts(config: &VmConfig) -> Result<Vec<(String, String)>, ApiError> {
    let mut options = schema::config::pairs(config);
    if let Some(cdrom) = options.iter().position(|(key, _)| key == "cdrom") {
        let (_, value) = options.remove(cdrom);
        if options.iter().any(|(key, _)| key == "ide2") {
            return Err(ApiError::param("cdrom", "conflicts with 'ide2'"));
        }
        let value = if value.contains("media=") { value } else { format!("{value},media=cdrom") };
        options.push(("ide2".to_owned(), value));
    }
    guest::qemu::check_imports(&options).map_err(refused)?;
    guest::qemu::cloudinit::check_options(&options).map_err(refused)?;
    Ok(options)
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Read {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Show what is in force, without pending changes.
    #[param(default = "0")]
    current: Option<bool>,
    /// Show the configuration that a snapshot kept.
    #[param(format = "pve-configid", max_len = 40)]
    snapshot: Option<String>,
}

async fn read(call: Call, p: Read) -> Result<Map<String, Value>, ApiError> {
    let vm = call.node.vms.get(p.vmid).map_err(refused)?;
    let options: Vec<(String, String)> = match &p.snapshot {
        Some(name) => {
            let snapshot = vm.file.snapshots.get(name);
            let snapshot = snapshot.ok_or_else(|| ApiError::internal(format!("snapshot '{name}' does not exist")))?;
            snapshot.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
        }
        None => vm.shown(p.current == Some(true)),
    };
    let mut shown: Map<String, Value> =
        options.into_iter().map(|(key, value)| (key.clone(), typed::<VmConfig>(&key, &value))).collect();
    shown.insert("digest".to_owned(), vm.digest.clone().into());
    Ok(shown)
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Change {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Options to remove.
    #[param(format = "pve-configid-list")]
    delete: Option<String>,
    /// SHA-1 of the configuration that the caller has seen; the change is refused if it is another one now.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// Free the volumes of removed drives instead of keeping them as unused.
    #[param(requires = "delete")]
    force: Option<bool>,
    /// Pending changes to drop.
    #[param(format = "pve-configid-list")]
    revert: Option<String>,
    /// Change it whatever it is locked for; only root may.
    skiplock: Option<bool>,
    /// Options to set.
    config: Flat<VmConfig>,
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct ChangeAsync {
    /// Seconds to wait for the end of the task; if it ends well by then, the answer is empty.
    #[param(min = 1, max = 30)]
    background_delay: Option<u64>,
    /// Storage with images for what importing would unpack. Disks are read inside of archives here, so nothing is; it is
    /// checked all the same.
    #[param(name = "import-working-storage")]
    import_working_storage: Option<StorageId>,
    /// The change.
    change: Flat<Change>,
}

fn names(list: Option<&str>) -> Vec<String> {
    let names = schema::kind::split_list(list.unwrap_or_default());
    names.map(|name| if name == "cdrom" { "ide2" } else { name }.to_owned()).collect()
}

/// The change that a call asks for, permitted option by option.
fn update(call: &Call, p: &Change) -> Result<Update, ApiError> {
    let (mut set, delete, revert) = (texts(&p.config.0)?, names(p.delete.as_deref()), names(p.revert.as_deref()));
    if set.is_empty() && delete.is_empty() && revert.is_empty() {
        return Err(ApiError::internal("no options specified"));
    }
    for (list, keys) in [("delete", &delete), ("revert", &revert)] {
        if let Some(unknown) = keys.iter().find(|key| VmConfig::SPEC.find(key).is_none()) {
            return Err(ApiError::param(list, format!("unknown option '{unknown}'")));
        }
    }
    let touched: Vec<String> = delete.iter().chain(&revert).cloned().collect();
    permission::check(call, &Place::of(p.vmid), &set, &touched)?;
    tags::settle(call, p.vmid, &mut set, &delete)?;
    Ok(Update {
        set,
        delete,
        revert,
        digest: p.digest.clone(),
        force: p.force == Some(true),
        skiplock: skiplock(call, p.skiplock)?,
    })
}

async fn change(call: Call, p: Change) -> Result<(), ApiError> {
    let update = update(&call, &p)?;
    call.node.vms.get(p.vmid).map_err(refused)?;
    let notes = Notes::default();
    let changed = call.node.vms.update(&notes, p.vmid, update).await;
    if changed.is_err() {
        notes.take_back(&call).await;
    }
    changed.map_err(refused)
}

/// The steps of a change that is no task: taken back from memory. What a crash in the middle leaves is a disk that
/// belongs to the VM by name.
#[derive(Default)]
pub(crate) struct Notes(std::sync::Mutex<Vec<Value>>);

impl Notes {
    fn records(&self) -> std::sync::MutexGuard<'_, Vec<Value>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn take_back(&self, call: &Call) {
        let records = std::mem::take(&mut *self.records());
        for record in records.iter().rev() {
            if let Err(error) = call.node.vms.undo(record).await {
                tracing::error!("a failed change could not be taken back: {error}");
            }
        }
    }
}

impl guest::qemu::progress::Progress for Notes {
    fn log(&self, line: &str) {
        tracing::info!("{line}");
    }
    fn warn(&self, line: &str) {
        tracing::warn!("{line}");
    }
    fn undo(&self, record: Value) -> store::BoxFuture<'_, Result<(), String>> {
        self.records().push(record);
        Box::pin(async { Ok(()) })
    }
}

/// The UPID of a change that may have been waited for.
struct MaybeUpid(Option<String>);

impl Reply for MaybeUpid {
    const RETURNS: Returns = Returns::Text;
    fn value(self) -> Value {
        self.0.map_or(Value::Null, Value::String)
    }
}

async fn change_async(call: Call, p: ChangeAsync) -> Result<MaybeUpid, ApiError> {
    let (vmid, update) = (p.change.vmid, update(&call, &p.change)?);
    permission::working_storage(&call, p.import_working_storage.as_ref())?;
    let vms = call.node.vms.clone();
    vms.get(vmid).map_err(refused)?;
    let (done, ended) = tokio::sync::oneshot::channel();
    let work = move |ctx: task::TaskCtx| async move {
        let changed = vms.update(&ctx, vmid, update).await;
        // Fails only if nobody waits.
        let _ = done.send(changed.is_ok());
        Ok(changed?)
    };
    let upid = task(&call, "qmconfig", vmid, work).await?;
    if let Some(seconds) = p.background_delay
        && matches!(tokio::time::timeout(Duration::from_secs(seconds), ended).await, Ok(Ok(true)))
    {
        return Ok(MaybeUpid(None));
    }
    Ok(MaybeUpid(Some(upid)))
}

async fn pending(call: Call, p: OfVm) -> Result<Vec<Pending>, ApiError> {
    Ok(call.node.vms.get(p.vmid).map_err(refused)?.pending())
}
