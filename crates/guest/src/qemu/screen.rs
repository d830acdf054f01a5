//! What is on the screen of a VM, as a picture; and what its QEMU printed.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    time::Duration,
};

use schema::Vmid;
use serde_json::json;
use tokio::time::Instant;

use super::{
    error::VmError,
    running::{COMMAND, Running},
    vms::Vms,
};

/// For how long one picture serves all who ask.
const FRESH: Duration = Duration::from_secs(2);

/// Largest picture, bytes: the guest chooses the size of its screen.
const LARGEST: u64 = 8 << 20;

/// Most bytes of a log that are looked at; no log grows much longer.
const MOST: u64 = 8 << 20;

/// Longest line of a log that is shown, in characters.
const LONGEST: usize = 2000;

impl Vms {
    /// A picture (PNG) of a VM's screen: at most two seconds old. The file goes with the VM's process.
    ///
    /// # Errors
    /// When it does not run, has no screen, QEMU does not answer, or the picture is too large.
    pub async fn screenshot(&self, vmid: Vmid) -> Result<PathBuf, VmError> {
        let running = self.require_running(vmid)?;
        let place = self.inner.paths.qemu_run(vmid, "png");
        let mut taken = running.screen.lock().await;
        if taken.is_some_and(|at: Instant| at.elapsed() < FRESH) && place.exists() {
            return Ok(place);
        }
        *taken = None;
        if running.silent().is_some() {
            return Err(VmError::Silent(vmid));
        }
        let fresh = self.inner.paths.qemu_run(vmid, "png.new");
        let made = picture(&running, &fresh).await;
        let kept =
            made.and_then(|()| std::fs::rename(&fresh, &place).map_err(VmError::io("unable to keep the picture")));
        if kept.is_err() {
            // It may not have been made at all.
            let _ = std::fs::remove_file(&fresh);
        }
        kept?;
        *taken = Some(Instant::now());
        Ok(place)
    }

    /// What QEMU printed since the start before `age` others (0: the last start): lines from `start` on, at most
    /// `limit`, and how many there are. A VM that was never started has none.
    ///
    /// # Errors
    /// When there is no such VM, or the log cannot be read.
    pub fn log(&self, vmid: Vmid, age: u32, start: usize, limit: usize) -> Result<(Vec<String>, usize), VmError> {
        self.get(vmid)?;
        let mut path = self.inner.paths.qemu_log(vmid).into_os_string();
        if age > 0 {
            path.push(format!(".{age}"));
        }
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            Err(error) => return Err(VmError::io("unable to read the log")(error)),
        };
        let (mut lines, mut total) = (Vec::new(), 0);
        for line in BufReader::new(file.take(MOST)).split(b'\n') {
            let line = line.map_err(VmError::io("unable to read the log"))?;
            if total >= start && lines.len() < limit {
                let text = String::from_utf8_lossy(&line);
                lines.push(text.chars().filter(|c| !c.is_control() || *c == '\t').take(LONGEST).collect());
            }
            total += 1;
        }
        Ok((lines, total))
    }
}

async fn picture(running: &Running, place: &std::path::Path) -> Result<(), VmError> {
    let wish = json!({ "filename": place.display().to_string(), "format": "png" });
    running.call("screendump", wish, COMMAND).await?;
    let size = std::fs::metadata(place).map_err(VmError::io("unable to read the picture"))?.len();
    if size > LARGEST {
        return Err(VmError::Volume(format!("the picture is too large ({size} bytes)")));
    }
    Ok(())
}
