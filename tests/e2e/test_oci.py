"""Applications from images: a registry with tokens on this machine, over TLS and without; pulled, run, updated."""

import contextlib
import hashlib
import http.server
import io
import json
import platform
import re
import shutil
import ssl
import subprocess
import tarfile
import threading

import pytest
from conftest import folder_for_all
from node import Failed, Node, wait_for
from proxmoxer import ResourceException

ARCH = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
PROGRAM = (
    'trap "exit 0" TERM; echo "$GREETING" "$(id -u):$(id -g)" "$(pwd)" "$EXTRA" > /tmp/out; '
    "while :; do sleep 1000 & wait $!; done"
)


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(*members, programs=()):
    """A layer of (name, content, mode) members; content None is a directory, `-> x` a link."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content, mode in members:
            entry = tarfile.TarInfo(name)
            entry.mode = mode
            if content is None:
                entry.type = tarfile.DIRTYPE
                archive.addfile(entry)
            elif content.startswith("-> "):
                entry.type, entry.linkname = tarfile.SYMTYPE, content[3:]
                archive.addfile(entry)
            else:
                entry.size = len(content.encode())
                archive.addfile(entry, io.BytesIO(content.encode()))
        needed = set()
        for program in programs:
            path = shutil.which(program)
            archive.add(subprocess.check_output(["realpath", path], text=True).strip(), f"bin/{program}")
            listed = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
            needed.update(re.findall(r"(/\S+) \(", listed))
        for library in sorted(needed):
            archive.add(subprocess.check_output(["realpath", library], text=True).strip(), library.lstrip("/"))
    return data.getvalue()


class Registry(http.server.BaseHTTPRequestHandler):
    """The part of the distribution API that pulling needs, for those who have fetched a token."""

    files = {}
    protocol_version = "HTTP/1.0"

    def do_GET(self):
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        own = f"{scheme}://{self.headers['host']}"
        if self.path.startswith("/token?"):
            return self.answer(200, b'{"token": "let-me-in"}')
        if self.headers.get("authorization") != "Bearer let-me-in":
            wanted = f'Bearer realm="{own}/token",service="test",scope="repository:team/app:pull"'
            return self.answer(401, b"", ("www-authenticate", wanted))
        found = self.files.get(self.path)
        return self.answer(200 if found else 404, found or b"")

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def publish(tag, layers, **config):
    """Puts an image into the registry."""

    def point(kind, data):
        Registry.files[f"/v2/team/app/blobs/{digest(data)}"] = data
        return {"mediaType": kind, "digest": digest(data), "size": len(data)}

    document = json.dumps({"architecture": ARCH, "os": "linux", "config": config}).encode()
    kind = "application/vnd.oci.image.layer.v1.tar+"
    packed = [(kind + name, subprocess.check_output([name, "-c"], input=data)) for name, data in layers]
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": point("application/vnd.oci.image.config.v1+json", document),
        "layers": [point(*one) for one in packed],
    }
    Registry.files[f"/v2/team/app/manifests/{tag}"] = json.dumps(manifest).encode()
    Registry.files["/v2/team/app/tags/list"] = b'{"name": "team/app", "tags": ["1", "2"]}'


@contextlib.contextmanager
def serving(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def published():
    system = layer(
        ("etc", None, 0o755),
        ("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/srv:/bin/sh\n", 0o644),
        ("etc/group", "root:x:0:\napp:x:1001:\n", 0o644),
        ("tmp", None, 0o1777),
        ("data/old", "old", 0o644),
        ("data/kept", "kept", 0o644),
        ("opaque/lower", "lower", 0o644),
        ("becomes-file/inner", "inner", 0o644),
        ("out", "-> /etc", 0o777),
        programs=["sh", "sleep", "cat", "id", "ls", "touch"],
    )
    upper = layer(
        ("data/.wh.old", "", 0o644),
        ("opaque/.wh..wh..opq", "", 0o644),
        ("opaque/upper", "upper", 0o644),
        ("becomes-file", "a file now", 0o644),
        # Outside of the tree there is nothing to take away or to write.
        ("../../../../../tmp/.wh.pleiad-precious", "", 0o644),
    )
    config = {"User": "app", "WorkingDir": "/srv/work", "Entrypoint": ["/bin/sh", "-c"], "Cmd": [PROGRAM]}
    publish("1", [("gzip", system), ("zstd", upper)], Env=["PATH=/bin", "GREETING=hello world"], **config)
    newer = layer(("data/new", "new", 0o644))
    layers = [("gzip", system), ("zstd", upper), ("gzip", newer)]
    publish("2", layers, Env=["PATH=/bin", "GREETING=good day", "EXTRA=more"], **config)


@pytest.fixture(scope="module")
def pulled(node, published):
    here = node.api().nodes(node.name)
    with serving() as address:
        assert here("query-oci-repo-tags").get(reference=f"{address}/team/app") == ["1", "2"]
        for tag in "12":
            node.finish(here.storage("local")("oci-registry-pull").post(reference=f"{address}/team/app:{tag}"))
    return ["local:vztmpl/app_1.tar", "local:vztmpl/app_2.tar"]


@pytest.fixture(scope="module")
def app(node, pulled, tmp_path_factory):
    here = node.api().nodes(node.name)
    options = {"net0": "name=eth0,bridge=vmbr0,ip=192.0.2.60/24", "env": "EXTRA=given", "mp0": "local:0,mp=/state"}
    node.finish(
        here.lxc.post(vmid=160, ostemplate=pulled[0], memory=64, rootfs="local:0", unprivileged=1, hostname="app", **options)
    )
    container = here.lxc(160)
    node.finish(container.status.start.post())
    yield container
    if container.status.current.get()["status"] == "running":
        node.finish(container.status.stop.post())
    node.finish(container.delete())


def inside(node, *command):
    done = node.command("pct", "exec", 160, "--", *command, check=False)
    return done.stdout if done.returncode == 0 else ""


def test_the_image_says_how_it_runs(node, app):
    config = app.config.get()
    assert config["ostype"] == "unmanaged" and config["entrypoint"].startswith("/bin/sh -c ")
    said = wait_for("what the program writes", lambda: inside(node, "/bin/cat", "/tmp/out"), 60)
    assert said.split("\n")[0] == "hello world 1000:1001 /srv/work given"


def test_the_host_gives_it_address_and_names(node, app):
    addresses = [a["ip-address"] for i in app.interfaces.get() for a in i.get("ip-addresses", [])]
    assert "192.0.2.60" in addresses
    assert "192.0.2.60 app" in inside(node, "/bin/cat", "/etc/hosts")


def test_layers_take_away_what_is_below_them(node, app):
    assert inside(node, "/bin/ls", "/data").split() == ["kept"]
    assert inside(node, "/bin/ls", "/opaque").split() == ["upper"]
    assert inside(node, "/bin/cat", "/becomes-file") == "a file now"


def test_a_newer_image_keeps_volumes_and_changes(node, app, pulled):
    inside(node, "/bin/touch", "/state/mine", "/data/lost")
    assert inside(node, "/bin/ls", "/state").split() == ["mine"]
    update = node.api()("pleiad")("nodes")(node.name)("lxc")(160)("update-image")
    with pytest.raises(ResourceException, match="running|stop"):
        update.post(ostemplate=pulled[1])
    node.finish(app.status.stop.post())
    before = app.config.get()["rootfs"]
    node.finish(update.post(ostemplate=pulled[1]))
    assert app.config.get()["rootfs"] != before
    node.finish(app.status.start.post())
    said = wait_for("what the program writes", lambda: inside(node, "/bin/cat", "/tmp/out"), 60)
    assert said.split("\n")[0] == "good day 1000:1001 /srv/work given"
    assert inside(node, "/bin/ls", "/state").split() == ["mine"]
    assert inside(node, "/bin/ls", "/data").split() == ["kept", "new"]


def test_it_ends_by_the_signal_that_its_image_wants(node, app):
    node.finish(app.status.shutdown.post(timeout=30))
    assert app.status.current.get()["status"] == "stopped"


def test_over_tls_with_an_authority_that_the_host_trusts(published, tmp_path, monkeypatch):
    authority = tmp_path / "ca.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-addext", "extendedKeyUsage=serverAuth", "-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-keyout", tmp_path / "key.pem", "-out", authority],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, tmp_path / "key.pem")
    with serving(context) as address, folder_for_all() as folder:
        for trusted in (False, True):
            if trusted:
                monkeypatch.setenv("SSL_CERT_FILE", str(authority))
            node = Node(folder / str(trusted), options=["--no-network"]).start()
            try:
                here = node.api().nodes(node.name)
                pull = here.storage("local")("oci-registry-pull")
                if trusted:
                    node.finish(pull.post(reference=f"{address}/team/app:1", filename="mine"))
                    assert [c["volid"] for c in here.storage("local").content.get()] == ["local:vztmpl/mine.tar"]
                else:
                    with pytest.raises(Failed):
                        node.finish(pull.post(reference=f"{address}/team/app:1"))
                    assert here.storage("local").content.get() == []
            finally:
                node.stop()
