//! Image layouts in one tar archive (image-spec, `image-layout.md`).

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use host::layers::{Layer, Part};
use serde_json::json;
use sha2::Digest as _;

use super::architecture;
use super::manifest::{self, Descriptor, Digest, Document, Manifest, Process};
use super::saved::{self, Saved};
use crate::ova::{self, Member};

/// The member that says what the archive is.
const LAYOUT: &str = "oci-layout";
const INDEX: &str = "index.json";
/// How deep indexes may point to indexes.
const DEPTH: usize = 4;

/// An image for this machine in an archive.
#[derive(Debug)]
pub struct Image {
    /// The archive.
    pub file: Arc<File>,
    /// Its layers, the lowest first.
    pub layers: Vec<Layer>,
    /// How its program is run.
    pub process: Process,
    /// Which image it is: the checksum of its manifest.
    pub digest: Digest,
    checksums: Vec<Digest>,
}

impl Image {
    /// Opens an archive; nothing when it has no image layout. Documents are compared with their checksums, layers only
    /// by [`Image::verify`].
    ///
    /// # Errors
    /// When it cannot be read, or has no whole image for this machine.
    pub fn open(path: &Path) -> Result<Option<Self>, String> {
        let failed = |error: io::Error| format!("cannot read '{}': {error}", path.display());
        let mut file = File::open(path).map_err(failed)?;
        let mut head = [0; 512];
        // Compressed ones are no archives of images; a short file is none either.
        if file.read_exact(&mut head).is_err() || head.get(257..262) != Some(b"ustar") {
            return Ok(None);
        }
        let members = match ova::members(&mut file) {
            Ok(members) if has(&members, LAYOUT) => members,
            Ok(members) if has(&members, saved::MANIFEST) && members.iter().any(|m| m.name.ends_with("layer.tar")) => {
                return Contents { file: Arc::new(file), members }.saved().map(Some);
            }
            // A usual template may have more members than are looked at, and must not be refused for it.
            _ => return Ok(None),
        };
        let contents = Contents { file: Arc::new(file), members };
        let index = contents.document(INDEX)?;
        let (digest, found) = contents.find(&index, 0)?;
        let config = contents.checked(&found.config)?;
        let process = manifest::process(&config, architecture())?;
        let layers = found.layers.iter().map(|layer| contents.layer(layer)).collect::<Result<_, _>>()?;
        let checksums = found.layers.iter().map(|layer| layer.digest.clone()).collect();
        Ok(Some(Self { file: contents.file, layers, process, digest, checksums }))
    }

    /// Compares the layers with their checksums, which takes as long as reading them. What is verified is what this
    /// value keeps open, whatever becomes of the archive's name.
    ///
    /// # Errors
    /// When one is not what it should be.
    pub fn verify(&self) -> Result<(), String> {
        for (layer, expected) in self.layers.iter().zip(&self.checksums) {
            let mut part = Part::new(self.file.clone(), layer.offset, layer.size);
            let (mut sum, mut chunk) = (sha2::Sha256::new(), vec![0; 1 << 20]);
            loop {
                match part.read(&mut chunk).map_err(|error| format!("cannot read the image: {error}"))? {
                    0 => break,
                    count => sum.update(&chunk[..count]),
                }
            }
            let found = Digest::finish(sum);
            if found != *expected {
                return Err(format!("checksum mismatch: got '{found}' != expect '{expected}'"));
            }
        }
        Ok(())
    }
}

fn has(members: &[Member], name: &str) -> bool {
    members.iter().any(|member| member.name == name)
}

struct Contents {
    file: Arc<File>,
    members: Vec<Member>,
}

impl Contents {
    fn member(&self, name: &str) -> Result<&Member, String> {
        let found = self.members.iter().find(|member| member.name == name);
        found.ok_or_else(|| format!("the image is not whole: '{name}' is missing"))
    }

    fn document(&self, name: &str) -> Result<Vec<u8>, String> {
        let member = self.member(name)?;
        if member.size > manifest::LIMIT {
            return Err(format!("'{name}' of the image is too large"));
        }
        let mut bytes = Vec::new();
        let read = Part::new(self.file.clone(), member.offset, member.size).read_to_end(&mut bytes);
        read.map_err(|error| format!("cannot read the image: {error}"))?;
        Ok(bytes)
    }

