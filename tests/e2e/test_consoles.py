"""Screens of VMs: pictures, VNC, and SPICE through its proxy; the log of QEMU."""

import contextlib
import socket
import ssl
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import websocket
from node import Node
from proxmoxer import ResourceException

LINK = b"REDQ" + struct.pack("<III", 2, 2, 22)
# Channel "main"; capabilities: choice of authentication, by ticket, small headers.
MESSAGE = struct.pack("<IBBIIII", 0, 1, 0, 1, 0, 18, 0b1011)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def spice_node(images):
    """A node of its own, with a proxy for SPICE."""
    with tempfile.TemporaryDirectory(prefix="pleiad-e2e-") as folder:
        Path(folder).chmod(0o755)
        node = Node(folder, options=["--no-network", "--spice-port", f"127.0.0.1:{free_port()}"]).start()
        yield node
        for guest in node.api().cluster.resources.get(type="vm"):
            vm = node.api().nodes(node.name).qemu(guest["vmid"])
            if guest["status"] == "running":
                node.finish(vm.status.stop.post())
            node.finish(vm.delete())
        node.stop()


@pytest.fixture
def screen(node, here):
    """A running VM with the usual screen."""
    node.finish(here.qemu.post(vmid=666, memory=32, name="screen"))
    vm = here.qemu(666)
    node.finish(vm.status.start.post())
    yield vm
    node.finish(vm.status.stop.post())
    node.finish(vm.delete())


def test_a_picture_of_the_screen(node, here, user, screen):
    path = f"/pleiad/nodes/{node.name}/qemu/666/screenshot"
    answer = node.http("GET", path)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert node.http("GET", path, token=user("auditor", ("/vms/666", "PVEAuditor"))).status_code == 403
    assert node.http("GET", path, token=user("operator", ("/vms/666", "PVEVMUser"))).status_code == 200
    # Many who look at once cost one picture.
    since = time.monotonic()
    assert all(node.http("GET", path).status_code == 200 for _ in range(20))
    assert time.monotonic() - since < 5
    assert node.http("GET", path.replace("666", "667")).status_code == 500


def test_the_log_of_qemu(node, here, user, screen):
    path = f"/pleiad/nodes/{node.name}/qemu/666/log"
    (node.root / "var/log/pleiad/qemu/666.log").write_text("".join(f"line {n}\x1b[31m\n" for n in range(100)))
    answer = node.http("GET", path, params={"start": 10, "limit": 2}).json()
    assert answer["total"] == 100
    assert answer["data"] == [{"n": 11, "t": "line 10[31m"}, {"n": 12, "t": "line 11[31m"}]
    assert node.http("GET", path, params={"age": 3}).json()["data"] == []
    assert node.http("GET", path, token=user("nobody")).status_code == 403
    assert node.http("GET", path, token=user("auditor", ("/vms/666", "PVEAuditor"))).status_code == 200


def vnc(node, vmid, granted):
    """A web socket to an opened screen."""
    query = urlencode({"port": granted["port"], "vncticket": granted["ticket"]})
    return websocket.create_connection(
        f"wss://{urlsplit(node.url).netloc}/api2/json/nodes/{node.name}/qemu/{vmid}/vncwebsocket?{query}",
        header=[f"Authorization: PVEAPIToken={node.token}"],
        subprotocols=["binary"],
        sslopt={"ca_certs": node.ca, "cert_reqs": ssl.CERT_REQUIRED},
        timeout=20,
    )


def test_vnc_asks_for_its_password(node, screen):
    granted = screen.vncproxy.post(websocket=1, **{"generate-password": 1})
    assert len(granted["password"]) == 8 and granted["cert"].startswith("-----BEGIN CERT")
    client = vnc(node, 666, granted)
    assert client.recv()[:4] == b"RFB "
    client.send_binary(b"RFB 003.008\n")
    assert client.recv() == b"\x01\x02", "VNC authentication, and nothing else"
    client.close()
    with pytest.raises(websocket.WebSocketBadStatusException):
        vnc(node, 666, granted).close()


def test_a_vm_without_a_screen_has_a_terminal(node, here):
    node.finish(here.qemu.post(vmid=667, memory=32, vga="serial0", serial0="socket"))
    vm = here.qemu(667)
    node.finish(vm.status.start.post())
    try:
        with pytest.raises(ResourceException, match="use termproxy"):
            vm.vncproxy.post(websocket=1)
        assert vm.termproxy.post()["ticket"].startswith("PVEVNC:")
        with pytest.raises(ResourceException, match="no spice port|no SPICE proxy"):
            vm.spiceproxy.post()
    finally:
        node.finish(vm.status.stop.post())
        node.finish(vm.delete())


