"""A file is recognised for what it is, and a file that is no medium says so."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import NotFound, TimedOut
from app.install import iso9660, osinfo
from app.install.background import in_thread
from app.install.media import MediumKind, recognise, recognise_now

from .conftest import IsoMaker


def test_known_system(make_iso: IsoMaker) -> None:
    medium = asyncio.run(recognise(str(make_iso("Debian 11.6.0 amd64 n"))))
    assert medium.kind is MediumKind.ISO
    assert (medium.exact, medium.system.name.short_id, medium.arch) == (True, "debian11", "x86_64")
    assert medium.system_text == "Debian 11"
    assert not medium.warning


def test_newer_release_than_the_database_knows(make_iso: IsoMaker) -> None:
    medium = recognise_now(str(make_iso("Debian 32.5.0 amd64 n")))
    assert not medium.exact
    assert medium.system.name.distro == "debian"
    assert medium.system_text.startswith("Debian 32.5, treated like Debian ")


@pytest.mark.parametrize(
    ("label", "distro"),
    [("Ubuntu-Server 44.04 LTS amd64", "ubuntu"), ("ARCH_203001", "archlinux"), ("Kubuntu 44.04", "ubuntu")],
)
def test_aliases(make_iso: IsoMaker, label: str, distro: str) -> None:
    assert recognise_now(str(make_iso(label))).system.name.distro == distro


def test_unknown_linux_is_treated_like_a_generic_one(make_iso: IsoMaker) -> None:
    medium = recognise_now(str(make_iso("TINYGUEST", files=("isolinux/isolinux.cfg", "vmlinuz"))))
    assert medium.title == "TINYGUEST"
    assert medium.system.name.name.startswith("Generic Linux")
    assert medium.system.drives("virtio-scsi")


def test_unknown_windows_by_its_files(make_iso: IsoMaker) -> None:
    medium = recognise_now(str(make_iso("CUSTOM", files=("sources/install.wim", "bootmgr"))))
    assert medium.system.windows


def test_windows_11(make_iso: IsoMaker) -> None:
    medium = recognise_now(str(make_iso("CCCOMA_X64FRE_EN-US_DV9", publisher="MICROSOFT CORPORATION")))
    assert medium.system.name.short_id == "win11"


def test_unknown_never_blocks(make_iso: IsoMaker) -> None:
    medium = recognise_now(str(make_iso("WHATEVER")))
    assert medium.kind is MediumKind.ISO
    assert medium.system is osinfo.GENERIC
    assert medium.system_text == "WHATEVER"


def test_not_bootable_is_said(make_iso: IsoMaker) -> None:
    medium = recognise_now(str(make_iso("DATA", bootable=False)))
    assert not medium.bootable
    assert "cannot boot" in medium.warning


def test_incomplete_download_is_said(make_iso: IsoMaker) -> None:
    path = make_iso("Debian 11.6.0 amd64 n")
    os.truncate(path, path.stat().st_size - 40960)
    assert "incomplete" in recognise_now(str(path)).warning


def test_qcow2_with_backing_file(tmp_path: Path) -> None:
    base, over = tmp_path / "base.raw", tmp_path / "debian-11-generic.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "raw", base, "3G"], check=True)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", over], check=True)
    medium = recognise_now(str(over))
    assert (medium.kind, medium.format, medium.virtual_size) == (MediumKind.DISK, "qcow2", 3 << 30)
    assert str(base) in medium.warning
    assert medium.system.name.short_id == "debian11"


def test_external_data_file_is_refused(tmp_path: Path) -> None:
    data, image = tmp_path / "data.raw", tmp_path / "a.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-o", f"data_file={data}", image, "1G"], check=True)
    medium = recognise_now(str(image))
    assert medium.kind is MediumKind.UNKNOWN
    assert "another file" in medium.problem


@pytest.mark.parametrize("form", ["raw", "vmdk", "vdi", "vhdx", "qed"])
def test_other_formats(tmp_path: Path, form: str) -> None:
    image = tmp_path / "disk.img"
    subprocess.run(["qemu-img", "create", "-q", "-f", form, image, "64M"], check=True)
    if form == "raw":
        with image.open("r+b") as file:
            file.seek(510)
            file.write(b"\x55\xaa")
    medium = recognise_now(str(image))
    assert (medium.kind, medium.format) == (MediumKind.DISK, form)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"hello" * 2000, "neither"),
        (b"\x1f\x8b" + b"x" * 600, "gzip"),
        (b"QFI\xfb\0\0\0\3" + b"\0" * 600, "QEMU"),
    ],
)
def test_no_medium_says_why(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    medium = recognise_now(str(path))
    assert medium.kind is MediumKind.UNKNOWN
    assert word in medium.problem


def test_folder_and_vanished(tmp_path: Path) -> None:
    assert "folder" in recognise_now(str(tmp_path)).problem
    with pytest.raises(NotFound) as caught:
        asyncio.run(recognise(str(tmp_path / "gone.iso")))
    assert caught.value.next_step


def test_a_file_that_never_answers_is_given_up() -> None:
    async def main() -> None:
        with pytest.raises(TimedOut):
            await in_thread(lambda: time.sleep(0.5), timeout_s=0.01, what="x")

    asyncio.run(main())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(noise=st.lists(st.tuples(st.integers(0, 0x9FFF), st.binary(min_size=1, max_size=16)), max_size=12))
def test_a_damaged_header_never_raises(make_iso: IsoMaker, tmp_path: Path, noise: list[tuple[int, bytes]]) -> None:
    path = tmp_path / "N.iso"
    data = bytearray((path if path.exists() else make_iso("N")).read_bytes()[:0x18000])
    for at, junk in noise:
        data[0x8000 + at : 0x8000 + at + len(junk)] = junk
    damaged = tmp_path / "damaged.iso"
    damaged.write_bytes(data)
    with damaged.open("rb") as file:
        iso9660.read(file)


def test_recognition_does_not_wait_for_the_loop_of_the_window(make_iso: IsoMaker) -> None:
    # Qt's dispatcher keeps GLib's default context for its thread from the first QApplication on.
    glib = pytest.importorskip("gi.repository.GLib", reason="libosinfo's binding is not installed")
    path = make_iso("Debian 11.6.0 amd64 n")
    context = glib.MainContext.default()
    assert context.acquire()
    try:
        medium = asyncio.run(recognise(str(path)))
    finally:
        context.release()
    assert medium.system.name.short_id == "debian11"
