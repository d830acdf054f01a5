"""Devices that come and go while a Debian runs, as it sees them from inside."""

import time

import pytest
from debian import Debian, started
from node import wait_for
from proxmoxer import ResourceException

VMID = 131


@pytest.fixture(scope="module")
def debian(node, vm_image):
    """A Debian that has everything that can be plugged."""
    options = {
        "memory": 1024,
        "numa": 1,
        "hotplug": "network,disk,usb,memory",
        "scsi0": f"local:0,import-from={vm_image},discard=on,iothread=1",
        "ide2": "none,media=cdrom",
        "net0": "virtio,bridge=vmbr0",
    }
    with started(node, VMID, vm_image, Guest, **options) as guest:
        guest.wait_up()
        yield guest


class Guest(Debian):
    """The VM, and what it shows of its devices."""

    def shows(self, script, text, seconds=60):
        """Waits until the script's output has the text."""
        seen = []

        def there():
            seen.append(self.run(script, check=False))
            return text in seen[-1] and seen[-1]

        try:
            return wait_for(f"{text!r} in the output of {script}", there, seconds, 1)
        except AssertionError as late:
            raise AssertionError(f"{late}\nseen: {seen[-1]}\n{self.run('dmesg | tail -n 30')}") from late

    def lacks(self, script, text, seconds=60):
        wait_for(f"no {text!r} in the output of {script}", lambda: text not in self.run(script, check=False), seconds, 1)

    def set(self, **options):
        self.vm.config.put(**options)

    def waiting(self):
        """Options with something that waits."""
        return {row["key"]: row for row in self.vm.pending.get() if "pending" in row or "delete" in row}

    def value(self, key):
        return self.vm.config.get(current=1).get(key)


LSBLK = "lsblk -dbno NAME,SIZE,SERIAL"


def disk(serial):
    """Shell words for the device of a disk in the guest."""
    return f"/dev/$(lsblk -dno NAME,SERIAL | awk '$2 == \"{serial}\" {{print $1}}')"


def test_disks(debian):
    debian.set(scsi1="local:0.0625,serial=plugged1,iothread=1", virtio3="local:0.03125,serial=plugged2,format=qcow2")
    assert debian.waiting() == {}
    debian.shows(LSBLK, "plugged1")
    # virtio3 sits where a start would put it.
    debian.shows("cat /sys/bus/pci/devices/0000:00:0d.0/virtio*/block/vd*/serial", "plugged2")
    debian.run(f"mkfs.ext4 -q {disk('plugged2')} && mkdir -p /x && mount {disk('plugged2')} /x")
    debian.run("echo kept > /x/file && sync && umount /x")

    debian.node.finish(debian.vm.resize.put(disk="scsi1", size="+64M"))
    debian.shows(LSBLK, str(128 << 20))

    debian.set(delete="scsi1")
    debian.lacks(LSBLK, "plugged1")
    debian.set(delete="virtio3")
    debian.lacks(LSBLK, "plugged2")
    assert debian.waiting() == {}
    unused = [debian.value("unused0"), debian.value("unused1")]
    assert sorted(unused) == [f"local:{VMID}/vm-{VMID}-disk-1.raw", f"local:{VMID}/vm-{VMID}-disk-2.qcow2"]

    # What was written is there when the volume is plugged again, on another bus.
    debian.set(scsi5=f"local:{VMID}/vm-{VMID}-disk-2.qcow2,serial=again")
    debian.shows(LSBLK, "again")
    debian.shows(f"mount {disk('again')} /x; cat /x/file; umount /x", "kept")
    debian.set(delete="scsi5,unused0", force=1)
    debian.lacks(LSBLK, "again")
    assert "unused0" not in debian.vm.config.get() and "unused1" not in debian.vm.config.get()


def test_a_disk_in_use_goes_too_and_comes_back_under_the_same_name(debian):
    """A guest that has it mounted sees what pulling a disk does; another one of its name can follow."""
    debian.set(scsi7="local:0.03125,serial=first")
    debian.shows(LSBLK, "first")
    debian.set(scsi7="local:0.03125,serial=second")
    debian.shows(LSBLK, "second")
    debian.lacks(LSBLK, "first")
    debian.set(delete="scsi7")


def test_limits(debian):
    debian.set(scsi1="local:0.125,serial=slow")
    debian.shows(LSBLK, "slow")
    read = f"dd if={disk('slow')} of=/dev/null bs=1M count=16 iflag=direct 2>/dev/null"
    debian.run(read)
    plain = debian.value("scsi1")
    debian.set(scsi1=f"{plain},mbps_rd=2")
    assert debian.waiting() == {}
    begun = time.monotonic()
    debian.run(read)
    assert time.monotonic() - begun > 4, "16 MiB at 2 MiB a second"
    debian.set(scsi1=plain)
    begun = time.monotonic()
    debian.run(read)
    assert time.monotonic() - begun < 6
    debian.set(scsi1=f"{plain},cache=writeback")
    assert "cache=writeback" in debian.waiting()["scsi1"]["pending"]
    debian.set(revert="scsi1")
    assert debian.waiting() == {}


