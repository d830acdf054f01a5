"""A node under test: `pleiad up` below a root of its own, in a network of its own."""

import contextlib
import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import requests
from proxmoxer import ProxmoxAPI

TOP = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("PLEIAD_BINARY", TOP / "target/debug/pleiad"))
CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000


def isolate():
    """Moves this process into network and mount namespaces of its own.

    Bridges, address translation and ports of the node cannot meet those of the host, and all of it goes away with
    the last process. A fresh sysfs shows the new network's devices; the control groups are carried over to it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS | CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot make a network namespace")
    keep = Path("/run/pleiad-e2e-cgroup")
    keep.mkdir(exist_ok=True)
    for command in (
        ["mount", "--make-rprivate", "/"],
        ["mount", "--rbind", "/sys/fs/cgroup", keep],
        ["umount", "--recursive", "--lazy", "/sys"],
        ["mount", "-t", "sysfs", "sysfs", "/sys"],
        ["mount", "--rbind", keep, "/sys/fs/cgroup"],
        ["umount", "--recursive", "--lazy", keep],
        ["ip", "link", "set", "lo", "up"],
    ):
        subprocess.run(command, check=True)


def wait_for(what, condition, seconds=30, every=0.05):
    """Waits until `condition()` is true and returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for: {what}")
        time.sleep(every)


def children(pid):
    """Process IDs of the direct children."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def alive(pid):
    """Whether a process runs: it exists and is no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def end_leftovers(root):
    """Ends what outlives a node below `root`: its DHCP server, and a guest that could not be stopped."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{root}/".encode() in (process / "cmdline").read_bytes() and int(process.name) != os.getpid():
                os.kill(int(process.name), signal.SIGTERM)


class Failed(Exception):
    """A task ended badly; the text is its end and its log."""


class Node:
    """`pleiad up`, its processes, and clients for it."""

    name = "e2e"

    def __init__(self, root, listen="127.0.0.1:0", options=()):
        self.root = Path(root)
        self.options = options
        self.listen = listen
        self.process = None

    def start(self):
        """Starts it and waits for the line that says it is ready."""
        self.root.mkdir(parents=True, exist_ok=True)
        first_login = self.root / "first-login.json"
        command = [BINARY, "up", "--root", self.root, "--listen", self.listen, "--node", self.name]
        log = open(self.root / "up.log", "ab")
        self.process = subprocess.Popen(
            [*command, "--first-login", first_login, *self.options], stdout=subprocess.PIPE, stderr=log, text=True
        )
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("pleiad up ended: " + (self.root / "up.log").read_text()[-2000:])
        self.ready = json.loads(line)
        self.url = self.ready["url"].rstrip("/")
        self.ca = self.ready["ca"]
        self.host, self.port = re.fullmatch(r"https://(.+):(\d+)", self.url).groups()
        # The same port again after a restart, as a real node has it.
        self.listen = f"{self.host}:{self.port}"
        self.login = json.loads(first_login.read_text())
        return self

    def stop(self):
        """Ends it in order; guests go on running."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)
        # It goes on for containers; the next start has one of its own.
        pid = self.root / "run/pleiad/lxcfs.pid"
        if pid.exists() and pid.read_text().strip():
            with contextlib.suppress(OSError):
                os.kill(int(pid.read_text()), signal.SIGTERM)
            pid.unlink(missing_ok=True)

    def role(self, name):
        """Process ID of the role `daemon` or `proxy`."""
        for pid in children(self.process.pid):
            try:
                arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                # It ended, and its parent took note, since the children were listed.
                continue
            if name.encode() in arguments[:3]:
                return pid
        return None

    def kill(self, role):
        """Kills a role as a crash would, and waits until it is back."""
        old = self.role(role)
        assert old, f"no process of the role {role}"
        os.kill(old, signal.SIGKILL)
        wait_for(f"{role} is back", lambda: self.role(role) not in (None, old), 30)
        self.wait_answering()

    def wait_answering(self):
        """Waits until the API answers."""

        def answers():
            try:
                return self.http("GET", "/version").status_code == 200
            except requests.RequestException:
                return False

        wait_for("the API answers", answers, 30)

    # clients

    @property
    def token(self):
        """`user@realm!name=secret` of the first login."""
        return self.login["token"]

    def http(self, verb, path, token=None, flavour="json", **kwargs):
        """A bare request with the first token, another, or (with `token=False`) none."""
        headers = kwargs.pop("headers", {})
        if token is not False:
            headers["Authorization"] = f"PVEAPIToken={token or self.token}"
        url = f"{self.url}/api2/{flavour}{path}"
        return requests.request(verb, url, headers=headers, verify=self.ca, timeout=kwargs.pop("timeout", 60), **kwargs)

    def api(self, token=None):
        """proxmoxer with an API token."""
        ident, secret = (token or self.token).split("=", 1)
        user, name = ident.split("!", 1)
        return ProxmoxAPI(
            self.host, port=int(self.port), user=user, token_name=name, token_value=secret, verify_ssl=self.ca, timeout=60
        )

    def api_by_password(self, user=None, password=None):
        """proxmoxer with a ticket."""
        return ProxmoxAPI(
            self.host,
            port=int(self.port),
            user=user or self.login["username"],
            password=password or self.login["password"],
            verify_ssl=self.ca,
            timeout=60,
        )

    def command(self, name, *arguments, check=True):
        """Runs one of the command lines by its own name; its standard output."""
        link = self.root / name
        if not link.exists():
            link.symlink_to(BINARY.resolve())
        environment = {**os.environ, "PLEIAD_ROOT": str(self.root)}
        done = subprocess.run([link, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=300)
        if check and done.returncode != 0:
            raise Failed(f"{name} {arguments}: {done.stdout}{done.stderr}")
        return done.stdout if check else done

    # tasks

    def finish(self, upid, seconds=300):
        """Waits for the end of a task, which must be good."""
        tasks = self.api().nodes(self.name).tasks(upid)
        status = wait_for(f"the end of {upid}", lambda: (s := tasks.status.get())["status"] == "stopped" and s, seconds)
        if not (status["exitstatus"] == "OK" or status["exitstatus"].startswith("WARNINGS")):
            log = "\n".join(line["t"] for line in tasks.log.get(limit=500))
            raise Failed(f"{status['exitstatus']}\n{log}")
        return status
