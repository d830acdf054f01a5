//! Where the daemon is, for a process that has given up root's rights.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use tokio::net::UnixStream;

/// The daemon's socket.
///
/// A folder above the root may be closed to everybody but root, as the folders of `mktemp -d` are. Nothing above the
/// working directory is looked at when a name is relative, so the socket's folder is made the working directory while
/// root's rights still open the way. The daemon may make its socket anew: the name is looked up for each connection.
#[derive(Clone, Debug)]
pub(super) struct Daemon {
    near: Option<PathBuf>,
    full: PathBuf,
}

impl Daemon {
    /// Goes to the socket's folder. Called once, by the whole process, before it gives up its rights: no other relative
    /// name may be in use.
    pub(super) fn reach(socket: PathBuf) -> Self {
        let near = go(&socket).inspect_err(|error| tracing::warn!("the daemon's folder: {error}")).ok();
        Self { near, full: socket }
    }

    /// A new connection.
    ///
    /// # Errors
    /// When the daemon does not listen, or its socket is closed to us.
    pub(super) async fn connect(&self) -> io::Result<UnixStream> {
        let near = match &self.near {
            Some(near) => UnixStream::connect(near).await,
            None => return UnixStream::connect(&self.full).await,
        };
        match near {
            // The folder itself may have been made anew since.
            Err(error) if error.kind() == ErrorKind::NotFound => UnixStream::connect(&self.full).await,
            other => other,
        }
    }
}

fn go(socket: &Path) -> io::Result<PathBuf> {
    let (Some(folder), Some(name)) = (socket.parent(), socket.file_name()) else {
        return Err(io::Error::from(ErrorKind::InvalidInput));
    };
    std::env::set_current_dir(folder)?;
    Ok(PathBuf::from(name))
}
