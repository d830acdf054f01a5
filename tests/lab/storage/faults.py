"""A server that is stopped (SIGSTOP): what its storage says meanwhile, and what others pay."""

import json
import os
import signal
import ssl
import subprocess
import threading
import time
import urllib.request

from labkit import pvesh, run, wait

NODE = os.uname().nodename
RATE = 50
URL = "https://127.0.0.1:8006/api2/json"


def token():
    """Headers of an API token."""
    subprocess.run(["pveum", "user", "token", "delete", "root@pam", "lab"], capture_output=True)
    made = json.loads(run("pveum", "user", "token", "add", "root@pam", "lab", "--privsep", 0, "--output-format", "json"))
    return {"Authorization": f"PVEAPIToken={made['full-tokenid']}={made['value']}"}


class Load:
    """Requests at a fixed rate from some threads, each with a connection of its own."""

    PATHS = ("/version", f"/nodes/{NODE}/qemu", f"/nodes/{NODE}/storage/local/status", "/cluster/resources")

    def __init__(self, headers, threads=4):
        self.headers, self.times, self.threads, self.errors = headers, [], threads, []

    def _one(self, number, until):
        import http.client

        context = ssl.create_default_context(cafile="/etc/pleiad/pve-root-ca.pem")
        line = http.client.HTTPSConnection("127.0.0.1", 8006, timeout=60, context=context)
        due, count = time.monotonic() + number / RATE, number
        while due < until:
            time.sleep(max(0, due - time.monotonic()))
            begun = time.monotonic()
            try:
                line.request("GET", "/api2/json" + self.PATHS[count % len(self.PATHS)], headers=self.headers)
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    self.errors.append(answer.status)
            except OSError as err:
                self.errors.append(repr(err))
                line.close()
            # From when it was due: one that had to wait for the one before it counts with that.
            self.times.append(time.monotonic() - begun)
            count += self.threads
            due += self.threads / RATE

    def run(self, seconds):
        """Median and 99th percentile, milliseconds."""
        until = time.monotonic() + seconds
        workers = [threading.Thread(target=self._one, args=(n, until)) for n in range(self.threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert not self.errors, self.errors[:3]
        times = sorted(self.times)
        self.times = []
        return len(times), 1000 * times[len(times) // 2], 1000 * times[len(times) * 99 // 100]


def row(storage):
    """A storage as the list of a node shows it."""
    return next(row for row in pvesh("get", f"/nodes/{NODE}/storage") if row["storage"] == storage)


def stopped(storage, processes):
    """Stops the server and looks; lets it go on and waits until the storage is well."""
    load = Load(token())
    load.run(3)
    count, median, late = load.run(12)
    assert row(storage)["active"]
    pids = processes()
    assert pids, "no server"
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(3)
        begun = time.monotonic()
        seen = row(storage)
        took = time.monotonic() - begun
        assert took < 10, f"the list took {took:.1f} s"
        asking = [threading.Thread(target=lambda: run("pvesm", "list", storage, check=False)) for _ in range(3)]
        for one in asking:
            one.start()
        count2, median2, late2 = load.run(15)
        seen = row(storage)
        for one in asking:
            one.join()
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    begun = time.monotonic()
    wait("the storage is well again", lambda: row(storage)["active"] and run("pvesm", "list", storage) is not None, 180)
    healed = time.monotonic() - begun
    told = {name: seen.get(name) for name in ("active", "age", "reason", "total") if seen.get(name) is not None}
    return (f"before {count} requests, median {median:.1f} ms, 99 % {late:.1f} ms; meanwhile {count2}, {median2:.1f} ms, "
            f"{late2:.1f} ms; said {told}; well {healed:.1f} s after")  # fmt: skip
