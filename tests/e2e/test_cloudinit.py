"""Cloud-init: what a real Debian makes of what it is told, and the CD that tells it."""

import json
import os
import subprocess
from urllib.parse import quote

import paramiko
import pytest
import yaml
from debian import started
from node import Failed, wait_for
from proxmoxer import ResourceException

VMID, SMALL = 184, 185
PASSWORD = "correct horse"
# Wherever the system keeps them.
NAMESERVERS = "cat /etc/resolv.conf; resolvectl dns 2>/dev/null; cat /etc/network/interfaces.d/*"


def mount(node, vmid, folder):
    """The files on a VM's CD, and its label."""
    image = next((node.root / f"var/lib/vz/images/{vmid}").glob(f"vm-{vmid}-cloudinit.*"))
    raw = folder / "cd.iso"
    subprocess.run(["qemu-img", "convert", "-U", "-O", "raw", image, raw], check=True)
    label = subprocess.run(["blkid", "-p", "-s", "LABEL", "-o", "value", raw], check=True, capture_output=True, text=True)
    files = {}
    found = subprocess.run(["isoinfo", "-R", "-f", "-i", raw], check=True, capture_output=True, text=True).stdout.split()
    for name in found:
        read = subprocess.run(["isoinfo", "-R", "-x", name, "-i", raw], check=True, capture_output=True)
        files[name] = read.stdout.decode()
    return label.stdout.strip(), files


@pytest.fixture(scope="module")
def key():
    return paramiko.RSAKey.generate(2048)


@pytest.fixture(scope="module")
def gateway():
    """The bridge's own address: network, and the host in it."""
    rows = json.loads(subprocess.run(["ip", "-j", "-4", "addr", "show", "vmbr0"], check=True, capture_output=True).stdout)
    return rows[0]["addr_info"][0]["local"]


def quoted(text):
    return quote(text, safe="")


@pytest.fixture(scope="module")
def debian(node, vm_image, key, gateway):
    """A Debian with user, password, key and a fixed address; up."""
    address = gateway.rsplit(".", 1)[0] + ".84"
    told = {
        "name": "seeded",
        "ide2": "local:cloudinit",
        "net0": "virtio,bridge=vmbr0",
        "ciuser": "anna",
        "cipassword": PASSWORD,
        "ciupgrade": 0,
        "sshkeys": quoted(f"ssh-rsa {key.get_base64()} anna@test\n"),
        "ipconfig0": f"ip={address}/24,gw={gateway}",
        "nameserver": "192.0.2.53",
        "searchdomain": "seed.example",
    }
    with started(node, VMID, vm_image, **told) as debian:
        debian.address = address
        yield debian
    assert not list((node.root / "var/lib/vz/images").glob(f"{VMID}/*"))


def settled(debian):
    """Waits until cloud-init in the guest has done all it does."""
    debian.wait_up()
    # Its exit code tells of warnings, too.
    wait_for("the end of cloud-init", lambda: "done" in debian.run("cloud-init status", check=False), 600, every=2)


def ssh(vm, **login):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(vm.address, look_for_keys=False, allow_agent=False, timeout=30, banner_timeout=60, **login)
    with client:
        _, out, _ = client.exec_command("id -un; hostname; hostname -f; cat /var/lib/cloud/data/instance-id")
        return out.read().decode().split()


def test_the_configuration_keeps_no_password(node, debian):
    shown = debian.config.get()
    assert shown["cipassword"] == "**********"
    assert shown["ide2"] == f"local:{VMID}/vm-{VMID}-cloudinit.raw,media=cdrom"
    assert "ide2" not in shown["boot"]
    assert [r for r in debian.pending.get() if r["key"] == "cipassword"][0]["value"] == "**********"
    told = {row["key"]: row for row in debian.cloudinit.get()}
    assert told["ciuser"] == {"key": "ciuser", "value": "anna"} and told["cipassword"]["value"] == "**********"
    everything = b"".join(p.read_bytes() for p in (node.root / "var/log").rglob("*") if p.is_file())
    assert PASSWORD.encode() not in everything and PASSWORD.encode() not in (node.root / "up.log").read_bytes()
    assert yaml.safe_load(debian.cloudinit.dump.get(type="user"))["password"] == "**********"
    assert yaml.safe_load(node.command("qm", "cloudinit", "dump", VMID, "user"))["password"].startswith("$5$")


