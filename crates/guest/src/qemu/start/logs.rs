//! What QEMU prints: one log a start, of which the last few are kept, and none grows without end.

use std::{io, path::Path, time::Duration};

/// How many logs are kept beside the one of the last start.
const KEPT: u32 = 3;

/// Largest log, bytes. Some errors of a guest make QEMU print a line each time.
const LIMIT: u64 = 4 << 20;

/// How often the size is looked at.
const PERIOD: Duration = Duration::from_secs(60);

/// `100.log.1` is the log of the start before the last.
fn older(log: &Path, number: u32) -> std::path::PathBuf {
    let mut name = log.as_os_str().to_owned();
    if number > 0 {
        name.push(format!(".{number}"));
    }
    name.into()
}

/// Makes place for the log of a new start.
pub(super) fn rotate(log: &Path) {
    if !log.exists() {
        return;
    }
    for number in (0..KEPT).rev() {
        // Some are not there yet.
        let _ = std::fs::rename(older(log, number), older(log, number + 1));
    }
}

/// Removes all logs.
pub(crate) fn remove(log: &Path) {
    for number in 0..=KEPT {
        let _ = std::fs::remove_file(older(log, number));
    }
}

/// Cuts a log that became too long, again and again. QEMU appends, so it goes on at the new end.
pub(crate) async fn watch(log: &Path) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(err) = cut(log, LIMIT)
            && err.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("{}: {err}", log.display());
        }
    }
}

fn cut(log: &Path, limit: u64) -> io::Result<()> {
    let file = std::fs::OpenOptions::new().write(true).open(log)?;
    let length = file.metadata()?.len();
    if length > limit {
        // What is dropped is what came again and again; how it began is in the task's log where the start failed.
        file.set_len(0)?;
        tracing::warn!("{}: {length} bytes were dropped, as QEMU prints too much", log.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_logs_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("100.log");
        for number in 0..6 {
            rotate(&log);
            std::fs::write(&log, number.to_string()).unwrap();
        }
        let kept = |number| std::fs::read_to_string(older(&log, number)).ok();
        let kept: Vec<_> = (0..5).map(kept).collect();
        assert_eq!(kept, [Some("5".into()), Some("4".into()), Some("3".into()), Some("2".into()), None]);
        remove(&log);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_long_log_is_cut() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("100.log");
        std::fs::write(&log, "12345").unwrap();
        cut(&log, 5).unwrap();
        assert_eq!(std::fs::read(&log).unwrap().len(), 5);
        cut(&log, 4).unwrap();
        assert!(std::fs::read(&log).unwrap().is_empty());
        assert!(cut(&directory.path().join("absent"), 4).is_err());
    }
}
