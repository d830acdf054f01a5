"""A stock monitor scrapes the node."""

import socket
import subprocess
import sys
from pathlib import Path

import requests
from node import wait_for


def test_prometheus_pve_exporter_scrapes_without_error(node, tmp_path):
    ident, secret = node.token.split("=", 1)
    user, name = ident.split("!", 1)
    config = tmp_path / "pve.yml"
    config.write_text(f"default:\n  user: {user}\n  token_name: {name}\n  token_value: {secret}\n  verify_ssl: false\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("pve_exporter")
    command = [program, "--config.file", config, "--web.listen-address", f"127.0.0.1:{port}"]
    with open(tmp_path / "log", "w+") as log:
        exporter = subprocess.Popen(command, stdout=log, stderr=log)
        try:

            def scrape():
                try:
                    url = f"http://127.0.0.1:{port}/pve"
                    return requests.get(url, params={"target": f"{node.host}:{node.port}"}, timeout=30)
                except requests.ConnectionError:
                    return None

            answer = wait_for("the exporter answers", scrape, 90)
        finally:
            exporter.terminate()
            exporter.wait()
        log.seek(0)
        said = log.read()
    assert answer.status_code == 200, said + answer.text
    assert f'pve_up{{id="node/{node.name}"}} 1.0' in answer.text
    for metric in ("pve_version_info", "pve_cpu_usage_ratio", "pve_memory_size_bytes", "pve_storage_info"):
        assert metric in answer.text, metric
    assert "Traceback" not in said
