//! One node: a virtual machine under QEMU's own translation, which needs no right and no device of this machine.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::agent::Agent;
use super::image::Image;
use crate::programs::{Outcome, Program};

/// How long a boot may take, also beside other work.
const BOOT: Duration = Duration::from_secs(300);

/// How long QEMU may take to end.
const END: Duration = Duration::from_secs(10);

/// A node by its place: a folder with its disk, sockets and logs.
pub(crate) struct Node {
    /// From 1; the node's name is `lab` and this.
    pub(crate) number: u8,
    folder: PathBuf,
}

/// What a node has beside what all have.
#[derive(Default)]
pub(crate) struct Hardware {
    /// Options of QEMU.
    pub(crate) options: Vec<String>,
    /// Words for the kernel.
    pub(crate) kernel: Vec<String>,
}

/// What all nodes of a lab have in common.
pub(crate) struct Lan {
    /// Where they meet: frames are sent to this group on the loopback device only.
    group: Ipv4Addr,
    port: u16,
    /// Whether the nodes end with us.
    pub(crate) bound: bool,
}

impl Lan {
    /// A group that no other lab on this machine uses: made of the number of the process that starts it.
    pub(crate) fn new(bound: bool) -> Self {
        let [_, a, b, c] = std::process::id().to_be_bytes();
        Self { group: Ipv4Addr::new(239, 192 | (a & 3), b, c), port: 20_000 + u16::from(c), bound }
    }
}

