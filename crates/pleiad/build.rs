//! Makes the table of the web interface's files, which `src/proxy/assets.rs` includes.
//!
//! `web/dist` is what `npm run build` makes there. Without it the table is empty, and the binary says at `/` how it is
//! built.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Bytes of an entity tag: 64 bits tell the versions of one file apart.
const TAG_BYTES: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let dist = manifest.join("../../web/dist");
    // Cargo takes a path that is not there for changed at every run.
    fs::create_dir_all(&dist).ok();
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    let table = PathBuf::from(env::var("OUT_DIR")?).join("assets.rs");
    fs::write(table, source(&dist.canonicalize().unwrap_or(dist))?)?;
    Ok(())
}

/// A slice of `Asset`, sorted by path.
fn source(dist: &Path) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    walk(dist, &mut files)?;
    files.sort();
    let mut text = String::from("&[\n");
    for file in files.iter().filter(|file| is_whole(file)) {
        let path = file.strip_prefix(dist)?.to_str().ok_or("a file name in web/dist is not UTF-8")?;
        let tag = tag(&fs::read(file)?);
        let variant = |ending: &str| {
            let name = PathBuf::from(format!("{}.{ending}", file.display()));
            if name.is_file() { format!("Some(include_bytes!({name:?}))") } else { "None".to_owned() }
        };
        writeln!(
            text,
            "Asset {{ path: {path:?}, tag: {tag:?}, plain: include_bytes!({file:?}), brotli: {}, gzip: {} }},",
            variant("br"),
            variant("gz")
        )?;
    }
    text.push(']');
    Ok(text)
}

fn tag(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// True for what is served under its own name: no compressed variant, no map for debuggers.
fn is_whole(file: &Path) -> bool {
    file.extension().is_none_or(|ending| !["br", "gz", "map"].iter().any(|other| ending == *other))
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
