//! System accounts, and giving up root's rights.

use std::io;

use nix::unistd::{Gid, Uid, User, chown, getuid, setgid, setgroups, setuid};

/// A system account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its main group's id.
    pub gid: u32,
}

/// The account of this name, if there is one.
#[must_use]
pub fn find(name: &str) -> Option<Account> {
    let user = User::from_name(name).ok().flatten()?;
    Some(Account { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() })
}

/// Whether this process has root's rights.
#[must_use]
pub fn is_root() -> bool {
    getuid().is_root()
}

/// Becomes that account for good, with no other group than its main one.
///
/// # Errors
/// When the system refuses, or when root could be regained afterwards.
pub fn become_account(account: &Account) -> io::Result<()> {
    let (uid, gid) = (Uid::from_raw(account.uid), Gid::from_raw(account.gid));
    setgroups(&[gid])?;
    setgid(gid)?;
    setuid(uid)?;
    if !uid.is_root() && setuid(Uid::from_raw(0)).is_ok() {
        return Err(io::Error::other("root's rights were not given up"));
    }
    Ok(())
}

/// Gives a file to a group, its owner unchanged.
///
/// # Errors
/// When the file is missing or the system refuses.
pub fn give_to_group(path: &std::path::Path, gid: u32) -> io::Result<()> {
    Ok(chown(path, None, Some(Gid::from_raw(gid)))?)
}