impl Node {
    /// The node with this number in a lab's folder.
    pub(crate) fn new(lab: &Path, number: u8) -> Self {
        Self { number, folder: lab.join(format!("n{number}")) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where the kernel's messages go.
    pub(crate) fn console(&self) -> PathBuf {
        self.file("console.log")
    }

    /// The port of this machine behind which the node's API is.
    pub(crate) fn api_port(&self) -> Option<String> {
        fs::read_to_string(self.file("api-port")).ok()
    }

    /// Starts the machine, with a new disk above the image; it boots meanwhile.
    pub(crate) fn start(&self, image: &Image, lan: &Lan, more: &Hardware) -> Outcome {
        let failed = |err: std::io::Error| format!("{}: {err}", self.folder.display());
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let absolute = std::path::absolute(image.disk()).map_err(failed)?;
        Program::new("qemu-img")
            .args(&["create", "-q", "-f", "qcow2", "-F", "raw", "-b"])
            .args(&[absolute.display().to_string(), self.file("disk.qcow2").display().to_string()])
            .output()?;
        // Free now; somebody else may take it before QEMU does, who then says so.
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr()).map_err(failed)?;
        fs::write(self.file("api-port"), port.port().to_string()).map_err(failed)?;
        let line = self.command_line(image, lan, port.port(), more);
        let program = if lan.bound {
            // However we end, the machine ends too.
            Program::new("setpriv").args(&["--pdeathsig", "KILL", "--", "qemu-system-x86_64"])
        } else {
            Program::new("qemu-system-x86_64")
        };
        program.args(&line).background(&self.file("qemu.log")).map(drop)
    }

    fn command_line(&self, image: &Image, lan: &Lan, port: u16, more: &Hardware) -> Vec<String> {
        let n = self.number;
        let shown = |path: &Path| path.display().to_string();
        let own = |name: &str| shown(&self.file(name));
        let text = format!(
            "-name lab{n} -nodefaults -no-user-config -display none -machine q35 -accel tcg,thread=multi -cpu max \
             -smp 2 -m 2048 -device virtio-rng-pci -device virtio-serial-pci -device virtserialport,chardev=agent,name=lab \
             -netdev socket,id=lan,mcast={}:{},localaddr=127.0.0.1 \
             -device virtio-net-pci,netdev=lan,id=lan0,mac=52:54:00:1a:b0:0{n} \
             -netdev user,id=host,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:8006 \
             -device virtio-net-pci,netdev=host,id=host0,mac=52:54:00:1a:b1:0{n}",
            lan.group, lan.port
        );
        let mut line: Vec<String> = text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let mut add = |option: &str, value: String| line.extend([option.to_owned(), value]);
        add("-pidfile", own("pid"));
        add("-qmp", format!("unix:{},server=on,wait=off", own("qmp.sock")));
        add("-chardev", format!("socket,id=agent,path={},server=on,wait=off", own("agent.sock")));
        add("-serial", format!("file:{}", shown(&self.console())));
        let disk = "if=virtio,format=qcow2,cache=unsafe,discard=unmap";
        add("-drive", format!("file={},{disk}", own("disk.qcow2")));
        add("-kernel", shown(&image.kernel()));
        add("-initrd", shown(&image.initrd()));
        let kernel = more.kernel.join(" ");
        add("-append", format!("root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 systemd.hostname=lab{n} {kernel}"));
        line.extend(more.options.iter().cloned());
        line
    }

    /// Waits until it runs programs for us.
    pub(crate) fn agent(&self) -> Result<Agent, String> {
        let started = Instant::now();
        let starting = || started.elapsed() < Duration::from_secs(5) || self.process().is_some();
        Agent::connect(&self.file("agent.sock"), BOOT, starting).map_err(|err| {
            let words = fs::read_to_string(self.file("qemu.log")).unwrap_or_default();
            format!("lab{}: {err}\n{}", self.number, words.trim())
        })
    }

    /// Waits until its services run, and tells those that failed.
    pub(crate) fn booted(&self, agent: &mut Agent) -> Outcome {
        let state = agent.output(&["sh", "-c", "systemctl is-system-running --wait || :"], BOOT)?;
        match state.trim() {
            "running" => Ok(()),
            other => {
                let failed = agent.output(&["systemctl", "--failed", "--no-legend", "--plain"], BOOT)?;
                Err(format!("lab{} is {other}: {}", self.number, failed.trim()))
            }
        }
    }

    /// The process of its machine.
    pub(crate) fn process(&self) -> Option<u32> {
        let pid = fs::read_to_string(self.file("pid")).ok()?.trim().parse().ok()?;
        // The number may be another process's by now.
        let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let ours = self.file("agent.sock").display().to_string();
        String::from_utf8_lossy(&line).contains(&ours).then_some(pid)
    }

    /// Switches it off at once.
    pub(crate) fn stop(&self) -> Outcome {
        let Some(pid) = self.process() else { return Ok(()) };
        // One that does not answer is killed below.
        self.monitor(r#"{"execute":"quit"}"#).ok();
        let until = Instant::now() + END;
        let mut killed = false;
        while self.process() == Some(pid) {
            if Instant::now() > until {
                return Err(format!("process {pid} of lab{} does not end", self.number));
            }
            if !killed && until.saturating_duration_since(Instant::now()) < END / 2 {
                Program::new("kill").args(&["-KILL".to_owned(), pid.to_string()]).succeeds();
                killed = true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Does harm to it, as the machines, cables and users of real nodes do.
    pub(crate) fn harm(&self, fault: &str) -> Outcome {
        let link = |up: bool| format!(r#"{{"execute":"set_link","arguments":{{"name":"lan0","up":{up}}}}}"#);
        match fault {
            "power" => self.stop(),
            "unplug" => self.monitor(&link(false)),
            "plug" => self.monitor(&link(true)),
            "freeze" => self.monitor(r#"{"execute":"stop"}"#),
            "thaw" => self.monitor(r#"{"execute":"cont"}"#),
            "reset" => self.monitor(r#"{"execute":"system_reset"}"#),
            _ => Err("a fault is one of power, unplug, plug, freeze, thaw, reset".to_owned()),
        }
    }

    /// One command to QEMU's monitor.
    fn monitor(&self, command: &str) -> Outcome {
        let failed = |err: std::io::Error| format!("lab{}: {err}", self.number);
        let mut socket = UnixStream::connect(self.file("qmp.sock")).map_err(failed)?;
        socket.set_read_timeout(Some(END)).map_err(failed)?;
        let text = format!("{{\"execute\":\"qmp_capabilities\"}}\n{command}\n");
        socket.write_all(text.as_bytes()).map_err(failed)?;
        // A greeting, an answer to each; events may come between.
        let (mut answer, mut chunk) = (String::new(), [0; 4096]);
        while answer.matches("\"return\"").count() < 2 {
            if answer.contains("\"error\"") {
                return Err(format!("lab{}: QEMU refused: {}", self.number, answer.trim()));
            }
            match socket.read(&mut chunk).map_err(failed)? {
                0 => return Err(format!("lab{} has ended", self.number)),
                count => answer.push_str(&String::from_utf8_lossy(&chunk[..count])),
            }
        }
        Ok(())
    }
}
