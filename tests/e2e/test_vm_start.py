"""What a VM needs around its QEMU when it starts and ends: helpers, limits, network cards, scripts."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from debian import started
from node import wait_for
from proxmoxer import ResourceException

VMID = 180


def leftovers(node, vmid=VMID):
    """What is left in the folder of sockets and pid files."""
    return sorted(p.name for p in (node.root / "run/pleiad/qemu").glob(f"{vmid}.*"))


def log_of(here, upid):
    return "\n".join(line["t"] for line in here.tasks(upid).log.get(limit=500))


@pytest.fixture
def vm(node, here):
    """A VM without disks; it is gone afterwards whatever became of it."""

    made = []

    def make(**options):
        made.append(VMID)
        node.finish(here.qemu.post(vmid=VMID, memory=64, **options))
        return here.qemu(VMID)

    yield make
    if not made:
        return
    vm = here.qemu(VMID)
    if vm.status.current.get()["status"] == "running":
        node.finish(vm.status.stop.post())
    node.finish(vm.delete())
    assert not leftovers(node)


# the TPM


def swtpm(node):
    """Process ID of the VM's TPM, if it runs."""
    file = node.root / f"run/pleiad/qemu/{VMID}.swtpm.pid"
    pid = int(file.read_text()) if file.exists() else None
    return pid if pid and Path(f"/proc/{pid}").exists() else None


def test_a_tpm_keeps_its_state(node, here, vm):
    vm = vm(tpmstate0="local:1,version=v2.0")
    value = vm.config.get()["tpmstate0"]
    assert value == f"local:{VMID}/vm-{VMID}-disk-0.raw,version=v2.0,size=4M"
    state = node.root / f"var/lib/vz/images/{VMID}/vm-{VMID}-disk-0.raw"
    first = node.finish(vm.status.start.post())
    assert "the TPM is new" in log_of(here, first["upid"])
    assert swtpm(node)
    assert "tpm-tis" in vm.monitor.post(command="info tpm")
    node.finish(vm.status.stop.post())
    assert not leftovers(node)
    assert state.stat().st_size == 4 << 20
    kept = state.read_bytes()
    assert kept[:8] == b"nilmptws"

    again = node.finish(vm.status.start.post())
    assert "the TPM is new" not in log_of(here, again["upid"])
    # Its daemon may end and come back: the TPM goes on, and is ended in the end.
    pid = swtpm(node)
    node.kill("daemon")
    assert swtpm(node) == pid
    node.finish(vm.status.stop.post())
    wait_for("the end of the TPM", lambda: not Path(f"/proc/{pid}").exists())


def test_a_vm_that_was_killed_with_its_daemon_leaves_no_tpm(node, here, vm):
    vm = vm(tpmstate0="local:1,version=v1.2")
    node.finish(vm.status.start.post())
    pid, qemu = swtpm(node), vm.status.current.get()["pid"]
    os.kill(node.role("daemon"), signal.SIGKILL)
    os.kill(qemu, signal.SIGKILL)
    node.wait_answering()
    wait_for("the VM is known as stopped", lambda: vm.status.current.get()["status"] == "stopped")
    wait_for("the end of the TPM", lambda: not Path(f"/proc/{pid}").exists())


def test_a_copy_has_a_tpm_state_of_its_own(node, here, vm):
    source = vm(tpmstate0="local:1,version=v2.0")
    node.finish(source.status.start.post())
    node.finish(source.status.stop.post())
    node.finish(source.clone.post(newid=181, full=1, format="qcow2"))
    copy = here.qemu(181)
    try:
        assert copy.config.get()["tpmstate0"].startswith("local:181/vm-181-disk-0.raw,version=v2.0,size=4M")
        started = node.finish(copy.status.start.post())
        assert "the TPM is new" not in log_of(here, started["upid"])
        node.finish(copy.status.stop.post())
    finally:
        node.finish(copy.delete())


def test_the_state_of_a_tpm_is_raw(here, vm):
    vm = vm()
    with pytest.raises(ResourceException, match="must be raw"):
        vm.config.put(tpmstate0="local:1,version=v2.0,format=qcow2")


