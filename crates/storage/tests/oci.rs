//! Images from a registry that speaks the distribution API over HTTP on this machine: anonymously and with tokens,
//! whole and wrong.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use host::paths::Paths;
use serde_json::json;
use storage::oci::{Digest, Image, Pull, Reference, Registry, architecture};
use storage::{StorageError, Storages};
use store::SqliteStore;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A registry: what it has by path, and the token that it wants.
struct Served {
    files: BTreeMap<String, Vec<u8>>,
    token: Option<&'static str>,
}

impl Served {
    async fn start(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (served, own) = (Arc::new(self), address.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (served, own) = (served.clone(), own.clone());
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\n") {
                        let mut byte = [0];
                        // TLS comes first; it is not spoken here.
                        if stream.read(&mut byte).await.unwrap_or(0) == 0 || byte[0] == 0x16 {
                            return;
                        }
                        request.push(byte[0]);
                    }
                    let answer = served.answer(&String::from_utf8_lossy(&request), &own);
                    let _ = stream.write_all(&answer).await;
                });
            }
        });
        address
    }

    fn answer(&self, request: &str, own: &str) -> Vec<u8> {
        let path = request.split(' ').nth(1).unwrap();
        let respond = |status: &str, headers: &str, body: &[u8]| {
            let head =
                format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
            [head.as_bytes(), body].concat()
        };
        if let Some(query) = path.strip_prefix("/token?") {
            assert!(
                query.contains("scope=repository%3Ateam%2Fapp%3Apull") && query.contains("service=here"),
                "{query}"
            );
            return respond("200 OK", "", json!({"token": "t0k"}).to_string().as_bytes());
        }
        if let Some(token) = self.token
            && !request.to_ascii_lowercase().contains(&format!("authorization: bearer {token}"))
        {
            let wanted = format!(
                "www-authenticate: Bearer realm=\"http://{own}/token\",service=\"here\",scope=\"repository:team/app:pull\"\r\n"
            );
            return respond("401 Unauthorized", &wanted, b"");
        }
        match self.files.get(path) {
            Some(body) if path.ends_with("tags/list") => {
                respond("200 OK", "link: </v2/team/app/tags/list?last=1>; rel=\"next\"\r\n", body)
            }
            Some(body) => respond("200 OK", "", body),
            None => respond("404 Not Found", "", b""),
        }
    }
}

/// An image of two layers for this machine, beside one for another.
fn image() -> Served {
    let config =
        json!({"architecture": architecture(), "os": "linux", "config": {"Entrypoint": ["/bin/app"], "Env": ["A=1"]}});
    let (config, layers) = (config.to_string().into_bytes(), [b"first layer".to_vec(), b"second".to_vec()]);
    let point = |kind: &str, bytes: &[u8]| json!({"mediaType": kind, "digest": Digest::of(bytes), "size": bytes.len()});
    let kind = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": point("application/vnd.docker.container.image.v1+json", &config),
        "layers": layers.iter().map(|layer| point(kind, layer)).collect::<Vec<_>>(),
    });
    let manifest = manifest.to_string().into_bytes();
    let for_machine = |arch: &str, bytes: &[u8]| {
        let mut entry = point("application/vnd.docker.distribution.manifest.v2+json", bytes);
        entry["platform"] = json!({"architecture": arch, "os": "linux"});
        entry
    };
    let index =
        json!({"schemaVersion": 2, "manifests": [for_machine("mips", b"x"), for_machine(architecture(), &manifest)]});
    let mut files = BTreeMap::new();
    files.insert("/v2/team/app/manifests/1.0".to_owned(), index.to_string().into_bytes());
    files.insert(format!("/v2/team/app/manifests/{}", Digest::of(&manifest)), manifest);
    for blob in [config, layers[0].clone(), layers[1].clone()] {
        files.insert(format!("/v2/team/app/blobs/{}", Digest::of(&blob)), blob);
    }
    files.insert("/v2/team/app/tags/list".to_owned(), br#"{"tags": ["1.0"]}"#.to_vec());
    files.insert("/v2/team/app/tags/list?last=1".to_owned(), br#"{"tags": ["2.0"]}"#.to_vec());
    Served { files, token: Some("t0k") }
}

struct Place {
    _directory: tempfile::TempDir,
    paths: Paths,
    storages: Storages,
}

impl Place {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let paths = Paths::new(directory.path()).unwrap();
        let store = Arc::new(SqliteStore::temporary().unwrap());
        let storages = Storages::new(Arc::new(paths.clone()), store, "n1".parse().unwrap());
        storages.start().await;
        Self { _directory: directory, paths, storages }
    }

    async fn pull(&self, address: &str, tag: &str, private: bool) -> Result<String, StorageError> {
        let reference: Reference = format!("{address}/team/app:{tag}").parse().unwrap();
        let pull = Pull { reference, filename: None, private };
        pull.run(&self.storages, &"local".parse().unwrap(), |_, _| {}, |_| {}).await.map(|id| id.to_string())
    }

    fn files(&self) -> Vec<String> {
        let entries =
            std::fs::read_dir(self.paths.local_storage().join("template/cache")).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }
}

