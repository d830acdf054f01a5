//! Uploads: multipart forms whose file goes to disk while it arrives.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use api::{Caller, Node, Verb, engine::Found};
use http_body_util::{BodyDataStream, BodyExt};
use hyper::{body::Incoming, header, http::request::Parts};
use schema::{ApiError, Args, Mode};
use tokio::io::AsyncWriteExt;

use super::request;

/// Names of received files begin so; the rest is random.
const PREFIX: &str = "pveupload-";
/// Where they are, below the root.
const FOLDER: &str = "var/tmp";
/// Largest form field that is not the file, bytes, and most fields.
const MAX_FIELD: u64 = 64 << 10;
const MAX_FIELDS: usize = 32;
/// A client that sends nothing for so long has gone.
const CHUNK_TIME: Duration = Duration::from_secs(60);

/// A received file; removed when dropped, unless a method took it over.
pub(super) struct File {
    path: PathBuf,
    kept: bool,
}

impl File {
    /// The file belongs to somebody else from now on.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if !self.kept {
            // It may have been moved to its place.
            std::fs::remove_file(&self.path).ok();
        }
    }
}

/// Who uploads by which method: looked at before a byte of the file is taken.
pub(super) struct Permit<'a> {
    /// The node.
    pub(super) node: &'a Arc<Node>,
    /// Verb of the method.
    pub(super) verb: Verb,
    /// Path of the method.
    pub(super) path: &'a str,
    /// Who.
    pub(super) caller: &'a Caller,
}

/// What came.
pub(super) struct Received {
    /// The fields; with a file also `filename` and `tmpfilename`, where it lies.
    pub(super) args: Args,
    /// The file.
    pub(super) file: Option<File>,
}

/// Receives a form. Fields must precede the file.
///
/// # Errors
/// 400 for what is no such form or came incompletely, 403 before anything of the file is stored, 500 when the disk is
/// full. Nothing is left then.
pub(super) async fn receive(permit: &Permit<'_>, head: &Parts, body: Incoming) -> Result<Received, ApiError> {
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(content_type).map_err(|error| unreadable(&error))?;
    let mut form = multer::Multipart::new(BodyDataStream::new(body.map_err(io::Error::other)), boundary);
    let mut received = Received { args: Args::new(Mode::Api), file: None };
    request::add_pairs(&mut received.args, head.uri.query().unwrap_or_default().as_bytes())?;
    for _ in 0..MAX_FIELDS {
        let Some(mut field) = timed(form.next_field()).await? else { break };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "filename" {
            let value = text(&mut field).await?;
            received.args.push(&name, &value);
            continue;
        }
        if received.file.is_some() {
            return Err(ApiError::param("filename", "more than one file in one upload"));
        }
        let given = field.file_name().unwrap_or_default().to_owned();
        // A form may also just name a file.
        if given.is_empty() {
            let value = text(&mut field).await?;
            received.args.push(&name, &value);
            continue;
        }
        received.args.set("filename", given);
        refuse_paths(&received.args)?;
        allowed(permit, &received.args)?;
        let file = store(&permit.node.paths.join(FOLDER), &mut field).await?;
        received.args.set("tmpfilename", file.path.display().to_string());
        received.file = Some(file);
    }
    if received.file.is_none() {
        refuse_paths(&received.args)?;
    }
    Ok(received)
}

/// Where the file lies is told by us only.
fn refuse_paths(args: &Args) -> Result<(), ApiError> {
    match args.values.contains_key("tmpfilename") {
        true => Err(ApiError::param("tmpfilename", "this parameter cannot be set by a client")),
        false => Ok(()),
    }
}

fn allowed(permit: &Permit<'_>, args: &Args) -> Result<(), ApiError> {
    let router = permit.node.router();
    match router.find(permit.verb, permit.path) {
        Found::Method(row, _) if row.has(api::engine::Flag::Upload) => (),
        _ => return Err(ApiError::new(501, "upload not implemented for this method")),
    }
    api::engine::dispatch::check(permit.node, router, permit.verb, permit.path, args.clone(), permit.caller)
}

async fn text(field: &mut multer::Field<'_>) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = timed(field.chunk()).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MAX_FIELD {
            return Err(ApiError::new(501, "for data too large"));
        }
    }
    String::from_utf8(bytes).map_err(|_| ApiError::new(400, "parameters are not valid UTF-8"))
}

async fn store(folder: &Path, field: &mut multer::Field<'_>) -> Result<File, ApiError> {
    let failed = |error: io::Error| ApiError::internal(format!("unable to store the upload: {error}"));
    tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    let random = host::crypt::random(16).map_err(failed)?;
    let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(format!("{PREFIX}{random}"));
    let mut open = tokio::fs::OpenOptions::new();
    // The name is random and must be new: nobody can have put a link there.
    let mut to = open.write(true).create_new(true).mode(0o600).open(&path).await.map_err(failed)?;
    let file = File { path, kept: false };
    while let Some(chunk) = timed(field.chunk()).await? {
        to.write_all(&chunk).await.map_err(failed)?;
    }
    to.flush().await.map_err(failed)?;
    Ok(file)
}

async fn timed<T>(work: impl Future<Output = multer::Result<T>>) -> Result<T, ApiError> {
    match tokio::time::timeout(CHUNK_TIME, work).await {
        Ok(result) => result.map_err(|error| unreadable(&error)),
        Err(_) => Err(ApiError::new(400, "the upload stopped in the middle: got timeout")),
    }
}

fn unreadable(error: &multer::Error) -> ApiError {
    ApiError::new(400, format!("the upload cannot be read: {error}"))
}

/// Removes what uploads left behind when the daemon was killed.
pub(super) fn clean(root: &Path) {
    let Ok(entries) = std::fs::read_dir(root.join(FOLDER)) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}
