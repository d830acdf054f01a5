"""The event stream as a page uses it: what changes is told at once, to those who may see it."""

import time

import pytest
import requests
import websocket
from events import Events

# Waits two seconds, then has the power switched off by ACPI: a guest that ends by itself.
BOOT_AND_POWER_OFF = bytes.fromhex("b486b91e00ba8084cd15ba0406b80020eff4ebfd").ljust(510, b"\0") + b"\x55\xaa"


@pytest.fixture
def events(node):
    """An open stream of root."""
    stream = Events(node)
    yield stream
    stream.close()


@pytest.fixture
def vm(node, here):
    """A small VM."""
    node.finish(here.qemu.post(vmid=150, name="events", memory=64))
    yield here.qemu(150)
    for guest in [g for g in here.qemu.get() if g["vmid"] == 150]:
        if guest["status"] != "stopped":
            node.finish(here.qemu(150).status.stop.post())
        node.finish(here.qemu(150).delete(purge=1))


def path(node, vmid):
    return f"/nodes/{node.name}/qemu/{vmid}"


def test_a_change_by_a_command_line_shows_at_once(node, vm, events):
    took = []
    for name in ("one", "two", "three"):
        events.mark()
        node.command("qm", "set", 150, "--name", name)
        done = time.monotonic()
        events.config(path(node, 150), 5)
        events.row("qemu/150", 5, name=name)
        took.append(time.monotonic() - done)
    print("after the command had ended, ms:", [round(t * 1000, 1) for t in took])
    log = events.wait("a line of the log", lambda e: e["type"] == "log" and "three" in e["data"]["msg"], 5)
    assert log["data"]["msg"] == "update VM 150: -name three"
    assert log["data"] in node.api().cluster.log.get(max=20)


def test_a_guest_comes_starts_stops_and_goes(node, here, events):
    node.finish(here.qemu.post(vmid=151, name="short", memory=64))
    assert events.task("qmcreate", ended=True)["status"] == "OK"
    events.row("qemu/151", status="stopped", name="short")
    node.finish(here.qemu(151).status.start.post())
    row = events.row("qemu/151", status="running")["data"]
    shown = node.api().cluster.resources.get(type="vm")
    assert row.keys() == [g for g in shown if g["vmid"] == 151][0].keys()
    node.finish(here.qemu(151).status.suspend.post())
    events.row("qemu/151", status="paused")
    node.finish(here.qemu(151).status.stop.post())
    events.mark()
    node.finish(here.qemu(151).delete())
    events.wait("the end of it", lambda e: e == {"type": "resource-gone", "seq": e.get("seq"), "id": "qemu/151"})


def test_a_vm_that_switches_itself_off_is_seen(node, vm, events):
    node.command("pvesm", "alloc", "local", 150, "vm-150-disk-0.raw", "1M")
    with open(node.command("pvesm", "path", "local:150/vm-150-disk-0.raw").strip(), "r+b") as disk:
        disk.write(BOOT_AND_POWER_OFF)
    vm.config.put(ide0="local:150/vm-150-disk-0.raw", boot="order=ide0")
    node.finish(vm.status.start.post())
    events.row("qemu/150", 20, status="running")
    events.mark()
    events.row("qemu/150", 60, status="stopped")
    assert vm.status.current.get()["status"] == "stopped"


def test_one_sees_what_one_may_see(node, here, user, vm, events):
    token = user("limited", ("/vms/150", "PVEVMUser"))
    limited = Events(node, token)
    node.finish(here.qemu.post(vmid=152, name="hidden", memory=64))
    vm.config.put(description="seen")
    limited.config(path(node, 150))
    told = [e for e in limited.seen if "qemu/152" in str(e) or "qmcreate" in str(e)]
    assert told == []
    limited.say(follow=events.task("qmcreate", ended=True)["upid"])
    refused = limited.wait("the refusal", lambda e: e["type"] == "task-log")
    assert refused["end"] and not refused["lines"] and "permission" in refused["error"]
    node.api().access.acl.put(path="/vms/152", roles="PVEAuditor", users="limited@pve")
    limited.row("qemu/152", name="hidden")
    node.api().access.acl.put(path="/vms/152", roles="PVEAuditor", users="limited@pve", delete=1)
    limited.wait("that it is hidden again", lambda e: e["type"] == "resource-gone" and e["id"] == "qemu/152")
    node.finish(here.qemu(152).delete())
    lines = node.api(token).cluster.log.get()
    assert {line["user"].split("!")[0] for line in lines} <= {"limited@pve"}
    node.api().access.users("limited@pve").put(enable=0)
    assert limited.closed() == 4401
    node.api().access.users("limited@pve").put(enable=1)