    fn checked(&self, wanted: &Descriptor) -> Result<Vec<u8>, String> {
        let bytes = self.document(&wanted.digest.blob())?;
        let found = Digest::of(&bytes);
        if found != wanted.digest {
            return Err(format!("checksum mismatch: got '{found}' != expect '{}'", wanted.digest));
        }
        Ok(bytes)
    }

    /// The image of an archive without a layout.
    fn saved(self) -> Result<Image, String> {
        let saved = Saved::parse(&self.document(saved::MANIFEST)?)?;
        let config = self.document(&saved.config)?;
        let checksums = saved.checksums(&config)?;
        let process = manifest::process(&config, architecture())?;
        let layers = saved.layers.iter().map(|name| self.member(name));
        let layers = layers.map(|found| found.map(|member| Layer { offset: member.offset, size: member.size }));
        let layers = layers.collect::<Result<_, _>>()?;
        Ok(Image { file: self.file, layers, process, digest: Digest::of(&config), checksums })
    }

    fn find(&self, document: &[u8], depth: usize) -> Result<(Digest, Manifest), String> {
        match Document::parse(document)? {
            Document::Manifest(manifest) => Ok((Digest::of(document), *manifest)),
            Document::Index(_) if depth >= DEPTH => Err("the image's indexes point to each other".to_owned()),
            Document::Index(manifests) => {
                let chosen = match manifests.as_slice() {
                    // An index of its own at the top may say nothing of machines.
                    [only] => only,
                    several => manifest::choose(several, architecture())?,
                };
                self.find(&self.checked(chosen)?, depth + 1)
            }
        }
    }

    fn layer(&self, layer: &Descriptor) -> Result<Layer, String> {
        let member = self.member(&layer.digest.blob())?;
        if member.size != layer.size {
            return Err(format!("layer '{}' has {} bytes instead of {}", layer.digest, member.size, layer.size));
        }
        Ok(Layer { offset: member.offset, size: member.size })
    }
}

/// The first members of an archive: all but the image's own documents and layers. `tag` is the name that the image has
/// in it.
pub(super) fn write_start(out: &mut impl Write, manifest: &[u8], tag: &str) -> io::Result<()> {
    write_member(out, LAYOUT, json!({"imageLayoutVersion": "1.0.0"}).to_string().as_bytes())?;
    let descriptor = json!({
        "mediaType": manifest::MANIFEST,
        "digest": Digest::of(manifest),
        "size": manifest.len(),
        "annotations": {"org.opencontainers.image.ref.name": tag},
    });
    let index = json!({"schemaVersion": 2, "mediaType": manifest::INDEX, "manifests": [descriptor]});
    write_member(out, INDEX, index.to_string().as_bytes())?;
    write_member(out, &Digest::of(manifest).blob(), manifest)
}

/// A member whose content is at hand.
pub(super) fn write_member(out: &mut impl Write, name: &str, content: &[u8]) -> io::Result<()> {
    out.write_all(&header(name, content.len() as u64))?;
    out.write_all(content)?;
    out.write_all(padding(content.len() as u64))
}

/// The header of a file in a tar archive (POSIX ustar).
pub(super) fn header(name: &str, size: u64) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, &name.as_bytes()[..name.len().min(100)]);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(136, b"00000000000\0");
    put(156, b"0");
    put(257, b"ustar\x0000");
    // More than eleven octal digits hold is written in plain bytes, as GNU does.
    match size < 1 << 33 {
        true => put(124, format!("{size:011o}\0").as_bytes()),
        false => {
            put(124, &[128]);
            put(128, &size.to_be_bytes());
        }
    }
    put(148, b"        ");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// What fills a member's last block.
pub(super) fn padding(size: u64) -> &'static [u8] {
    const ZEROS: [u8; 512] = [0; 512];
    let used = usize::try_from(size % 512).unwrap_or(0);
    if used == 0 { &[] } else { &ZEROS[used..] }
}

