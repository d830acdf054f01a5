//! Archives of `docker save` from before Docker 25, which have no image layout: `manifest.json` names the configuration
//! and the layers (Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format").

use serde::Deserialize;

use super::manifest::Digest;

/// The member that says what the archive is.
pub(super) const MANIFEST: &str = "manifest.json";

/// One image of such an archive.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Saved {
    /// The member with its configuration.
    pub(super) config: String,
    /// The members with its layers, the lowest first.
    pub(super) layers: Vec<String>,
}

impl Saved {
    /// The one image that the archive has.
    ///
    /// # Errors
    /// When it has none or several.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let mut images: Vec<Self> =
            serde_json::from_slice(text).map_err(|error| format!("'{MANIFEST}' of the image: {error}"))?;
        match (images.pop(), images.len()) {
            (Some(only), 0) => Ok(only),
            (None, _) => Err("the archive has no image".to_owned()),
            (Some(_), more) => Err(format!("the archive has {} images: save one alone", more + 1)),
        }
    }

    /// Checks the configuration against its name, which is its checksum, and tells those of the layers.
    ///
    /// # Errors
    /// When it is another one, or does not tell of every layer.
    pub(super) fn checksums(&self, config: &[u8]) -> Result<Vec<Digest>, String> {
        #[derive(Deserialize)]
        struct Config {
            rootfs: Rootfs,
        }
        #[derive(Deserialize)]
        struct Rootfs {
            diff_ids: Vec<Digest>,
        }
        let found = Digest::of(config);
        let name = found.blob();
        if self.config.strip_suffix(".json") != name.rsplit('/').next() {
            return Err(format!("checksum mismatch: got '{found}' != expect '{}'", self.config));
        }
        let config: Config =
            serde_json::from_slice(config).map_err(|error| format!("'{}' of the image: {error}", self.config))?;
        let sums = config.rootfs.diff_ids;
        match sums.len() == self.layers.len() {
            true => Ok(sums),
            false => Err(format!("the image has {} layers and tells of {}", self.layers.len(), sums.len())),
        }
    }
}