def test_a_start_that_fails_leaves_nothing(node, vm):
    vm = vm(tpmstate0="local:1,version=v2.0", net0="virtio,bridge=vmbr0")
    root = node.api_by_password().nodes(node.name).qemu(VMID)
    root.config.put(args="-no-such-option")
    with pytest.raises(Exception, match="no-such-option"):
        node.finish(vm.status.start.post())
    assert not leftovers(node)
    assert not list(Path("/sys/class/net").glob(f"tap{VMID}i*"))
    # Logs are kept for the last few starts.
    logs = node.root / "var/log/pleiad/qemu"
    assert "no-such-option" in (logs / f"{VMID}.log").read_text()
    root.config.put(delete="args")
    node.finish(vm.status.start.post())
    assert "no-such-option" in (logs / f"{VMID}.log.1").read_text()


# hook scripts


@pytest.fixture
def hook(node):
    """A script in the snippets of `local`: a function that writes it and returns its volume ID."""
    folder = node.root / "var/lib/vz/snippets"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "hook.sh"

    def write(text, mode=0o755):
        script.write_text(f"#!/bin/sh\n{text}\n")
        script.chmod(mode)
        return "local:snippets/hook.sh"

    yield write
    script.unlink(missing_ok=True)


def test_a_script_attends_start_and_stop(node, here, vm, hook):
    seen = node.root / "hook.log"
    volume = hook(f'echo "$1 $2" >> {seen}; echo "said at $2"')
    vm = vm()
    root = node.api_by_password().nodes(node.name).qemu(VMID)
    root.config.put(hookscript=volume)
    started = node.finish(vm.status.start.post())
    assert "said at pre-start" in log_of(here, started["upid"]) and "said at post-start" in log_of(here, started["upid"])
    stopped = node.finish(vm.status.stop.post())
    assert "said at pre-stop" in log_of(here, stopped["upid"])
    phases = ["pre-start", "post-start", "pre-stop", "post-stop"]
    assert seen.read_text().split("\n")[:-1] == [f"{VMID} {phase}" for phase in phases]

    # One that ends by itself, unseen, has its end attended by the daemon that finds it so.
    node.finish(vm.status.start.post())
    qemu = vm.status.current.get()["pid"]
    os.kill(node.role("daemon"), signal.SIGKILL)
    os.kill(qemu, signal.SIGKILL)
    node.wait_answering()
    wait_for("the script's last phase", lambda: seen.read_text().endswith("post-stop\n"))

    hook('[ "$2" != pre-start ] || { echo not today; exit 3; }')
    with pytest.raises(Exception, match=r"(?s)hookscript error for 180 on pre-start.*not today"):
        node.finish(vm.status.start.post())
    assert vm.status.current.get()["status"] == "stopped"


def test_what_is_no_script_is_refused(node, vm, hook, vm_image):
    vm()
    root = node.api_by_password().nodes(node.name).qemu(VMID)
    for volume, why in [
        (hook("true", mode=0o644), "is not executable"),
        ("local:snippets/absent.sh", "snippets/absent.sh"),
        (vm_image, "is not in the snippets folder"),
    ]:
        with pytest.raises(ResourceException, match=why):
            root.config.put(hookscript=volume)


def test_containers_have_scripts_too(node, here, hook, container_template):
    seen = node.root / "ct-hook.log"
    node.finish(here.lxc.post(vmid=182, ostemplate=container_template, rootfs="local:1", hostname="hooked"))
    ct = here.lxc(182)
    try:
        root = node.api_by_password().nodes(node.name).lxc(182)
        root.config.put(hookscript=hook(f'echo "$1 $2" >> {seen}'))
        node.finish(ct.status.start.post())
        node.finish(ct.status.stop.post())
        phases = ["pre-start", "post-start", "pre-stop", "post-stop"]
        assert seen.read_text().split("\n")[:-1] == [f"182 {phase}" for phase in phases]
    finally:
        node.finish(ct.delete())


# limits


