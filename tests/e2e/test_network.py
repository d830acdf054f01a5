"""The network that a node makes for its guests, and its end by hand."""

import subprocess

from conftest import folder_for_all
from node import BINARY, Node

BRIDGE = "downbr0"


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_network_is_taken_down_by_hand(node):
    with folder_for_all() as folder:
        # In the network of the node under test, which makes the namespace.
        other = Node(folder, options=["--bridge", BRIDGE])
        other.name = "down"
        other.start()
        try:
            assert BRIDGE in output("ip", "-brief", "link")
            assert BRIDGE in output("nft", "list", "tables")
        finally:
            other.stop()
        assert BRIDGE in output("ip", "-brief", "link"), "a node that ends leaves guests their network"
        down = [BINARY, "network", "down", "--root", folder, "--bridge", BRIDGE]
        assert f"removed bridge '{BRIDGE}'" in output(*down)
        assert BRIDGE not in output("ip", "-brief", "link") + output("nft", "list", "tables")
        assert not list((folder / "run/pleiad/network").glob("*.pid"))
        assert "nothing to do" in output(*down)
        assert "vmbr0" in output("ip", "-brief", "link"), "that of others stays"