def test_a_log_is_followed_while_it_is_written(node, here, events):
    upid = here.qemu.post(vmid=153, memory=64, scsi0="local:1")
    events.say(follow=upid)
    lines = []

    def is_last(event):
        if event["type"] == "task-log" and event["upid"] == upid:
            assert event["start"] == len(lines)
            lines.extend(event["lines"])
            return event["end"]
        return False

    events.wait("the end of the log", is_last, 60)
    assert lines == [line["t"] for line in here.tasks(upid).log.get(limit=500)]
    assert lines[-1] == "TASK OK"
    node.finish(here.qemu(153).delete())


def test_who_was_away_is_told_the_rest(node, vm, events):
    events.mark()
    events.close()
    vm.config.put(name="meanwhile")
    again = Events(node, since=events.seq, epoch=events.hello["epoch"])
    assert again.hello["resumed"] is True
    again.row("qemu/150", 5, name="meanwhile")
    again.config(path(node, 150), 5)
    for since, epoch in ((again.seq + 10_000, again.hello["epoch"]), (events.seq, "another")):
        assert Events(node, since=since, epoch=epoch).hello["resumed"] is False


def test_a_page_of_another_site_is_refused(node):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Events(node, origin="https://evil.example")
    assert refused.value.status_code == 403
    assert Events(node, origin=node.url).hello["type"] == "hello"
    assert node.http("GET", "/pleiad/events").status_code == 400
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Events(node, token=False)
    assert refused.value.status_code == 401


def cookie_of(node, user, password):
    answer = node.http("POST", "/access/ticket", token=False, data={"username": user, "password": password})
    answer.raise_for_status()
    data = answer.json()["data"]
    headers = {"CSRFPreventionToken": data["CSRFPreventionToken"]}
    cookies = {"PVEAuthCookie": requests.utils.quote(data["ticket"])}
    return {"token": False, "cookies": cookies, "headers": headers}


def stream_of(node, session):
    return Events(node, token=False, cookie=f"PVEAuthCookie={session['cookies']['PVEAuthCookie']}")


def test_a_user_logs_out_everywhere(node, user):
    token = user("nomad")
    password = "correct horse battery"
    one, two = (cookie_of(node, "nomad@pve", password) for _ in range(2))
    stream = stream_of(node, one)
    assert node.http("DELETE", "/pleiad/sessions", **one).status_code == 200
    assert stream.closed() == 4401
    for session in (one, two):
        assert node.http("GET", "/access/users", **session).status_code == 401
    assert node.http("GET", "/access/users", token=token).status_code == 200, "API tokens stay good"
    node.kill("daemon")
    assert node.http("GET", "/access/users", **two).status_code == 401, "also after a restart"
    # At once, in the same second, too.
    again = cookie_of(node, "nomad@pve", password)
    assert node.http("GET", "/access/users", **again).status_code == 200


def test_a_new_password_ends_other_sessions(node, user):
    user("changer")
    password = "correct horse battery"
    mine, other = (cookie_of(node, "changer@pve", password) for _ in range(2))
    # Tickets of one second are the same ticket.
    while mine["cookies"] == other["cookies"]:
        time.sleep(0.2)
        other = cookie_of(node, "changer@pve", password)
    new = {"userid": "changer@pve", "password": "another horse", "confirmation-password": password}
    assert node.http("PUT", "/access/password", data=new, **mine).status_code == 200
    assert node.http("GET", "/access/users", **mine).status_code == 200
    assert node.http("GET", "/access/users", **other).status_code == 401
