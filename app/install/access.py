"""Can the hypervisor read a file?  Said before it is tried, with ways out.

libvirt's DAC driver gives the file itself to the hypervisor's user while a machine uses it
(dynamic_ownership, the default) but never touches folders: a home folder of mode 0700 is the usual
obstacle.  Ways out: an ACL entry that lets that one user through, a copy in a pool, another file.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.errors import Denied, HostelryError, Unsupported
from app.hosts.host import Host
from app.i18n import _
from app.install import acl, hypervisor_user
from app.install.acl import READ, SEARCH, User
from app.install.background import in_thread
from app.install.hypervisor_user import DYNAMIC, Reader
from app.virt import capabilities

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Grant:
    """One ACL entry to be made: ``bits`` ("x", "r", "rx") on ``path`` for the hypervisor's user."""

    path: str
    bits: str


@dataclass(frozen=True, slots=True)
class Access:
    """ok: the hypervisor can read it.  remote: the file is not on the host at all.
    text: why not, in one or two sentences.  grants: what an ACL would have to allow; empty if that is no way out."""

    path: str
    ok: bool
    remote: bool = False
    text: str = ""
    user: User | None = None
    grants: tuple[Grant, ...] = ()

    @property
    def commands(self) -> list[list[str]]:
        """Exactly what ``grant`` will run."""
        return [] if self.user is None else [_setfacl(self.user, entry) for entry in self.grants]

    @property
    def undo(self) -> str:
        """How to take the entries back, for the task log."""
        if self.user is None:
            return ""
        paths = " ".join(entry.path for entry in self.grants)
        return f"setfacl -x u:{self.user.uid} {paths}"


async def check(host: Host, path: str) -> Access:
    """Whether the host's hypervisor can read the local file ``path``; in a thread, at most 10 s."""
    what = _("The permissions of “{name}” cannot be read.").format(name=Path(path).name)
    label = (await capabilities.host_capabilities(host.session)).dac_label if hypervisor_user.is_local(host.uri) else ""
    return await in_thread(lambda: check_now(path, hypervisor_user.find(host.uri, label)), timeout_s=TIMEOUT_S, what=what)


def check_now(path: str, reader: Reader | None) -> Access:
    """The same for a user (None: the host is another machine) on the calling thread: blocks."""
    if reader is None:
        text = _("This file is on this computer, and the host is another one. A copy has to be uploaded to the host.")
        return Access(path, ok=False, remote=True, text=text)
    grants: list[Grant] = []
    try:
        for folder in acl.parents(path):
            if not acl.may(reader.user, folder, SEARCH):
                grants.append(_grant_of(reader.user, folder, SEARCH))
        if not acl.may(reader.user, path, READ) and not (reader.ownership is DYNAMIC and _changeable(path)):
            grants.append(_grant_of(reader.user, str(Path(path).resolve()), READ))
    except OSError as error:
        text = _("This file cannot be examined: {reason}.").format(reason=error.strerror)
        return Access(path, ok=False, text=text, user=reader.user)
    if not grants:
        return Access(path, ok=True, user=reader.user)
    return Access(path, ok=False, text=_explain(reader.user, grants), user=reader.user, grants=tuple(grants))


def _grant_of(user: User, path: str, bits: int) -> Grant:
    """What the user may do already stays so."""
    wanted = acl.with_named(user, path, bits)
    return Grant(path, "".join(letter for bit, letter in ((4, "r"), (2, "w"), (1, "x")) if wanted & bit))


def _changeable(path: str) -> bool:
    """Whether libvirt, as root, could hand the file over: not on shares that map root to nobody."""
    try:
        kinds = {line.split()[1]: line.split()[2] for line in Path("/proc/self/mounts").read_text().splitlines()}
    except OSError:
        return True
    real = str(Path(path).resolve())
    mount = max((point for point in kinds if real == point or real.startswith(point.rstrip("/") + "/")), key=len, default="/")
    return not kinds.get(mount, "").startswith(("nfs", "cifs", "fuse", "smb"))


def _explain(user: User, grants: list[Grant]) -> str:
    place = grants[0].path
    if Path(place).is_dir():
        text = _("The hypervisor runs as the user “{user}”, who may not enter the folder {place}.")
    else:
        text = _("The hypervisor runs as the user “{user}”, who may not read {place}.")
    return text.format(user=user.name, place=place)


def _setfacl(user: User, entry: Grant) -> list[str]:
    return ["setfacl", "-m", f"u:{user.uid}:{entry.bits}", "--", entry.path]


async def grant(access: Access) -> Access:
    """Makes the ACL entries and checks again.  Raises ``Unsupported`` (no ACLs here) or ``Denied`` (not the owner);
    entries that were made before the failure are taken back."""
    what = _("The hypervisor could not be given access to “{name}”.").format(name=Path(access.path).name)
    return await in_thread(lambda: _grant_now(access, what), timeout_s=TIMEOUT_S, what=what)


def _grant_now(access: Access, what: str) -> Access:
    tool = shutil.which("setfacl")
    if tool is None or access.user is None:
        raise Unsupported(
            what, why=_("The program setfacl is not installed (package acl)."), next_step=_("Copy the file to a pool.")
        )
    done: list[str] = []
    for command in access.commands:
        result = subprocess.run([tool, *command[1:]], capture_output=True, text=True, errors="replace", check=False)
        if result.returncode != 0:
            for path in done:
                subprocess.run([tool, "-x", f"u:{access.user.uid}", "--", path], capture_output=True, check=False)
            raise _failed(what, result.stderr.strip())
        done.append(command[-1])
    return Access(access.path, ok=True, user=access.user)


def _failed(what: str, raw: str) -> HostelryError:
    if "not supported" in raw:
        return Unsupported(
            what, why=_("The file system has no access control lists."), next_step=_("Copy the file to a pool instead."), raw=raw
        )
    return Denied(
        what,
        why=_("You may not change the permissions of a folder on the way to it."),
        next_step=_("Copy the file to a pool instead, or ask the owner of the folder."),
        raw=raw,
    )
