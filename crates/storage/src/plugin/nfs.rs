//! Storages that are directories of an NFS server, mounted at `/mnt/pve/ID`.

use super::KnownOptions;
use super::dir::{AT_SERVER, Files, Mount};
use crate::{Content, StorageConfig, StorageError};

/// The plugin.
pub static NFS: Files = Files { abilities: &AT_SERVER, options: &OPTIONS, mounted: Some(mount) };

const OPTIONS: KnownOptions = KnownOptions {
    required: &["export", "path", "server"],
    fixed: &[],
    optional: &[
        "bwlimit",
        "content",
        "content-dirs",
        "create-base-path",
        "create-subdirs",
        "disable",
        "format",
        "max-protected-backups",
        "mkdir",
        "nodes",
        "options",
        "preallocation",
        "prune-backups",
    ],
    contents: &Content::ALL,
    content: &[Content::Images],
};

fn mount(config: &StorageConfig) -> Result<Mount, StorageError> {
    let missing =
        |what: &str| StorageError::Invalid(format!("storage '{}' has no {what}; check its configuration", config.id));
    let server = config.options.foreign.0.server.as_deref().ok_or_else(|| missing("server"))?;
    let export = config.fixed.export.as_deref().ok_or_else(|| missing("export"))?;
    // Addresses of IPv6 have colons themselves.
    let server = if server.contains(':') { format!("[{server}]") } else { server.to_owned() };
    let options = config.options.foreign.0.options.iter().map(ToString::to_string).collect();
    Ok(Mount { kind: "nfs", source: format!("{server}:{export}"), options })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Configs;
    use std::path::Path;

    #[test]
    fn the_source_is_server_and_export() {
        let text =
            "nfs: n1\n\tserver ::1\n\texport /a\n\toptions vers=4.2,soft\n\nnfs: n2\n\tserver nas\n\texport /b\n";
        let configs = Configs::parse(text, Path::new("/l"));
        let of = |id: &str| mount(configs.get(&id.parse().unwrap()).unwrap()).unwrap();
        assert_eq!(of("n1"), Mount { kind: "nfs", source: "[::1]:/a".into(), options: vec!["vers=4.2,soft".into()] });
        assert_eq!(of("n2"), Mount { kind: "nfs", source: "nas:/b".into(), options: vec![] });
    }
}
