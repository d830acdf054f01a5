"""A client of the event stream: `/pleiad/events` over a web socket."""

import json
import ssl
import time
from urllib.parse import urlencode, urlsplit

import websocket


class Events:
    """An open stream. The greeting is in `hello`; events are waited for with a deadline."""

    def __init__(self, node, token=None, since=None, epoch=None, **options):
        query = "" if since is None else "?" + urlencode({"since": since, "epoch": epoch})
        authority = urlsplit(node.url).netloc
        headers = [f"Authorization: PVEAPIToken={token or node.token}"] if token is not False else []
        self.socket = websocket.create_connection(
            f"wss://{authority}/api2/json/pleiad/events{query}",
            header=[*headers, *options.pop("more_headers", [])],
            sslopt={"ca_certs": node.ca, "cert_reqs": ssl.CERT_REQUIRED},
            timeout=30,
            **options,
        )
        self.seq = 0
        self.seen = []
        self.begin = 0
        self.hello = self.next(10)
        assert self.hello["type"] == "hello", self.hello

    def next(self, seconds):
        """The next message; None when none comes."""
        self.socket.settimeout(max(0.01, seconds))
        try:
            text = self.socket.recv()
        except websocket.WebSocketTimeoutException:
            return None
        event = json.loads(text)
        # A change of rights shows resources again under the number that was reached.
        assert event.get("seq", self.seq) >= self.seq, f"{event} after number {self.seq}"
        self.seq = event.get("seq", self.seq)
        self.seen.append(event)
        return event

    def mark(self):
        """Events up to now do not count for what is waited for next. Returns the time."""
        while self.next(0.01):
            pass
        self.begin = len(self.seen)
        return time.monotonic()

    def since(self):
        """What has come since the mark."""
        return self.seen[self.begin :]

    def wait(self, what, condition, seconds=20):
        """The first event since the mark for which the condition holds."""
        for event in self.since():
            if condition(event):
                return event
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            event = self.next(left)
            if event and condition(event):
                return event
        raise AssertionError(f"waited {seconds} s for: {what}; last seen: {self.seen[-5:]}")

    def row(self, ident, seconds=20, **values):
        """Waits for a row of a resource with these values."""

        def fits(event):
            data = event.get("data", {})
            return event["type"] == "resource" and data["id"] == ident and values.items() <= data.items()

        return self.wait(f"{ident} with {values}", fits, seconds)

    def config(self, path, seconds=20):
        """Waits until something below a path has changed."""
        return self.wait(f"config {path}", lambda e: e["type"] == "config" and e["path"] == path, seconds)

    def task(self, kind, seconds=60, ended=False):
        """Waits until a task of that kind begins, or ends."""

        def fits(event):
            return event["type"] == "task" and event["data"]["type"] == kind and ("endtime" in event["data"]) == ended

        return self.wait(f"task {kind}", fits, seconds)["data"]

    def say(self, **message):
        """Tells the node something."""
        self.socket.send(json.dumps(message))

    def closed(self, seconds=20):
        """The code with which the node ends the stream."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            opcode, data = self.socket.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big")
        raise AssertionError(f"the stream was not closed within {seconds} s")

    def close(self):
        """Goes."""
        self.socket.close()
