"""What goes over the wire, below the API."""


def test_long_answers_are_compressed_for_clients_that_ask(node):
    asked = node.http("GET", "/access/roles", headers={"Accept-Encoding": "gzip"})
    assert asked.headers["Content-Encoding"] == "gzip"
    plain = node.http("GET", "/access/roles", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert asked.json() == plain.json()
    assert int(asked.headers["Content-Length"]) * 3 < int(plain.headers["Content-Length"])


def test_what_may_hold_secrets_is_not_compressed(node):
    secret = {"username": node.login["username"], "password": node.login["password"]}
    headers = {"Accept-Encoding": "gzip"}
    granted = node.http("POST", "/access/ticket", token=False, data=secret, headers=headers)
    assert granted.status_code == 200 and len(granted.content) > 1024
    assert "Content-Encoding" not in granted.headers
