"""Real containers of each distribution that can be had here: addresses of all kinds, growth, copies.

Alpine's archive is not reached: in its place stands a system of busybox laid out as Alpine 3.12 is, the last whose ifup
was busybox' own.
"""

import io
import os
import shutil
import subprocess
import tarfile

import pytest
from conftest import CACHE, cached
from node import wait_for

BRIDGE = "vmbrdist"
# (name, how its template's name begins, first ID, what os-release says inside)
SYSTEMS = [
    ("debian12", "debian-12-standard", 9520, "bookworm"),
    ("debian13", "debian-13-standard", 9523, "trixie"),
    ("ubuntu", "ubuntu-24.04-standard", 9526, "noble"),
    ("alpine", None, 9529, "alpine"),
]
LEASE = """#!/bin/sh
case $1 in
    deconfig) ip addr flush dev $interface scope global; ip link set $interface up ;;
    bound | renew) ip addr replace $ip/$mask dev $interface ;;
esac
"""


@pytest.fixture(scope="module")
def bridge(node):
    """A bridge with a router and a DHCP server of the test's own."""

    def ip(*words):
        subprocess.run(["ip", *words], check=True)

    ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0")
    server = None
    try:
        ip("addr", "add", "198.51.100.1/24", "dev", BRIDGE)
        ip("addr", "add", "fd00:c::1/64", "dev", BRIDGE, "nodad")
        ip("link", "set", BRIDGE, "up")
        words = ["--no-daemon", "--conf-file=/dev/null", f"--interface={BRIDGE}", "--bind-interfaces", "--port=0"]
        words += ["--except-interface=lo", "--leasefile-ro", "--enable-ra", "--dhcp-range=fd00:c::,ra-only,64"]
        words += ["--dhcp-range=198.51.100.100,198.51.100.200,255.255.255.0,1h", f"--ra-param={BRIDGE},4"]
        server = subprocess.Popen(["dnsmasq", *words], stderr=subprocess.DEVNULL)
        yield BRIDGE
    finally:
        if server:
            server.terminate()
            server.wait()
        ip("link", "del", BRIDGE)


def small_system(path):
    """An archive of busybox, laid out as Alpine is."""
    busybox = shutil.which("busybox")
    if not busybox or b"init" not in subprocess.run([busybox, "--list"], capture_output=True).stdout.split():
        pytest.skip("busybox-static is not installed")
    applets = "init sh sleep cat hostname mount mkdir getty login ifup ifdown udhcpc ip nproc tail head".split()
    start = "#!/bin/sh\nmkdir -p /run /var/run\n: > /var/run/ifstate\nhostname -F /etc/hostname\nifup -a\n"
    files = {
        "etc/alpine-release": ("3.12.0\n", 0o644),
        "etc/os-release": ("ID=alpine\nVERSION_ID=3.12.0\n", 0o644),
        "etc/passwd": ("root:x:0:0:root:/root:/bin/sh\n", 0o644),
        "etc/shadow": ("root:*::0:::::\n", 0o640),
        "etc/inittab": ("::sysinit:/etc/rc\ntty1::respawn:/sbin/getty 38400 tty1\n", 0o644),
        "etc/rc": (start, 0o755),
        "usr/share/udhcpc/default.script": (LEASE, 0o755),
        "etc/udhcpc/default.script": (LEASE, 0o755),
    }
    with tarfile.open(path, "w:gz") as archive:
        for directory in ("bin", "sbin", "root", "tmp", "proc", "sys", "dev", "run", "var", "var/run"):
            entry = tarfile.TarInfo(directory)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)
        for name, (text, mode) in files.items():
            entry = tarfile.TarInfo(name)
            entry.mode, entry.size = mode, len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
        archive.add(busybox, "bin/busybox")
        for name in applets:
            for directory in ("bin", "sbin"):
                link = tarfile.TarInfo(f"{directory}/{name}")
                link.type, link.linkname, link.mode = tarfile.SYMTYPE, "/bin/busybox", 0o777
                archive.addfile(link)


def template(node, name, begin):
    folder = node.root / "var/lib/vz/template/cache"
    if begin is None:
        path = folder / "alpine-3.12-busybox_1_amd64.tar.gz"
        small_system(path)
        return path
    found = cached(begin)
    if not found:
        pytest.skip(f"no template of {name} in {CACHE}: it is built where PLEIAD_ALL_IMAGES=1 asks for it")
    path = folder / found[0].name
    if not path.exists():
        os.link(found[0], path) if os.stat(found[0]).st_dev == os.stat(folder).st_dev else shutil.copy(found[0], path)
    return path


def addresses(container, name):
    rows = container.interfaces.get()
    return {a["ip-address"] for row in rows if row["name"] == name for a in row.get("ip-addresses", [])}


def got(container, name, *begins):
    """The addresses of an interface that begin so, once it has one of each."""

    def all_of_them():
        found = [next((a for a in sorted(addresses(container, name)) if a.startswith(begin)), None) for begin in begins]
        return found if all(found) else None

    return wait_for(f"addresses {begins} on {name}", all_of_them, 120, every=0.3)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system[0])
def test_a_distribution_has_addresses_and_lives(node, here, bridge, system):
    name, begin, vmid, release = system
    path, copy = template(node, name, begin), vmid + 1
    nets = {
        "net0": f"name=eth0,bridge={bridge},ip=dhcp,ip6=auto",
        "net1": f"name=eth1,bridge={bridge},ip=203.0.113.{vmid % 100}/24,ip6=fd00:5::{vmid}/64",
    }
    options = {"ostemplate": f"local:vztmpl/{path.name}", "hostname": name, "memory": 256, "features": "nesting=1"}
    node.finish(here.lxc.post(vmid=vmid, rootfs="local:1", unprivileged=1, **options, **nets))
    made = [here.lxc(vmid)]

    def inside(of, *words):
        return node.command("pct", "exec", of, "--", *words)

    try:
        node.finish(made[0].status.start.post())
        announced = got(made[0], "eth0", "198.51.100.", "fd00:c:")[1]
        assert got(made[0], "eth1", "203.0.113.", "fd00:5:")[0] == f"203.0.113.{vmid % 100}"
        assert inside(vmid, "hostname").strip() == name
        assert release in inside(vmid, "cat", "/etc/os-release")
        node.finish(made[0].status.shutdown.post(timeout=60, forceStop=1))
        node.finish(made[0].resize.put(disk="rootfs", size="1100M"))
        node.finish(made[0].clone.post(newid=copy, full=1, hostname=f"{name}-copy"))
        made.append(here.lxc(copy))
        assert made[1].config.get()["rootfs"].endswith("size=1100M")
        made[1].config.put(delete="net1")
        for one in made:
            node.finish(one.status.start.post())
        others = got(made[1], "eth0", "198.51.100.", "fd00:c:")
        again = got(made[0], "eth0", "198.51.100.", "fd00:c:")
        assert again[1] == announced and not set(again) & set(others), (announced, again, others)
        assert inside(copy, "hostname").strip() == f"{name}-copy"
    finally:
        for one in made:
            node.finish(one.delete(force=1))
