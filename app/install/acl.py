"""Who may read or search a path: file modes and POSIX ACLs, asked without becoming that user."""

from __future__ import annotations

import os
import pwd
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

READ, SEARCH = 4, 1

_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_ENTRY = struct.Struct("<HHI")


@dataclass(frozen=True, slots=True)
class User:
    """A user of this machine with all groups."""

    uid: int
    groups: frozenset[int]
    name: str

    @classmethod
    def of(cls, uid: int, gid: int | None = None) -> User:
        """With the groups of the user database; an unknown uid has only ``gid``."""
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            return cls(uid, frozenset({gid} if gid is not None else ()), str(uid))
        groups = set(os.getgrouplist(entry.pw_name, entry.pw_gid if gid is None else gid))
        return cls(uid, frozenset(groups | {entry.pw_gid}), entry.pw_name)


def may(user: User, path: str, bits: int) -> bool:
    """Whether ``user`` has ``bits`` (READ, SEARCH) on ``path`` itself, regardless of its parents.  Raises ``OSError``."""
    if user.uid == 0:
        return True
    info = os.stat(path)  # noqa: PTH116
    entries = _acl(path)
    allowed = _by_acl(user, info, entries) if entries else _by_mode(user, info)
    return allowed & bits == bits


def with_named(user: User, path: str, bits: int) -> int:
    """``bits`` and those that an entry of this user has already, which a new entry would replace.  Raises ``OSError``."""
    return bits | next((old for tag, old, who in _acl(path) if tag == _USER and who == user.uid), 0)


def _by_mode(user: User, info: os.stat_result) -> int:
    mode = stat.S_IMODE(info.st_mode)
    if info.st_uid == user.uid:
        return mode >> 6 & 7
    return mode >> 3 & 7 if info.st_gid in user.groups else mode & 7


def _by_acl(user: User, info: os.stat_result, entries: list[tuple[int, int, int]]) -> int:
    """acl(5), "access check algorithm"."""
    mask = next((bits for tag, bits, _ in entries if tag == _MASK), 7)
    if info.st_uid == user.uid:
        return next((bits for tag, bits, _ in entries if tag == _USER_OBJ), 0)
    named = [bits for tag, bits, who in entries if tag == _USER and who == user.uid]
    if named:
        return named[0] & mask
    groups = [
        bits
        for tag, bits, who in entries
        if (tag == _GROUP_OBJ and info.st_gid in user.groups) or (tag == _GROUP and who in user.groups)
    ]
    if groups:
        union = 0
        for bits in groups:
            union |= bits
        return union & mask
    return next((bits for tag, bits, _ in entries if tag == _OTHER), 0)


def _acl(path: str) -> list[tuple[int, int, int]]:
    """(tag, bits, id) of the access ACL; empty where there is none or the file system has no ACLs."""
    try:
        raw = os.getxattr(path, "system.posix_acl_access")
    except OSError:
        return []
    if len(raw) < 4 or raw[:4] != b"\x02\0\0\0":
        return []
    return [entry for entry in _ENTRY.iter_unpack(raw[4 : 4 + (len(raw) - 4) // 8 * 8])]


def parents(path: str) -> list[str]:
    """The folders on the way to ``path``, from the root down, with links followed as the kernel does."""
    real = Path(path).resolve()
    return [str(folder) for folder in reversed(real.parents)]
