"""What VMs do by themselves is seen at once, with its reason; one that does not answer holds up nobody."""

import contextlib
import os
import signal
import subprocess
import time

import pytest
from node import wait_for
from proxmoxer import ResourceException

# A boot sector that writes one sector, some 40 MB into its disk, again and again (int 0x13, function 3).
WRITER = bytes.fromhex("31c08ed88ec0 b80103 bb007c b90105 ba8000 cd13 ebf0".replace(" ", "")).ljust(510, b"\0") + b"\x55\xaa"


@pytest.fixture
def machine(node, here):
    """Makes and starts small VMs, and removes them afterwards."""
    made = []

    def make(vmid, args=None):
        node.finish(here.qemu.post(vmid=vmid, memory=32))
        made.append(vmid)
        if args:
            # Only root himself may set them, no token of his.
            node.command("qm", "set", vmid, "--args", args)
        node.finish(here.qemu(vmid).status.start.post())
        return here.qemu(vmid)

    yield make
    for vmid in made:
        current = here.qemu(vmid).status.current.get()
        if current["status"] == "running":
            os.kill(current["pid"], signal.SIGCONT)
            node.finish(here.qemu(vmid).status.stop.post())
        node.finish(here.qemu(vmid).delete())


def state(vm):
    """What QEMU says of it."""
    return vm.status.current.get()["qmpstatus"]


def event(vm):
    """What happened to it last."""
    return vm.status.current.get().get("last-event", {})


def logged(api, text):
    """Whether the cluster's log has it."""
    return any(text in row["msg"] for row in api.cluster.log.get(max=200))


def test_the_end_of_a_vm_has_a_reason(node, api, here, machine):
    vm = machine(660)

    def off():
        # The register that switches the machine off; the firmware puts it there some time after the start.
        with contextlib.suppress(ResourceException):
            vm.monitor.post(command="o /w 0x604 0x2000")
        return vm.status.current.get()["status"] == "stopped"

    wait_for("it is off", off, 20)
    assert (event(vm)["event"], event(vm)["reason"]) == ("ended", "guest-shutdown")
    assert logged(api, "VM 660: the guest powered off")

    node.finish(vm.status.start.post())
    assert event(vm) == {}
    os.kill(vm.status.current.get()["pid"], signal.SIGKILL)
    wait_for("it is gone", lambda: vm.status.current.get()["status"] == "stopped", 10)
    assert event(vm)["reason"] == "signal"
    wait_for("it is in the log", lambda: logged(api, "VM 660: QEMU was killed (got signal 9)"), 5)

    node.finish(vm.status.start.post())
    node.finish(vm.status.stop.post())
    assert event(vm)["reason"] == "host-qmp-quit"


def test_a_reset_and_a_crash_in_the_guest(api, machine):
    vm = machine(661, args="-device pvpanic")
    vm.monitor.post(command="o /b 0xcf9 6")
    wait_for("the reset is seen", lambda: event(vm).get("event") == "reset", 10)
    assert event(vm)["reason"] == "guest-reset" and state(vm) == "running"
    vm.monitor.post(command="o /b 0x505 1")
    wait_for("the crash is seen", lambda: state(vm) == "guest-panicked", 10)
    assert event(vm)["event"] == "panic"
    assert logged(api, "VM 661: the system in the guest crashed; it is paused as it is")


def test_a_full_storage_pauses_and_is_said(node, api, here, machine):
    place = node.root / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2M", "tmpfs", place], check=True)
    api.storage.post(storage="small", type="dir", path=str(place), content="images")
    node.finish(here.qemu.post(vmid=662, memory=32, scsi0="small:1,format=raw,cache=writeback", boot="order=scsi0"))
    vm = here.qemu(662)
    try:
        disk = next(place.rglob("vm-662-disk-0.raw"))
        with open(disk, "r+b") as file:
            file.write(WRITER)
        filler = place / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        node.finish(vm.status.start.post())
        wait_for("the guest hits the end of the storage", lambda: state(vm) == "io-error", 30)
        last = event(vm)
        assert (last["event"], last["device"], last["reason"]) == ("io-error", "scsi0", "enospc"), last
        assert "no space left" in last["text"]
        assert logged(api, "VM 662: writing on scsi0 failed: no space left on its storage")
        rows = [r for r in api.cluster.resources.get(type="vm") if r["vmid"] == 662]
        assert rows[0]["status"] == "io-error"
        filler.unlink()
        node.finish(vm.status.resume.post())
        assert state(vm) == "running"
        node.finish(vm.status.stop.post())
    finally:
        if vm.status.current.get()["status"] == "running":
            node.finish(vm.status.stop.post())
        node.finish(vm.delete())
        api.storage("small").delete()
        subprocess.run(["umount", place], check=True)


def test_a_vm_that_does_not_answer_is_shown_and_holds_up_nobody(node, api, here, machine):
    stuck, other = machine(663), machine(664)
    pid = stuck.status.current.get()["pid"]
    os.kill(pid, signal.SIGSTOP)
    slowest = 0

    def timed(call):
        nonlocal slowest
        since = time.monotonic()
        answer = call()
        slowest = max(slowest, time.monotonic() - since)
        return answer

    def seen():
        assert timed(other.status.current.get)["qmpstatus"] == "running"
        rows = {row["vmid"]: row for row in timed(here.qemu.get)}
        assert rows[663]["status"] == "running"
        timed(lambda: api.cluster.resources.get(type="vm"))
        return "silent-since" in here.qemu(663).status.current.get()

    wait_for("it is shown", seen, 8)
    current = timed(stuck.status.current.get)
    assert (current["status"], current["qmpstatus"]) == ("running", "unknown")
    assert current["last-event"]["event"] == "silent"
    rows = {row["vmid"]: row["status"] for row in timed(lambda: api.cluster.resources.get(type="vm"))}
    assert rows[663] == "unknown" and rows[664] == "running"
    # Others are started, changed and stopped meanwhile.
    since = time.monotonic()
    node.finish(other.status.suspend.post())
    node.finish(other.status.resume.post())
    assert time.monotonic() - since < 5
    assert slowest < 1, f"a call took {slowest:.2f} s"
    # A daemon that comes new finds the same.
    node.kill("daemon")
    wait_for("it is shown again", lambda: "silent-since" in stuck.status.current.get(), 15)
    os.kill(pid, signal.SIGCONT)
    wait_for("it answers again", lambda: state(stuck) == "running", 15)
    assert "silent-since" not in stuck.status.current.get()
    assert event(stuck)["event"] == "answers" and logged(api, "VM 663: QEMU answers again")
