//! `/nodes/{node}/aplinfo`: guest images that the node can build.

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, StorageId};
use storage::images;
use task::{TaskError, TaskSpec};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Lists guest images that this node can build from the archives of Debian and Ubuntu: container templates (section `system`) and
    /// disks with cloud-init (section `vm`).
    GET "/nodes/{node}/aplinfo" => list, name = "aplinfo", Access::User, Target::Node;
    /// Builds a guest image, or takes it from the cache, and puts it into a storage.
    POST "/nodes/{node}/aplinfo" => build, name = "apl_download",
        Access::perm("/storage/{storage}", &["Datastore.AllocateTemplate"]), Target::Node, [Task];
}

/// An image that can be built.
#[derive(Reply, Debug)]
struct Appliance {
    /// Name of its file.
    template: String,
    /// Name of the package.
    package: String,
    /// Version.
    version: String,
    /// Operating system.
    os: String,
    /// Architecture.
    architecture: String,
    /// `system` for containers, `vm` for virtual machines.
    section: images::Section,
    /// `lxc` or `qemu`.
    r#type: String,
    /// One line about it.
    headline: String,
    /// More about it.
    description: String,
    /// Where it comes from.
    source: String,
    /// Page about it.
    infopage: String,
}

#[derive(Params)]
struct List {
    /// The node.
    node: NodeName,
}

async fn list(_: Call, _: List) -> Result<Vec<Appliance>, ApiError> {
    let appliance = |image: images::Image| Appliance {
        package: format!("{}-{}", image.system.name(), image.release),
        version: image.version,
        os: format!("{}-{}", image.system.name(), image.release),
        architecture: images::architecture().unwrap_or_default().to_owned(),
        r#type: if image.section == images::Section::Vm { "qemu" } else { "lxc" }.to_owned(),
        description: format!("{}. Packages come from the mirror that this node uses itself.", image.headline),
        source: "mmdebstrap".to_owned(),
        infopage: match image.system {
            images::System::Debian => "https://www.debian.org/",
            images::System::Ubuntu => "https://ubuntu.com/",
        }
        .to_owned(),
        section: image.section,
        headline: image.headline,
        template: image.name,
    };
    Ok(images::catalogue().into_iter().map(appliance).collect())
}

#[derive(Params)]
struct Build {
    /// The node.
    node: NodeName,
    /// Where to put it.
    storage: StorageId,
    /// Name of the image.
    #[param(max_len = 255)]
    template: String,
}

async fn build(call: Call, p: Build) -> Result<String, ApiError> {
    let image = images::find(&p.template).map_err(error)?;
    let storages = call.node.storages.clone();
    storages.usable_for(&p.storage, image.content()).map_err(error)?;
    let spec = TaskSpec { kind: "download", id: image.name.clone(), user: call.user()?.to_string() };
    let work = |ctx: task::TaskCtx| async move {
        let log = |line: &str| ctx.log(line);
        tokio::select! {
            built = images::fetch(&storages, &image, &p.storage, &log) => ctx.log(format!("created '{}'", built?)),
            () = ctx.cancelled() => return Err(TaskError::cancelled()),
        }
        Ok::<(), TaskError>(())
    };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(upid.to_string())
}
