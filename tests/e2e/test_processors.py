"""Processors that come and go while a Linux runs, as its kernel sees them."""

import gzip
import socket
import threading
from base64 import b64encode
from pathlib import Path

import pytest
from node import wait_for

VMID = 9301
BUSYBOX = Path("/bin/busybox")
KERNELS = Path(__file__).parents[2] / ".dev/lab"

# Linux takes processors that were not there at boot only where it knows the hypervisor: QEMU's own translation is none
# that it knows, and counts as a real machine. VMware it knows by the serial number and a port that QEMU has.
KNOWN_SERIAL = "uuid=2b5f0d6c-1f5e-4b0e-9a59-0a3a6d5a8c01,base64=1,serial=" + b64encode(b"VMware-42").decode()
KNOWN_BY_SERIAL = "-cpu qemu64,-hypervisor"

# Says what it has whenever that changes, and uses what comes: Linux leaves that to its administrator.
INIT = b"""#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t sysfs s /sys
cd /sys/devices/system/cpu
while sleep 0.5; do
    for one in cpu[0-9]*/online; do [ "$(cat $one)" = 1 ] || echo 1 > $one; done
    now="present=$(cat present) online=$(cat online);"
    [ "$now" = "$before" ] || echo "$now"
    before=$now
done
"""


def archive(members):
    """A root file system as kernels take it (cpio, `newc`): paths with mode and content."""
    packed = b""
    for number, (path, mode, content) in enumerate([*members, ("TRAILER!!!", 0, b"")], 1):
        name = path.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
        for part in (b"070701" + b"".join(b"%08X" % field for field in fields) + name, content):
            packed += part + bytes(-len(part) % 4)
    return gzip.compress(packed, 1)


@pytest.fixture
def small_linux(node, here, tmp_path):
    """A kernel with a shell, and what it has said so far."""
    kernel = next(iter(sorted(KERNELS.glob("image-*/vmlinuz"))), None)
    if kernel is None or not BUSYBOX.exists():
        pytest.skip("no kernel of the lab (./dev lab up makes it), or no busybox")
    folders = [(name, 0o40755, b"") for name in ("bin", "sys", "dev")]
    programs = [("bin/busybox", 0o100755, BUSYBOX.read_bytes()), ("init", 0o100755, INIT)]
    (tmp_path / "initrd").write_bytes(archive([*folders, *programs]))
    node.finish(
        here.qemu.post(
            vmid=VMID, memory=256, cores=2, vcpus=1, hotplug="cpu", serial0="socket", vga="serial0", smbios1=KNOWN_SERIAL
        )
    )
    vm, said = here.qemu(VMID), []
    try:
        boots = f"-kernel {kernel} -initrd {tmp_path / 'initrd'} -append 'console=ttyS0 quiet'"
        node.command("qm", "set", VMID, "--args", f"{KNOWN_BY_SERIAL} {boots}")
        node.finish(vm.status.start.post())
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(node.root / f"run/pleiad/qemu/{VMID}.serial0"))
            threading.Thread(target=lambda: said.extend(iter(lambda: line.recv(4096), b"")), daemon=True).start()
            yield vm, lambda: b"".join(said).decode(errors="replace")
            node.finish(vm.status.stop.post())
    finally:
        if vm.status.current.get()["status"] == "running":
            node.finish(vm.status.stop.post())
        node.finish(vm.delete())


def test_processors_are_plugged_and_unplugged(small_linux):
    vm, said = small_linux
    waiting = lambda: [row for row in vm.pending.get() if "pending" in row or "delete" in row]
    wait_for("the kernel runs", lambda: "present=0 online=0;" in said() or None, 600, 0.5)
    vm.config.put(vcpus=2)
    assert waiting() == []
    wait_for("it uses the second processor", lambda: "present=0-1 online=0-1;" in said(), 300, 0.5)
    before = len(said())
    vm.config.put(vcpus=1)
    assert waiting() == [] and vm.config.get(current=1)["vcpus"] == 1
    wait_for("the second processor is gone", lambda: "present=0 online=0;" in said()[before:], 300, 0.5)
