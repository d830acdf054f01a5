"""Disks of VMs: moves while a real guest writes, copies of running VMs, other owners, imports."""

import hashlib
import os
import subprocess

import pytest
from debian import Debian, started
from node import Failed, wait_for
from proxmoxer import ResourceException

VMID = 510


@pytest.fixture(scope="module")
def second(node):
    """Another storage, on another folder."""
    folder = node.root / "var/lib/second"
    folder.mkdir(parents=True, exist_ok=True)
    node.api().storage.post(storage="second", type="dir", path=str(folder), content="images,import")
    yield "second"


@pytest.fixture(scope="module")
def debian(node, second, vm_image):
    """A Debian with its agent running, and a second disk."""
    disks = {
        "scsi0": f"local:0,import-from={vm_image},format=qcow2",
        "scsi1": "local:1,format=raw,iothread=1,mbps=200",
    }
    with started(node, VMID, vm_image, **disks) as debian:
        debian.wait_up()
        yield debian


def volume(vm, disk):
    return vm.config.get()[disk].split(",")[0]


def images(node, vmid, place="var/lib/vz"):
    folder = node.root / f"{place}/images/{vmid}"
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def log(node, upid):
    return "\n".join(line["t"] for line in node.api().nodes(node.name).tasks(upid).log.get(limit=500))


# Blocks of 64 KiB with known content, written over and over, until told to end; the longest gap is noted.
WRITER = """
cat > /root/writer.py <<'P'
import hashlib, os, time
[name] = [n for n in os.listdir('/sys/block') if open('/sys/block/' + n + '/size').read().strip() == str(2 << 20)]
disk = os.open('/dev/' + name, os.O_RDWR | os.O_SYNC)
size, number, longest, sums = 65536, 0, 0.0, {}
while not os.path.exists('/root/end'):
    block = hashlib.sha256(str(number).encode()).digest() * (size // 32)
    place = number * 7919 % 12000
    begun = time.monotonic()
    os.pwrite(disk, block, place * size)
    longest = max(longest, time.monotonic() - begun)
    sums[place] = number
    number += 1
    if number == 20:
        open('/root/begun', 'w').close()
bad = 0
for place, number in sums.items():
    block = hashlib.sha256(str(number).encode()).digest() * (size // 32)
    bad += os.pread(disk, size, place * size) != block
print(len(sums), bad, '%.3f' % longest)
P
rm -f /root/end /root/begun; nohup python3 /root/writer.py > /root/said 2>&1 &
"""


