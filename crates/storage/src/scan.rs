//! What could become a storage: volume groups, thin pools, file systems of ZFS, what servers export.

use std::time::Duration;

use host::run::Run;

use crate::plugin::lvm::command;
use crate::{StorageError, Storages};

/// How long a server may take to tell.
const ASK: Duration = Duration::from_secs(15);

/// A directory that an NFS server exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The directory.
    pub path: String,
    /// To whom.
    pub options: String,
}

/// A share of an SMB server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its name.
    pub name: String,
    /// What the server says about it.
    pub description: String,
}

/// A target of an iSCSI server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Where it is reached: `ADDRESS:PORT`.
    pub portals: Vec<String>,
}

/// Who asks an SMB server.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// The user; a guest if none.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<String>,
    /// The user's domain.
    pub domain: Option<String>,
}

/// The volume groups of this node.
///
/// # Errors
/// When LVM fails.
pub async fn groups() -> Result<Vec<String>, StorageError> {
    Ok(command::groups().await?.into_iter().map(|group| group.name).collect())
}

/// The thin pools of a volume group.
///
/// # Errors
/// When there is no such group, or LVM fails.
pub async fn thin_pools(group: &str) -> Result<Vec<String>, StorageError> {
    let all = command::volumes(group).await?;
    Ok(all.into_iter().filter(command::Logical::is_thin_pool).map(|pool| pool.name).collect())
}

/// What an NFS server exports.
///
/// # Errors
/// When it does not answer.
pub async fn exports(server: &str) -> Result<Vec<Export>, StorageError> {
    let run = Run::new("showmount").args(["--no-headers", "--exports", "--", server]).deadline(ASK);
    Ok(parse_exports(&run.output().await?.text()))
}

/// The file systems of ZFS that volumes could lie in; those of containers are left out.
///
/// # Errors
/// When ZFS is not installed or fails.
pub async fn zfs_file_systems() -> Result<Vec<String>, StorageError> {
    let run = Run::new("zfs").args(["list", "-H", "-t", "filesystem", "-o", "name"]).deadline(ASK);
    Ok(parse_file_systems(&run.output().await?.text()))
}

fn parse_file_systems(text: &str) -> Vec<String> {
    let of_guest = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or(name);
        crate::plugin::block::parse(last, crate::plugin::block::Shape { directories: true, ..Default::default() })
            .is_ok()
    };
    text.lines().map(str::trim).filter(|name| !name.is_empty() && !of_guest(name)).map(str::to_owned).collect()
}

/// The targets of an iSCSI server, asked at `ADDRESS` or `ADDRESS:PORT`.
///
/// # Errors
/// When it does not answer.
pub async fn targets(portal: &str) -> Result<Vec<Target>, StorageError> {
    let run = Run::new("iscsiadm").args(["--mode", "discovery", "--type", "sendtargets", "--portal", portal]);
    Ok(parse_targets(&run.deadline(ASK).output().await?.text()))
}

/// Reads lines `ADDRESS:PORT,GROUP NAME`.
fn parse_targets(text: &str) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for (place, name) in text.lines().filter_map(|line| line.trim().split_once(' ')) {
        let (Some((portal, _)), name) = (place.rsplit_once(','), name.trim()) else { continue };
        match targets.iter_mut().find(|target| target.name == name) {
            Some(target) => target.portals.push(portal.to_owned()),
            None => targets.push(Target { name: name.to_owned(), portals: vec![portal.to_owned()] }),
        }
    }
    targets
}

fn parse_exports(text: &str) -> Vec<Export> {
    let export = |line: &str| {
        let (path, options) = line.trim().rsplit_once(char::is_whitespace)?;
        Some(Export { path: path.trim_end().to_owned(), options: options.to_owned() })
    };
    text.lines().filter_map(export).filter(|export| export.path.starts_with('/')).collect()
}

impl Storages {
    /// The shares of an SMB server.
    ///
    /// # Errors
    /// When it does not answer or does not know the user.
    pub async fn shares(&self, server: &str, login: &Login) -> Result<Vec<Share>, StorageError> {
        let words = [&login.username, &login.password, &login.domain].into_iter().flatten();
        if words.into_iter().any(|word| word.contains(['\n', '\r', '\0'])) {
            return Err(StorageError::Invalid("user, password and domain must be one line each".to_owned()));
        }
        let run = Run::new("smbclient").args(["--grepable", "--debuglevel=0"]);
        // Passwords do not belong on a command line: everybody can read those.
        let file = match &login.username {
            Some(user) => Some(self.login_file(user, login)?),
            None => None,
        };
        let run = match &file {
            Some(file) => run.arg("--authentication-file").arg(file.path()),
            None => run.arg("--no-pass"),
        };
        let told = run.args(["--list", server]).deadline(ASK).output().await?;
        Ok(parse_shares(&told.text()))
    }

    fn login_file(&self, user: &str, login: &Login) -> Result<crate::secret::Brief, StorageError> {
        let mut text = format!("username={user}\npassword={}\n", login.password.as_deref().unwrap_or_default());
        if let Some(domain) = &login.domain {
            text += &format!("domain={domain}\n");
        }
        crate::secret::Brief::new(self.paths(), &text)
    }
}

fn parse_shares(text: &str) -> Vec<Share> {
    let share = |line: &str| {
        let (name, description) = line.strip_prefix("Disk|")?.split_once('|')?;
        Some(Share { name: name.to_owned(), description: description.to_owned() })
    };
    text.lines().filter_map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_understood() {
        let exports = parse_exports("/srv/a    10.0.0.0/8,host\n/srv/my files *\n\nodd\n");
        assert_eq!(exports[0], Export { path: "/srv/a".into(), options: "10.0.0.0/8,host".into() });
        assert_eq!((exports[1].path.as_str(), exports.len()), ("/srv/my files", 2));
        let shares = parse_shares("Disk|vm|disks of guests\nIPC|IPC$|IPC Service\nPrinter|p|\nServer|NAS|\n");
        let targets =
            parse_targets("10.0.0.1:3260,1 iqn.a:b\n[fe80::1]:3260,1 iqn.a:b\n10.0.0.1:3260,1 iqn.a:c\nodd\n");
        assert_eq!(
            targets[0],
            Target { name: "iqn.a:b".into(), portals: vec!["10.0.0.1:3260".into(), "[fe80::1]:3260".into()] }
        );
        assert_eq!(targets.len(), 2);
        assert_eq!(parse_file_systems("rpool\nrpool/data\nrpool/data/subvol-100-disk-0\n"), ["rpool", "rpool/data"]);
        assert_eq!(shares, [Share { name: "vm".into(), description: "disks of guests".into() }]);
    }
}
