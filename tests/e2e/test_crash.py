"""The daemon or the proxy is killed in the middle: guests go on, nothing is left over, the next call works."""

import os
import signal
from pathlib import Path

import pytest
import requests
from node import Failed, alive, wait_for
from proxmoxer import ResourceException

ROLES = ["daemon", "proxy"]


@pytest.fixture
def bystander(node, here):
    """A running VM that has nothing to do with it; afterwards it must be the same process."""
    node.finish(here.qemu.post(vmid=130, memory=64))
    vm = here.qemu(130)
    node.finish(vm.status.start.post())
    pid = vm.status.current.get()["pid"]
    yield vm
    assert alive(pid)
    current = vm.status.current.get()
    assert (current["pid"], current["qmpstatus"]) == (pid, "running")
    node.finish(vm.status.stop.post())
    node.finish(vm.delete())


def leftovers(node, vmid):
    """Files and processes of a guest that does not exist (any more)."""
    found = [str(p) for p in node.root.rglob("*") if f"-{vmid}-" in p.name or p.name in (str(vmid), f"{vmid}.conf")]
    found += [str(p) for p in (node.root / "run/pleiad").rglob(f"{vmid}.*")]
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        ours = any(b"qemu/%d." % vmid in word for word in words) and str(node.root).encode() in b"".join(words)
        if ours and alive(int(entry.parent.name)):
            found.append(str(entry))
    return found


def settled(node):
    """True when no task runs any more: those of a killed daemon are closed."""
    return not [t for t in node.api().nodes(node.name).tasks.get(source="active") if not t.get("endtime")]


@pytest.mark.parametrize("role", ROLES)
def test_killed_while_creating(node, here, bystander, role):
    try:
        here.qemu.post(vmid=131, memory=64, scsi0="local:4,format=qcow2", scsi1="local:4,format=qcow2")
    except (requests.RequestException, ResourceException):
        pass
    node.kill(role)
    wait_for("tasks are closed", lambda: settled(node))
    if [g for g in here.qemu.get() if g["vmid"] == 131]:
        # It was far enough: then it is whole.
        assert "lock" not in here.qemu(131).config.get()
        node.finish(here.qemu(131).delete())
    assert not leftovers(node, 131)
    node.finish(here.qemu.post(vmid=131, memory=64, scsi0="local:1"))
    node.finish(here.qemu(131).delete())
    assert not leftovers(node, 131)


@pytest.mark.parametrize("role", ROLES)
def test_killed_while_starting(node, here, bystander, role):
    node.finish(here.qemu.post(vmid=132, memory=64, scsi0="local:1"))
    vm = here.qemu(132)
    vm.status.start.post()
    node.kill(role)
    wait_for("tasks are closed", lambda: settled(node))
    if vm.status.current.get()["status"] != "running":
        node.finish(vm.status.start.post())
    wait_for("it runs", lambda: vm.status.current.get()["qmpstatus"] == "running")
    node.finish(vm.status.stop.post())
    node.finish(vm.delete())
    assert not leftovers(node, 132)


@pytest.mark.parametrize("role", ROLES)
def test_killed_while_deleting(node, here, bystander, role):
    node.finish(here.qemu.post(vmid=133, memory=64, scsi0="local:1", scsi1="local:1"))
    try:
        here.qemu(133).delete()
    except requests.RequestException:
        pass
    node.kill(role)
    wait_for("tasks are closed", lambda: settled(node))
    if [g for g in here.qemu.get() if g["vmid"] == 133]:
        node.finish(here.qemu(133).delete())
    assert not leftovers(node, 133)


def test_killed_while_a_container_is_created(node, here, bystander, container_template):
    here.lxc.post(vmid=134, ostemplate=container_template, rootfs="local:0", unprivileged=1)
    node.kill("daemon")
    wait_for("tasks are closed", lambda: settled(node), 60)
    if [g for g in here.lxc.get() if g["vmid"] == 134]:
        assert "lock" not in here.lxc(134).config.get()
        node.finish(here.lxc(134).delete())
    assert not leftovers(node, 134)


def test_a_task_of_a_killed_daemon_ends_honestly(node, here, container_template):
    upid = here.lxc.post(vmid=135, ostemplate=container_template, rootfs="local:0", unprivileged=1)
    node.kill("daemon")
    with pytest.raises(Failed):
        node.finish(upid, 60)
        raise Failed("it was done before the kill")
    if [g for g in here.lxc.get() if g["vmid"] == 135]:
        node.finish(here.lxc(135).delete())


def test_guests_outlive_everything_and_are_taken_up_again(node, here, bystander):
    processes = [node.process.pid, node.role("daemon"), node.role("proxy")]
    for pid in processes:
        os.kill(pid, signal.SIGKILL)
    wait_for("they are gone", lambda: not any(alive(pid) for pid in processes[1:]))
    node.process.wait()
    node.start()
    # A guest that was taken up again obeys.
    node.finish(here.qemu(130).status.suspend.post())
    node.finish(here.qemu(130).status.resume.post())
