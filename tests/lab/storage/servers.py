"""Servers in processes of their own, so that they can be stopped: NFS by Ganesha, SMB by Samba."""

import os
import signal
import subprocess
from pathlib import Path

from labkit import run, wait

PLACE = Path("/var/tmp/storage-servers")
EXPORT = str(PLACE / "export")
SHARE = "disks"
USER = "keeper"
PASSWORD = "se cret,=x"
CREDENTIALS = str(PLACE / "credentials")

GANESHA = """
NFS_CORE_PARAM { Protocols = 3, 4; mount_path_pseudo = true; }
NFSv4 { Graceless = true; Lease_Lifetime = 10; }
EXPORT {
    Export_Id = 7; Path = %s; Pseudo = %s; Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
    FSAL { Name = VFS; }
}
"""

SAMBA = """
[global]
    server role = standalone server
    map to guest = never
    load printers = no
    disable spoolss = yes
    interfaces = lo
    bind interfaces only = yes
[%s]
    path = %s
    comment = disks of guests
    read only = no
    force user = root
"""


def nfs():
    """Starts the NFS server."""
    if nfs_processes():
        return
    Path(EXPORT).mkdir(parents=True, exist_ok=True)
    run("systemctl", "start", "rpcbind")
    config = PLACE / "ganesha.conf"
    config.write_text(GANESHA % (EXPORT, EXPORT))
    Path("/run/ganesha").mkdir(exist_ok=True)
    run("ganesha.nfsd", "-f", config, "-L", PLACE / "ganesha.log", "-p", PLACE / "ganesha.pid")
    wait("the NFS server exports", lambda: EXPORT in run("showmount", "--no-headers", "-e", "127.0.0.1"))


def cifs():
    """Starts the SMB server."""
    share = PLACE / "share"
    share.mkdir(parents=True, exist_ok=True)
    Path("/etc/samba/smb.conf").write_text(SAMBA % (SHARE, share))
    run("useradd", "--no-create-home", USER, check=False)
    words = f"{PASSWORD}\n{PASSWORD}\n"
    run("smbpasswd", "-s", "-a", USER, input=words)
    Path(CREDENTIALS).write_text(f"username={USER}\npassword={PASSWORD}\n")
    Path(CREDENTIALS).chmod(0o600)
    if not cifs_processes():
        run("smbd", "--daemon")
    wait("the SMB server answers", lambda: "blocks" in run("smbclient", "-A", CREDENTIALS, f"//127.0.0.1/{SHARE}", "-c", "ls"))


def _named(name):
    return [int(pid) for pid in run("pgrep", "-x", name, check=False).split()]


def nfs_processes():
    """Processes of the NFS server."""
    return _named("ganesha.nfsd")


def cifs_processes():
    """Processes of the SMB server."""
    return _named("smbd")


def stop():
    """Ends both."""
    for place in Path("/mnt/pve").glob("*"):
        subprocess.run(["umount", "-l", place], capture_output=True)
    for pid in nfs_processes() + cifs_processes():
        os.kill(pid, signal.SIGTERM)
