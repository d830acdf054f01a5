//! The JSON documents of an image (image-spec): index, manifest, configuration.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// A larger document is none, bytes (distribution-spec suggests the same).
pub(super) const LIMIT: u64 = 4 << 20;
/// Most layers of an image.
const LAYERS: usize = 500;

pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
pub(super) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// A SHA-256 as images write it: `sha256:` and 64 digits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        let fits = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if fits { Ok(Self(hex.to_owned())) } else { Err(format!("'{text}' is no digest that is supported (sha256)")) }
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "sha256:{}", self.0)
    }
}

impl Digest {
    /// That of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::finish(sha2::Sha256::new().chain_update(bytes))
    }

    /// That of what was computed piece by piece.
    pub(super) fn finish(sum: sha2::Sha256) -> Self {
        Self(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Where a layout keeps what has it.
    #[must_use]
    pub fn blob(&self) -> String {
        format!("blobs/sha256/{}", self.0)
    }
}

/// A pointer to a document or layer.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    /// What it is.
    #[serde(default)]
    pub media_type: String,
    /// Its checksum.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// For which machines, in an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Notes of whoever made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<serde_json::Map<String, serde_json::Value>>,
}

/// For which machines an image is.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(super) struct Platform {
    /// Architecture, by the names of Go.
    pub architecture: String,
    /// Operating system.
    pub os: String,
    /// All else that may be said.
    #[serde(flatten)]
    pub more: serde_json::Map<String, serde_json::Value>,
}

/// What a document says that is an index or a manifest.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Document {
    /// Images for several machines.
    Index(Vec<Descriptor>),
    /// One image.
    Manifest(Box<Manifest>),
}

/// One image: its configuration and its layers, the lowest first.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    schema_version: u32,
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) config: Descriptor,
    pub(super) layers: Vec<Descriptor>,
}

impl Document {
    /// Reads either.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Index {
            manifests: Vec<Descriptor>,
        }
        let wrong = |error: serde_json::Error| format!("the image's manifest is wrong: {error}");
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(wrong)?;
        if value.get("manifests").is_some() {
            return Ok(Self::Index(serde_json::from_value::<Index>(value).map_err(wrong)?.manifests));
        }
        if value.get("config").is_none() {
            return Err("the image's manifest is of a kind that is not supported".to_owned());
        }
        let manifest: Manifest = serde_json::from_value(value).map_err(wrong)?;
        if manifest.layers.len() > LAYERS {
            return Err(format!("the image has more than {LAYERS} layers"));
        }
        Ok(Self::Manifest(Box::new(manifest)))
    }
}

impl Manifest {
    /// The same image with the types of image-spec, where it came with Docker's.
    pub(super) fn to_oci(&self) -> Self {
        let typed = |descriptor: &Descriptor, media_type: String| Descriptor { media_type, ..descriptor.clone() };
        let layer = |layer: &Descriptor| {
            let kind = layer.media_type.as_str();
            let media_type = match kind.rsplit(['.', '+']).next() {
                _ if kind.starts_with(LAYER) => kind.to_owned(),
                Some(packing @ ("gzip" | "zstd")) => format!("{LAYER}+{packing}"),
                _ => LAYER.to_owned(),
            };
            typed(layer, media_type)
        };
        Self {
            schema_version: 2,
            media_type: MANIFEST.to_owned(),
            config: typed(&self.config, CONFIG.to_owned()),
            layers: self.layers.iter().map(layer).collect(),
        }
    }
}

/// The image for this machine.
///
/// # Errors
/// When there is none.
pub(super) fn choose<'a>(manifests: &'a [Descriptor], architecture: &str) -> Result<&'a Descriptor, String> {
    let fits =
        |one: &&Descriptor| one.platform.as_ref().is_some_and(|of| of.os == "linux" && of.architecture == architecture);
    // One for all needs no label.
    let only = match manifests {
        [only] if only.platform.is_none() => Some(only),
        _ => None,
    };
    let there = || {
        let names = manifests.iter().filter_map(|one| one.platform.as_ref());
        let mut names: Vec<String> = names.map(|of| format!("{}/{}", of.os, of.architecture)).collect();
        names.dedup();
        names.join(", ")
    };
    let found = manifests.iter().find(fits).or(only);
    found.ok_or_else(|| format!("there is no image for linux/{architecture}, only for: {}", there()))
}

/// How an image's program is run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// The program with its arguments.
    pub argv: Vec<String>,
    /// Its environment, in order.
    pub env: Vec<(String, String)>,
    /// Where it begins; `/` when empty.
    pub directory: String,
    /// As whom: `USER[:GROUP]`, names or numbers; root when empty.
    pub user: String,
    /// The signal that asks it to end.
    pub stop_signal: Option<String>,
    /// Places whose content should survive the container.
    pub volumes: Vec<String>,
}

