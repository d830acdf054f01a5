//! What `qm` has of its own: the monitor, programs in guests, QEMU's log, and a screen for tools that speak VNC.

use std::{
    io::{BufRead, IsTerminal, Read, Write, stdin, stdout},
    thread::sleep,
    time::{Duration, Instant},
};

use api::Verb;
use host::console::bridge;
use schema::cli::EXTRA_ARGS;
use serde_json::{Map, Value, json};

use super::{
    Failure, Session,
    client::{encode, plain},
    run::THIS_NODE,
};

type Args = Map<String, Value>;

/// How long a program in a guest is waited for, seconds, where nothing else is said.
const WAIT: u64 = 30;
/// How often it is asked whether it has ended.
const ASK: Duration = Duration::from_millis(200);
/// Most bytes that a program in a guest gets on its standard input.
const INPUT: u64 = 1 << 20;
/// Where a VNC tool's password comes from.
const TICKET: &str = "LC_PVE_TICKET";
/// VNC knows no longer passwords.
const PASSWORD: usize = 8;

fn text(args: &Args, name: &str) -> String {
    args.get(name).map(plain).unwrap_or_default()
}

fn guest(args: &Args) -> String {
    format!("/nodes/{THIS_NODE}/qemu/{}", encode(&text(args, "vmid")))
}

fn number(args: &Args, name: &str, default: u64) -> Result<u64, Failure> {
    let Some(given) = args.get(name).map(plain) else { return Ok(default) };
    given.parse().map_err(|_| format!("--{name}: '{given}' is no number").into())
}

impl Session {
    /// Commands of QEMU's monitor, line by line, until `quit` or the end of the input.
    pub(super) fn monitor(&mut self, args: &Args) -> Result<(), Failure> {
        let path = format!("{}/monitor", guest(args));
        let prompting = stdin().is_terminal();
        if prompting {
            println!("Entering QEMU Monitor for VM {} - type 'help' for help", text(args, "vmid"));
        }
        loop {
            if prompting {
                print!("qm> ");
                stdout().flush()?;
            }
            let mut line = String::new();
            if stdin().lock().read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.trim() {
                "" => {}
                // QEMU would end the machine; who types it here wants to leave.
                "quit" | "q" | "exit" => return Ok(()),
                command => match self.ask(Verb::Post, &path, &json!({ "command": command })) {
                    Ok(answer) => print!("{}", plain(&answer)),
                    Err(Failure::Api(error)) => eprintln!("ERROR: {}", super::shown(&error)),
                    Err(other) => return Err(other),
                },
            }
        }
    }

    /// A program in the guest, and what it wrote.
    pub(super) fn guest_exec(&mut self, args: &Args) -> Result<(), Failure> {
        let words = args.get(EXTRA_ARGS).cloned().unwrap_or_default();
        if words.as_array().is_none_or(Vec::is_empty) {
            return Err("missing command: qm guest exec VMID -- PROGRAM [ARGUMENTS]".to_owned().into());
        }
        let mut wish = json!({ "command": words });
        if args.get("pass-stdin").is_some_and(|value| value == "1") {
            let mut input = String::new();
            stdin().take(INPUT + 1).read_to_string(&mut input)?;
            if input.len() as u64 > INPUT {
                return Err(format!("the input is longer than {INPUT} bytes").into());
            }
            wish["input-data"] = input.into();
        }
        let limit = Duration::from_secs(number(args, "timeout", WAIT)?);
        let started = self.ask(Verb::Post, &format!("{}/agent/exec", guest(args)), &wish)?;
        let pid = json!({ "pid": started["pid"] });
        if args.get("synchronous").is_some_and(|value| value == "0") || limit.is_zero() {
            println!("{pid:#}");
            return Ok(());
        }
        let since = Instant::now();
        loop {
            let status = self.ask(Verb::Get, &format!("{}/agent/exec-status", guest(args)), &pid)?;
            if matches!(plain(&status["exited"]).as_str(), "1" | "true") {
                println!("{status:#}");
                return Ok(());
            }
            if since.elapsed() > limit {
                println!("{pid:#}");
                return Err("the program has not ended yet: ask with 'qm guest exec-status'".to_owned().into());
            }
            sleep(ASK);
        }
    }

    /// What QEMU printed.
    pub(super) fn qemu_log(&mut self, args: &Args) -> Result<(), Failure> {
        let wish = json!({ "age": number(args, "age", 0)?, "limit": number(args, "limit", 0)? });
        let answer = self.ask(Verb::Get, &format!("/pleiad{}/log", guest(args)), &wish)?;
        for line in answer.as_array().into_iter().flatten() {
            writeln!(stdout(), "{}", plain(&line["t"]))?;
        }
        Ok(())
    }

    /// The screen on standard input and output, for tools that carry VNC over another connection.
    pub(super) fn vncproxy(&mut self, args: &Args) -> Result<(), Failure> {
        let vmid: u32 = text(args, "vmid").parse().unwrap_or_default();
        let ticket = std::env::var(TICKET).unwrap_or_default();
        let password: String = ticket.chars().take(PASSWORD).collect();
        if password.is_empty() || !password.chars().all(|c| c.is_ascii_graphic() && !"\"'\\".contains(c)) {
            return Err(format!("{TICKET} must hold the password: VNC access without password is forbidden").into());
        }
        for command in [format!("set_password vnc {password}"), "expire_password vnc +30".to_owned()] {
            let answer = self.ask(Verb::Post, &format!("{}/monitor", guest(args)), &json!({ "command": command }))?;
            let refusal = plain(&answer);
            if !refusal.trim().is_empty() {
                return Err(format!("unable to open the screen of VM {vmid}: {}", refusal.trim()).into());
            }
        }
        Ok(bridge(&self.paths.vnc_socket(vmid))?)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn commands_are_those_of_the_interface() {
        crate::cli::listed::check("qm", include_str!("qm_commands.txt"));
    }
}
