//! TPMs of guests, emulated by `swtpm`: one process a guest, which QEMU talks to by a control socket.
//!
//! The state is one file or block device (`backend-uri=file://`, see swtpm(8)). swtpm makes a file as short as its
//! content; it is brought back to its size, so that storages find what they gave.

use std::{
    fs::OpenOptions,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    companion::Companion,
    run::{Run, RunError},
};

/// Bytes of a volume for the state of a TPM.
pub const STATE_SIZE: u64 = 4 << 20;

/// How long making a new state (keys, certificates) may take; emulated processors are slow.
const SETUP: Duration = Duration::from_secs(120);

/// Why there is no TPM.
#[derive(Debug, thiserror::Error)]
pub enum TpmError {
    /// A program of it is not installed.
    #[error("'{program}' is missing: install package '{package}' to give VMs a TPM")]
    Missing {
        /// The program.
        program: &'static str,
        /// The package of Debian that has it.
        package: &'static str,
    },
    /// A program failed.
    #[error("TPM: {0}")]
    Run(#[from] RunError),
    /// Its state cannot be read or written.
    #[error("TPM state '{path}': {source}")]
    State {
        /// The volume's place.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A guest's TPM.
#[derive(Debug, Clone)]
pub struct Tpm {
    /// Its process.
    pub process: Companion,
    /// Its state: a raw file or block device.
    pub state: PathBuf,
    /// What it prints.
    pub log: PathBuf,
    /// Whether it is a TPM 2.0, not 1.2.
    pub v2: bool,
    /// For whom, as certificates name it.
    pub vmid: u32,
}

impl Tpm {
    /// Starts it, with a new state if there is none yet. Tells whether the state is new.
    ///
    /// # Errors
    /// When a program is missing or fails, or the state cannot be used.
    pub async fn start(&self) -> Result<bool, TpmError> {
        let state = |source| TpmError::State { path: self.state.clone(), source };
        let new = is_empty(&self.state).map_err(state)?;
        // One that is left over would keep the state locked.
        self.process.end().await.map_err(state)?;
        if new {
            self.set_up().await?;
        }
        restore_size(&self.state).map_err(state)?;
        // A log of its own for each start.
        let _ = std::fs::remove_file(&self.log);
        let run = self.process.program("swtpm", &format!("TPM of virtual machine {}", self.vmid)).await;
        run.args(self.arguments()).output().await.map_err(|err| missing(err, "swtpm", "swtpm"))?;
        Ok(new)
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = ["socket", "--terminate", "--daemon"].map(str::to_owned).into();
        arguments.extend(["--tpmstate".to_owned(), format!("backend-uri=file://{},mode=0600", self.state.display())]);
        arguments.extend([
            "--ctrl".to_owned(),
            format!("type=unixio,path={},mode=0600", self.process.socket.display()),
            "--pid".to_owned(),
            format!("file={}", self.process.pid_file.display()),
            "--log".to_owned(),
            format!("file={},level=1", self.log.display()),
        ]);
        arguments.extend(self.v2.then(|| "--tpm2".to_owned()));
        arguments
    }

    /// Makes keys and certificates, as the maker of a TPM does. The local authority that signs them is made at first
    /// use, where the host's `/etc/swtpm-localca.conf` says.
    ///
    /// It is made elsewhere first: what is cut off half-way would be taken for a complete one ever after.
    async fn set_up(&self) -> Result<(), TpmError> {
        let new = self.process.pid_file.with_extension("new");
        let failed = |source| TpmError::State { path: new.clone(), source };
        std::fs::File::create(&new).and_then(|file| file.set_len(STATE_SIZE)).map_err(failed)?;
        let made = self.manufacture(&new).await;
        let copied = made.and_then(|()| {
            take_over(&new, &self.state).map_err(|source| TpmError::State { path: self.state.clone(), source })
        });
        let _ = std::fs::remove_file(&new);
        copied
    }

    async fn manufacture(&self, state: &Path) -> Result<(), TpmError> {
        let mut run = Run::new("swtpm_setup").arg("--tpmstate").arg(format!("file://{}", state.display()));
        run = run.args(["--createek", "--create-ek-cert", "--create-platform-cert", "--lock-nvram"]);
        run = run.args(["--not-overwrite", "--runas", "0", "--vmid", &format!("vm{}", self.vmid)]);
        if self.v2 {
            run = run.args(["--tpm2", "--pcr-banks", "sha256"]);
        }
        run.deadline(SETUP).output().await.map_err(|err| missing(err, "swtpm_setup", "swtpm-tools"))?;
        Ok(())
    }
}

fn missing(err: RunError, program: &'static str, package: &'static str) -> TpmError {
    let absent = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        .iter()
        .all(|place| !Path::new(place).join(program).exists());
    if absent { TpmError::Missing { program, package } } else { err.into() }
}

/// Whether no TPM has written there yet: a state begins with a mark.
fn is_empty(path: &Path) -> io::Result<bool> {
    let mut mark = [0; 8];
    match std::fs::File::open(path)?.read_exact(&mut mark) {
        Ok(()) => Ok(mark == [0; 8]),
        Err(err) if err.kind() == io::ErrorKind::UnexpectedEof => Ok(true),
        Err(err) => Err(err),
    }
}

/// Copies a complete state; the mark comes last.
fn take_over(new: &Path, state: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileExt as _;
    let bytes = std::fs::read(new)?;
    let (mark, rest) = bytes.split_at_checked(8).ok_or(io::ErrorKind::UnexpectedEof)?;
    let file = OpenOptions::new().write(true).open(state)?;
    file.write_all_at(rest, 8)?;
    file.sync_all()?;
    file.write_all_at(mark, 0)?;
    file.sync_all()
}

/// Gives a file that swtpm made shorter its size again; block devices have theirs anyway.
///
/// # Errors
/// When it cannot be opened or is full.
pub fn restore_size(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    let found = file.metadata()?;
    if found.is_file() && found.len() < STATE_SIZE { file.set_len(STATE_SIZE) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tpm(directory: &Path, v2: bool) -> Tpm {
        let process = Companion {
            name: "999999-swtpm".into(),
            pid_file: directory.join("swtpm.pid"),
            socket: directory.join("swtpm"),
        };
        let state = directory.join("state.raw");
        std::fs::File::create(&state).unwrap().set_len(STATE_SIZE).unwrap();
        Tpm { process, state, log: directory.join("swtpm.log"), v2, vmid: 999_999 }
    }

    #[tokio::test]
    async fn a_state_is_made_once_and_kept() {
        for v2 in [true, false] {
            let directory = tempfile::tempdir().unwrap();
            let tpm = tpm(directory.path(), v2);
            match tpm.start().await {
                Ok(new) => assert!(new),
                Err(err @ TpmError::Missing { .. }) => {
                    eprintln!("skipped: {err}");
                    return;
                }
                Err(err) => panic!("{err}"),
            }
            assert!(tpm.process.process().is_some());
            assert!(tpm.process.socket.exists());
            tpm.process.end().await.unwrap();
            assert!(!tpm.process.socket.exists());
            let mark = std::fs::read(&tpm.state).unwrap();
            assert!(mark.starts_with(b"nilmptws"), "{:?}", &mark[..8]);

            assert!(!tpm.start().await.unwrap(), "the state is there");
            tpm.process.end().await.unwrap();
            restore_size(&tpm.state).unwrap();
            assert_eq!(std::fs::metadata(&tpm.state).unwrap().len(), STATE_SIZE);
        }
    }
}