#[tokio::test]
async fn an_image_is_pulled_with_a_token_and_read_again() {
    let address = image().start().await;
    let place = Place::new().await;
    assert_eq!(place.pull(&address, "1.0", true).await.unwrap(), "local:vztmpl/app_1.0.tar");
    let path = place.paths.local_storage().join("template/cache/app_1.0.tar");
    let found = Image::open(&path).unwrap().unwrap();
    found.verify().unwrap();
    assert_eq!((found.process.argv.as_slice(), found.layers.len()), (["/bin/app".to_owned()].as_slice(), 2));
    let again = place.pull(&address, "1.0", true).await.unwrap_err().to_string();
    assert!(again.contains("refusing to override existing file"), "{again}");
    let reference: Reference = format!("{address}/team/app").parse().unwrap();
    let tags = Registry::new(&reference, true).unwrap().tags().await.unwrap();
    assert_eq!(tags, ["1.0", "2.0"]);
}

#[tokio::test]
async fn what_is_wrong_is_refused_and_leaves_nothing() {
    let place = Place::new().await;
    let refused = async |served: Served, tag: &str, private: bool| {
        let address = served.start().await;
        let error = place.pull(&address, tag, private).await.unwrap_err().to_string();
        assert_eq!(place.files(), Vec::<String>::new(), "{error}");
        error
    };
    let second = format!("/v2/team/app/blobs/{}", Digest::of(b"second"));
    let changed = |path: &str, content: &[u8]| {
        let mut served = image();
        served.files.insert(path.to_owned(), content.to_vec());
        served
    };
    let error = refused(changed(&second, b"SECOND"), "1.0", true).await;
    assert!(error.contains("checksum mismatch"), "{error}");
    let error = refused(changed(&second, b"sec"), "1.0", true).await;
    assert!(error.contains("does not have the 6 bytes"), "{error}");
    let error = refused(changed(&second, b"much too long"), "1.0", true).await;
    assert!(error.contains("does not have the 6 bytes"), "{error}");
    let manifest = image().files.keys().find(|path| path.contains("manifests/sha256")).unwrap().clone();
    let error = refused(changed(&manifest, b"{}"), "1.0", true).await;
    assert!(error.contains("checksum mismatch"), "{error}");
    let error = refused(changed("/v2/team/app/manifests/1.0", b"<html>"), "1.0", true).await;
    assert!(error.contains("manifest is wrong"), "{error}");
    assert!(refused(image(), "9", true).await.contains("was not found"));
    assert!(refused(Served { token: Some("other"), ..image() }, "1.0", true).await.contains("was denied"));
    assert!(refused(image(), "1.0", false).await.contains("not a public address"));
}
