"""The life of a container while it runs and after: hot-plug, growth, files in and out, moved volumes."""

import os
import subprocess
from pathlib import Path

import pytest
from node import Failed, wait_for
from proxmoxer import ResourceException

VMID, OTHER = 5510, 5511
MIB = 1 << 20


def make(node, here, template, vmid):
    options = {"vmid": vmid, "ostemplate": template, "hostname": f"ct{vmid}", "memory": 256, "unprivileged": 1}
    node.finish(here.lxc.post(rootfs="local:1", **options))
    return here.lxc(vmid)


@pytest.fixture(scope="module")
def ct(node, container_template):
    """A running container whose root is an image, on no bridge yet; and its files as the host sees them."""
    here = node.api().nodes(node.name)
    container = make(node, here, container_template, VMID)
    node.finish(container.status.start.post())
    yield container
    if container.status.current.get()["status"] == "running":
        node.finish(container.status.stop.post())
    node.finish(container.delete())


def inside(node, *words):
    return node.command("pct", "exec", VMID, "--", *words)


def waiting(ct):
    return [row["key"] for row in ct.pending.get() if "pending" in row or "delete" in row]


def test_interfaces_come_change_and_go(node, ct):
    ct.config.put(net3="name=eth3,bridge=vmbr0,ip=192.0.2.77/24,hwaddr=BC:24:11:00:55:10")
    wait_for("its address", lambda: "192.0.2.77/24" in inside(node, "ip", "-br", "address", "show", "eth3"))
    ct.config.put(net3="name=eth3,bridge=vmbr0,ip=192.0.2.78/24,hwaddr=BC:24:11:00:55:10,link_down=1")
    shown = inside(node, "ip", "-br", "address", "show", "eth3")
    assert "192.0.2.78/24" in shown and "192.0.2.77/24" not in shown
    assert "192.0.2.78" in inside(node, "cat", "/etc/network/interfaces"), "the next start knows it, too"
    for wrong in ("name=eth3,bridge=vmbr0", "name=eth4,bridge=nobr"):
        with pytest.raises(ResourceException):
            ct.config.put(net4=wrong)
    assert not Path(f"/sys/class/net/veth{VMID}i4").exists() and "net4" not in ct.config.get()
    ct.config.put(delete="net3")
    assert "eth3" not in inside(node, "ip", "-br", "link") and waiting(ct) == []


def test_mount_points_come_at_once_and_go_later(node, ct, root):
    # A link inside leads to a place inside.
    inside(node, "mkdir", "/outside")
    inside(node, "ln", "-s", "../../../../../outside", "/srv/link")
    ct.config.put(mp0="local:0.1,mp=/srv/link/deep")
    inside(node, "sh", "-c", "echo kept > /outside/deep/file")
    assert not Path("/outside").exists()
    missing = ("--mp1", "/nonexistent-on-this-host,mp=/bad", "--memory", 512)
    with pytest.raises(Failed, match="unable to hotplug mp1"):
        node.command("pct", "set", VMID, *missing)
    assert ct.config.get()["memory"] == 256, "nothing of the change is left"
    ct.config.put(delete="mp0")
    assert waiting(ct) == ["mp0"]
    assert inside(node, "cat", "/outside/deep/file") == "kept\n", "it is in use as long as the container runs"
    ct.config.put(revert="mp0")
    rows = {row["mp"]: row for row in node.api()(f"pleiad/nodes/{node.name}/lxc/{VMID}/df").get()}
    assert set(rows) == {"rootfs", "mp0"} and 60 * MIB < rows["mp0"]["size"] < 110 * MIB


def test_limits_hold_for_what_runs(node, ct):
    ct.config.put(memory=64, swap=0, cores=1)
    eaten = node.command("pct", "exec", VMID, "--", "sh", "-c", "head -c 200M /dev/zero | tail", check=False)
    assert eaten.returncode != 0, "more than the limit was had"
    assert inside(node, "nproc").strip() == "1"
    ct.config.put(memory=256, delete="cores")
    assert int(inside(node, "nproc")) == os.cpu_count()


