"""What the API says to wrong input: in the status, in the reason phrase, and by parameter."""

import pytest
from node import wait_for


def refused(answer, status, phrase):
    assert answer.status_code == status, answer.text
    assert phrase in answer.reason, answer.reason
    return answer.json().get("errors", {})


def create(node, **params):
    return node.http("POST", f"/nodes/{node.name}/qemu", data=params)


@pytest.mark.parametrize(
    ("parameter", "value", "text"),
    [
        ("memory", "lots", "type check ('integer') failed - got 'lots'"),
        ("cores", "0", "value must have a minimum value of 1"),
        ("vmid", "5", "value must have a minimum value of 100"),
        ("ostype", "os2", "does not have a value in the enumeration"),
        ("no_such", "1", "property is not defined in schema and the schema does not allow additional properties"),
        ("name", "a b", "invalid format"),
        ("net0", "virtio,bridge=vmbr0,nonsense=1", "invalid format"),
        ("kvm", "yes", "type check ('boolean') failed - got 'yes'"),
    ],
)
def test_a_wrong_parameter_is_named(node, parameter, value, text):
    params = {"vmid": "199", parameter: value}
    errors = refused(create(node, **params), 400, "Parameter verification failed.")
    # Errors inside a property string may be reported below the key.
    assert any(key.split(".")[0] == parameter and text in said for key, said in errors.items()), errors


def test_all_wrong_parameters_are_named_at_once(node):
    errors = refused(create(node, memory="x", cores="0", nonsense="1"), 400, "Parameter verification failed.")
    assert {"memory", "cores", "nonsense", "vmid"} <= set(errors)


def test_nothing_is_left_of_a_refused_guest(node, api):
    answer = create(node, vmid="198", scsi0="local:1", ide0="no-such-storage:1")
    # Refused at once, or by a task that fails and takes back what it did.
    if answer.status_code == 200:
        task = api.nodes(node.name).tasks(answer.json()["data"])
        wait_for("the task has ended", lambda: task.status.get()["status"] == "stopped")
        assert task.status.get()["exitstatus"] != "OK"
    assert not [g for g in api.cluster.resources.get(type="vm") if g["vmid"] == 198]
    assert not list((node.root / "var/lib/vz/images").glob("198/*"))


def test_json_and_form_are_taken_alike(node):
    by_form = node.http("POST", "/access/groups", data={"groupid": "x y"})
    by_json = node.http("POST", "/access/groups", json={"groupid": "x y"})
    assert refused(by_form, 400, "Parameter") == refused(by_json, 400, "Parameter") != {}


def test_a_missing_guest_is_said_so(node):
    answer = node.http("GET", f"/nodes/{node.name}/qemu/777/config")
    refused(answer, 500, "Configuration file 'nodes/e2e/qemu-server/777.conf' does not exist")


def test_a_missing_method_is_501(node):
    refused(node.http("GET", "/no/such/path"), 501, "not implemented")


def test_a_missing_node_is_said_so(node):
    assert node.http("GET", "/nodes/elsewhere/status").status_code in (500, 595)


def test_a_stale_digest_is_refused(node, api, here):
    node.finish(here.qemu.post(vmid=197, memory=64))
    try:
        stale = here.qemu(197).config.get()["digest"]
        here.qemu(197).config.put(description="one")
        answer = node.http("PUT", f"/nodes/{node.name}/qemu/197/config", data={"description": "two", "digest": stale})
        refused(answer, 500, "detected modified configuration")
        assert here.qemu(197).config.get()["description"].strip() == "one"
    finally:
        node.finish(here.qemu(197).delete())


def test_an_id_is_used_once(node, here):
    node.finish(here.qemu.post(vmid=196, memory=64))
    try:
        refused(create(node, vmid="196"), 500, "already exists")
        answer = node.http("GET", "/cluster/nextid", params={"vmid": 196})
        assert "VM 196 already exists" in refused(answer, 400, "Parameter")["vmid"]
    finally:
        node.finish(here.qemu(196).delete())


def test_extjs_wraps_errors(node):
    answer = node.http("POST", "/access/groups", flavour="extjs", data={"groupid": "x y"})
    body = answer.json()
    assert answer.status_code == 200
    assert body["success"] == 0 and body["status"] == 400 and "groupid" in body["errors"]


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a/../../b.iso", "/etc/passwd", ".."])
def test_no_volume_name_leaves_its_storage(node, name):
    answer = node.http("GET", f"/nodes/{node.name}/storage/local/content/local:iso%2F{name.replace('/', '%2F')}")
    assert answer.status_code in (400, 500)
    assert "root:" not in answer.text


def test_an_upload_keeps_its_name_inside(node):
    files = {"content": (None, "iso"), "filename": ("../../escaped.iso", b"x" * 4096)}
    answer = node.http("POST", f"/nodes/{node.name}/storage/local/upload", files=files)
    if answer.status_code == 200:
        node.finish(answer.json()["data"])
    outside = [p for p in node.root.rglob("*escaped.iso") if p.parent != node.root / "var/lib/vz/template/iso"]
    assert not outside
