"""What the node holds when the tests begin: users, a pool, guests, and hostile texts wherever a text is free."""

import contextlib
import json

from node import Failed

# Texts that would run if any of them became markup. Each asks for the same: that `window.__xss` is called.
HOSTILE = [
    "<script>window.__xss('script')</script>",
    "<img src=x onerror=\"window.__xss('img')\">",
    "<svg/onload=window.__xss('svg')>",
    "\"><svg onload=window.__xss('attribute')>",
    "'-window.__xss('quote')-'",
    "javascript:window.__xss('url')",
    "{{constructor.constructor('window.__xss(1)')()}}",
    "<iframe srcdoc=\"<script>parent.__xss('frame')</script>\"></iframe>",
    "<details open ontoggle=window.__xss('toggle')>",
    "</textarea></title></style><img src=x onerror=window.__xss('escape')>",
]

# The same in the clothes of Markdown.
HOSTILE_MARKDOWN = """# Notes <img src=x onerror="window.__xss('md-img')">

[click me](javascript:window.__xss('md-link')) [and me](data:text/html,<script>window.__xss('md-data')</script>)

![picture](x" onerror="window.__xss('md-alt'\\))

<script>window.__xss('md-script')</script>
<a href="javascript:window.__xss('md-a')">link</a>
<details open ontoggle="window.__xss('md-toggle')"><summary>x</summary></details>

- [ ] a task
- **bold**, `code <b>`, <https://example.org/>

| a | b |
| --- | --- |
| <svg onload="window.__xss('md-svg')"> | ok |
"""

ALL = " ".join(HOSTILE)


def seed(node, templates):
    """Makes everything, and answers what the tests need to know."""
    api = node.api()
    here = api.nodes(node.name)
    users(api)
    template = f"local:vztmpl/{templates[0].name}" if templates else None
    api.pools.post(poolid="lab", comment=f"Laboratory {HOSTILE[1]}")
    machine(node, here, 601, "web-1", pool="lab", tags="prod;web", description="# Web server\n\nServes **pages**.")
    machine(node, here, 602, "db-1", tags="prod;db", description="Keeps the *books*.")
    machine(node, here, 603, "hostile", pool="lab", tags="test", description=HOSTILE_MARKDOWN)
    node.finish(here.qemu(601).status.start.post())
    containers = []
    if template:
        containers = [container(node, here, template, 611, "dns-1"), container(node, here, template, 612, "mail-1")]
        node.finish(here.lxc(611).status.start.post())
    problems = hostile_texts(api, here)
    problems |= hostile_log(node)
    return {
        "username": node.login["username"],
        "password": node.login["password"],
        "token": node.token,
        "node": node.name,
        "template": template,
        "containers": containers,
        "hostile": HOSTILE,
        "unseeded": problems,
    }


def users(api):
    """An administrator, an auditor and one who may see nothing."""
    for name, role in (("admin", "Administrator"), ("auditor", "PVEAuditor"), ("nobody", None)):
        api.access.users.post(userid=f"{name}@pve", password="correct horse battery", comment=f"The {name}")
        if role:
            api.access.acl.put(path="/", roles=role, users=f"{name}@pve")


def machine(node, here, vmid, name, pool=None, **options):
    """A VM from an empty disk."""
    if pool:
        options["pool"] = pool
    node.finish(
        here.qemu.post(
            vmid=vmid, name=name, memory=128, cores=1, scsihw="virtio-scsi-pci", scsi0="local:1",
            net0="virtio,bridge=vmbr0", ostype="l26", kvm=0, **options,
        )
    )  # fmt: skip


def container(node, here, template, vmid, name):
    """A container from the cached template."""
    node.finish(
        here.lxc.post(
            vmid=vmid, ostemplate=template, hostname=name, memory=256, rootfs="local:0", unprivileged=1,
            password="correct horse", net0="name=eth0,bridge=vmbr0,ip=dhcp", tags="prod", description="A *container*.",
        )
    )  # fmt: skip
    return vmid


