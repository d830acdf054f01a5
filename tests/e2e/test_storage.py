"""Uploads, volumes and a storage that is full."""

import hashlib
import subprocess

import pytest
from node import Failed
from proxmoxer import ResourceException


def upload(node, name, data, storage="local", **fields):
    parts = {"content": (None, "iso"), **{key.replace("_", "-"): (None, value) for key, value in fields.items()}}
    return node.http("POST", f"/nodes/{node.name}/storage/{storage}/upload", files={**parts, "filename": (name, data)})


def test_an_upload_arrives_whole(node, here):
    data = bytes(range(256)) * 8192
    answer = upload(node, "whole.iso", data, checksum=hashlib.sha256(data).hexdigest(), checksum_algorithm="sha256")
    assert answer.status_code == 200, answer.text
    node.finish(answer.json()["data"])
    path = node.root / "var/lib/vz/template/iso/whole.iso"
    assert path.read_bytes() == data
    listed = [v for v in here.storage("local").content.get(content="iso") if v["volid"] == "local:iso/whole.iso"]
    assert listed[0]["size"] == len(data)
    removed = here.storage("local").content("local:iso/whole.iso").delete()
    if removed:
        node.finish(removed)
    assert not path.exists()


def test_an_upload_with_a_wrong_checksum_leaves_nothing(node):
    answer = upload(node, "wrong.iso", b"x" * 100_000, checksum="0" * 64, checksum_algorithm="sha256")
    with pytest.raises(Failed):
        if answer.status_code != 200:
            raise Failed(answer.reason)
        node.finish(answer.json()["data"])
    assert not list(node.root.rglob("*wrong.iso*"))
    assert not list((node.root / "var/tmp").glob("*upload*"))


def test_a_wrong_kind_of_file_is_refused(node):
    assert upload(node, "script.sh", b"#!/bin/sh\n").status_code == 400


def test_a_full_storage_is_said_so_and_left_clean(node, api, here, tmp_path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", tmp_path], check=True)
    try:
        api.storage.post(storage="tiny", type="dir", path=str(tmp_path), content="images,iso")
        answer = upload(node, "large.iso", b"x" * (8 << 20), storage="tiny")
        with pytest.raises(Failed):
            if answer.status_code != 200:
                raise Failed(answer.reason)
            node.finish(answer.json()["data"])
        left = [p for p in tmp_path.rglob("*") if p.is_file()]
        assert not left
        with pytest.raises((Failed, ResourceException)):
            node.finish(here.qemu.post(vmid=145, memory=64, scsi0="tiny:1,format=raw,preallocation=full"))
        assert not [g for g in here.qemu.get() if g["vmid"] == 145]
    finally:
        api.storage("tiny").delete()
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_storage_is_defined_once(api):
    with pytest.raises(ResourceException, match="already defined"):
        api.storage.post(storage="local", type="dir", path="/tmp/elsewhere")


def test_the_storage_reports_its_space(here):
    local = [s for s in here.storage.get() if s["storage"] == "local"][0]
    assert local["active"] == 1 and local["total"] >= local["avail"] > 0
