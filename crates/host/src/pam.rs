//! Checks a password with PAM, in a helper process.
//!
//! PAM modules leak, fork and hang, so none of them runs inside the daemon: the program starts itself once more
//! ([`HELPER`]), hands over the credentials by standard input and gives the helper a deadline.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use pam_client2::{Context, Flag, conv_mock::Conversation};
use serde::{Deserialize, Serialize};

use crate::run::{Run, RunError};

/// The first argument that makes the program be the helper.
pub const HELPER: &str = "internal-pam-check";

/// The running program, even after its file was replaced by an upgrade.
pub const THIS_PROGRAM: &str = "/proc/self/exe";

/// Our own PAM service; Debian's general ones are used where no such file is installed.
const SERVICES: [&str; 3] = ["pleiad", "common-auth", "login"];

/// How long PAM may take: its modules delay failures by some seconds and may ask a directory server.
const DEADLINE: Duration = Duration::from_secs(20);

/// What the helper says when PAM said yes. Its exit code alone is not enough: another program that takes no notice of
/// our argument would let everybody in.
const ACCEPTED: &str = "PAM accepted the credentials";

/// Exit code of the helper when PAM said no (others mean that it could not be asked).
const REFUSED: u8 = 10;

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum PamError {
    /// PAM looked at the credentials and refused them.
    #[error("{0}")]
    Refused(String),
    /// PAM could not be asked.
    #[error("unable to ask PAM: {0}")]
    Unavailable(String),
}

/// Who wants in.
#[derive(Serialize, Deserialize)]
pub struct Login {
    /// The system's user name, without a realm.
    pub user: String,
    /// The password.
    pub password: String,
    /// The address the request came from, for PAM's own logs and rules.
    pub rhost: Option<String>,
}

/// Asks PAM by way of `program` (usually [`THIS_PROGRAM`]) whether to let them in.
///
/// # Errors
/// When PAM refuses, or cannot be asked within 20 seconds.
pub async fn authenticate(program: &Path, login: &Login) -> Result<(), PamError> {
    let input = serde_json::to_vec(login).map_err(|error| PamError::Unavailable(error.to_string()))?;
    let run = Run::new(program).arg(HELPER).stdin(input).deadline(DEADLINE);
    match run.output().await {
        Ok(output) if output.text().trim_end() == ACCEPTED => Ok(()),
        Ok(_) => Err(PamError::Unavailable(format!("{} is not the helper", program.display()))),
        Err(RunError::Failed { code: Some(code), stderr, .. }) if code == i32::from(REFUSED) => {
            Err(PamError::Refused(stderr.trim().to_owned()))
        }
        Err(error) => Err(PamError::Unavailable(error.to_string())),
    }
}

/// The helper's whole life: reads the credentials from standard input, asks PAM, answers by exit code.
pub fn helper() -> ExitCode {
    let mut text = String::new();
    let login = std::io::stdin().take(1 << 16).read_to_string(&mut text).map_err(|error| error.to_string());
    match login.and_then(|_| serde_json::from_str::<Login>(&text).map_err(|error| error.to_string())) {
        Err(error) => {
            eprintln!("bad input: {error}");
            ExitCode::FAILURE
        }
        Ok(login) => match ask(&login) {
            Ok(()) => {
                println!("{ACCEPTED}");
                ExitCode::SUCCESS
            }
            Err(reason) => {
                eprintln!("{reason}");
                ExitCode::from(REFUSED)
            }
        },
    }
}

fn ask(login: &Login) -> Result<(), String> {
    // PAM would stop at the byte and check another password than the one given.
    if login.user.contains('\0') || login.password.contains('\0') {
        return Err("NUL byte in credentials".into());
    }
    let conversation = Conversation::with_credentials(&login.user, &login.password);
    let text = |error: pam_client2::Error| error.to_string();
    let mut context = Context::new(&service(), Some(&login.user), conversation).map_err(text)?;
    // Best effort: it serves PAM's log only.
    if let Some(rhost) = &login.rhost {
        context.set_rhost(Some(rhost)).map_err(text)?;
    }
    context.authenticate(Flag::NONE).map_err(text)?;
    context.acct_mgmt(Flag::NONE).map_err(text)
}

fn service() -> String {
    let installed = |name: &&&str| PathBuf::from("/etc/pam.d").join(name).exists();
    SERVICES.iter().find(installed).copied().unwrap_or("other").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        Login { user: "nobody".into(), password: "x".into(), rhost: None }
    }

    #[tokio::test]
    async fn a_program_that_is_not_the_helper_lets_nobody_in() {
        let answer = authenticate(Path::new("/bin/true"), &login()).await;
        assert!(matches!(answer, Err(PamError::Unavailable(_))), "{answer:?}");
    }
}