@pytest.fixture
def busy(node):
    """Volume ID of a disk whose boot sector runs in circles."""
    image = node.root / "var/lib/vz/import/busy.raw"
    image.write_bytes(bytes([0xEB, 0xFE]) + bytes(508) + bytes([0x55, 0xAA]) + bytes((1 << 20) - 512))
    yield "local:import/busy.raw"
    image.unlink()


def used(pid, seconds=3):
    """Processors that a process keeps busy."""

    def ticks():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    before = ticks()
    time.sleep(seconds)
    return (ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


def test_a_busy_guest_is_held_down(node, vm, busy):
    vm = vm(ide0=f"local:0,import-from={busy}", boot="order=ide0", cpulimit="0.2", cpuunits="50")
    root = node.api_by_password().nodes(node.name).qemu(VMID)
    root.config.put(affinity="0")
    node.finish(vm.status.start.post())
    pid = vm.status.current.get()["pid"]
    group = Path(f"/sys/fs/cgroup/cpu/qemu/{VMID}")
    if not group.exists():
        pytest.skip("control groups are not of version 1 here: the lab tests look at this")
    assert str(pid) in (group / "cgroup.procs").read_text().split()
    assert (group / "cpu.cfs_quota_us").read_text().strip() == "20000"
    assert (group / "cpu.shares").read_text().strip() == "512"
    assert os.sched_getaffinity(pid) == {0}
    wait_for("the guest is busy", lambda: "nr_throttled 0\n" not in (group / "cpu.stat").read_text())
    assert used(pid) < 0.3
    # Both change while it runs; a limit that is taken away is gone.
    vm.config.put(cpulimit="0.5", cpuunits="200")
    assert (group / "cpu.cfs_quota_us").read_text().strip() == "50000"
    assert (group / "cpu.shares").read_text().strip() == "2048"
    vm.config.put(delete="cpulimit")
    assert (group / "cpu.cfs_quota_us").read_text().strip() == "-1"
    assert "cpulimit" not in vm.config.get(current=1)
    node.finish(vm.status.stop.post())
    assert not group.exists()


# network cards


def test_a_vlan_needs_a_way_out(node, vm):
    vm = vm(net0="virtio,bridge=vmbr0,tag=5")
    with pytest.raises(Exception, match="no physical interface on bridge 'vmbr0'"):
        node.finish(vm.status.start.post())
    vm.config.put(net0="virtio,bridge=vmbr0,trunks=5-7")
    with pytest.raises(Exception, match="is not VLAN aware"):
        node.finish(vm.status.start.post())
    assert not list(Path("/sys/class/net").glob(f"tap{VMID}i*"))


@pytest.fixture
def narrow(node):
    """A bridge whose frames are smaller than usual."""
    subprocess.run(["ip", "link", "add", "plbr0", "mtu", "1400", "type", "bridge"], check=True)
    yield "plbr0"
    subprocess.run(["ip", "link", "del", "plbr0"], check=True)


def test_a_card_is_as_large_as_its_bridge(node, narrow, vm):
    vm = vm(net0=f"virtio,bridge={narrow},mtu=1,queues=2,link_down=1,firewall=1")
    node.finish(vm.status.start.post())
    net = Path("/sys/class/net")
    assert (net / f"tap{VMID}i0/mtu").read_text().strip() == "1400"
    assert (net / f"tap{VMID}i0/master").resolve().name == narrow
    node.finish(vm.status.stop.post())
    assert not (net / f"tap{VMID}i0").exists()


def test_a_rate_limits_both_directions_or_nothing(node, vm):
    vm = vm(net0="virtio,bridge=vmbr0,rate=1")
    try:
        node.finish(vm.status.start.post())
    except Exception as refused:
        assert "unable to limit the rate of a card" in str(refused)
        assert not list(Path("/sys/class/net").glob(f"tap{VMID}i*"))
        pytest.skip("the kernel lacks what polices a card: the lab tests look at this")
    shown = subprocess.check_output(["tc", "qdisc", "show", "dev", f"tap{VMID}i0"], text=True)
    assert "tbf" in shown and "ingress" in shown
    vm.config.put(net0=vm.config.get()["net0"].replace(",rate=1", ""))
    shown = subprocess.check_output(["tc", "qdisc", "show", "dev", f"tap{VMID}i0"], text=True)
    assert "tbf" not in shown and "ingress" not in shown


# huge pages


HUGE = Path("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages")


def test_huge_pages_come_with_the_vm_and_go_with_it(node, vm):
    before = int(HUGE.read_text()) if HUGE.exists() else pytest.skip("this kernel has no huge pages of 2 MiB")
    vm = vm()
    root = node.api_by_password().nodes(node.name).qemu(VMID)
    root.config.put(hugepages="2", numa=1)
    node.finish(vm.status.start.post())
    assert int(HUGE.read_text()) == before + 32
    node.finish(vm.status.stop.post())
    assert int(HUGE.read_text()) == before

    root.config.put(keephugepages=1)
    node.finish(vm.status.start.post())
    node.finish(vm.status.stop.post())
    assert int(HUGE.read_text()) == before + 32
    node.finish(vm.status.start.post())
    assert int(HUGE.read_text()) == before + 32
    root.config.put(delete="keephugepages")
    node.finish(vm.status.stop.post())
    assert int(HUGE.read_text()) == before

    root.config.put(memory=1 << 30)
    with pytest.raises(Exception, match="hugepage allocation failed"):
        node.finish(vm.status.start.post())
    assert int(HUGE.read_text()) == before
    assert not leftovers(node)


# shared directories, and what a real system sees of all this


@pytest.fixture
def shared(node, api):
    """A directory of the host that VMs may share, as the mapping `docs`."""
    folder = node.root / "shared"
    folder.mkdir(exist_ok=True)
    (folder / "hello").write_text("from the host\n")
    api.cluster.mapping.dir.post(id="docs", map=f"node={node.name},path={folder}")
    yield folder
    api.cluster.mapping.dir("docs").delete()


def has_virtiofsd():
    return any(Path(p).exists() for p in ("/usr/libexec/virtiofsd", "/usr/local/bin/virtiofsd", "/usr/bin/virtiofsd"))


def test_without_its_program_a_share_is_refused(node, shared, vm):
    if has_virtiofsd():
        pytest.skip("virtiofsd is installed")
    vm = vm(virtiofs0="docs")
    with pytest.raises(Exception, match="install package 'virtiofsd'"):
        node.finish(vm.status.start.post())


def test_a_system_sees_its_share_and_its_tpm(node, shared, vm_image):
    shares = {"virtiofs0": "docs,cache=never"} if has_virtiofsd() else {}
    with started(node, VMID, vm_image, memory=768, tpmstate0="local:1,version=v2.0", **shares) as debian:
        debian.wait_up()
        assert debian.run("cat /sys/class/tpm/tpm0/tpm_version_major") == "2\n"
        if not shares:
            pytest.skip("virtiofsd is not installed; the TPM is there")
        debian.run("mount -t virtiofs docs /mnt")
        assert debian.run("cat /mnt/hello") == "from the host\n"
        debian.run("cp /etc/hostname /mnt/name")
        assert (shared / "name").read_text().strip()
        node.finish(debian.status.stop.post())
        wait_for("the end of what served it", lambda: not leftovers(node))


# the machine type


def test_a_vm_keeps_the_machine_type_that_it_was_started_with(node, here, vm):
    vm = vm()
    node.finish(vm.status.start.post())
    started = vm.status.current.get()["running-machine"]
    node.kill("daemon")
    wait_for("the VM is taken up", lambda: vm.status.current.get().get("running-machine") == started, 60)

    # As it would be if newer machine types had come with the daemon that takes it up: cards have longer queues since 7.1.
    (node.root / f"run/pleiad/qemu/{VMID}.machine").write_text("pc-i440fx-7.0+pve0")
    node.kill("daemon")
    wait_for("it is taken up again", lambda: "7.0" in vm.status.current.get().get("running-machine", ""), 60)
    vm.config.put(net0="virtio")
    asked = {"path": "/machine/peripheral/net0", "property": "rx_queue_size"}
    assert vm.monitor.post(command="qom-get {path} {property}".format(**asked)).split() == ["256"]