def test_files_go_in_and_out_and_no_link_leads_out(node, ct, tmp_path):
    source, secret = tmp_path / "source", tmp_path / "secret"
    source.write_text("text")
    secret.write_text("secret")
    node.command("pct", "push", VMID, source, "/root/file", "--user", "games", "--perms", "0640")
    assert inside(node, "stat", "-c", "%U %G %a", "/root/file") == "games root 640\n"
    inside(node, "ln", "-sf", secret, "/root/link")
    assert node.command("pct", "pull", VMID, "/root/link", tmp_path / "got", check=False).returncode != 0
    node.command("pct", "push", VMID, source, "/root/link")
    assert secret.read_text() == "secret" and inside(node, "cat", "/root/link") == "text"
    inside(node, "mkfifo", "/root/pipe")
    assert node.command("pct", "pull", VMID, "/root/pipe", tmp_path / "got", check=False).returncode != 0
    node.command("pct", "pull", VMID, "/root/file", tmp_path / "got", "--perms", "600")
    assert (tmp_path / "got").read_text() == "text" and (tmp_path / "got").stat().st_mode & 0o777 == 0o600


def test_volumes_grow_and_never_shrink(node, ct):
    capable = subprocess.run(["capsh", "--has-p=cap_sys_resource"], capture_output=True).returncode == 0
    if capable:
        node.finish(ct.resize.put(disk="mp0", size="+64M"))
        assert ct.config.get()["mp0"].endswith("size=166M")
    else:
        with pytest.raises(ResourceException, match="CAP_SYS_RESOURCE"):
            ct.resize.put(disk="mp0", size="+64M")
    node.finish(ct.status.stop.post())
    node.finish(ct.resize.put(disk="rootfs", size="1100M"))
    node.command("pct", "fsck", VMID, "--force", "1")
    with pytest.raises(Exception, match="unable to shrink"):
        node.finish(ct.resize.put(disk="rootfs", size="1G"))
    rows = {row["mp"]: row for row in node.api()(f"pleiad/nodes/{node.name}/lxc/{VMID}/df").get()}
    assert rows["rootfs"]["size"] > 950 * MIB


def test_a_stopped_one_is_shown_to_the_host(node, ct, root):
    place = Path(node.command("pct", "mount", VMID).split("'")[1])
    try:
        assert place.is_relative_to(node.root) and ct.config.get()["lock"] == "mounted"
        with pytest.raises(ResourceException, match="mounted"):
            ct.config.put(tty=1)
    finally:
        node.command("pct", "unmount", VMID)
    assert "lock" not in ct.config.get() and list(place.iterdir()) == []


def test_volumes_move_to_other_storages_and_containers(node, ct, container_template, tmp_path):
    api, here = node.api(), node.api().nodes(node.name)
    api.storage.post(storage="second", type="dir", path=str(tmp_path / "second"), content="rootdir,images")
    other = make(node, here, container_template, OTHER)
    try:
        node.finish(ct.move_volume.post(volume="mp0", storage="second", delete=1))
        assert ct.config.get()["mp0"].startswith(f"second:{VMID}/") and "unused0" not in ct.config.get()
        with pytest.raises(ResourceException):
            ct.move_volume.post(**{"volume": "rootfs", "target-vmid": OTHER})
        node.finish(ct.move_volume.post(**{"volume": "mp0", "target-vmid": OTHER, "target-volume": "mp7"}))
        assert "mp0" not in ct.config.get() and other.config.get()["mp7"].startswith(f"second:{OTHER}/")
        node.finish(other.status.start.post())
        assert node.command("pct", "exec", OTHER, "--", "cat", "/srv/link/deep/file") == "kept\n"
        node.finish(other.status.stop.post())
        other.config.put(delete="mp7")
        assert other.config.get()["unused0"].startswith("second:")
        other.config.put(delete="unused0")
        assert here.storage("second").content.get() == []
    finally:
        node.finish(other.delete(force=1))
        api.storage("second").delete()


def test_where_no_states_can_be_kept_the_reason_is_told(ct):
    with pytest.raises(ResourceException, match="snapshot feature is not available"):
        ct.snapshot.post(snapname="one")
    assert ct.feature.get(feature="snapshot")["hasFeature"] == 0
    assert ct.feature.get(feature="copy")["hasFeature"] == 1
