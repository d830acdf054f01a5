"""Devices of the host and their mappings: what a made tree of sysfs shows, who may use it, what a VM gets of it."""

import shutil

import pytest
from node import Failed
from proxmoxer import ResourceException

VMID = 171
NIC = "id=8086:1520,iommugroup=2,path=0000:07:10"


def write(folder, **files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(f"{text}\n")


def device(sys, address, ids, group, driver=None, **more):
    """A PCI device; one without group is behind no IOMMU."""
    vendor, product = ids.split(":")
    folder = sys / "bus/pci/devices" / address
    write(folder, vendor=f"0x{vendor}", device=f"0x{product}", **{"class": "0x020000", **more})
    if driver:
        (sys / "bus/pci/drivers" / driver).mkdir(parents=True, exist_ok=True)
        (folder / "driver").symlink_to(sys / "bus/pci/drivers" / driver)
    if group is not None:
        place = sys / f"kernel/iommu_groups/{group}"
        (place / "devices" / address).mkdir(parents=True)
        (folder / "iommu_group").symlink_to(place)


@pytest.fixture(scope="module")
def hardware(node):
    """A tree below the node's root: two functions of a network card, another card, a bridge, a key on a hub."""
    sys = node.root / "sys"
    device(sys, "0000:07:10.0", "8086:1520", 2, subsystem_vendor="0x1028", subsystem_device="0x1f60")
    device(sys, "0000:07:10.1", "8086:1520", 2, driver="igbvf")
    device(sys, "0000:08:00.0", "10ec:8139", None)
    device(sys, "0000:00:1c.0", "8086:2448", 3, **{"class": "0x060400"})
    write(sys / "bus/pci/devices/0000:08:00.0/mdev_supported_types/small", available_instances=3, description="a part")
    usb = sys / "bus/usb/devices"
    write(usb / "usb1", busnum=1, devnum=1, idVendor="1d6b", idProduct="0002", bDeviceClass="09", speed=480)
    key = {"busnum": 1, "devnum": 4, "idVendor": "0529", "idProduct": "0001", "bDeviceClass": "ff", "speed": 12}
    write(usb / "1-1.4", **key, product="HASP HL", manufacturer="AKS")
    write(usb / "1-1.4:1.0", bInterfaceClass="ff")
    yield sys
    shutil.rmtree(sys)


@pytest.fixture
def clean(api):
    """No mapping is left behind."""
    yield
    for kind in ("pci", "usb", "dir"):
        mappings = api.cluster.mapping(kind)
        for one in mappings.get():
            mappings(one["id"]).delete()


@pytest.fixture
def vm(node, here):
    """A small VM with a controller that USB devices of the host can be plugged into."""
    node.finish(here.qemu.post(vmid=VMID, memory=64, kvm=0, ostype="l26"))
    yield here.qemu(VMID)
    if here.qemu(VMID).status.current.get()["status"] == "running":
        node.finish(here.qemu(VMID).status.stop.post())
    node.finish(here.qemu(VMID).delete())


def refusal(call, *args, **options):
    with pytest.raises(ResourceException) as refused:
        call(*args, **options)
    return str(refused.value)


def test_hardware_is_listed(hardware, here):
    assert {one["type"] for one in here.hardware.get()} == {"pci", "usb"}
    listed = {one["id"]: one for one in here.hardware.pci.get()}
    assert set(listed) == {"0000:07:10.0", "0000:07:10.1", "0000:08:00.0"}
    nic = listed["0000:07:10.0"]
    assert (nic["vendor"], nic["device"], nic["class"], nic["iommugroup"]) == ("0x8086", "0x1520", "0x020000", 2)
    assert (nic["subsystem_vendor"], nic["subsystem_device"]) == ("0x1028", "0x1f60")
    assert "mdev" not in nic and listed["0000:08:00.0"]["mdev"] == 1 and listed["0000:08:00.0"]["iommugroup"] == -1
    bare = here.hardware.pci.get(verbose=0, **{"pci-class-blacklist": "02"})
    assert bare == [{"id": "0000:00:1c.0"}]
    mdev = here.hardware.pci("0000:08:00.0").mdev.get()
    assert mdev == [{"type": "small", "available": 3, "description": "a part"}]
    hub, key = here.hardware.usb.get()
    assert (hub["class"], hub["level"], "usbpath" in hub) == (9, 0, False)
    assert (key["usbpath"], key["port"], key["level"], key["vendid"]) == ("1.4", 4, 2, "0529")
    assert key["product"] == "HASP HL" and "serial" not in key


def test_mappings_are_held_against_the_hardware(hardware, node, api, clean):
    pci = api.cluster.mapping.pci
    pci.post(id="nic", map=[f"node={node.name},{NIC}"], description="both\nfunctions")
    pci.post(id="wrong", map=[f"node={node.name},id=8086:1521,iommugroup=2,path=0000:07:10.0"])
    pci.post(id="elsewhere", map=["node=other,id=8086:1520,path=0000:07:10.0"])
    checked = {one["id"]: one for one in pci.get(**{"check-node": node.name})}
    assert checked["nic"]["checks"] == [] and checked["nic"]["description"] == "both\nfunctions"
    assert [one["severity"] for one in checked["wrong"]["checks"]] == ["error"]
    assert "8086:1521 != 8086:1520" in checked["wrong"]["checks"][0]["message"]
    assert [one["severity"] for one in checked["elsewhere"]["checks"]] == ["warning"]
    assert "already exists" in refusal(pci.post, id="nic", map=[f"node={node.name},{NIC}"])
    assert "does not exist" in refusal(pci("none").get)

    seen = pci("nic").get()
    pci("nic").put(mdev=1, digest=seen["digest"], delete="description")
    assert "detected modified configuration" in refusal(pci("nic").put, mdev=0, digest=seen["digest"])
    changed = pci("nic").get()
    assert changed["mdev"] == 1 and "description" not in changed and len(changed["map"]) == 1

    api.cluster.mapping.usb.post(id="key", map=[f"node={node.name},id=0529:0001,path=1-1.4"])
    api.cluster.mapping.dir.post(id="share", map=[f"node={node.name},path=/nowhere"])
    (key,) = api.cluster.mapping.usb.get(**{"check-node": node.name})
    (share,) = api.cluster.mapping.dir.get(**{"check-node": node.name})
    assert key["checks"] == [] and "does not exist" in share["checks"][0]["message"]
    assert "more than once" in refusal(
        api.cluster.mapping.dir.post, id="two", map=[f"node={node.name},path=/a", f"node={node.name},path=/b"]
    )


def test_who_may_use_a_mapping(hardware, node, api, user, vm, clean):
    for name in ("mine", "other"):
        api.cluster.mapping.pci.post(id=name, map=[f"node={node.name},{NIC}"])
    grants = [("/mapping/pci/mine", "PVEMappingUser"), (f"/vms/{VMID}", "PVEVMAdmin")]
    theirs = node.api(user("mapper", *grants))
    assert [one["id"] for one in theirs.cluster.mapping.pci.get()] == ["mine"]
    assert "Mapping.Modify" in refusal(theirs.cluster.mapping.pci("mine").put, mdev=1)
    config = theirs.nodes(node.name).qemu(VMID).config
    config.put(hostpci0="mapping=mine")
    assert "(/mapping/pci/other, Mapping.Use)" in refusal(config.put, hostpci1="mapping=other")
    assert "only root can set 'hostpci1' config" in refusal(config.put, hostpci1="0000:07:10.0")
    assert "only root can set 'usb0' config" in refusal(config.put, usb0="host=0529:0001")
    node.command("qm", "set", VMID, "--hostpci1", "0000:08:00.0")
    assert "only root can set 'hostpci1' config" in refusal(config.put, delete="hostpci1")
    config.put(delete="hostpci0", usb0="spice")


def test_a_vm_gets_what_its_mapping_means_here(hardware, node, api, vm, clean):
    api.cluster.mapping.pci.post(id="nic", map=[f"node={node.name},{NIC}"], **{"live-migration-capable": 1})
    api.cluster.mapping.usb.post(id="key", map=[f"node={node.name},id=0529:0001,path=1-1.4"])
    vm.config.put(hostpci0="mapping=nic,rombar=0", usb0="mapping=key")
    node.command("qm", "set", VMID, "--usb1", "host=dead:beef")
    shown = node.command("qm", "showcmd", VMID)
    assert "vfio-pci,host=0000:07:10.0,id=hostpci0.0" in shown and "vfio-pci,host=0000:07:10.1,id=hostpci0.1" in shown
    assert "hostbus=1,hostport=1.4" in shown and "enable-migration=on" in shown

    api.cluster.mapping.pci("nic").put(map=[f"node={node.name},id=8086:1521,iommugroup=2,path=0000:07:10.0"])
    assert "hardware probably changed" in failure(node, vm)
    node.command("qm", "set", VMID, "--hostpci0", "0000:07:10.0")
    assert "shares IOMMU group 2 with '0000:07:10.1', which driver 'igbvf' of the host uses" in failure(node, vm)
    node.command("qm", "set", VMID, "--hostpci0", "0000:08:00.0")
    assert "IOMMU not present" in failure(node, vm)
    node.command("qm", "set", VMID, "--hostpci0", "0000:09:00.0")
    assert "no PCI device found for '0000:09:00.0'" in failure(node, vm)
    # Nothing was noted as taken, and what is not there yet may be plugged in later.
    assert not (node.root / "run/pleiad/qemu/devices").exists()
    node.command("qm", "set", VMID, "--delete", "hostpci0")
    node.finish(vm.status.start.post())
    assert vm.monitor.post(command="info usb") is not None


def failure(node, vm):
    """Why the VM does not start."""
    with pytest.raises(Failed) as failed:
        node.finish(vm.status.start.post())
    return str(failed.value)