def test_the_guest_is_who_it_was_told_to_be(node, debian, key):
    settled(debian)
    assert ssh(debian, username="anna", pkey=key)[:3] == ["anna", "seeded", "seeded.seed.example"]
    cards = [c for c in debian.agent.get("network-get-interfaces")["result"] if c["name"] != "lo"]
    assert debian.address in [a["ip-address"] for a in cards[0]["ip-addresses"]]
    shadow = debian.run("getent shadow anna").split(":")[1]
    assert shadow == yaml.safe_load(node.command("qm", "cloudinit", "dump", VMID, "user"))["password"]
    # Python has no crypt(3) any more; Perl is on every Debian.
    made = subprocess.run(["perl", "-e", "print crypt(<STDIN>, $ARGV[0])", shadow], input=PASSWORD, capture_output=True, text=True)
    assert made.stdout == shadow
    assert "192.0.2.53" in debian.run(NAMESERVERS, check=False)
    instance = debian.run("cat /var/lib/cloud/data/instance-id").strip()
    assert debian.cloudinit.dump.get(type="meta") == f"instance-id: {instance}\n"


def test_a_change_is_heard_after_the_cd_was_made_anew(node, debian, key, tmp_path):
    before = debian.run("cat /var/lib/cloud/data/instance-id")
    old = debian.address
    new = old.rsplit(".", 1)[0] + ".85"
    debian.config.put(name="renamed", ipconfig0=f"ip={new}/24", citype="configdrive2", delete="searchdomain")
    told = {row["key"]: row for row in debian.cloudinit.get()}
    assert (told["name"]["value"], told["name"]["pending"]) == ("seeded", "renamed")
    assert told["citype"] == {"key": "citype", "pending": "configdrive2"}
    assert told["searchdomain"] == {"key": "searchdomain", "value": "seed.example", "delete": 1}
    assert mount(node, VMID, tmp_path)[0] == "cidata"
    node.command("qm", "cloudinit", "update", VMID)
    assert not [row for row in debian.cloudinit.get() if "pending" in row or "delete" in row]
    label, files = mount(node, VMID, tmp_path)
    assert label == "config-2"
    assert "/openstack/latest/user_data" in files and "hostname: renamed" in files["/openstack/latest/user_data"]
    # The guest has it in its drive without a restart.
    wait_for("the new CD", lambda: "config-2" in debian.run("blkid -p /dev/sr0", check=False), 30, 1)
    node.finish(debian.status.reboot.post(timeout=120), 300)
    debian.address = new
    settled(debian)
    assert ssh(debian, username="anna", pkey=key)[:2] == ["anna", "renamed"]
    assert debian.run("cat /var/lib/cloud/data/instance-id") != before
    assert old not in debian.run("hostname -I").split()


@pytest.fixture
def small(node, here):
    """A stopped VM with a CD and no disk."""
    node.finish(here.qemu.post(vmid=SMALL, memory=64, name="small", sata0="local:cloudinit,format=raw", net0="virtio,bridge=vmbr0"))
    yield here.qemu(SMALL)
    if here.qemu(SMALL).status.current.get()["status"] == "running":
        node.finish(here.qemu(SMALL).status.stop.post())
    node.finish(here.qemu(SMALL).delete())


