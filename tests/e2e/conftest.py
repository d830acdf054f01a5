"""What the end-to-end tests share: one node for all of them, guest images built once, a clean slate for each."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from node import TOP, Node, end_leftovers, isolate

CACHE = Path(os.environ.get("PLEIAD_IMAGE_CACHE", TOP / ".dev/cache"))


# Images of the tests: kind, and how their names begin. The first of a kind is the one for everybody.
WANTED = (
    ("container", "debian-13-standard"),
    ("vm", "debian-13-cloud"),
    ("container", "debian-12-standard"),
)
# Built only where PLEIAD_ALL_IMAGES asks for it: it takes minutes, from an archive that is not reached everywhere.
if os.environ.get("PLEIAD_ALL_IMAGES"):
    WANTED += (("container", "ubuntu-24.04-standard"),)


def cached(begin):
    """Images in the cache whose names begin so, without the locks and checksums that lie there too."""
    ends = (".tar.zst", ".tar.gz", ".tar.xz", ".qcow2")
    return sorted(p for p in CACHE.iterdir() if p.name.endswith(ends) and p.name.startswith(begin))


@contextlib.contextmanager
def folder_for_all():
    """A folder for a node: its network side and its containers are other users, and need a way to their files."""
    folder = Path(tempfile.mkdtemp(prefix="pleiad-e2e-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        # Nothing of a test may stay mounted below it.
        subprocess.run(["umount", "--recursive", "--lazy", folder], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def build_images(folder):
    """Builds what the cache lacks, with a node in the host's network: building fetches packages."""
    node = Node(folder, options=["--no-network"]).start()
    try:
        api = node.api().nodes(node.name)
        offered = api.aplinfo.get()
        for _, begin in WANTED:
            names = [o["template"] for o in offered if o["template"].startswith(begin)]
            if cached(begin) or not names:
                continue
            node.finish(api.aplinfo.post(storage="local", template=names[0]), 900)
            for built in (node.root / "var/lib/vz").rglob(names[0]):
                shutil.copy(built, CACHE / built.name)
    finally:
        node.stop()


@pytest.fixture(scope="session")
def images():
    """The folder with container templates and a VM image."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not all(cached(begin) for _, begin in WANTED):
        with folder_for_all() as folder:
            build_images(folder)
    return CACHE


@pytest.fixture(scope="session")
def root(images):
    """The folder of the node under test, in name spaces of its own."""
    isolate()
    with folder_for_all() as folder:
        yield folder


@pytest.fixture(scope="session")
def node(images, root):
    """The node under test."""
    node = Node(root)
    for (_, begin), place in zip(WANTED, ("template/cache", "import"), strict=False):
        folder = node.root / "var/lib/vz" / place
        folder.mkdir(parents=True)
        for image in cached(begin):
            shutil.copy(image, folder)
    node.start()
    yield node
    for guest in node.api().cluster.resources.get(type="vm"):
        api = getattr(node.api().nodes(node.name), guest["type"])(guest["vmid"])
        if guest["status"] == "running":
            node.finish(api.status.stop.post())
        node.finish(api.delete())
    node.stop()
    end_leftovers(node.root)


@pytest.fixture(scope="session")
def container_template(images):
    """Volume ID of a container template."""
    found = cached("debian-13-standard")
    if not found:
        pytest.skip("no container template could be built")
    return f"local:vztmpl/{found[0].name}"


@pytest.fixture(scope="session")
def vm_image(images):
    """Volume ID of a VM image."""
    found = cached("debian-13-cloud")
    if not found:
        pytest.skip("no VM image could be built")
    return f"local:import/{found[0].name}"


@pytest.fixture
def api(node):
    """proxmoxer as root, by token."""
    return node.api()


@pytest.fixture
def here(node, api):
    """proxmoxer at the node's own path."""
    return api.nodes(node.name)


@pytest.fixture
def user(node, api):
    """Makes users of the realm `pve`, and removes them afterwards. Returns a function: name -> token without rights
    of its own beyond the user's."""
    made = []

    def make(name, *grants):
        userid = f"{name}@pve"
        api.access.users.post(userid=userid, password="correct horse battery")
        made.append(userid)
        for path, role in grants:
            api.access.acl.put(path=path, roles=role, users=userid)
        token = api.access.users(userid).token("tok").post(privsep=0)
        return f"{token['full-tokenid']}={token['value']}"

    yield make
    for userid in made:
        api.access.users(userid).delete()
