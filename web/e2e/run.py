"""Runs the interface's tests: a real node with real guests, and Debian's Chromium in front of it.

Arguments go to Playwright: `web/e2e/run.py console.spec.ts -g "the terminal"`. Everything runs in name spaces of its
own, so bridges and ports meet nothing of the host. `--shell` starts no test: it prints how to reach the node, and
waits for a line on standard input.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WEB = HERE.parent
TOP = WEB.parent
sys.path[:0] = [str(TOP / "tests/e2e"), str(HERE)]

from conftest import CACHE, build_images, cached  # noqa: E402
from node import Node, end_leftovers, isolate  # noqa: E402
from seed import seed  # noqa: E402


# The template that containers are made of.
TEMPLATE = "debian-13-standard"


class WebNode(Node):
    """A node whose name fits in a tree."""

    name = "node1"


@contextlib.contextmanager
def folder():
    """A folder that other users can pass through; nothing of it stays."""
    made = Path(tempfile.mkdtemp(prefix="pleiad-web-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        subprocess.run(["umount", "--recursive", "--lazy", made], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(made, ignore_errors=True)


def fill_cache():
    """Builds the images that are not there yet, with a node in the host's network."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not cached(TEMPLATE):
        with folder() as made:
            build_images(made)


def remove_guests(node):
    """Stops and removes every guest: their processes would outlive the node."""
    for guest in node.api().cluster.resources.get(type="vm"):
        with contextlib.suppress(Exception):
            api = getattr(node.api().nodes(node.name), guest["type"])(guest["vmid"])
            if guest["status"] == "running":
                node.finish(api.status.stop.post())
            node.finish(api.delete())


def playwright(environment, arguments):
    """The tests; their exit code."""
    command = ["node", WEB / "node_modules/@playwright/test/cli.js", "test", "-c", HERE / "playwright.config.ts"]
    return subprocess.run([*command, *arguments], cwd=WEB, env=environment, check=False).returncode


def main(arguments):
    """Node, guests, tests, and away with all of it."""
    fill_cache()
    isolate()
    with folder() as root:
        node = WebNode(root / "node")
        templates = node.root / "var/lib/vz/template/cache"
        templates.mkdir(parents=True)
        for image in cached(TEMPLATE):
            shutil.copy(image, templates)
        node.start()
        try:
            facts = seed(node, cached(TEMPLATE))
            for tool in ("qm", "pct", "pvesh", "pvesm", "pveum"):
                (node.root / tool).symlink_to(os.environ.get("PLEIAD_BINARY", TOP / "target/debug/pleiad"))
            (node.root / "facts.json").write_text(json.dumps(facts))
            environment = {
                **os.environ,
                "PLEIAD_URL": node.url,
                "PLEIAD_ROOT": str(node.root),
                "PLEIAD_FACTS": str(node.root / "facts.json"),
                # Chromium wants a writable home of its own.
                "HOME": str(root),
            }
            if arguments == ["--shell"]:
                print(json.dumps({"url": node.url, "root": str(node.root), **facts}, indent=1), flush=True)
                sys.stdin.readline()
                return 0
            return playwright(environment, arguments)
        finally:
            remove_guests(node)
            node.stop()
            end_leftovers(root)


if __name__ == "__main__":
    # Who ends it in the middle gets the same tidying up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(sys.argv[1:]))
