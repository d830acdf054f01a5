//! Images of applications from registries.

use access::{Access, Check};
use schema::{ApiError, NodeName, Params, StorageId};
use storage::oci::{Pull, Reference, Registry};
use task::{TaskError, TaskSpec};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Lists the tags of an image at its registry.
    GET "/nodes/{node}/query-oci-repo-tags" => tags, name = "query_oci_repo_tags",
        Access::perm("/nodes/{node}", &["Sys.AccessNetwork"]), Target::Node;
    /// Lets the node fetch an image from its registry into a storage, as an archive among the container templates.
    POST "/nodes/{node}/storage/{storage}/oci-registry-pull" => pull, name = "oci_registry_pull",
        Access::and(&[
            Check::perm("/storage/{storage}", &["Datastore.AllocateTemplate"]),
            Check::perm("/nodes/{node}", &["Sys.AccessNetwork"]),
        ]), Target::Node, [Task];
}

const REPOSITORY: &str = r"^(?:(?:[a-zA-Z\d]|[a-zA-Z\d][a-zA-Z\d-]*[a-zA-Z\d])(?:\.(?:[a-zA-Z\d]|[a-zA-Z\d][a-zA-Z\d-]*[a-zA-Z\d]))*(?::\d+)?/)?[a-z\d]+(?:(?:[._]|__|[-]*)[a-z\d]+)*(?:/[a-z\d]+(?:(?:[._]|__|[-]*)[a-z\d]+)*)*$";
const TAGGED: &str = r"^(?:(?:[a-zA-Z\d]|[a-zA-Z\d][a-zA-Z\d-]*[a-zA-Z\d])(?:\.(?:[a-zA-Z\d]|[a-zA-Z\d][a-zA-Z\d-]*[a-zA-Z\d]))*(?::\d+)?/)?[a-z\d]+(?:(?:[._]|__|[-]*)[a-z\d]+)*(?:/[a-z\d]+(?:(?:[._]|__|[-]*)[a-z\d]+)*)*:\w[\w.-]{0,127}$";

#[derive(Params)]
struct Tags {
    /// The node.
    node: NodeName,
    /// Where the image is: `[HOST[:PORT]/]REPOSITORY`.
    #[param(pattern = REPOSITORY)]
    reference: String,
}

fn reference(text: &str) -> Result<Reference, ApiError> {
    text.parse().map_err(|error: String| ApiError::param("reference", error))
}

/// A node reaches networks that its users do not: only administrators may use it to look there.
fn private(call: &Call) -> bool {
    call.may("/", &["Sys.Modify"])
}

async fn tags(call: Call, p: Tags) -> Result<Vec<String>, ApiError> {
    let found =
        async { Registry::new(&reference(&p.reference)?, private(&call)).map_err(told)?.tags().await.map_err(told) };
    found.await
}

fn told(error: storage::oci::RegistryError) -> ApiError {
    ApiError::internal(error.to_string())
}

#[derive(Params)]
struct Fetch {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// The image: `[HOST[:PORT]/]REPOSITORY:TAG`.
    #[param(pattern = TAGGED)]
    reference: String,
    /// Its name in the storage; `.tar` is added, and characters other than letters, digits, `-`, `_` and `.` become `_`.
    #[param(min_len = 1, max_len = 255)]
    filename: Option<String>,
}

async fn pull(call: Call, p: Fetch) -> Result<String, ApiError> {
    let storages = call.node.storages.clone();
    let pull = Pull { reference: reference(&p.reference)?, filename: p.filename, private: private(&call) };
    let id = pull.check(&storages, &p.storage).map_err(error)?;
    let name = id.volname.strip_prefix("vztmpl/").unwrap_or(&id.volname).to_owned();
    let spec = TaskSpec { kind: "ocipull", id: name, user: call.user()?.to_string() };
    let work = |ctx: task::TaskCtx| async move {
        let progress = |had, all| ctx.progress("downloaded", had, all);
        tokio::select! {
            done = pull.run(&storages, &p.storage, progress, |line| ctx.log(line)) => {
                ctx.log(format!("pull of '{}' finished", done?));
            }
            () = ctx.cancelled() => return Err(TaskError::cancelled()),
        }
        Ok::<(), TaskError>(())
    };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(upid.to_string())
}
