"""Files that were made to mislead: what reads them answers or refuses in words, and opens nothing else."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.install import disk_image, iso9660, media
from app.install.media import MediumKind

SECTOR = iso9660.SECTOR


def iso(root: bytes, *, start: int = 20, length: int | None = None) -> bytes:
    """A volume with one descriptor and these bytes for its root folder, cut off right behind them."""
    primary = bytearray(SECTOR)
    primary[:6] = b"\x01CD001"
    primary[158:162] = start.to_bytes(4, "little")
    primary[166:170] = (len(root) if length is None else length).to_bytes(4, "little")
    return bytes(16 * SECTOR) + bytes(primary) + bytes(3 * SECTOR) + root


def test_a_root_folder_that_ends_in_the_middle_of_a_record() -> None:
    volume = iso9660.read(io.BytesIO(iso(b"\x40" * 5, length=SECTOR)))
    assert volume is not None and volume.files == frozenset()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=3 * SECTOR), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_any_root_folder_is_read_or_left(root: bytes, start: int, length: int) -> None:
    for at in (20, start):
        volume = iso9660.read(io.BytesIO(iso(root, start=at, length=length)))
        assert volume is not None


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=SECTOR, max_size=4 * SECTOR))
def test_any_descriptors_are_read_or_left(data: bytes) -> None:
    for head in (b"", b"\x01CD001", b"\x00CD001\x01EL TORITO SPECIFICATION"):
        iso9660.read(io.BytesIO(bytes(16 * SECTOR) + head + data[len(head) :]))


def test_a_vmdk_descriptor_that_names_a_file_of_the_host(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"x" * 4096)
    image = tmp_path / "evil.vmdk"
    image.write_text(
        '# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\n'
        f'RW 8 FLAT "{secret}" 0\n'
    )
    with pytest.raises(Invalid, match="another file"):
        disk_image.read(str(image))
    assert media.recognise_now(str(image)).kind is MediumKind.UNKNOWN


def test_a_sparse_vmdk_whose_descriptor_replaces_it(tmp_path: Path) -> None:
    """A capacity of 0 makes QEMU read the descriptor inside, which may name any file (block/vmdk.c, vmdk_open_vmdk4)."""
    head = bytearray(512)
    head[:4] = b"KDMV"
    struct.pack_into("<IIQQQQ", head, 4, 1, 3, 0, 128, 1, 1)
    image = tmp_path / "evil.vmdk"
    image.write_bytes(bytes(head) + b'# Disk DescriptorFile\nRW 8 FLAT "/etc/passwd" 0\n'.ljust(512, b"\0"))
    with pytest.raises(Invalid, match="another file"):
        disk_image.read(str(image))


def qcow2(path: Path, backing: bytes) -> Path:
    """A header of version 2 with a backing file, which is all that is read of it."""
    head = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 104, len(backing), 16, 1 << 20, 0, 1, 65536, 131072, 1, 0, 0)
    path.write_bytes(head.ljust(104, b"\0") + backing + bytes(4 * 65536))
    return path


@pytest.mark.parametrize("backing", [b"/etc/shadow", b"../../etc/shadow", b"json:{}", b"nbd://evil/x", b"sub/other.img"])
def test_an_image_that_stands_on_a_file_elsewhere_is_not_used(tmp_path: Path, backing: bytes) -> None:
    medium = media.recognise_now(str(qcow2(tmp_path / "disk.qcow2", backing)))
    assert medium.kind is MediumKind.UNKNOWN
    assert backing.decode() in medium.problem


def test_an_image_that_stands_on_its_neighbour_is_used_with_a_warning(tmp_path: Path) -> None:
    medium = media.recognise_now(str(qcow2(tmp_path / "disk.qcow2", b"base.img")))
    assert medium.kind is MediumKind.DISK
    assert "base.img" in medium.warning
