"""Copies, templates and kept states of guests, by API and command line."""

import os
import signal

import pytest
from node import Failed, wait_for
from proxmoxer import ResourceException


def remove(node, here, *guests):
    """Removes guests that are there, clones before their templates."""
    there = {(row["type"], row["vmid"]) for row in node.api().cluster.resources.get(type="vm")}
    for kind, vmid in guests:
        if (kind, vmid) not in there:
            continue
        guest = getattr(here, kind)(vmid)
        if guest.status.current.get()["status"] == "running":
            node.finish(guest.status.stop.post())
        node.finish(guest.delete())


def images(node, vmid):
    """File names of a guest's volumes."""
    folder = node.root / f"var/lib/vz/images/{vmid}"
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def test_a_template_and_its_clones_by_qm(node, here):
    try:
        node.command("qm", "create", 170, "--memory", 64, "--name", "golden", "--scsi0", "local:1,format=qcow2")
        node.command("qm", "template", 170)
        assert images(node, 170) == ["base-170-disk-0.qcow2"]
        with pytest.raises(Failed, match="template"):
            node.command("qm", "start", 170)
        node.command("qm", "clone", 170, 171, "--name", "linked")
        node.command("qm", "clone", 170, 172, "--full", 1)
        config = dict(line.split(": ", 1) for line in node.command("qm", "config", 171).splitlines())
        assert config["scsi0"].startswith("local:170/base-170-disk-0.qcow2/171/vm-171-disk-0.qcow2")
        for vmid in (171, 172):
            node.command("qm", "start", vmid)
        with pytest.raises(Failed, match="still in use by linked clone"):
            node.command("qm", "destroy", 170)
    finally:
        remove(node, here, ("qemu", 171), ("qemu", 172), ("qemu", 170))
    assert images(node, 170) == []


def test_a_container_is_copied_and_starts(node, here, container_template):
    try:
        node.finish(
            here.lxc.post(
                vmid=173, ostemplate=container_template, hostname="first", storage="local", rootfs="local:2", memory=256
            ),
            600,
        )
        node.finish(here.lxc(173).clone.post(newid=174, hostname="second"), 600)
        node.finish(here.lxc(174).status.start.post())
        name = wait_for("a shell inside", lambda: node.command("pct", "exec", 174, "--", "hostname", check=False).stdout, 60)
        assert name.strip() == "second"
    finally:
        remove(node, here, ("lxc", 174), ("lxc", 173))


def test_states_are_kept_with_memory_and_brought_back(node, here):
    try:
        node.command("qm", "create", 175, "--memory", 64, "--scsi0", "local:1,format=qcow2")
        node.command("qm", "start", 175)
        node.command("qm", "snapshot", 175, "before", "--vmstate", 1, "--description", "all is well")
        assert "vm-175-state-before.raw" in images(node, 175)
        tree = node.command("qm", "listsnapshot", 175)
        assert "`-> before" in tree and "You are here!" in tree
        node.command("qm", "rollback", 175, "before")
        assert here.qemu(175).status.current.get()["status"] == "running"
        node.command("qm", "delsnapshot", 175, "before")
        assert images(node, 175) == ["vm-175-disk-0.qcow2"]
        with pytest.raises(ResourceException, match="does not exist"):
            here.qemu(175).snapshot("before").rollback.post()
    finally:
        remove(node, here, ("qemu", 175))


def test_a_daemon_killed_in_a_copy_leaves_nothing(node, here):
    try:
        node.command("qm", "create", 176, "--memory", 64, "--scsi0", "local:4,format=raw")
        disk = node.root / "var/lib/vz/images/176/vm-176-disk-0.raw"
        with open(disk, "r+b") as file:
            # Something to copy, so that the copy takes its time.
            for _ in range(256):
                file.write(os.urandom(1 << 20))
        here.qemu(176).clone.post(newid=177, format="qcow2")
        wait_for("the copy has begun", lambda: images(node, 177), 30, 0.001)
        os.kill(node.role("daemon"), signal.SIGKILL)
        node.wait_answering()
        wait_for("it is taken back", lambda: not images(node, 177), 30)
        assert 177 not in [vm["vmid"] for vm in here.qemu.get()]
        assert "lock" not in here.qemu(176).config.get()
        node.finish(here.qemu(176).clone.post(newid=177), 300)
    finally:
        remove(node, here, ("qemu", 177), ("qemu", 176))