def test_a_disk_moves_while_the_guest_writes(node, debian, second):
    assert "py" in debian.run("command -v python3 || true") or pytest.skip("the guest has no Python")
    debian.run(WRITER)
    wait_for("the first blocks", lambda: "yes" in debian.run("[ -e /root/begun ] && echo yes; true"), 300, 1)
    moves = (("second", "qcow2"), ("local", "qcow2"), ("second", "raw"))
    for storage, kind in moves:
        upid = debian.move_disk.post(disk="scsi1", storage=storage, format=kind, delete=1)
        node.finish(upid, 300)
        told = log(node, upid)
        assert "scsi1: transferred" in told and "(100.00%)" in told, told
        assert volume(debian, "scsi1").startswith(f"{storage}:{VMID}/") and volume(debian, "scsi1").endswith(kind)
    debian.run("touch /root/end; sleep 1")
    said = wait_for("the writer's word", lambda: debian.run("cat /root/said").split(), 120, 1)
    assert len(said) == 3, said
    written, bad, longest = int(said[0]), int(said[1]), float(said[2])
    print(f"{written} blocks written during three moves, longest write {longest} s")
    assert written > 50 and bad == 0 and longest < 1.0, said
    # What was there before is gone, and the graph takes what comes.
    assert images(node, VMID) == [f"vm-{VMID}-disk-0.qcow2"]
    node.finish(debian.resize.put(disk="scsi1", size="+1G"))
    assert "size=2G" in debian.config.get()["scsi1"]
    assert debian.monitor.post(command="info block").count('"throttle-drive-scsi1"') == 1
    # On the disk itself are the bytes that the guest wrote.
    sizes = "for d in /sys/block/*; do [ $(cat $d/size) = 4194304 ] && sha256sum < /dev/${d##*/}; done; true"
    inside = debian.run(sizes, 300).split()[0]
    node.finish(debian.status.stop.post())
    path = node.root / f"var/lib/second/images/{VMID}"
    [image] = [path / name for name in os.listdir(path)]
    digest = hashlib.sha256()
    with open(image, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    assert digest.hexdigest() == inside
    assert os.stat(image).st_blocks * 512 < 1 << 30, "holes stay holes"
    node.finish(debian.status.start.post())


def test_a_stopped_move_leaves_nothing(node, debian):
    before = (debian.config.get()["scsi1"], images(node, VMID), images(node, VMID, "var/lib/second"))
    upid = debian.move_disk.post(disk="scsi1", storage="local", bwlimit=1024)
    tasks = node.api().nodes(node.name).tasks(upid)
    wait_for("some progress", lambda: "transferred" in log(node, upid), 60)
    again = debian.move_disk.post(disk="scsi1", storage="local")
    with pytest.raises(Failed, match="being copied already"):
        node.finish(again)
    tasks.delete()
    ended = wait_for("the end", lambda: (s := tasks.status.get())["status"] == "stopped" and s, 60)
    assert "interrupt" in ended["exitstatus"]
    assert (debian.config.get()["scsi1"], images(node, VMID), images(node, VMID, "var/lib/second")) == before
    assert "mirror" not in debian.monitor.post(command="info block-jobs")


def test_a_killed_daemon_takes_its_copy_back(node, debian):
    before = (debian.config.get()["scsi1"], images(node, VMID))
    upid = debian.move_disk.post(disk="scsi1", storage="local", bwlimit=1024)
    wait_for("some progress", lambda: "transferred" in log(node, upid), 60)
    node.kill("daemon")
    wait_for("all is as it was", lambda: (debian.config.get()["scsi1"], images(node, VMID)) == before, 60, 0.5)
    assert debian.status.current.get()["qmpstatus"] == "running"
    wait_for("no job", lambda: "mirror" not in debian.monitor.post(command="info block-jobs"), 30, 0.5)


def test_a_running_vm_is_copied(node, here, debian):
    debian.wait_up()
    debian.run("echo kept > /root/mark; sync")
    try:
        upid = debian.clone.post(newid=VMID + 1, full=1, name="copy", storage="second")
        node.finish(upid, 600)
        assert "frozen" in log(node, upid)
        copy = Debian(node, VMID + 1)
        assert volume(copy, "scsi0").startswith(f"second:{VMID + 1}/")
        assert debian.status.current.get()["qmpstatus"] == "running"
        node.finish(debian.status.stop.post())
        node.finish(copy.status.start.post())
        copy.wait_up()
        assert copy.agent("file-read").get(file="/root/mark")["content"] == "kept\n"
    finally:
        if (VMID + 1) in {vm["vmid"] for vm in here.qemu.get()}:
            Debian(node, VMID + 1).remove()


def test_disks_of_a_stopped_vm_move_and_go_to_others(node, here, second):
    one, other = VMID + 2, VMID + 3
    try:
        node.command("qm", "create", one, "--memory", 64, "--scsi0", "local:1,format=qcow2", "--ide2", "none,media=cdrom")
        node.command("qm", "create", other, "--memory", 64)
        subprocess.run(
            ["qemu-io", "-f", "qcow2", "-c", "write -P 7 0 1M", images_path(node, one, "vm-512-disk-0.qcow2")],
            check=True, stdout=subprocess.DEVNULL,
        )
        node.command("qm", "disk", "move", one, "scsi0", "second", "--format", "raw")
        config = here.qemu(one).config.get()
        assert config["scsi0"].startswith(f"second:{one}/vm-{one}-disk-0.raw")
        assert config["unused0"] == f"local:{one}/vm-{one}-disk-0.qcow2"
        raw = node.root / f"var/lib/second/images/{one}/vm-{one}-disk-0.raw"
        assert raw.read_bytes()[: 1 << 20] == b"\x07" * (1 << 20) and raw.stat().st_blocks * 512 < 1 << 25
        for wrong, text in (
            ({"disk": "scsi0", "storage": "second"}, "same storage with same format"),
            ({"disk": "ide2", "storage": "second"}, "cdrom|no associated volume"),
            ({"disk": "scsi5", "storage": "second"}, "does not exist"),
            ({"disk": "scsi0"}, "both 'storage' and 'target-vmid' missing"),
            ({"disk": "scsi0", "storage": "local", "digest": "0" * 40}, "modified configuration"),
            ({"disk": "scsi0", "target-vmid": one}, "must be different"),
        ):
            with pytest.raises(ResourceException, match=text):
                here.qemu(one).move_disk.post(**wrong)
        node.command("qm", "disk", "move", one, "scsi0", "--target-vmid", other, "--target-disk", "virtio1")
        assert here.qemu(other).config.get()["virtio1"].startswith(f"second:{other}/vm-{other}-disk-0.raw")
        assert "scsi0" not in here.qemu(one).config.get()
        assert images(node, other, "var/lib/second") == [f"vm-{other}-disk-0.raw"]
    finally:
        for vmid in (one, other):
            node.finish(here.qemu(vmid).delete())
    assert images(node, one) == [] and images(node, other, "var/lib/second") == []


def test_stopped_copies_of_a_vm_that_is_off_leave_nothing(node, here, second):
    """Each kind of copy, cancelled when it has begun: files, volumes and configurations are what they were."""
    one, other, imports = VMID + 7, VMID + 8, node.root / "var/lib/vz/import"
    node.command("qm", "create", one, "--memory", 64, "--scsi0", "local:2,format=raw")
    disk = images_path(node, one, f"vm-{one}-disk-0.raw")
    # Something to copy, so that copies that know no limit take their time too.
    with open(disk, "r+b") as file:
        for _ in range(768):
            file.write(b"\x05" * (1 << 20))
    os.link(disk, imports / "stopped.raw")
    (imports / "disk.vmdk").write_bytes(b"")
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "vmdk", disk, imports / "disk.vmdk"], check=True)
    subprocess.run(["tar", "-C", imports, "--format=ustar", "-cf", imports / "stopped.ova", "disk.vmdk"], check=True)
    (imports / "disk.vmdk").unlink()
    vm = here.qemu(one)
    copies = (
        lambda: vm.move_disk.post(disk="scsi0", storage=second, bwlimit=1024),
        lambda: vm.move_disk.post(disk="scsi0", storage=second, format="qcow2", delete=1, bwlimit=1024),
        lambda: vm.clone.post(newid=other, full=1, storage=second, bwlimit=1024),
        lambda: vm.config.post(scsi1=f"{second}:0,import-from=local:import/stopped.raw,format=qcow2"),
        lambda: here.qemu.post(vmid=other, scsi0=f"{second}:0,import-from=local:{one}/{disk.name}"),
        lambda: here.qemu.post(vmid=other, scsi0=f"{second}:0,import-from=local:import/stopped.ova/disk.vmdk"),
    )
    there = lambda: [images(node, vmid, place) for vmid in (one, other) for place in ("var/lib/vz", "var/lib/second")]
    state = lambda: (there(), vm.config.get(), sorted(os.listdir(imports)), {row["vmid"] for row in here.qemu.get()})
    try:
        before = state()
        for number, copy in enumerate(copies):
            upid = copy()
            wait_for("the copy has begun", lambda: there() != before[0], 60, 0.002)
            here.tasks(upid).delete()
            ended = wait_for("the end", lambda: (s := here.tasks(upid).status.get())["status"] == "stopped" and s, 60)
            assert "interrupt" in ended["exitstatus"], (number, ended, log(node, upid))
            assert state() == before, (number, log(node, upid))
    finally:
        for name in ("stopped.raw", "stopped.ova"):
            (imports / name).unlink(missing_ok=True)
        for vmid in {one, other} & {row["vmid"] for row in here.qemu.get()}:
            node.finish(here.qemu(vmid).delete())


