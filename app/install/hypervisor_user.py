"""As which user a host's hypervisor opens files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.install.acl import User


class Ownership(Enum):
    """Whether libvirt hands files over to the hypervisor's user while they are used."""

    DYNAMIC = "dynamic"
    FIXED = "fixed"


DYNAMIC, FIXED = Ownership.DYNAMIC, Ownership.FIXED

_KNOWN_NAMES = ("libvirt-qemu", "qemu")
"""Debian's and Fedora's user."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The user, and how files come to it."""

    user: User
    ownership: Ownership = DYNAMIC


def is_local(uri: str) -> bool:
    """Whether files of this computer are files of the host: no host name, and no transport but a UNIX socket."""
    parts = urlsplit(uri)
    transport = parts.scheme.partition("+")[2]
    return (
        transport in ("", "unix") and (parts.hostname or "localhost") in ("localhost",) and parts.scheme.partition("+")[0] != ""
    )


def is_session(uri: str) -> bool:
    """Whether it is a user's own daemon; root has none, libvirt sends it to the system's."""
    if urlsplit(uri).path.rstrip("/") != "/session":
        return False
    return _socket(uri) != "" or os.geteuid() != 0


def find(uri: str, dac_label: str = "") -> Reader | None:
    """The hypervisor's user of the local host ``uri``; None if the host is another machine.  May read a small file.

    dac_label: ``<baselabel>`` of the DAC security model in the host's capabilities ("+64055:+64055").
    """
    if not is_local(uri):
        return None
    if is_session(uri):
        return Reader(User.of(daemon_uid(uri)), FIXED)
    label = re.fullmatch(r"\+(\d+):\+(\d+)", dac_label.strip())
    user = User.of(int(label[1]), int(label[2])) if label else _usual_user()
    return Reader(user, _ownership())


def _socket(uri: str) -> str:
    return parse_qs(urlsplit(uri).query).get("socket", [""])[0]


def daemon_uid(uri: str) -> int:
    """As whom a session's daemon runs: one behind an explicit socket as the owner of that socket."""
    try:
        return os.stat(_socket(uri)).st_uid if _socket(uri) else os.geteuid()  # noqa: PTH116
    except OSError:
        return os.geteuid()


def _usual_user() -> User:
    import pwd  # noqa: PLC0415 - not on every platform

    for name in _KNOWN_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return User.of(entry.pw_uid)
    return User.of(0)


def _ownership() -> Ownership:
    """As /etc/libvirt/qemu.conf says, where we may read it; on by default."""
    try:
        text = Path("/etc/libvirt/qemu.conf").read_text(errors="replace")
    except OSError:
        return DYNAMIC
    return FIXED if re.search(r"(?m)^\s*dynamic_ownership\s*=\s*0\b", text) else DYNAMIC
