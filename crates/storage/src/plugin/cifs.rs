//! Storages that are shares of an SMB/CIFS server, mounted at `/mnt/pve/ID`. The password lies in a file that only root
//! can read; neither the configuration nor any command line has it.

use super::KnownOptions;
use super::dir::{AT_SERVER, Files, Mount};
use crate::{Content, StorageConfig, StorageError};

/// The plugin.
pub static CIFS: Files = Files { abilities: &AT_SERVER, options: &OPTIONS, mounted: Some(mount) };

const OPTIONS: KnownOptions = KnownOptions {
    required: &["path", "server", "share"],
    fixed: &[],
    optional: &[
        "bwlimit",
        "content",
        "content-dirs",
        "create-base-path",
        "create-subdirs",
        "disable",
        "domain",
        "format",
        "max-protected-backups",
        "mkdir",
        "nodes",
        "options",
        "password",
        "preallocation",
        "prune-backups",
        "smbversion",
        "subdir",
        "username",
    ],
    contents: &Content::ALL,
    content: &[Content::Images],
};

fn mount(config: &StorageConfig) -> Result<Mount, StorageError> {
    let missing =
        |what: &str| StorageError::Invalid(format!("storage '{}' has no {what}; check its configuration", config.id));
    let own = &config.options.foreign.0;
    let server = own.server.as_deref().ok_or_else(|| missing("server"))?;
    let share = config.fixed.share.as_deref().ok_or_else(|| missing("share"))?;
    let below = own.subdir.as_deref().map(|path| format!("/{}", path.trim_matches('/'))).unwrap_or_default();
    // A server that is away lets calls fail instead of waiting for ever.
    let mut options = vec!["soft".to_owned()];
    match (&own.username, &config.secret) {
        (Some(user), Some(secret)) => {
            options.push(format!("username={user}"));
            options.push(format!("credentials={}", secret.display()));
        }
        (Some(user), None) => options.extend([format!("username={user}"), "password=".to_owned()]),
        (None, _) => options.extend(["guest".to_owned(), "username=guest".to_owned()]),
    }
    options.extend(own.domain.as_ref().map(|domain| format!("domain={domain}")));
    let version = own.smbversion.map(|version| version.to_string()).filter(|version| version != "default");
    options.extend(version.map(|version| format!("vers={version}")));
    options.extend(own.options.iter().map(ToString::to_string));
    if options.iter().any(|option| option.contains(char::is_whitespace)) {
        return Err(StorageError::Invalid(format!("storage '{}' has a space in an option of its mount", config.id)));
    }
    Ok(Mount { kind: "cifs", source: format!("//{server}/{share}{below}"), options })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Configs;
    use std::path::Path;

    #[test]
    fn options_name_a_file_with_the_password_and_never_the_password() {
        let text = "cifs: c1\n\tserver nas\n\tshare s\n\tusername jo\n\tdomain d\n\tsmbversion 3.11\n\tsubdir /x/\n\n\
                    cifs: c2\n\tserver nas\n\tshare s\n";
        let configs = Configs::parse_with(text, Path::new("/l"), |_| Some("/run/c1.pw".into()));
        let of = |id: &str| mount(configs.get(&id.parse().unwrap()).unwrap()).unwrap();
        assert_eq!(of("c1").source, "//nas/s/x");
        assert_eq!(of("c1").options.join(","), "soft,username=jo,credentials=/run/c1.pw,domain=d,vers=3.11");
        assert_eq!(of("c2").options.join(","), "soft,guest,username=guest");
    }
}
