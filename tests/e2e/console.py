"""A console over a web socket, as the terminal of a web page speaks it."""

import ssl
import time
from urllib.parse import urlencode, urlsplit

import websocket


class Console:
    """The terminal of a guest: bytes out as they come, input framed as `0:length:data`."""

    def __init__(self, node, kind, vmid):
        guest = getattr(node.api().nodes(node.name), kind)(vmid)
        granted = guest.termproxy.post()
        query = urlencode({"port": granted["port"], "vncticket": granted["ticket"]})
        url = f"wss://{urlsplit(node.url).netloc}/api2/json/nodes/{node.name}/{kind}/{vmid}/vncwebsocket?{query}"
        self.socket = websocket.create_connection(
            url,
            header=[f"Authorization: PVEAPIToken={node.token}"],
            subprotocols=["binary"],
            sslopt={"ca_certs": node.ca, "cert_reqs": ssl.CERT_REQUIRED},
            timeout=30,
        )
        self.socket.send_binary(f"{granted['user']}:{granted['ticket']}\n".encode())
        self.seen = b""
        self.expect("OK", 10)

    def expect(self, text, seconds):
        """Reads until the text has come; what came up to it is dropped."""
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            # In short pieces: each ping of the server begins the waiting anew.
            self.socket.settimeout(min(1, max(0.1, end - time.monotonic())))
            try:
                data = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                data = None
            if data:
                self.seen += data if isinstance(data, bytes) else data.encode()
            if time.monotonic() > end and text.encode() not in self.seen:
                raise AssertionError(f"'{text}' did not come within {seconds} s:\n{self.text()[-1500:]}")
        before, _, self.seen = self.seen.partition(text.encode())
        return before.decode(errors="replace")

    def type(self, text):
        """Types."""
        data = text.encode()
        self.socket.send_binary(b"0:%d:%s" % (len(data), data))

    def resize(self, columns, rows):
        """Says how large the window is."""
        self.socket.send_binary(f"1:{columns}:{rows}:".encode())

    def text(self):
        """What came and was not expected yet."""
        return self.seen.decode(errors="replace")

    def close(self):
        """Closes the window."""
        self.socket.close()