def volumes(node, vmid):
    folder = node.root / f"var/lib/vz/images/{vmid}"
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def test_the_volume_comes_and_goes_with_its_drive(node, here, small, tmp_path):
    assert volumes(node, SMALL) == [f"vm-{SMALL}-cloudinit.raw"]
    with pytest.raises(ResourceException, match="cloud-init drive is already attached at 'sata0'"):
        small.config.put(ide2="local:cloudinit")
    small.config.put(citype="opennebula", ipconfig0="ip=dhcp,ip6=auto")
    small.cloudinit.put()
    label, files = mount(node, SMALL, tmp_path)
    assert label == "CONTEXT" and "SET_HOSTNAME='small'\n" in files["/context.sh"]
    node.finish(here.qemu(SMALL).clone.post(newid=SMALL + 1, full=1))
    copy = here.qemu(SMALL + 1)
    assert copy.config.get()["sata0"] == f"local:{SMALL + 1}/vm-{SMALL + 1}-cloudinit.raw,media=cdrom"
    node.finish(copy.delete())
    small.config.put(delete="sata0")
    assert volumes(node, SMALL) == [] and "unused0" not in small.config.get()
    with pytest.raises(ResourceException, match="has no cloud-init drive"):
        small.cloudinit.put()


def test_a_running_vm_with_hotplug_cloudinit_hears_at_once(node, small, tmp_path):
    small.config.put(hotplug="disk,cloudinit")
    node.finish(small.status.start.post())
    small.config.put(ciuser="bob")
    assert "user: bob" in mount(node, SMALL, tmp_path)[1]["/user-data"]
    assert {"key": "ciuser", "value": "bob"} in small.cloudinit.get()
    small.config.put(hotplug="disk")
    small.config.put(ciuser="eve")
    assert {"key": "ciuser", "value": "bob", "pending": "eve"} in small.cloudinit.get()


def test_own_files_take_the_place_of_generated_ones(node, small, tmp_path):
    folder = node.root / "var/lib/vz/snippets"
    folder.mkdir(exist_ok=True)
    node.api().storage("local").put(content="iso,vztmpl,backup,images,rootdir,import,snippets")
    (folder / "own.yaml").write_text("#cloud-config\npackages: [vim]\n")
    with pytest.raises(ResourceException, match="cicustom"):
        small.config.put(cicustom="user=local:snippets/none.yaml")
    with pytest.raises(ResourceException, match="snippet"):
        small.config.put(cicustom="user=local:import/x.qcow2")
    small.config.put(cicustom="user=local:snippets/own.yaml,vendor=local:snippets/own.yaml")
    small.cloudinit.put()
    files = mount(node, SMALL, tmp_path)[1]
    assert files["/user-data"] == files["/vendor-data"] == "#cloud-config\npackages: [vim]\n"
    assert node.command("qm", "cloudinit", "dump", SMALL, "user") == "#cloud-config\npackages: [vim]\n"
    (folder / "own.yaml").write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(ResourceException, match="cicustom"):
        small.cloudinit.put()


def test_what_is_wrong_changes_nothing(node, small):
    before = small.config.get()
    for name, value in (
        ("sshkeys", quoted("no key")),
        ("sshkeys", "not encoded"),
        ("ipconfig0", "ip=192.0.2.1"),
        ("ipconfig0", "gw=192.0.2.1"),
        ("nameserver", "a_b"),
        ("searchdomain", "a_b"),
        ("citype", "x"),
        ("ciuser", "a:b"),
        ("virtio0", "local:cloudinit"),
    ):
        answer = node.http("PUT", f"/nodes/{node.name}/qemu/{SMALL}/config", data={name: value})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [name], (name, answer.text)
    assert small.config.get() == before