def images_path(node, vmid, name, place="var/lib/vz"):
    return node.root / f"{place}/images/{vmid}/{name}"


OVF = """<?xml version="1.0"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
  xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
<References><File ovf:href="disk1.vmdk" ovf:id="file1"/></References>
<DiskSection><Disk ovf:diskId="one" ovf:fileRef="file1"/></DiskSection>
<VirtualSystem ovf:id="vm"><Name>from_afar</Name><VirtualHardwareSection>
<Item><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
<Item><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>64</rasd:VirtualQuantity></Item>
<Item><rasd:ResourceType>20</rasd:ResourceType><rasd:InstanceID>9</rasd:InstanceID></Item>
<Item><rasd:ResourceType>17</rasd:ResourceType><rasd:Parent>9</rasd:Parent><rasd:AddressOnParent>0</rasd:AddressOnParent>
<rasd:HostResource>ovf:/disk/one</rasd:HostResource></Item>
<Item><rasd:ResourceType>10</rasd:ResourceType><rasd:ResourceSubType>E1000e</rasd:ResourceSubType></Item>
</VirtualHardwareSection></VirtualSystem></Envelope>
"""


def test_appliances_and_images_come_in(node, here, second, tmp_path):
    """An OVA made here by qemu-img and tar, and the images in it."""
    one, other = VMID + 5, VMID + 6
    raw = tmp_path / "disk.raw"
    raw.write_bytes(b"\x05" * (3 << 20))
    convert = ["qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw]
    subprocess.run([*convert, tmp_path / "disk1.vmdk"], check=True)
    (tmp_path / "x.ovf").write_text(OVF)
    folder = node.root / "var/lib/vz/import"
    subprocess.run(["tar", "-C", tmp_path, "--format=ustar", "-cf", folder / "x.ova", "x.ovf", "disk1.vmdk"], check=True)
    try:
        known = here.storage("local")("import-metadata").get(volume="import/x.ova")
        assert known["disks"] == {"sata0": {"volid": "local:import/x.ova/disk1.vmdk", "size": 3 << 20}}
        assert known["create-args"]["memory"] == 64 and known["net"] == {"net0": {"model": "e1000e"}}
        node.command("qm", "import", one, "local:import/x.ova", "--storage", "second", "--format", "qcow2")
        config = here.qemu(one).config.get()
        assert (config["name"], config["cores"], config["boot"]) == ("fromafar", 2, "order=sata0")
        made = images_path(node, one, f"vm-{one}-disk-0.qcow2", "var/lib/second")
        shown = subprocess.run(["qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, made], check=False, capture_output=True)
        assert shown.returncode == 0, shown.stdout
        node.command("qm", "importovf", other, tmp_path / "x.ovf", "local")
        node.command("qm", "disk", "import", other, tmp_path / "disk1.vmdk", "second")
        config = here.qemu(other).config.get()
        assert config["unused0"] == f"second:{other}/vm-{other}-disk-0.raw" and "size=3M" in config["sata0"]
        assert images_path(node, other, f"vm-{other}-disk-0.raw", "var/lib/second").read_bytes() == raw.read_bytes()
        # What grew or lost its option is found again.
        node.command("qm", "set", other, "--delete", "unused0", check=False)
        path = images_path(node, one, f"vm-{one}-disk-7.qcow2", "var/lib/second")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "7M"], check=True)
        subprocess.run(["qemu-img", "resize", "-q", "-f", "qcow2", made, "9M"], check=True)
        node.command("qm", "rescan", "--vmid", one)
        config = here.qemu(one).config.get()
        assert "size=9M" in config["sata0"] and config["unused0"] == f"second:{one}/vm-{one}-disk-7.qcow2"
        # What stands on other files of the host stays out.
        trap = folder / "trap.qcow2"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", "/etc/hostname", "-F", "raw", trap], check=True)
        with pytest.raises(Failed, match="besides"):
            node.command("qm", "disk", "import", one, "local:import/trap.qcow2", "local")
    finally:
        for vmid in (one, other):
            if vmid in {vm["vmid"] for vm in here.qemu.get()}:
                node.finish(here.qemu(vmid).delete())
