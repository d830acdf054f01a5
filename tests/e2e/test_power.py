"""Suspending to disk and going on from there; stops that overrule shutdowns; reboots that bring changes into force."""

import socket

import pytest
from node import Failed, Node, wait_for
from proxmoxer import ResourceException

# A boot sector that puts each byte from its first serial port to address 0x8000.
LISTENER = bytes.fromhex("31c08ed8" "bafd03ec" "a80174f8" "baf803ec" "a20080ebef").ljust(510, b"\0") + b"\x55\xaa"


@pytest.fixture
def listener(node, here):
    """A running VM that keeps what it is told over its serial port."""
    node.finish(here.qemu.post(vmid=665, memory=32, serial0="socket", scsi0="local:1,format=raw", boot="order=scsi0"))
    with open(node.root / "var/lib/vz/images/665/vm-665-disk-0.raw", "r+b") as file:
        file.write(LISTENER)
    vm = here.qemu(665)
    node.finish(vm.status.start.post())
    yield vm
    if vm.status.current.get()["status"] == "running":
        node.finish(vm.status.stop.post())
    node.finish(vm.delete())


def heard(vm):
    """What the guest has in its memory."""
    return vm.monitor.post(command="xp /1xb 0x8000").split()[-1]


def tell(node, vm, letter):
    """Tells the guest a letter until it has heard it."""
    with socket.socket(socket.AF_UNIX) as serial:
        serial.connect(str(node.root / "run/pleiad/qemu/665.serial0"))

        def once():
            serial.send(letter)
            return heard(vm) == f"0x{letter[0]:02x}"

        wait_for("the guest hears it", once, 20)


def states(node):
    """Volumes with memories."""
    return list((node.root / "var/lib/vz/images/665").glob("*state*"))


@pytest.mark.parametrize("by", ["start", "resume"])
def test_suspended_to_disk_and_back(node, here, listener, by):
    vm = listener
    tell(node, vm, b"Z")
    pid = vm.status.current.get()["pid"]
    node.finish(vm.status.suspend.post(todisk=1))
    current = vm.status.current.get()
    assert (current["status"], current["lock"]) == ("stopped", "suspended")
    config = vm.config.get()
    assert "-state-suspend-20" in config["vmstate"] and config["runningmachine"].startswith("pc")
    assert len(states(node)) == 1
    with pytest.raises(ResourceException, match="VM is locked \\(suspended\\)"):
        vm.config.put(memory=48)
    node.finish(vm.status(by).post())
    assert vm.status.current.get()["pid"] != pid and heard(vm) == "0x5a"
    config = vm.config.get()
    assert not {"lock", "vmstate", "runningmachine", "runningcpu"} & set(config)
    assert not states(node)
    tell(node, vm, b"Y")


def test_a_suspension_that_fails_changes_nothing(node, here, listener):
    vm = listener
    with pytest.raises(ResourceException, match="only together with todisk|missing property"):
        vm.status.suspend.post(statestorage="local")
    with pytest.raises(Failed, match="nowhere"):
        node.finish(vm.status.suspend.post(todisk=1, statestorage="nowhere"))
    current = vm.status.current.get()
    assert current["qmpstatus"] == "running" and "lock" not in current and not states(node)


def test_a_suspended_vm_is_removed_with_its_memory(node, here, listener):
    node.finish(listener.status.suspend.post(todisk=1))
    # The fixture removes it.
    assert states(node)


def test_a_stop_overrules_a_shutdown(node, here, listener):
    vm = listener
    # Its guest knows no power button.
    shutdown = vm.status.shutdown.post(timeout=60)
    node.finish(vm.status.stop.post(**{"overrule-shutdown": 1}), 20)
    ended = here.tasks(shutdown).status.get()
    assert ended["status"] == "stopped" and "interrupt" in ended["exitstatus"]
    assert vm.status.current.get()["status"] == "stopped"


def test_a_shutdown_in_vain_ends_by_force_if_wanted(node, listener):
    vm = listener
    with pytest.raises(Failed, match="got timeout"):
        node.finish(vm.status.shutdown.post(timeout=1))
    assert vm.status.current.get()["status"] == "running"
    node.finish(vm.status.shutdown.post(timeout=1, forceStop=1))
    assert vm.status.current.get()["status"] == "stopped"


def test_guests_start_with_the_host_once_a_boot(here, tmp_path_factory):
    """As a task, after the delay that the node's options give; not when only the daemon starts again."""
    folder = tmp_path_factory.mktemp("boot")
    folder.chmod(0o755)
    # Without systemd, a daemon of the same machine finds the mark of this boot; without the mark, it is another boot.
    mark = folder / "run/pleiad/onboot"
    host = Node(folder, options=["--no-network"]).start()
    try:
        vms = host.api().nodes(host.name).qemu
        host.finish(vms.post(vmid=668, memory=16, onboot=1))
        host.finish(vms.post(vmid=669, memory=16))
        host.api().nodes(host.name).config.put(**{"startall-onboot-delay": 1})
        for boots, running in [(False, "stopped"), (True, "running")]:
            host.stop()
            if boots:
                mark.unlink()
            host.start()
            tasks = host.api().nodes(host.name).tasks
            started = lambda: tasks.get(typefilter="startall", source="all")  # noqa: E731
            if boots:
                task = wait_for("guests are started", started)[0]
                host.finish(task["upid"])
                assert "startall-onboot-delay" in tasks(task["upid"]).log.get()[0]["t"]
            assert bool(started()) == boots
            assert vms(668).status.current.get()["status"] == running
        vms = host.api().nodes(host.name).qemu
        assert vms(669).status.current.get()["status"] == "stopped"
        host.finish(vms(668).status.stop.post())
    finally:
        host.stop()
