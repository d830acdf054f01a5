"""The command lines, as their users type them."""

import json
import os
import shutil
import subprocess

import pytest
from node import BINARY, Failed


@pytest.fixture
def vm(node, here):
    """A VM made by `qm`."""
    node.command("qm", "create", 140, "--memory", 64, "--name", "by-qm", "--scsi0", "local:1", "-net0", "virtio,bridge=vmbr0")
    yield 140
    if [g for g in here.qemu.get() if g["vmid"] == 140]:
        node.command("qm", "stop", 140, check=False)
        node.command("qm", "destroy", 140, "--purge")


def test_a_vm_lives_by_qm(node, vm):
    assert node.command("qm", "status", vm).strip() == "status: stopped"
    row = [line.split() for line in node.command("qm", "list").splitlines() if line.split()[0] == "140"][0]
    assert row[1:4] == ["by-qm", "stopped", "64"]
    node.command("qm", "set", vm, "--memory", 128, "--description", "two words")
    config = dict(line.split(": ", 1) for line in node.command("qm", "config", vm).splitlines())
    assert config["memory"] == "128" and config["scsi0"].startswith("local:140/vm-140-disk-0")
    node.command("qm", "start", vm)
    assert node.command("qm", "status", vm).strip() == "status: running"
    node.command("qm", "stop", vm)
    node.command("qm", "destroy", vm)
    with pytest.raises(Failed, match="does not exist"):
        node.command("qm", "config", vm)


def test_mistakes_are_shown_and_end_badly(node):
    for arguments in (["create", 141, "--memory", "lots"], ["create", 141, "--nonsense", 1], ["start", 999], ["no-such"]):
        done = node.command("qm", *arguments, check=False)
        assert done.returncode not in (0, None), arguments
        assert done.stderr.strip(), arguments


def test_pvesh_speaks_the_api(node):
    version = json.loads(node.command("pvesh", "get", "/version", "--output-format", "json"))
    assert version["version"].startswith("9.")
    listed = json.loads(node.command("pvesh", "get", f"/nodes/{node.name}/storage", "--output-format", "json"))
    assert "local" in [storage["storage"] for storage in listed]
    assert "VERSION" in node.command("pvesh", "get", "/version").upper()
    node.command("pvesh", "create", "/access/groups", "--groupid", "by-pvesh")
    node.command("pvesh", "set", "/access/groups/by-pvesh", "--comment", "changed")
    group = json.loads(node.command("pvesh", "get", "/access/groups/by-pvesh", "--output-format", "json"))
    assert group["comment"] == "changed"
    node.command("pvesh", "delete", "/access/groups/by-pvesh")
    assert "nodes" in node.command("pvesh", "ls", "/")


def test_pvesm_keeps_volumes(node):
    status = node.command("pvesm", "status")
    assert [line.split()[:3] for line in status.splitlines() if line.startswith("local")] == [["local", "dir", "active"]]
    made = node.command("pvesm", "alloc", "local", 142, "vm-142-disk-7.raw", "16M")
    assert "local:142/vm-142-disk-7.raw" in made
    assert "vm-142-disk-7.raw" in node.command("pvesm", "list", "local")
    path = node.command("pvesm", "path", "local:142/vm-142-disk-7.raw").strip()
    assert path == str(node.root / "var/lib/vz/images/142/vm-142-disk-7.raw")
    node.command("pvesm", "free", "local:142/vm-142-disk-7.raw")
    assert "vm-142" not in node.command("pvesm", "list", "local")


def test_pveum_keeps_users(node):
    node.command("pveum", "user", "add", "gina@pve", "--comment", "by pveum")
    try:
        node.command("pveum", "acl", "modify", "/vms", "--users", "gina@pve", "--roles", "PVEVMAdmin")
        users = json.loads(node.command("pveum", "user", "list", "--output-format", "json"))
        assert "by pveum" in [u.get("comment") for u in users if u["userid"] == "gina@pve"]
        token = json.loads(
            node.command("pveum", "user", "token", "add", "gina@pve", "tok", "--privsep", 0, "--output-format", "json")
        )
        assert token["full-tokenid"] == "gina@pve!tok"
    finally:
        node.command("pveum", "user", "delete", "gina@pve")


def test_pct_lists(node):
    # Without containers there is nothing to list, not even a header.
    listed = node.command("pct", "list")
    assert not listed or listed.startswith("VMID")


def test_figures_have_units_unless_nobody_wants_them(node, vm):
    def memory(*options):
        shown = node.command("pvesh", "get", f"/nodes/{node.name}/qemu/{vm}/status/current", "--noborder", *options)
        return dict(line.split(None, 1) for line in shown.splitlines())["maxmem"].strip()

    assert memory() == "64.00 MiB"
    assert memory("--human-readable", "0") == str(64 << 20)


@pytest.mark.parametrize(
    "shell, ask",
    [
        ("bash", 'source "$1"; COMP_WORDS=(qm stat); COMP_CWORD=1; _pleiad_complete; echo "${COMPREPLY[@]}"'),
        ("zsh", 'compdef() { }; compadd() { print -l $found }; source "$1"; words=(qm stat); CURRENT=2; _pleiad_complete'),
        ("fish", 'source "$argv[1]"; complete -C "qm stat"'),
    ],
)
def test_shells_complete_words(node, tmp_path, shell, ask):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(subprocess.run([BINARY, "completion", shell], capture_output=True, text=True, check=True).stdout)
    for name in ("pleiad", "qm"):
        (tmp_path / name).symlink_to(BINARY)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    arguments = [shell, "-c", ask, *([] if shell == "fish" else ["-"]), script]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["status"], done.stderr