def test_who_may_tell_a_guest_what(node, here, small, user):
    auditor, admin = user("ci-auditor", ("/vms", "PVEAuditor")), user("ci-user", ("/vms", "PVEVMUser"))
    path = f"/nodes/{node.name}/qemu/{SMALL}"
    small.config.put(cipassword="$6$salt$hash")
    for token in (auditor, admin):
        dumped = node.http("GET", f"{path}/cloudinit/dump", token=token, params={"type": "user"}).json()["data"]
        assert "password: \"**********\"" in dumped and "$6$" not in dumped
    assert node.http("PUT", f"{path}/config", token=auditor, data={"ciuser": "x"}).status_code == 403
    assert node.http("PUT", f"{path}/cloudinit", token=auditor).status_code == 403
    assert node.http("PUT", f"{path}/config", token=admin, data={"ciuser": "x"}).status_code == 200
    assert node.http("PUT", f"{path}/cloudinit", token=admin).status_code == 200
    # Own files are somebody's: who may not look into their storage may not have them read.
    refused = node.http("PUT", f"{path}/config", token=admin, data={"cicustom": "user=local:snippets/own.yaml"})
    assert refused.status_code == 403


def test_keys_come_from_a_file_on_the_command_line(node, small, key, tmp_path):
    (tmp_path / "keys").write_text(f"# mine\nssh-rsa {key.get_base64()} me\n")
    node.command("qm", "set", SMALL, "--ciuser", "anna", "--sshkeys", tmp_path / "keys", "--ipconfig0", "ip6=auto")
    told = yaml.safe_load(node.command("qm", "cloudinit", "dump", SMALL, "user"))
    assert told["ssh_authorized_keys"] == [f"ssh-rsa {key.get_base64()} me"]
    assert "ipconfig0" in node.command("qm", "cloudinit", "pending", SMALL)
    network = yaml.safe_load(node.command("qm", "cloudinit", "dump", SMALL, "network"))
    assert network["config"][0]["subnets"] == [{"type": "ipv6_slaac"}]
    (tmp_path / "keys").write_text("nonsense\n")
    with pytest.raises(Failed, match="SSH public key validation error"):
        node.command("qm", "set", SMALL, "--sshkeys", tmp_path / "keys")


def test_user_data_is_kept_with_a_vm(node, small, user, tmp_path):
    node.api().storage("local").put(content="iso,vztmpl,backup,images,rootdir,import,snippets")
    folder = node.root / "var/lib/vz/snippets"
    path = f"/pleiad/nodes/{node.name}/qemu/{SMALL}/user-data"

    def ask(verb, token=None, **data):
        return node.http(verb, path, token=token, **({"data": data} if data else {}))

    def kept():
        return sorted(name.name for name in folder.glob(f"vm-{SMALL}-*")) if folder.is_dir() else []

    for wrong in ("packages: []\n", "#cloud-config\na: [\n", "#cloud-config\na: 1\na: 2\n"):
        answer = ask("PUT", **{"user-data": wrong})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == ["user-data"], answer.text
    assert kept() == [] and "cicustom" not in small.config.get()
    first = ask("PUT", **{"user-data": "#cloud-config\npackage: [vim]\n"})
    assert first.json()["data"]["warnings"] == ["'package' is no key that cloud-init knows"], first.text
    assert small.config.get()["cicustom"] == f"user=local:snippets/{kept()[0]}"
    assert ask("PUT", **{"user-data": "#cloud-config\npackages: [vim]\n"}).json()["data"]["warnings"] == []
    assert len(kept()) == 1, "the old text is gone"
    assert ask("GET").json()["data"]["user-data"] == "#cloud-config\npackages: [vim]\n"
    small.cloudinit.put()
    assert mount(node, SMALL, tmp_path)[1]["/user-data"] == "#cloud-config\npackages: [vim]\n"
    auditor = user("ud-auditor", ("/vms", "PVEAuditor"))
    assert ask("GET", token=auditor).status_code == 403
    helper = user("ud-user", ("/vms", "PVEVMUser"))
    assert ask("PUT", token=helper, **{"user-data": "#cloud-config\nlocale: C\n"}).status_code == 403
    assert ask("DELETE").status_code == 200
    assert "cicustom" not in small.config.get()
    # The CD has it until it is made anew.
    assert len(kept()) == 1
    small.cloudinit.put()
    assert kept() == []
