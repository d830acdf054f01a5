"""A real container: created from a template built here, started, entered, reached over the bridge, deleted."""

import io
import tarfile

import pytest
from console import Console
from node import Failed, wait_for
from proxmoxer import ResourceException


def create(node, here, template, vmid, **options):
    node.finish(
        here.lxc.post(
            vmid=vmid,
            ostemplate=template,
            hostname=f"ct{vmid}",
            memory=256,
            rootfs="local:0",
            unprivileged=1,
            **options,
        )
    )
    return here.lxc(vmid)


@pytest.fixture(scope="module")
def two(node, container_template):
    """Two running containers on the first bridge, with fixed addresses."""
    here = node.api().nodes(node.name)
    made = []
    for vmid, address in ((120, "192.0.2.20"), (121, "192.0.2.21")):
        net = f"name=eth0,bridge=vmbr0,ip={address}/24"
        made.append(create(node, here, container_template, vmid, net0=net, password="correct horse"))
        node.finish(made[-1].status.start.post())
    yield made
    for container in made:
        if container.status.current.get()["status"] == "running":
            node.finish(container.status.stop.post())
        node.finish(container.delete())


def test_a_command_runs_inside(node, two):
    assert node.command("pct", "exec", 120, "--", "hostname").strip() == "ct120"
    assert "uid=0(root)" in node.command("pct", "exec", 120, "--", "id")
    failed = node.command("pct", "exec", 120, "--", "sh", "-c", "exit 3", check=False)
    assert failed.returncode == 3


def test_root_inside_is_nobody_outside(node, two):
    pid = two[0].status.current.get()["pid"]
    with open(f"/proc/{pid}/uid_map") as uid_map:
        assert uid_map.read().split() == ["0", "100000", "65536"]


def test_one_reaches_the_other_over_the_bridge(node, two):
    wait_for(
        "an answer over the bridge",
        lambda: node.command("pct", "exec", 120, "--", "ping", "-c1", "-W2", "192.0.2.21", check=False).returncode == 0
        or node.command(
            "pct", "exec", 120, "--", "bash", "-c", "exec 3<>/dev/tcp/192.0.2.21/1 2>&1 | grep -q refused", check=False
        ).returncode
        == 0,
        60,
        every=1,
    )


def test_its_console_logs_in(node, two):
    console = Console(node, "lxc", 121)
    console.type("\r")
    console.expect("login:", 60)
    console.type("root\r")
    console.expect("assword:", 30)
    console.type("correct horse\r")
    console.expect("#", 30)
    console.type("echo $((6*7))-done\r")
    console.expect("42-done", 30)
    console.close()


def test_its_limits_are_in_force(node, two):
    current = two[0].status.current.get()
    assert current["status"] == "running" and current["maxmem"] == 256 << 20
    seen = node.command("pct", "exec", 120, "--", "cat", "/proc/meminfo", check=False)
    assert current["mem"] > 0, seen


def test_it_shuts_down_and_starts_again(node, two):
    node.finish(two[1].status.shutdown.post(timeout=60))
    assert two[1].status.current.get()["status"] == "stopped"
    node.finish(two[1].status.start.post())
    assert two[1].status.current.get()["status"] == "running"


def test_it_gets_an_address_from_the_node(node, here, container_template):
    container = create(node, here, container_template, 122, net0="name=eth0,bridge=vmbr0,ip=dhcp")
    node.finish(container.status.start.post())

    def inside(*command):
        done = node.command("pct", "exec", 122, "--", *command, check=False)
        return done.stdout if done.returncode == 0 else ""

    try:
        route = wait_for("a route by DHCP", lambda: inside("ip", "route", "show", "default"), 60, every=0.5)
        gateway = route.split()[2]
        assert " 0% packet loss" in inside("ping", "-c1", "-W5", gateway)
    finally:
        node.finish(container.status.stop.post())
        node.finish(container.delete())


def hostile(kind):
    """An archive that tries to leave its place."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        entry = tarfile.TarInfo("etc/os-release")
        entry.size = 10
        archive.addfile(entry, io.BytesIO(b"ID=debian\n"))
        if kind == "parent":
            entry = tarfile.TarInfo("../../../../../../../../tmp/pleiad-escaped")
            entry.size = 1
            archive.addfile(entry, io.BytesIO(b"x"))
        if kind == "link":
            link = tarfile.TarInfo("etc/out")
            link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
            archive.addfile(link)
            entry = tarfile.TarInfo("etc/out/pleiad-escaped")
            entry.size = 1
            archive.addfile(entry, io.BytesIO(b"x"))
        if kind == "hostname":
            link = tarfile.TarInfo("etc/hostname")
            link.type, link.linkname = tarfile.SYMTYPE, "/tmp/pleiad-escaped"
            archive.addfile(link)
        if kind == "device":
            device = tarfile.TarInfo("etc/disk")
            device.type, device.devmajor, device.devminor = tarfile.BLKTYPE, 254, 0
            archive.addfile(device)
    return data.getvalue()


@pytest.mark.parametrize("kind", ["parent", "link", "hostname", "device", "noise"])
def test_a_hostile_template_stays_in_its_place(node, here, kind, tmp_path):
    from pathlib import Path

    escaped = Path("/tmp/pleiad-escaped")
    escaped.unlink(missing_ok=True)
    archive = b"this is no archive" * 100 if kind == "noise" else hostile(kind)
    name = f"debian-13-hostile-{kind}_1_amd64.tar.gz"
    (node.root / "var/lib/vz/template/cache" / name).write_bytes(archive)
    try:
        create(node, here, f"local:vztmpl/{name}", 125)
    except (Failed, ResourceException):
        # Refused: then nothing of it may be left.
        assert not [g for g in here.lxc.get() if g["vmid"] == 125]
        assert not list((node.root / "var/lib/vz").glob("**/subvol-125-*"))
    else:
        devices = [p for p in (node.root / "var/lib/vz").glob("**/subvol-125-*/**/*") if p.is_block_device()]
        node.finish(here.lxc(125).delete())
        assert not devices
    assert not escaped.exists()
    assert kind != "noise" or not [g for g in here.lxc.get() if g["vmid"] == 125]
