//! When a role ends: on SIGTERM and SIGINT, and, if asked, with whoever holds its standard input open.

use std::os::fd::AsFd;

use tokio::{
    io::AsyncReadExt,
    net::unix::pipe,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// The flag that ties a role's life to its standard input.
pub(crate) const FLAG: &str = "end-with-stdin";

/// Becomes true when the role shall end. The second signal ends the process at once.
///
/// # Errors
/// When signals cannot be waited for, or standard input, where it is to be watched, is no pipe.
pub(crate) fn until_stopped(with_stdin: bool) -> Result<watch::Receiver<bool>, String> {
    let (sender, receiver) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut stdin = with_stdin.then(stdin_pipe).transpose()?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
            () = closed(&mut stdin) => (),
        }
        sender.send_replace(true);
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
        std::process::exit(1);
    });
    Ok(receiver)
}

fn stdin_pipe() -> Result<pipe::Receiver, String> {
    let descriptor = std::io::stdin().as_fd().try_clone_to_owned().map_err(|error| error.to_string())?;
    pipe::Receiver::from_owned_fd(descriptor).map_err(|error| format!("--{FLAG}: standard input is no pipe: {error}"))
}

async fn closed(stdin: &mut Option<pipe::Receiver>) {
    let Some(stdin) = stdin else { return std::future::pending().await };
    let mut ignored = [0; 64];
    // What is written there has no meaning; an error means as much as its end.
    while stdin.read(&mut ignored).await.is_ok_and(|read| read > 0) {}
}
