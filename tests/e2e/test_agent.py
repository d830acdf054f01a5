"""The guest agent: what a real Debian answers through it, and that it shuts the guest down."""

import pytest
from debian import started
from node import wait_for

VMID = 121


@pytest.fixture(scope="module")
def debian(node, vm_image):
    """A Debian that was just started."""
    with started(node, VMID, vm_image) as debian:
        yield debian


def ask(node, command, verb="GET", **parameters):
    place = f"/nodes/{node.name}/qemu/{VMID}/agent/{command}"
    return node.http(verb, place, **({"params": parameters} if verb == "GET" else {"data": parameters}))


def test_before_the_guest_is_up_nobody_answers(node, debian):
    answer = ask(node, "ping", "POST")
    assert answer.status_code == 500 and "QEMU guest agent is not running" in answer.json()["message"]
    # Nobody else is held up meanwhile.
    assert debian.status.current.get()["qmpstatus"] == "running"


def test_what_the_guest_tells(node, debian):
    debian.wait_up()
    agent = debian.agent
    assert agent.get("get-osinfo")["result"]["id"] == "debian"
    assert agent.get("get-host-name")["result"]["host-name"]
    names = [card["name"] for card in agent.get("network-get-interfaces")["result"]]
    assert "lo" in names
    assert {row["name"] for row in agent.get()} >= {"ping", "exec", "file-read"}
    assert agent.post(command="fsfreeze-status")["result"] == "thawed"


def test_files_and_programs_of_the_guest(node, debian):
    agent = debian.agent
    agent("file-write").post(file="/root/said", content="grüße\n")
    assert agent("file-read").get(file="/root/said")["content"] == "grüße\n"
    assert agent("file-read").get(file="/root/said", count=2)["truncated"] == 1
    program = agent("exec").post(command=["sh", "-c", "cat /root/said; exit 3"])

    def ended():
        status = agent("exec-status").get(pid=program["pid"])
        return status["exited"] and status

    status = wait_for("the end of the program", ended, 30)
    assert (status["exitcode"], status["out-data"]) == (3, "grüße\n")
    refused = ask(node, "file-read", file="/no/such/file")
    assert refused.status_code == 500 and "Agent error" in refused.json()["message"]


def test_its_memory_is_known(node, debian):
    known = wait_for("the guest's word on its memory", lambda: "freemem" in (c := debian.status.current.get()) and c, 60, 1)
    info = known["ballooninfo"]
    assert info["max_mem"] == 512 << 20 and 0 < info["free_mem"] <= info["total_mem"] < 512 << 20


def test_who_may_ask(node, debian, user):
    auditor = user("agentaudit", (f"/vms/{VMID}", "PVEAuditor"))
    place = f"/nodes/{node.name}/qemu/{VMID}/agent"
    assert node.http("GET", f"{place}/get-osinfo", token=auditor).status_code == 200
    assert node.http("GET", f"{place}/file-read", token=auditor, params={"file": "/etc/shadow"}).status_code == 403
    assert node.http("POST", f"{place}/exec", token=auditor, data={"command": "id"}).status_code == 403
    assert node.http("POST", place, token=auditor, data={"command": "shutdown"}).status_code == 403


def test_the_agent_shuts_the_guest_down(node, debian):
    ended = node.finish(debian.status.shutdown.post(timeout=120))
    log = str(node.api().nodes(node.name).tasks(ended["upid"]).log.get())
    assert "power button" not in log
    assert debian.status.current.get()["status"] == "stopped"


def test_a_vm_without_agent_says_so(node, here):
    node.finish(here.qemu.post(vmid=122, memory=64))
    answer = node.http("POST", f"/nodes/{node.name}/qemu/122/agent/ping")
    assert answer.status_code == 500 and "No QEMU guest agent configured" in answer.json()["message"]
    node.finish(here.qemu(122).delete())
