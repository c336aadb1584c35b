"""Facts from the header of an ISO 9660 volume: enough to name it and to guess its family.

ECMA-119 section 8.4 (primary volume descriptor), 9.1 (directory record); El Torito 1.0 section 2.
Reads at most a few sectors; every offset is checked, for the file may be anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

SECTOR = 2048
_FIRST, _LAST = 16, 64
_MAX_DIRECTORY = 32 * SECTOR


@dataclass(frozen=True, slots=True)
class Volume:
    """label: the volume id.  files: names in the root folder, upper case, without version.  size: in bytes, as promised
    by the header (a shorter file is a broken download)."""

    label: str
    bootable: bool
    files: frozenset[str]
    created: date | None
    size: int


def read(file: BinaryIO) -> Volume | None:
    """The volume in ``file``; None if it has no primary volume descriptor.  Raises ``OSError``."""
    primary: bytes | None = None
    bootable = False
    for number in range(_FIRST, _LAST):
        sector = _sector(file, number)
        if len(sector) < SECTOR or sector[1:6] != b"CD001" or sector[0] == 255:
            break
        if sector[0] == 1 and primary is None:
            primary = sector
        if sector[0] == 0 and sector[7:39].startswith(b"EL TORITO SPECIFICATION"):
            bootable = True
    if primary is None:
        return None
    return Volume(
        label=_text(primary[40:72]),
        bootable=bootable,
        files=_root_names(file, primary),
        created=_date(primary[813:821]),
        size=int.from_bytes(primary[80:84], "little") * SECTOR,
    )


def is_udf(file: BinaryIO) -> bool:
    """Whether ``file`` is a UDF volume without ISO 9660 (ECMA-167 section 9.1)."""
    return _sector(file, _FIRST)[1:6] == b"BEA01"


def _sector(file: BinaryIO, number: int) -> bytes:
    file.seek(number * SECTOR)
    return file.read(SECTOR)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip(" \0")


def _date(raw: bytes) -> date | None:
    try:
        return date(int(raw[:4]), int(raw[4:6]), int(raw[6:8]))
    except ValueError:
        return None


def _root_names(file: BinaryIO, primary: bytes) -> frozenset[str]:
    start = int.from_bytes(primary[158:162], "little")
    length = min(int.from_bytes(primary[166:170], "little"), _MAX_DIRECTORY)
    file.seek(start * SECTOR)
    data = file.read(length)
    names: set[str] = set()
    at = 0
    while at + 33 < len(data):  # the length of the name is the 33rd byte of a record
        size = data[at]
        if size < 34:  # records do not cross sectors: zeros fill the rest
            at = (at // SECTOR + 1) * SECTOR
            continue
        name = data[at + 33 : at + 33 + data[at + 32]]
        names.add(_text(name).partition(";")[0].rstrip(".").upper())
        at += size
    return frozenset(names - {"", "\x01"})