/// Reads an image's configuration.
///
/// # Errors
/// When it is none, or is for other machines.
pub(super) fn process(bytes: &[u8], architecture: &str) -> Result<Process, String> {
    #[derive(Deserialize)]
    struct Config {
        architecture: String,
        os: String,
        config: Option<Execution>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "PascalCase")]
    struct Execution {
        user: Option<String>,
        env: Option<Vec<String>>,
        entrypoint: Option<Vec<String>>,
        cmd: Option<Vec<String>>,
        working_dir: Option<String>,
        stop_signal: Option<String>,
        volumes: Option<serde_json::Map<String, serde_json::Value>>,
    }
    let config: Config =
        serde_json::from_slice(bytes).map_err(|error| format!("the image's configuration is wrong: {error}"))?;
    if (config.os.as_str(), config.architecture.as_str()) != ("linux", architecture) {
        return Err(format!("the image is for {}/{}, not for linux/{architecture}", config.os, config.architecture));
    }
    let found = config.config.unwrap_or_default();
    let env = found.env.unwrap_or_default();
    Ok(Process {
        argv: [found.entrypoint, found.cmd].into_iter().flatten().flatten().collect(),
        env: env.iter().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        directory: found.working_dir.unwrap_or_default(),
        user: found.user.unwrap_or_default(),
        stop_signal: found.stop_signal.filter(|signal| !signal.is_empty()),
        volumes: found.volumes.unwrap_or_default().into_iter().map(|(path, _)| path).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn digests_are_strict() {
        assert_eq!(Digest::of(b"").to_string().parse::<Digest>().unwrap(), Digest::of(b""));
        for wrong in ["sha256:../../x", "sha512:00", "md5:x", &format!("sha256:{}", "A".repeat(64))] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_image_for_this_machine_is_chosen() {
        let entry = |arch: &str, text: &str| json!({"digest": Digest::of(text.as_bytes()), "size": 1, "mediaType": MANIFEST, "platform": {"architecture": arch, "os": "linux", "variant": "v8"}});
        let index = json!({"schemaVersion": 2, "manifests": [entry("arm64", "a"), entry("amd64", "b")]}).to_string();
        let Document::Index(found) = Document::parse(index.as_bytes()).unwrap() else { panic!("no index") };
        assert_eq!(choose(&found, "amd64").unwrap().digest, Digest::of(b"b"));
        assert_eq!(
            choose(&found, "riscv64").unwrap_err(),
            "there is no image for linux/riscv64, only for: linux/arm64, linux/amd64"
        );
    }

    #[test]
    fn a_configuration_is_read_with_all_that_may_be_missing() {
        let whole = json!({"architecture": "amd64", "os": "linux", "config": {"User": "app:app", "Env": ["A=b=c", "bad"],
            "Entrypoint": ["/x"], "Cmd": ["y z"], "WorkingDir": "/w", "StopSignal": "SIGQUIT", "Volumes": {"/data": {}}}});
        let found = process(whole.to_string().as_bytes(), "amd64").unwrap();
        assert_eq!(found.argv, ["/x", "y z"]);
        assert_eq!(found.env, [("A".to_owned(), "b=c".to_owned())]);
        assert_eq!((found.directory.as_str(), found.user.as_str()), ("/w", "app:app"));
        assert_eq!(found.volumes, ["/data"]);
        let bare = json!({"architecture": "amd64", "os": "linux", "config": {"Env": null, "Cmd": null}}).to_string();
        assert_eq!(process(bare.as_bytes(), "amd64").unwrap(), Process::default());
        assert!(process(bare.as_bytes(), "arm64").unwrap_err().contains("linux/amd64"));
    }

    #[test]
    fn types_of_docker_become_those_of_the_specification() {
        let layer = |kind: &str| json!({"digest": Digest::of(b"l"), "size": 3, "mediaType": kind});
        let text = json!({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": layer("application/vnd.docker.container.image.v1+json"),
            "layers": [layer("application/vnd.docker.image.rootfs.diff.tar.gzip"), layer("application/vnd.docker.image.rootfs.diff.tar"), layer("application/vnd.oci.image.layer.v1.tar+zstd")]});
        let Document::Manifest(found) = Document::parse(text.to_string().as_bytes()).unwrap() else {
            panic!("no manifest")
        };
        let kinds: Vec<String> = found.to_oci().layers.into_iter().map(|layer| layer.media_type).collect();
        assert_eq!(kinds, [format!("{LAYER}+gzip"), LAYER.to_owned(), format!("{LAYER}+zstd")]);
    }
}
