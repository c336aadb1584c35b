"""CD, floppy and ramdisk with the answers, read back by others' programs or by the format's book."""

from __future__ import annotations

import shutil
import stat
import struct
import subprocess
from pathlib import Path

import pytest
from pycdlib import PyCdlib

from app.errors import Failed, Invalid, NotFound
from app.install.unattended import cpio, delivery, floppy
from app.install.unattended.offer import Method
from app.install.unattended.script import Script

FILES = {"winnt.sif": b"[Data]\r\n" * 500, "autounattend.xml": b"<x/>" * 1000, "EMPTY.TXT": b"", "A.B": b"1"}


def script(method: Method, **files: str) -> Script:
    return Script(method, "", {name.replace("_", "."): text for name, text in files.items()})


def read_floppy(disk: bytes) -> dict[str, bytes]:
    """The files of a FAT12 disk, by Microsoft's book; nothing of the writer is used."""
    sector, per_cluster, reserved, fats, entries, sectors, _media, fat_size = struct.unpack_from("<HBHBHHBH", disk, 11)
    assert (sector, per_cluster, sectors * sector) == (512, 1, len(disk)) and disk[510:512] == b"\x55\xaa"
    tables = [disk[(reserved + copy * fat_size) * sector :][: fat_size * sector] for copy in range(fats)]
    assert tables[0] == tables[1]
    root = (reserved + fats * fat_size) * sector
    found, long = {}, ""
    for number in range(entries):
        entry = disk[root + number * 32 :][:32]
        if entry[0] == 0:
            break
        if entry[11] == 0x0F:
            long = (entry[1:11] + entry[14:26] + entry[28:32]).decode("utf-16-le").split("\0")[0].rstrip("\uffff") + long
            continue
        if entry[11] & 8:
            continue
        name = long or (entry[:8].decode().strip() + "." + entry[8:11].decode().strip()).strip(".")
        cluster, size = struct.unpack_from("<HI", entry, 26)
        data = b""
        while 2 <= cluster < 0xFF0:
            data += disk[root + entries * 32 + (cluster - 2) * 512 :][:512]
            pair = struct.unpack_from("<H", tables[0], cluster * 3 // 2)[0]
            cluster = pair >> 4 if cluster % 2 else pair & 0xFFF
        found[name], long = data[:size], ""
    return found


def test_a_floppy_holds_the_files_under_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.img"
    floppy.write_now(path, "answers", FILES)
    assert read_floppy(path.read_bytes()) == FILES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    if tool := shutil.which("mtype"):
        for name, data in FILES.items():
            assert subprocess.run([tool, "-i", str(path), f"::{name}"], check=True, capture_output=True).stdout == data


def test_a_floppy_that_is_too_small_says_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        floppy.write_now(tmp_path / "a.img", "x", {"big": bytes(2 << 20)})
    assert not list(tmp_path.iterdir())
    floppy.image("x", {"fits": bytes(1400 << 10)})


@pytest.mark.skipif(not shutil.which("cpio"), reason="cpio is not installed")
def test_files_are_added_to_a_ramdisk(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    initrd = tmp_path / "initrd"
    initrd.write_bytes(b"compressed archive, odd")
    target = tmp_path / "out"
    files = {"preseed.cfg": b"d-i\n" * 99, "a/b/c.txt": b"1"}
    cpio.append_now(initrd, target, files)
    data = target.read_bytes()
    assert data.startswith(initrd.read_bytes()) and stat.S_IMODE(target.stat().st_mode) == 0o600
    start = data.index(b"070701")
    assert start % 4 == 0
    subprocess.run(["cpio", "-i", "-d", "--quiet"], cwd=tmp_path / "in", input=data[start:], check=True, capture_output=True)
    assert {str(path.relative_to(tmp_path / "in")): path.read_bytes() for path in (tmp_path / "in").rglob("*.*")} == files


def test_each_method_makes_its_carrier(tmp_path: Path) -> None:
    disc = delivery.make_now(script(Method.CDROM, fedora_ks="rootpw"), tmp_path)
    iso = PyCdlib()
    iso.open(str(disc.path))
    assert iso.pvd.volume_identifier.decode().strip() == "OEMDRV"
    names = {child.file_identifier().decode() for child in iso.list_children(joliet_path="/")} - {"\0", "\x01"}
    iso.close()
    assert disc.device == "cdrom" and len(names - {"."}) >= 2
    small = delivery.make_now(script(Method.FLOPPY, winnt_sif="x"), tmp_path)
    assert small.device == "floppy" and read_floppy(small.path.read_bytes()) == {"winnt.sif": b"x"}
    (tmp_path / "initrd").write_bytes(b"x")
    disk = delivery.make_now(script(Method.INITRD, preseed_cfg="x"), tmp_path, initrd=tmp_path / "initrd")
    assert disk.device == "initrd" and b"preseed.cfg" in disk.path.read_bytes()
    assert all(stat.S_IMODE(each.path.stat().st_mode) == 0o600 for each in (disc, small, disk))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    for method in (Method.FLOPPY, Method.INITRD):
        with pytest.raises(Failed):
            delivery.make_now(script(method, a_b="x"), tmp_path / "none", initrd=tmp_path)


def test_kernel_and_ramdisk_come_from_the_medium(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    (folder / "install.amd").mkdir(parents=True)
    (folder / "install.amd" / "vmlinuz").write_bytes(b"kernel" * 999)
    (folder / "install.amd" / "initrd.gz").write_bytes(b"ramdisk")
    shutil.copytree(folder / "install.amd", folder / "install")
    for options in (["-r"], ["-J"], []):
        iso = tmp_path / "a.iso"
        subprocess.run(["genisoimage", "-quiet", *options, "-o", str(iso), str(folder)], check=True, capture_output=True)
        # Without longer names the folder is INSTALL_ and nobody finds it.
        wanted = ("install.amd/vmlinuz", "install.amd/initrd.gz") if options else ("install/vmlinuz", "install/initrd.gz")
        kernel, initrd = delivery.extract_now(iso, wanted, tmp_path)
        assert kernel.read_bytes() == b"kernel" * 999 and initrd.read_bytes() == b"ramdisk"
        kernel.unlink()
        initrd.unlink()


def test_a_medium_without_them_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    iso = tmp_path / "a.iso"
    subprocess.run(["genisoimage", "-quiet", "-r", "-o", str(iso), str(tmp_path / "tree")], check=True, capture_output=True)
    with pytest.raises(NotFound):
        delivery.extract_now(iso, ("vmlinuz",), tmp_path)
    iso.write_bytes(b"no iso" * 9999)
    with pytest.raises(Failed):
        delivery.extract_now(iso, ("vmlinuz",), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.iso", "tree"]
