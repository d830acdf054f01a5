"""Logging in: tickets, tokens, and what is refused."""

import pytest
import requests
from proxmoxer import AuthenticationError


def test_a_ticket_logs_in(node):
    api = node.api_by_password()
    assert api.version.get()["version"].startswith("9.")
    assert node.name in [n["node"] for n in api.nodes.get()]


def test_a_token_logs_in(node):
    assert node.api().version.get()["release"]


def test_a_wrong_password_is_refused(node):
    with pytest.raises(AuthenticationError):
        node.api_by_password(password="wrong")


def test_without_login_only_the_public_part_answers(node):
    refused = node.http("GET", "/nodes", token=False)
    assert refused.status_code == 401
    assert "No ticket" in refused.reason
    assert node.http("GET", "/access/domains", token=False).status_code == 200


@pytest.mark.parametrize("change", [lambda t: t[:-1] + "x", lambda t: t.replace("!", "!no-such-"), lambda t: "x" + t])
def test_a_wrong_token_is_refused(node, change):
    assert node.http("GET", "/version", token=change(node.token)).status_code == 401


def ticket(node):
    answer = node.http(
        "POST",
        "/access/ticket",
        token=False,
        data={"username": node.login["username"], "password": node.login["password"]},
    )
    return answer.json()["data"]


def test_a_ticket_writes_only_with_its_csrf_token(node):
    login = ticket(node)
    cookie = {"PVEAuthCookie": login["ticket"]}
    path = "/access/groups"
    assert node.http("GET", path, token=False, cookies=cookie).status_code == 200
    refused = node.http("POST", path, token=False, cookies=cookie, data={"groupid": "csrf"})
    assert refused.status_code == 401
    assert "csrf" in refused.reason.lower()
    headers = {"CSRFPreventionToken": login["CSRFPreventionToken"]}
    done = node.http("POST", path, token=False, cookies=cookie, headers=headers, data={"groupid": "csrf"})
    assert done.status_code == 200, done.text
    node.api().access.groups("csrf").delete()


def test_a_ticket_renews_itself(node):
    old = ticket(node)
    new = node.http(
        "POST", "/access/ticket", token=False, data={"username": old["username"], "password": old["ticket"]}
    ).json()["data"]
    cookie = {"PVEAuthCookie": new["ticket"]}
    assert node.http("GET", "/version", token=False, cookies=cookie).status_code == 200


def test_a_forged_ticket_is_refused(node):
    login = ticket(node)["ticket"]
    forged = login.replace("root@pam", "root@pve")
    assert node.http("GET", "/version", token=False, cookies={"PVEAuthCookie": forged}).status_code == 401


def test_the_interface_describes_itself(node):
    document = requests.get(f"{node.url}/api2/openapi.json", verify=node.ca, timeout=10).json()
    assert document["openapi"].startswith("3.1")
    assert "/version" in document["paths"]


def test_plain_http_is_sent_to_https(node):
    answer = requests.get(f"http://{node.host}:{node.port}/", allow_redirects=False, timeout=10)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")