def test_media(debian):
    isos = debian.node.root / "var/lib/vz/template/iso"
    isos.mkdir(parents=True, exist_ok=True)
    for name, size in (("one", 3 << 20), ("two", 5 << 20)):
        (isos / f"{name}.iso").write_bytes(bytes(size))
    debian.set(ide2="local:iso/one.iso,media=cdrom")
    read = "dd if=/dev/sr0 bs=1M 2>/dev/null | wc -c"
    debian.shows(read, str(3 << 20))
    debian.set(cdrom="local:iso/two.iso")
    debian.shows(read, str(5 << 20))
    debian.set(ide2="none,media=cdrom")
    debian.shows("dd if=/dev/sr0 bs=1M count=1 2>&1 >/dev/null", "No medium")
    assert debian.waiting() == {}


LINKS = "ip -br link"


def test_cards(debian):
    debian.set(net1="virtio=BC:24:11:AA:00:01,bridge=vmbr0", net2="virtio=BC:24:11:AA:00:02,bridge=vmbr0")
    debian.shows(LINKS, "bc:24:11:aa:00:01")
    # By its place the guest calls it so.
    debian.shows(LINKS, "ens19")
    debian.shows(LINKS, "bc:24:11:aa:00:02")
    # Another address is another card, in its place.
    debian.set(net1="virtio=BC:24:11:AA:00:03,bridge=vmbr0")
    debian.shows(LINKS, "bc:24:11:aa:00:03")
    debian.lacks(LINKS, "bc:24:11:aa:00:01")
    debian.shows(LINKS, "ens19")
    debian.run("ip link set ens19 up")
    debian.set(net1="virtio=BC:24:11:AA:00:03,bridge=vmbr0,link_down=1")
    debian.shows("cat /sys/class/net/ens19/carrier", "0")
    debian.set(net1="virtio=BC:24:11:AA:00:03,bridge=vmbr0")
    debian.shows("cat /sys/class/net/ens19/carrier", "1")
    debian.set(delete="net1,net2")
    debian.lacks(LINKS, "bc:24:11:aa")
    assert debian.waiting() == {}


def test_memory(debian):
    total = "awk '/MemTotal/ {print int($2 / 1024 / 256)}' /proc/meminfo"
    # So that the guest can give it back.
    debian.run("echo online_movable > /sys/devices/system/memory/auto_online_blocks")
    before = int(debian.run(total))
    debian.set(memory=1536)
    debian.shows(total, str(before + 2))
    assert debian.waiting() == {} and int(debian.value("memory")) == 1536
    debian.set(memory=1024)
    debian.shows(total, str(before))
    assert debian.waiting() == {} and int(debian.value("memory")) == 1024


def test_memory_moves_by_itself(debian):
    """What the host should not use is taken from a guest that may do with less, and given back when there is plenty."""
    options = debian.node.api().nodes(debian.node.name).config
    total = lambda: int(debian.run("awk '/MemTotal/ {print int($2 / 1024)}' /proc/meminfo"))
    balloon = lambda: debian.vm.status.current.get()["ballooninfo"]["actual"] >> 20
    most = total()
    try:
        # It has the least at once, and gets more step by step: the host has enough.
        debian.set(balloon=704)
        assert debian.waiting() == {}
        wait_for("the guest has less", lambda: balloon() < 1024, 60, 0.5)
        wait_for("the guest has all again", lambda: balloon() == 1024, 300, 1)
        assert total() == most
        options.put(**{"ballooning-target": 1})
        wait_for("the guest has the least that it may", lambda: balloon() == 704, 300, 1)
        assert total() <= most - 300, (most, total())
    finally:
        options.put(delete="ballooning-target")
        debian.set(delete="balloon")
    wait_for("a guest whose memory is fixed has all", lambda: balloon() == 1024, 60, 1)


def test_what_cannot_be_now_waits(debian):
    debian.set(sata0="local:0.03125", cores=1, hotplug="0")
    assert set(debian.waiting()) == {"sata0", "cores", "hotplug"}
    debian.set(revert="cores,hotplug")
    # A change that is no task answers 400 with the option's reason.
    with pytest.raises(ResourceException, match="hotplug problem - unable to change media type"):
        debian.set(ide2="local:0.03125")
    debian.set(revert="ide2,sata0")
    assert debian.waiting() == {}


def test_reboot_takes_what_waits(debian):
    """Last: it starts the VM anew."""
    debian.set(sockets=1, delete="serial0")
    assert debian.waiting()["serial0"]["delete"] == 1
    debian.set(revert="serial0")
    pid = debian.vm.status.current.get()["pid"]
    debian.node.finish(debian.vm.status.reboot.post(timeout=120))
    assert debian.waiting() == {} and debian.value("sockets") == 1
    assert debian.vm.status.current.get()["pid"] != pid