/// What ends an archive.
pub(super) const END: [u8; 1024] = [0; 1024];

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(content: &[u8], kind: &str) -> serde_json::Value {
        json!({"mediaType": kind, "digest": Digest::of(content), "size": content.len()})
    }

    fn image(layer: &[u8], stored: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let config = json!({"architecture": architecture(), "os": "linux", "config": {"Cmd": ["/x"]}}).to_string();
        let kind = "application/vnd.oci.image.layer.v1.tar";
        let manifest = json!({"schemaVersion": 2, "config": descriptor(config.as_bytes(), "c"), "layers": [descriptor(layer, kind)]});
        let mut bytes = Vec::new();
        write_start(&mut bytes, manifest.to_string().as_bytes(), "1").unwrap();
        write_member(&mut bytes, &Digest::of(config.as_bytes()).blob(), config.as_bytes()).unwrap();
        write_member(&mut bytes, &Digest::of(layer).blob(), stored).unwrap();
        bytes.extend_from_slice(&END);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.tar");
        std::fs::write(&path, bytes).unwrap();
        (directory, path)
    }

    #[test]
    fn what_is_written_is_read() {
        let (_directory, path) = image(b"layer", b"layer");
        let image = Image::open(&path).unwrap().unwrap();
        assert_eq!(image.process.argv, ["/x"]);
        image.verify().unwrap();
        let mut text = String::new();
        Part::new(image.file.clone(), image.layers[0].offset, image.layers[0].size).read_to_string(&mut text).unwrap();
        assert_eq!(text, "layer");
    }

    #[test]
    fn what_was_changed_is_refused() {
        let (_directory, path) = image(b"layer", b"LAYER");
        assert!(Image::open(&path).unwrap().unwrap().verify().unwrap_err().starts_with("checksum mismatch"));
        let (_directory, path) = image(b"layer", b"shorter layer");
        assert!(Image::open(&path).unwrap_err().contains("has 13 bytes instead of 5"));
    }

    /// An archive as older versions of `docker save` wrote it.
    fn saved(images: usize, stored: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let layer = b"layer";
        let config = json!({"architecture": architecture(), "os": "linux", "config": {"Cmd": ["/x"]},
            "rootfs": {"type": "layers", "diff_ids": [Digest::of(layer)]}});
        let config = config.to_string();
        let name = Digest::of(config.as_bytes()).blob().rsplit('/').next().unwrap().to_owned() + ".json";
        let one = json!({"Config": name, "RepoTags": ["team/app:1"], "Layers": ["0a/layer.tar"]});
        let mut bytes = Vec::new();
        write_member(&mut bytes, "0a/VERSION", b"1.0").unwrap();
        write_member(&mut bytes, "0a/layer.tar", stored).unwrap();
        write_member(&mut bytes, &name, config.as_bytes()).unwrap();
        write_member(&mut bytes, "manifest.json", json!(vec![one; images]).to_string().as_bytes()).unwrap();
        bytes.extend_from_slice(&END);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.tar");
        std::fs::write(&path, bytes).unwrap();
        (directory, path)
    }

    #[test]
    fn what_docker_saved_is_read() {
        let (_directory, path) = saved(1, b"layer");
        let image = Image::open(&path).unwrap().unwrap();
        assert_eq!((image.process.argv.as_slice(), image.layers.len()), (["/x".to_owned()].as_slice(), 1));
        image.verify().unwrap();
        let (_directory, path) = saved(1, b"LAYER");
        assert!(Image::open(&path).unwrap().unwrap().verify().unwrap_err().starts_with("checksum mismatch"));
        let (_directory, path) = saved(2, b"layer");
        assert_eq!(Image::open(&path).unwrap_err(), "the archive has 2 images: save one alone");
    }

    #[test]
    fn other_archives_are_no_images() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.tar");
        let mut bytes = Vec::new();
        write_member(&mut bytes, "etc/passwd", b"root").unwrap();
        bytes.extend_from_slice(&END);
        for content in [bytes.as_slice(), b"short", &[0x1f; 2000]] {
            std::fs::write(&path, content).unwrap();
            assert!(Image::open(&path).unwrap().is_none());
        }
    }

    #[test]
    fn large_members_have_their_size() {
        let block = header("x", 9 << 30);
        assert_eq!((block[124], &block[128..136]), (128, (9_u64 << 30).to_be_bytes().as_slice()));
        assert_eq!(padding(512).len() + padding(1).len(), 511);
    }
}