def hostile_texts(api, here):
    """Puts the corpus into every free text. What the API refuses is said: it cannot be stored, so it cannot run."""
    def fail_task():
        # A task whose log repeats a hostile text.
        return here.qemu(603).config.put(delete="description", digest=HOSTILE[1])

    def login():
        # The log of the cluster names who could not log in.
        return api.access.ticket.post(username=f"{HOSTILE[1]}@pve", password="x")

    attempts = {
        "user comment": lambda: api.access.users("auditor@pve").put(
            comment=ALL, firstname=HOSTILE[1], lastname=HOSTILE[2], email="a@example.org"
        ),
        "group comment": lambda: api.access.groups.post(groupid="hostile", comment=ALL),
        "token comment": lambda: api.access.users("admin@pve").token("ci").post(comment=ALL, privsep=1),
        "pool comment": lambda: api.pools.post(poolid="hostile", comment=ALL),
        "vm name": lambda: here.qemu(603).config.put(name=HOSTILE[1]),
        "vm tags": lambda: here.qemu(603).config.put(tags=HOSTILE[1]),
        "vm notes": lambda: here.qemu(603).config.put(description=HOSTILE_MARKDOWN + "\n\n" + "\n\n".join(HOSTILE)),
        "ct notes": lambda: here.lxc(612).config.put(description=HOSTILE_MARKDOWN),
        "ct hostname": lambda: here.lxc(612).config.put(hostname=HOSTILE[1]),
        "ct environment": lambda: here.lxc(612).config.put(env="\0".join(f"HOSTILE{n}={text}" for n, text in enumerate(HOSTILE))),
        "ct first program": lambda: here.lxc(612).config.put(entrypoint=f"/bin/sh -c '{HOSTILE[1]}'"),
        "user data": lambda: user_data(node),
        "node notes": lambda: here.config.put(description=HOSTILE_MARKDOWN),
        "datacenter notes": lambda: api.cluster.options.put(description=HOSTILE_MARKDOWN),
        "realm comment": lambda: api.access.domains("pve").put(comment=ALL),
        "snapshot description": lambda: here.qemu(603).snapshot.post(snapname="hostile", description=ALL),
        "acl user": lambda: api.access.acl.put(path="/vms/603", roles="PVEAuditor", groups="hostile"),
        "role": lambda: api.access.roles.post(roleid=HOSTILE[2], privs="VM.Audit"),
        "task": fail_task,
        "login": login,
    }
    refused = {}
    for what, attempt in attempts.items():
        try:
            attempt()
        except Exception as error:  # noqa: BLE001 - any refusal will do
            refused[what] = str(error)[:200]
    return refused


def user_data(node):
    """User data is YAML: the corpus as the words of a list."""
    text = "#cloud-config\nruncmd:\n" + "".join(f"  - {json.dumps(one)}\n" for one in HOSTILE)
    node.http("PUT", f"/pleiad/nodes/{node.name}/qemu/603/user-data", data={"user-data": text}).raise_for_status()


def hostile_log(node):
    """A task whose log holds the corpus: what a hookscript prints, which ends the start of VM 603 at once."""
    script = node.root / "var/lib/vz/snippets/hostile.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("#!/bin/sh\ncat <<'END'\n" + "\n".join(HOSTILE) + "\nEND\nexit 1\n")
    script.chmod(0o755)
    # Scripts are for root alone, not for a token of root's.
    root = node.api_by_password()
    try:
        root.storage("local").put(content="iso,vztmpl,backup,import,images,rootdir,snippets")
        here = root.nodes(node.name).qemu(603)
        here.config.put(hookscript="local:snippets/hostile.sh")
        with contextlib.suppress(Failed):
            node.finish(here.status.start.post())
        here.config.put(delete="hookscript")
    except Exception as error:  # noqa: BLE001 - a test says that it is missing
        return {"task log": str(error)[:200]}
    return {}
