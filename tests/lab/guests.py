"""Small guests: a boot sector in a VM, busybox in a container."""

import shutil
import socket
import time
from pathlib import Path

from labkit import run

PLACE = Path("/var/tmp/lab/guests")
BUSYBOX = Path("/bin/busybox")

# A boot sector that says that it lives once a second. Under two layers of translation a kernel of a real system needs
# minutes; this needs the firmware's seconds, and boots from the VM's disk as any other.
PROGRAM = bytes.fromhex(
    "31c0 8ed8 fb"  # xor ax,ax; mov ds,ax; sti
    "be 2e7c"  # again: mov si,words
    "ac 84c0 7412"  # next: lodsb; test al,al; jz pause
    "88c4 ba fd03"  # mov ah,al; mov dx,3fdh (state of the first serial port)
    "ec a820 74fb"  # busy: in al,dx; test al,20h; jz busy
    "88e0 ba f803 ee ebe9"  # mov al,ah; mov dx,3f8h; out dx,al; jmp next
    "a1 6c04 05 1200"  # pause: mov ax,[46ch] (18.2 ticks a second); add ax,18
    "f4 3b06 6c04 79f9"  # wait: hlt; cmp ax,[46ch]; jns wait
    "ebd7"  # jmp again
)
WORDS = b"guest alive\r\n\0"

# A boot sector that sends one frame after the other by the card ne2k_isa, as fast as it can: a busy processor, and a
# busy network without any system.
SENDER = bytes.fromhex(
    "31c0 8ed8 fc"  # xor ax,ax; mov ds,ax; cld
    "be 247c b603"  # mov si,settings; mov dh,3 (the card's ports begin at 300h)
    "ad 88c2 88e0 ee"  # next: lodsw; mov dl,al; mov al,ah; out dx,al
    "81fe 387c 72f4"  # cmp si,frame; jb next
    "b210 b92000 f36f"  # mov dl,10h; mov cx,20h; rep outsw (the frame's beginning, into the card's memory)
    "b200 b026"  # mov dl,0; mov al,26h
    "ee ebfd"  # again: out dx,al (send); jmp again
    "0021 0e49 0800 0940 0a40 0b00"  # settings: stop; words; write 40h bytes to 4000h
    "0440 0578 0605 0012"  # send 578h bytes from 4000h; start writing
)

INITTAB = """::sysinit:/bin/hostname -F /etc/hostname
tty1::respawn:/sbin/getty 38400 tty1
::ctrlaltdel:/sbin/poweroff
::shutdown:/bin/true
"""


def root(place, applets):
    """A root file system of busybox."""
    shutil.rmtree(place, ignore_errors=True)
    for folder in ("bin", "sbin", "dev", "proc", "sys", "etc", "run", "tmp", "root", "usr/bin", "var/log"):
        (place / folder).mkdir(parents=True)
    shutil.copy(BUSYBOX, place / "bin/busybox")
    for applet in applets:
        (place / applet).symlink_to("/bin/busybox")
    return place


def boot_sector():
    """The first sector of the VM's disk."""
    code = PROGRAM + WORDS
    assert PROGRAM[6:8] == (0x7C00 + len(PROGRAM)).to_bytes(2, "little"), f"words at {0x7C00 + len(PROGRAM):x}"
    return code.ljust(510, b"\0") + b"\x55\xaa"


def sender(mac, tag=None):
    """The first sector of a disk whose VM sends frames of 1400 bytes to everybody, with a VLAN's mark if one is given."""
    assert len(SENDER) == 0x38
    mark = b"" if tag is None else b"\x81\x00" + tag.to_bytes(2, "big")
    frame = b"\xff" * 6 + bytes.fromhex(mac.replace(":", "")) + mark + b"\x88\xb5"
    return (SENDER + frame).ljust(510, b"\0") + b"\x55\xaa"


def template():
    """A container template in storage `local`; its volume ID."""
    place = root(PLACE / "ct", ["sbin/init", "bin/sh", "bin/mount", "sbin/getty", "bin/hostname", "sbin/poweroff"])
    run("chroot", place, "/bin/busybox", "--install", "-s", "/usr/bin")
    (place / "etc/inittab").write_text(INITTAB)
    (place / "etc/passwd").write_text("root::0:0:root:/root:/bin/sh\n")
    (place / "etc/group").write_text("root:x:0:\ntty:x:5:\n")
    (place / "etc/hostname").write_text("small\n")
    cache = Path("/var/lib/vz/template/cache")
    cache.mkdir(parents=True, exist_ok=True)
    run("tar", "--create", "--zstd", "--file", cache / "small_1_amd64.tar.zst", "--directory", place, ".")
    return "local:vztmpl/small_1_amd64.tar.zst"


def alive(path, limit=120):
    """Reads from a VM's serial socket until the guest has spoken twice since."""
    until, seen = time.monotonic() + limit, b""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        while seen.count(b"guest alive") < 2:
            line.settimeout(max(until - time.monotonic(), 0.1))
            try:
                seen += line.recv(4096)
            except TimeoutError:
                raise AssertionError(f"the guest does not speak in {limit} s; it said: {seen[-2000:]}") from None
