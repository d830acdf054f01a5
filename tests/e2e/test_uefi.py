"""VMs that boot by OVMF: up to the firmware's own shell, which is an EFI program like any boot loader."""

import contextlib
from pathlib import Path

import pytest
from console import Console
from debian import options
from node import Failed
from proxmoxer import ResourceException

VMID = 120
# Debian 13 has no firmware of 2 MB any more: who asks for none in particular gets that of 4 MB.
SMALL = Path("/usr/share/OVMF/OVMF_CODE.fd").exists()


@pytest.fixture(autouse=True)
def nothing_left(node, here):
    """The tests share one ID: what a failed one left must not fail the next."""
    yield
    for what in (here.qemu(VMID).status.stop.post, here.qemu(VMID).delete):
        with contextlib.suppress(ResourceException, Failed):
            node.finish(what())


def shell(node):
    """Waits for the prompt of the UEFI shell; its countdown is cut short."""
    console = Console(node, "qemu", VMID)
    try:
        console.expect("UEFI Interactive Shell", 120)
    except AssertionError as late:
        if "Press any key to enter the Boot Manager Menu" in str(late):
            pytest.skip("the firmware runs, and this build of it has no shell")
        raise
    console.expect("to skip", 30)
    console.type("\x1b")
    console.expect("Shell>", 30)
    return console


def answer(console, command):
    """What the shell prints between a command and the next prompt."""
    console.type(command + "\r")
    return console.expect("Shell>", 30)


@pytest.mark.parametrize(
    "disk, machine, size",
    [("local:1", "pc", (128 if SMALL else 528) << 10), ("local:1,efitype=4m,pre-enrolled-keys=0", "q35", 528 << 10)],
    ids=["default-pc", "4m-q35"],
)
def test_a_vm_boots_by_ovmf_and_its_variables_stay(node, here, disk, machine, size):
    vm = here.qemu(VMID)
    node.finish(
        here.qemu.post(vmid=VMID, memory=128, bios="ovmf", efidisk0=disk, machine=machine, serial0="socket", vga="serial0")
    )
    images = node.root / "var/lib/vz/images" / str(VMID)
    assert [file.stat().st_size for file in images.iterdir()] == [size]
    node.finish(vm.status.start.post())
    console = shell(node)
    answer(console, "set kept across-a-stop")
    console.close()
    node.finish(vm.status.stop.post())

    node.finish(vm.status.start.post())
    console = shell(node)
    assert "across-a-stop" in answer(console, "set kept")
    console.close()
    node.finish(vm.status.stop.post())
    node.finish(vm.delete())
    assert not list(images.glob("*"))


def test_without_a_store_it_boots_and_says_what_it_will_forget(node, here):
    node.finish(here.qemu.post(vmid=VMID, memory=128, bios="ovmf", serial0="socket", vga="serial0"))
    vm = here.qemu(VMID)
    started = node.finish(vm.status.start.post())
    assert started["exitstatus"] == "WARNINGS: 1"
    assert "no efidisk configured" in str(here.tasks(started["upid"]).log.get())
    shell(node).close()
    node.finish(vm.status.stop.post())
    assert not list((node.root / "run/pleiad/qemu").glob(f"{VMID}.*"))
    node.finish(vm.delete())


def test_debian_boots_by_ovmf(node, here, vm_image):
    if "-1_amd64" in vm_image:
        pytest.skip("the cached image is from before images had an EFI partition: remove it from .dev/cache")
    vm = here.qemu(VMID)
    node.finish(here.qemu.post(vmid=VMID, **options(vm_image, bios="ovmf", efidisk0="local:1")))
    node.finish(vm.status.start.post())
    console = Console(node, "qemu", VMID)
    console.expect("EFI v2", 300)
    # What systemd says first, from the system's own disk: the boot loader and the kernel have found it.
    console.expect("Welcome to", 600)
    console.close()
    node.finish(vm.status.stop.post())
    node.finish(vm.delete())
