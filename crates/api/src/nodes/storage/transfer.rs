//! Files that come into storages: uploads, and downloads by the node.

use std::path::PathBuf;

use access::{Access, Check};
use host::http::Request;
use schema::{ApiError, Choice, NodeName, Params, Reply, StorageId};
use storage::Content;
use storage::download::{Compression, Download};
use storage::upload::{self, Algorithm, Checksum, UploadedFile};
use task::{TaskError, TaskSpec};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Takes a file into a storage: a CD image, a container template, or a disk to import.
    POST "/nodes/{node}/storage/{storage}/upload" => upload, name = "upload",
        Access::perm("/storage/{storage}", &["Datastore.AllocateTemplate"]), Target::Any, [Task, Upload];
    /// Lets the node fetch a file from a URL into a storage.
    POST "/nodes/{node}/storage/{storage}/download-url" => download, name = "download_url",
        Access::and(&[
            Check::perm("/storage/{storage}", &["Datastore.AllocateTemplate"]),
            Check::Or(&[
                Check::perm("/", &["Sys.Audit", "Sys.Modify"]),
                Check::perm("/nodes/{node}", &["Sys.AccessNetwork"]),
            ]),
        ]), Target::Node, [Task];
    /// Asks a server what there is at a URL.
    GET "/nodes/{node}/query-url-metadata" => metadata, name = "query_url_metadata",
        Access::or(&[
            Check::perm("/", &["Sys.Audit", "Sys.Modify"]),
            Check::perm("/nodes/{node}", &["Sys.AccessNetwork"]),
        ]), Target::Node;
}

/// What can be brought into a storage.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Brought {
    /// A CD image.
    Iso,
    /// A container template.
    Vztmpl,
    /// A disk or archive to import.
    Import,
}

impl From<Brought> for Content {
    fn from(brought: Brought) -> Self {
        match brought {
            Brought::Iso => Self::Iso,
            Brought::Vztmpl => Self::Vztmpl,
            Brought::Import => Self::Import,
        }
    }
}

fn checksum(algorithm: Option<Algorithm>, expected: Option<String>) -> Option<Checksum> {
    Some(Checksum { algorithm: algorithm?, expected: expected? })
}

#[derive(Params)]
struct Upload {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// What the file is.
    #[param(format = "pve-storage-content")]
    content: Brought,
    /// Its name; characters other than letters, digits, `-`, `_` and `.` become `_`.
    #[param(max_len = 255)]
    filename: String,
    /// Checksum of the file in hex.
    #[param(requires = "checksum-algorithm")]
    checksum: Option<String>,
    /// How the checksum is computed.
    #[param(name = "checksum-algorithm", requires = "checksum")]
    checksum_algorithm: Option<Algorithm>,
    /// Where the received file is; set by the server.
    #[param(pattern = r"(/.*)?/var/tmp/pveupload-[0-9a-f]+")]
    tmpfilename: Option<String>,
}

async fn upload(call: Call, p: Upload) -> Result<String, ApiError> {
    let (storages, content) = (call.node.storages.clone(), Content::from(p.content));
    let path = p.tmpfilename.map(PathBuf::from);
    let path = path.ok_or_else(|| ApiError::param("filename", "no file was uploaded; send it as a multipart form"))?;
    // What is wrong with the request must be told now, not by a task.
    storages.usable_for(&p.storage, content).map_err(error)?;
    upload::check_name(content, &p.filename).map_err(error)?;
    let meta = tokio::fs::metadata(&path).await;
    let size = meta.map_err(|reason| ApiError::internal(format!("the uploaded file is gone - {reason}")))?.len();
    let spec = TaskSpec { kind: "imgcopy", id: String::new(), user: call.user()?.to_string() };
    let work = |ctx: task::TaskCtx| async move {
        let file = UploadedFile { path, size };
        let checksum = checksum(p.checksum_algorithm, p.checksum);
        let what = (&p.storage, content, p.filename.as_str());
        upload::finish(&storages, file, what, checksum, |line| ctx.log(line)).await?;
        ctx.log("finished file import successfully");
        Ok::<(), TaskError>(())
    };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(upid.to_string())
}

#[derive(Params)]
struct Fetch {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// From where.
    #[param(pattern = "https?://.*")]
    url: String,
    /// What the file is.
    #[param(format = "pve-storage-content")]
    content: Brought,
    /// Its name in the storage; characters other than letters, digits, `-`, `_` and `.` become `_`.
    #[param(max_len = 255)]
    filename: String,
    /// Checksum of the file in hex.
    #[param(requires = "checksum-algorithm")]
    checksum: Option<String>,
    /// How the checksum is computed.
    #[param(name = "checksum-algorithm", requires = "checksum")]
    checksum_algorithm: Option<Algorithm>,
    /// Unpack the file by this method: `gz`, `lzo`, `zst` or `bz2`.
    compression: Option<String>,
    /// Take the file only from a server with a certificate that the node trusts.
    #[param(name = "verify-certificates", default = "1")]
    verify_certificates: bool,
}

/// A node reaches networks that its users do not: only administrators may use it to look there.
fn request(call: &Call, url: String, verify: bool) -> Request {
    Request { url, verify, private: call.may("/", &["Sys.Modify"]) }
}

async fn download(call: Call, p: Fetch) -> Result<String, ApiError> {
    let storages = call.node.storages.clone();
    let compression = p.compression.map(|word| word.parse::<Compression>()).transpose();
    let download = Download {
        request: request(&call, p.url, p.verify_certificates),
        content: p.content.into(),
        filename: p.filename,
        checksum: checksum(p.checksum_algorithm, p.checksum),
        compression: compression.map_err(|reason| ApiError::param("compression", reason))?,
    };
    download.check(&storages, &p.storage).map_err(error)?;
    let spec =
        TaskSpec { kind: "download", id: upload::clean_name(&download.filename), user: call.user()?.to_string() };
    let work = |ctx: task::TaskCtx| async move {
        let progress = |had, all: Option<u64>| ctx.progress("downloaded", had, all.unwrap_or(u64::MAX));
        let done = download.run(&storages, &p.storage, progress, |line| ctx.log(line)).await?;
        ctx.log(format!("download of '{done}' finished"));
        Ok::<(), TaskError>(())
    };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(upid.to_string())
}

#[derive(Params)]
struct Ask {
    /// The node.
    node: NodeName,
    /// Which URL.
    #[param(pattern = "https?://.*")]
    url: String,
    /// Ask only a server with a certificate that the node trusts.
    #[param(name = "verify-certificates", default = "1")]
    verify_certificates: bool,
}

/// What a server tells of a file.
#[derive(Reply, Debug)]
struct Metadata {
    /// Name.
    filename: Option<String>,
    /// Bytes.
    size: Option<u64>,
    /// Media type.
    mimetype: Option<String>,
}

async fn metadata(call: Call, p: Ask) -> Result<Metadata, ApiError> {
    let told = request(&call, p.url, p.verify_certificates).metadata().await;
    let told = told.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(Metadata {
        filename: told.filename.map(|name| upload::clean_name(&name)),
        size: told.size,
        mimetype: told.mimetype,
    })
}
