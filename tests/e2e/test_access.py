"""Who may do what: users, grants, tokens with fewer rights than their user, and a user without any."""

import pytest
import requests
from proxmoxer import ResourceException


def test_a_grant_opens_one_path_and_no_other(node, api, here, user):
    node.finish(here.qemu.post(vmid=150, memory=64))
    node.finish(here.qemu.post(vmid=151, memory=64))
    try:
        theirs = node.api(user("anna", ("/vms/150", "PVEVMUser"))).nodes(node.name)
        assert theirs.qemu(150).config.get()["memory"]
        assert [vm["vmid"] for vm in theirs.qemu.get()] == [150]
        with pytest.raises(ResourceException) as refused:
            theirs.qemu(151).config.get()
        assert refused.value.status_code == 403
        assert "Permission check failed (/vms/151, VM.Audit)" in str(refused.value)
        with pytest.raises(ResourceException) as refused:
            theirs.qemu(150).config.put(memory=128)
        assert refused.value.status_code == 403
    finally:
        for vmid in (150, 151):
            node.finish(here.qemu(vmid).delete())


def test_a_separated_token_has_only_its_own_grants(node, api, user):
    user("bert", ("/", "PVEAuditor"))
    token = api.access.users("bert@pve").token("less").post(privsep=1)
    less = f"{token['full-tokenid']}={token['value']}"
    path = f"/nodes/{node.name}/status"
    assert node.http("GET", path, token=less).status_code == 403
    api.access.acl.put(path="/", roles="PVEAuditor", tokens=token["full-tokenid"])
    assert node.http("GET", path, token=less).status_code == 200
    assert node.http("POST", f"/nodes/{node.name}/qemu", token=less, data={"vmid": 160}).status_code == 403


def test_a_group_hands_on_its_rights(node, api, user):
    token = user("carl")
    api.access.groups.post(groupid="auditors")
    try:
        api.access.acl.put(path="/nodes", roles="PVEAuditor", groups="auditors")
        assert node.http("GET", f"/nodes/{node.name}/status", token=token).status_code == 403
        api.access.users("carl@pve").put(groups="auditors")
        assert node.http("GET", f"/nodes/{node.name}/status", token=token).status_code == 200
    finally:
        api.access.groups("auditors").delete()


def test_no_access_below_wins(node, api, here, user):
    token = user("dora", ("/", "Administrator"), (f"/nodes/{node.name}", "NoAccess"))
    assert node.http("GET", f"/nodes/{node.name}/status", token=token).status_code == 403


def test_a_disabled_user_is_out_at_once(node, api, user):
    token = user("emil", ("/", "PVEAuditor"))
    assert node.http("GET", "/version", token=token).status_code == 200
    api.access.users("emil@pve").put(enable=0)
    assert node.http("GET", "/version", token=token).status_code == 401


def test_rights_come_before_parameters(node, user):
    answer = node.http("POST", "/access/groups", token=user("fred"), data={"no_such": 1})
    assert answer.status_code == 403


# Methods which a user without rights may call although their permission is not "everybody": they answer about the
# caller, or with the part of a list that the caller may see. The list may only shrink.
ANSWERED = {
    "GET /access/users/{userid}/token",
    "GET /access/users/{userid}/token/{tokenid}",
}


def test_without_rights_nothing_is_done_and_little_is_told(node, user):
    token = user("nobody")
    document = requests.get(f"{node.url}/api2/openapi.json", verify=node.ca, timeout=10).json()
    values = {"node": node.name, "vmid": "100", "storage": "local", "userid": "root@pam", "tokenid": "x", "realm": "pam"}
    wrong = []
    for template, verbs in document["paths"].items():
        path = template
        for part in [p[1:-1] for p in template.split("/") if p.startswith("{")]:
            path = path.replace("{%s}" % part, values.get(part, "x"))
        for verb, operation in verbs.items():
            method = f"{verb.upper()} {template}"
            everybody = operation["x-pleiad"].get("permission", {}).get("user") in ("all", "world")
            if everybody or method in ANSWERED:
                continue
            answer = node.http(verb.upper(), path, token=token)
            if answer.status_code != 403:
                wrong.append(f"{method}: {answer.status_code} {answer.reason}")
    assert not wrong, "\n".join(wrong)
