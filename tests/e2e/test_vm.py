"""A real VM, from an image built here: created, started, watched booting, stopped, deleted."""

import socket
import ssl
from urllib.parse import urlencode, urlsplit

import pytest
import websocket
from console import Console
from debian import options
from node import wait_for
from proxmoxer import ResourceException

VMID = 110


def test_a_vm_boots_and_goes(node, api, here, vm_image):
    vm = here.qemu(VMID)
    node.finish(here.qemu.post(vmid=VMID, **options(vm_image, name="booted", net0="virtio,bridge=vmbr0")))
    config = vm.config.get()
    assert config["scsi0"].startswith(f"local:{VMID}/vm-{VMID}-disk-0")
    assert config["net0"].startswith("virtio=")
    node.finish(vm.status.start.post())
    console = Console(node, "qemu", VMID)
    console.expect("login:", 300)
    console.close()

    current = vm.status.current.get()
    assert current["status"] == current["qmpstatus"] == "running"
    assert current["pid"] > 1 and current["maxmem"] == 512 << 20

    def measured():
        rows = [r for r in api.cluster.resources.get(type="vm") if r["vmid"] == VMID]
        return rows[0]["cpu"] > 0 and rows[0]["mem"] > 0

    wait_for("figures of the running VM", measured, 40, every=1)

    node.finish(vm.status.suspend.post())
    assert vm.status.current.get()["qmpstatus"] == "paused"
    node.finish(vm.status.resume.post())
    assert vm.status.current.get()["qmpstatus"] == "running"
    node.finish(vm.status.shutdown.post(timeout=120, forceStop=1))
    assert vm.status.current.get()["status"] == "stopped"

    node.finish(vm.delete())
    assert not list((node.root / "var/lib/vz/images").glob(f"{VMID}/*"))
    with pytest.raises(ResourceException, match="does not exist"):
        vm.config.get()


def test_who_may_copy_what(node, here, user, vm_image):
    image = node.root / "var/lib/vz/import" / vm_image.rpartition("/")[2]
    admin = user("copier", ("/", "Administrator"))
    maker = user("maker", ("/vms", "PVEVMAdmin"))

    def create(token, disk):
        answer = node.http("POST", f"/nodes/{node.name}/qemu", token=token, data={"vmid": 114, "scsi0": disk})
        return answer.status_code, answer.text

    status, text = create(admin, f"local:0,import-from={image}")
    assert status == 500 and "only root can set 'scsi0' config" in text
    status, text = create(maker, f"local:0,import-from={vm_image}")
    assert status == 403 and "/storage/local" in text
    status, text = create(admin, f"local:4,import-from={vm_image}")
    assert status == 400 and "import-from" in text
    with pytest.raises(ResourceException, match="does not exist"):
        here.qemu(114).config.get()


def test_a_disk_from_an_image_comes_later_too(node, here, vm_image):
    node.finish(here.qemu.post(vmid=115, memory=64))
    vm = here.qemu(115)
    node.finish(vm.config.post(virtio0=f"local:0,import-from={vm_image},format=qcow2"))
    assert vm.config.get()["virtio0"] .startswith("local:115/vm-115-disk-0.qcow2,size=")
    node.finish(vm.delete())


@pytest.fixture
def small(node, here):
    """A running VM without disk: its firmware finds nothing to boot, which is enough for its life."""
    node.finish(here.qemu.post(vmid=111, memory=64, serial0="socket", net0="e1000,bridge=vmbr0"))
    vm = here.qemu(111)
    node.finish(vm.status.start.post())
    yield vm
    if vm.status.current.get()["status"] == "running":
        node.finish(vm.status.stop.post())
    node.finish(vm.delete())


def test_what_a_running_vm_refuses(node, here, small):
    with pytest.raises(ResourceException, match="running"):
        small.delete()
    refused = here.qemu(111).status.start.post
    try:
        with pytest.raises(Exception, match="already running"):
            node.finish(refused())
    finally:
        assert small.status.current.get()["status"] == "running"


def test_a_reset_and_a_reboot_keep_it_running(node, small):
    before = small.status.current.get()["pid"]
    node.finish(small.status.reset.post())
    assert small.status.current.get()["pid"] == before


def test_changes_of_a_running_vm_wait(node, small):
    small.config.put(cores=2)
    waiting = {row["key"]: row for row in small.pending.get()}
    assert str(waiting["cores"]["pending"]) == "2"
    assert "cores" not in small.config.get(current=1)
    node.finish(small.status.stop.post())
    node.finish(small.status.start.post())
    assert "pending" not in {row["key"]: row for row in small.pending.get()}["cores"]


def test_the_screen_answers_over_a_web_socket(node, small):
    granted = small.vncproxy.post(websocket=1)
    query = urlencode({"port": granted["port"], "vncticket": granted["ticket"]})
    url = f"wss://{urlsplit(node.url).netloc}/api2/json/nodes/{node.name}/qemu/111/vncwebsocket?{query}"
    screen = websocket.create_connection(
        url,
        header=[f"Authorization: PVEAPIToken={node.token}"],
        subprotocols=["binary"],
        sslopt={"ca_certs": node.ca, "cert_reqs": ssl.CERT_REQUIRED},
        timeout=20,
    )
    assert screen.recv().startswith(b"RFB 003.008")
    screen.close()


def test_a_vnc_ticket_is_good_for_one_guest(node, small):
    granted = small.vncproxy.post(websocket=1)
    query = urlencode({"port": granted["port"], "vncticket": granted["ticket"]})
    url = f"wss://{urlsplit(node.url).netloc}/api2/json/nodes/{node.name}/qemu/112/vncwebsocket?{query}"
    with pytest.raises((websocket.WebSocketException, socket.error)):
        websocket.create_connection(
            url,
            header=[f"Authorization: PVEAPIToken={node.token}"],
            sslopt={"ca_certs": node.ca, "cert_reqs": ssl.CERT_REQUIRED},
            timeout=20,
        )


def test_showcmd_shows_one_command(node, here, small):
    shown = node.command("qm", "showcmd", 111)
    assert shown.count("\n") == 1 and "qemu-system" in shown and "-name vm111" in shown


def test_a_locked_vm_is_left_alone(node, here):
    node.finish(here.qemu.post(vmid=113, memory=64))
    # Only root itself may set a lock, no token of it.
    node.api_by_password().nodes(node.name).qemu(113).config.put(lock="backup")
    try:
        with pytest.raises(Exception, match=r"VM is locked \(backup\)"):
            node.finish(here.qemu(113).status.start.post())
    finally:
        node.command("qm", "unlock", 113)
        node.finish(here.qemu(113).delete())
