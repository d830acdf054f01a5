//! The first login: a password for `root@pam` and an API token, made once, told in one file.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use access::{Authid, Userid};
use api::{Caller, Node, Request, Verb};
use schema::{Args, Mode};
use serde_json::json;
use store::Txn;

/// Where the password's hash is. The realm `pam` takes this password for `root@pam` besides the system's own.
use api::access::login::FIRST_LOGIN as HASH;
/// Name of the token.
const TOKEN: &str = "first";

/// Makes both at the first start, and writes the file. Later starts change nothing.
///
/// # Errors
/// When the file cannot be written, or the store refuses.
pub(super) async fn ensure(node: &Arc<Node>, file: &Path) -> Result<(), String> {
    if node.store.tree().get(HASH).is_some() {
        return Ok(());
    }
    let random = host::crypt::random(15).map_err(|error| error.to_string())?;
    let password = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, random);
    let secret = token(node).await?;
    let id = format!("root@pam!{TOKEN}");
    let text = json!({
        "username": "root@pam", "password": password,
        "tokenid": id, "secret": secret, "token": format!("{id}={secret}"),
    });
    write(file, &format!("{text:#}\n")).map_err(|error| format!("{}: {error}", file.display()))?;
    // Last: as long as this is missing, the next start tries again.
    let hash = host::crypt::hash_sha256(&password).map_err(|error| error.to_string())?;
    let commit = node.store.commit(Txn::new().expect_absent(HASH).put(HASH, format!("root:{hash}:\n"))).await;
    commit.map(drop).map_err(|error| error.to_string())
}

/// Has the API make the token, after removing one that a killed daemon left.
async fn token(node: &Arc<Node>) -> Result<String, String> {
    let path = format!("/access/users/root@pam/token/{TOKEN}");
    call(node, Verb::Delete, &path, json!({})).await.ok();
    let made = call(node, Verb::Post, &path, json!({"privsep": 0, "comment": "made at the first start"})).await?;
    made["value"].as_str().map(str::to_owned).ok_or_else(|| "no token was made".to_owned())
}

async fn call(node: &Arc<Node>, verb: Verb, path: &str, args: serde_json::Value) -> Result<serde_json::Value, String> {
    let caller = Caller::Login(Authid::User(Userid::root()));
    let request = Request { verb, path: path.to_owned(), args: Args::from_json(Mode::Api, args), caller, peer: None };
    let answer = api::dispatch(node, node.router(), request).await.map_err(|error| error.to_string())?;
    Ok(answer.into_value())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // A file left by an earlier installation must not keep its rights.
    fs::remove_file(path)
        .or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}
