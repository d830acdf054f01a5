//! `/nodes/{node}/disks/{wipedisk,initgpt,lvm,lvmthin,directory}`: what is made of disks.

use access::Access;
use schema::{ApiError, Flat, NodeName, Params, StorageId};
use storage::config::{Fixed, Options, StorageKind, edit};
use storage::disks::Disk;
use storage::disks::make::{self, FileSystem, Made};
use task::{TaskCtx, TaskError, TaskSpec};

use super::{find, inventory};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Makes a disk or partition an empty one.
    PUT "/nodes/{node}/disks/wipedisk" => wipe, name = "wipe_disk", Access::RootOnly, Target::Node, [Task];
    /// Puts an empty GPT on a disk that is not used.
    POST "/nodes/{node}/disks/initgpt" => initgpt, name = "initgpt",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
    /// Makes a volume group of a disk that is not used.
    POST "/nodes/{node}/disks/lvm" => lvm, name = "create",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
    /// Makes a volume group with a thin pool of a disk that is not used.
    POST "/nodes/{node}/disks/lvmthin" => lvmthin, name = "create",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
    /// Makes a directory of a disk that is not used, mounted at every start.
    POST "/nodes/{node}/disks/directory" => directory, name = "create",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Wipe {
    /// Name of the node.
    node: NodeName,
    /// The disk or partition.
    #[param(pattern = r"^/dev/[a-zA-Z0-9\/]+$")]
    disk: String,
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Init {
    /// Name of the node.
    node: NodeName,
    /// The disk.
    #[param(pattern = r"^/dev/[a-zA-Z0-9\/]+$")]
    disk: String,
    /// ID of the table; one is made up if none is given.
    #[param(pattern = r"[a-fA-F0-9\-]+", max_len = 36)]
    uuid: Option<String>,
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Create {
    /// Name of the node.
    node: NodeName,
    /// Name of what is made, and of its storage.
    name: StorageId,
    /// The disk.
    device: String,
    /// Add a storage for it.
    #[param(name = "add_storage", default = "0")]
    add_storage: Option<bool>,
}

#[derive(Params)]
struct Directory {
    what: Flat<Create>,
    /// Kind of the file system.
    #[param(default = "ext4")]
    filesystem: Option<FileSystem>,
}

/// One change of disks at a time: two would choose the same one.
pub(super) static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

pub(super) async fn spawn<F>(
    call: &Call,
    kind: &'static str,
    id: String,
    work: impl FnOnce(TaskCtx) -> F + Send + 'static,
) -> Result<String, ApiError>
where
    F: Future<Output = Result<(), TaskError>> + Send + 'static,
{
    let spec = TaskSpec { kind, id, user: call.user()?.to_string() };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(upid.to_string())
}

fn short(path: &str) -> String {
    path.trim_start_matches("/dev/").replace('/', "-")
}

pub(super) async fn parts(disk: &Disk) -> Result<Vec<Disk>, ApiError> {
    let all = inventory().await?;
    Ok(all.into_iter().filter(|one| one.parent.as_deref() == Some(disk.path.as_str())).collect())
}

async fn wipe(call: Call, p: Wipe) -> Result<String, ApiError> {
    let disk = find("disk", &p.disk).await?;
    make::check_idle(&disk, &parts(&disk).await?).map_err(error)?;
    let id = short(&disk.path);
    spawn(&call, "wipedisk", id, |ctx| async move {
        let _turn = TURN.lock().await;
        let disk = find("disk", &disk.path).await?;
        ctx.log(format!("wiping '{}'", disk.path));
        Ok(make::wipe(&disk, &parts(&disk).await?).await?)
    })
    .await
}

async fn initgpt(call: Call, p: Init) -> Result<String, ApiError> {
    let disk = find("disk", &p.disk).await?;
    make::check_free(&disk).map_err(error)?;
    let id = short(&disk.path);
    spawn(&call, "diskinit", id, |ctx| async move {
        let _turn = TURN.lock().await;
        let disk = find("disk", &disk.path).await?;
        ctx.log(format!("initialising '{}' with a GPT", disk.path));
        Ok(make::initialise(&disk, p.uuid.as_deref()).await?)
    })
    .await
}

async fn lvm(call: Call, p: Create) -> Result<String, ApiError> {
    create(call, Made::Group, "lvmcreate", p).await
}

async fn lvmthin(call: Call, p: Create) -> Result<String, ApiError> {
    create(call, Made::Pool, "lvmthincreate", p).await
}

async fn directory(call: Call, p: Directory) -> Result<String, ApiError> {
    create(call, Made::Directory(p.filesystem.unwrap_or(FileSystem::Ext4)), "dircreate", p.what.0).await
}

async fn create(call: Call, made: Made, kind: &'static str, p: Create) -> Result<String, ApiError> {
    let disk = find("device", &p.device).await?;
    let (name, add) = (p.name, p.add_storage == Some(true));
    if add {
        call.require("/storage", &["Datastore.Allocate"])?;
        if call.node.storages.config(&name).is_ok() {
            return Err(ApiError::param("name", format!("storage ID '{name}' already defined")));
        }
    }
    make::check(made, &disk, &name).await.map_err(error)?;
    let storages = call.node.storages.clone();
    spawn(&call, kind, name.to_string(), move |ctx| async move {
        let _turn = TURN.lock().await;
        // It may have got used meanwhile.
        let disk = find("device", &disk.path).await?;
        make::check(made, &disk, &name).await?;
        ctx.undo(make::undo_record(made, &disk, &name)).await?;
        make::make(made, &disk, &name, &|line| ctx.log(line)).await?;
        if add {
            let (kind, fixed, options) = section(made, &name, storages.node());
            let local = storages.paths().local_storage();
            let change = |text: &str| edit::create(text, &name, kind, &fixed, &options, &local);
            storages.edit(None, change).await?;
            ctx.log(format!("added storage '{name}'"));
        }
        Ok(())
    })
    .await
}

/// The storage on what was made.
fn section(made: Made, name: &StorageId, node: &NodeName) -> (StorageKind, Fixed, Options) {
    let options = |content: &[&str]| Options {
        content: content.iter().map(|word| (*word).to_owned()).collect(),
        nodes: vec![node.clone()],
        ..Options::default()
    };
    let group = Some(name.to_string());
    match made {
        Made::Group => (StorageKind::Lvm, Fixed { vgname: group, ..Fixed::default() }, options(&["rootdir", "images"])),
        Made::Pool => {
            let fixed = Fixed { vgname: group.clone(), thinpool: group, ..Fixed::default() };
            (StorageKind::Lvmthin, fixed, options(&["rootdir", "images"]))
        }
        Made::Directory(_) => {
            let path = Some(make::place(name).to_string_lossy().into_owned());
            let own = options(&["rootdir", "images", "iso", "backup", "vztmpl"]);
            let own = Options { is_mountpoint: Some("1".to_owned()), ..own };
            (StorageKind::Dir, Fixed { path, ..Fixed::default() }, own)
        }
    }
}
