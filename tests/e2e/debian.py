"""A Debian in a VM: what it needs to boot, and it from outside and, through its agent, from inside."""

import contextlib

from node import wait_for


def options(image, **more):
    """Options of a VM that boots a copy of the image; `more` adds to them, or says otherwise."""
    return {
        "memory": 512,
        "cores": 2,
        "ostype": "l26",
        "serial0": "socket",
        "vga": "serial0",
        "scsihw": "virtio-scsi-single",
        "scsi0": f"local:0,import-from={image}",
        "boot": "order=scsi0",
        **more,
    }


class Debian:
    """A VM with an agent. What it does not have itself is the VM's: `debian.config.get()`."""

    def __init__(self, node, vmid):
        self.node, self.vmid = node, vmid
        self.vm = node.api().nodes(node.name).qemu(vmid)

    def __getattr__(self, name):
        return getattr(self.vm, name)

    def answers(self):
        """Whether its agent does."""
        return self.node.http("POST", f"/nodes/{self.node.name}/qemu/{self.vmid}/agent/ping").status_code == 200

    def wait_up(self, seconds=900):
        """Waits until its agent answers: emulated, a boot takes its time."""
        wait_for(f"the agent of VM {self.vmid}", self.answers, seconds, 1)

    def run(self, script, seconds=120, check=True):
        """What a shell in the guest prints. The script must end well unless `check` is off."""
        pid = self.vm.agent("exec").post(command=["sh", "-c", script])["pid"]

        def ended():
            status = self.vm.agent("exec-status").get(pid=pid)
            return status["exited"] and status

        status = wait_for(f"the end of {script}", ended, seconds, 0.3)
        assert not check or status.get("exitcode") == 0, (script, status)
        return status.get("out-data", "")

    def remove(self):
        """Stops it if it runs, and deletes it."""
        if self.vm.status.current.get()["status"] == "running":
            self.node.finish(self.vm.status.stop.post())
        self.node.finish(self.vm.delete())


@contextlib.contextmanager
def started(node, vmid, image, kind=Debian, **more):
    """A new VM that was just started; gone afterwards."""
    node.finish(node.api().nodes(node.name).qemu.post(vmid=vmid, agent="1", **options(image, **more)), 600)
    debian = kind(node, vmid)
    try:
        node.finish(debian.vm.status.start.post())
        yield debian
    finally:
        debian.remove()