# SPICE


def spice_vm(node, vmid):
    """A running VM that can be seen by SPICE."""
    help_text = subprocess.run(["qemu-system-x86_64", "-spice", "help"], capture_output=True, text=True, check=False)
    if "tls-port" not in help_text.stdout:
        pytest.skip("package 'qemu-system-modules-spice' is not installed")
    here = node.api().nodes(node.name)
    node.finish(here.qemu.post(vmid=vmid, memory=32, name=f"spice{vmid}"))
    spice = node.root / f"run/pleiad/qemu/{vmid}.spice"
    node.command("qm", "set", vmid, "--args", f"-spice unix=on,addr={spice}")
    node.finish(here.qemu(vmid).status.start.post())
    return here.qemu(vmid)


@pytest.fixture(scope="module")
def viewed(spice_node):
    """Two of them."""
    return spice_vm(spice_node, 668), spice_vm(spice_node, 669)


def connect(node, host, port=61000):
    """What the proxy says to a request for that host, and the connection."""
    proxy = next(option for option in node.options if option.startswith("127.0.0.1:"))
    stream = socket.create_connection(proxy.split(":"), timeout=20)
    stream.sendall(f"CONNECT {host}:{port} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n") and (byte := stream.recv(1)):
        answer += byte
    return int(answer.split()[1]), stream


def link(stream, password):
    """SPICE's first words, over TLS: what the machine says of the password."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding

    stream.sendall(LINK + MESSAGE)
    head = stream.recv(16)
    assert head[:4] == b"REDQ"
    size = struct.unpack("<I", head[12:16])[0]
    reply = b""
    while len(reply) < size:
        reply += stream.recv(size - len(reply))
    assert struct.unpack("<I", reply[:4])[0] == 0
    key = serialization.load_der_public_key(reply[4:166])
    secret = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    stream.sendall(struct.pack("<I", 1) + key.encrypt(password.encode() + b"\0", secret))
    return struct.unpack("<I", stream.recv(4))[0]


def test_spice_by_its_proxy(spice_node, viewed):
    file = viewed[0].spiceproxy.post(proxy="127.0.0.1")
    assert file["type"] == "spice" and file["title"].startswith("VM 668") and file["tls-port"] == 61000
    assert file["proxy"] == "http://" + next(o for o in spice_node.options if o.startswith("127.0.0.1:"))
    assert len(file["password"]) == 40 and "\n" not in file["ca"] and file["delete-this-file"] == 1
    status, stream = connect(spice_node, file["host"])
    assert status == 200
    context = ssl.create_default_context(cadata=file["ca"].replace("\\n", "\n"))
    context.check_hostname = False
    with context.wrap_socket(stream) as machine:
        subject = ",".join(f"{'CN' if k == 'commonName' else 'O'}={v}" for ((k, v),) in machine.getpeercert()["subject"])
        assert subject == file["host-subject"]
        assert link(machine, file["password"]) == 0
    # The next channel, with the same ticket and a wrong password.
    status, stream = connect(spice_node, file["host"])
    with context.wrap_socket(stream) as machine:
        assert link(machine, "guessed") == 7


def test_the_spice_proxy_connects_nobody_else(spice_node, viewed):
    file, other = viewed[0].spiceproxy.post(), viewed[1].spiceproxy.post()
    parts, others = file["host"].split("-"), other["host"].split("-")
    bad = [
        "localhost",
        file["host"].replace("-668-", "-669-"),
        "-".join([*parts[:4], others[4], *parts[5:]]),
        file["host"].replace(parts[1], f"{int(parts[1], 16) - 60:x}"),
        file["host"][:-1],
    ]
    for host in bad:
        assert connect(spice_node, host)[0] == 403, host
    assert connect(spice_node, file["host"], port=22)[0] == 403
    stream = connect(spice_node, file["host"])[1]
    stream.sendall(b"no TLS at all\r\n\r\n")
    with contextlib.suppress(ConnectionResetError):
        assert b"REDQ" not in stream.recv(4096)
    # And to nobody without the right.
    api = spice_node.api()
    api.access.users.post(userid="mo@pve", password="correct horse battery")
    api.access.acl.put(path="/vms/668", roles="PVEAuditor", users="mo@pve")
    token = api.access.users("mo@pve").token("tok").post(privsep=0)
    answer = spice_node.http(
        "POST", f"/nodes/{spice_node.name}/qemu/668/spiceproxy", token=f"{token['full-tokenid']}={token['value']}"
    )
    assert answer.status_code == 403


