"""The libvirt service of this computer: whether it is installed, whether it runs, and starting it."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.errors import Denied, Failed, HostelryError, NotFound, TimedOut
from app.i18n import _

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Where daemons live; not in every user's PATH."""

START_S = 60.0
"""The question for a password by polkit counts."""


class DaemonKind(Enum):
    """One daemon for everything, or one for each driver (libvirt 5.6 and later)."""

    MONOLITHIC = "libvirtd"
    MODULAR = "virtqemud"


@dataclass(frozen=True, slots=True)
class DaemonState:
    """What was found.  program: path of the daemon, "" if none is installed; running: its socket answers;
    allowed: this user may open the socket; systemd: a service manager can start it."""

    kind: DaemonKind = DaemonKind.MONOLITHIC
    program: str = ""
    running: bool = False
    allowed: bool = False
    systemd: bool = False

    @property
    def installed(self) -> bool:
        """True if there is a daemon that could be started."""
        return bool(self.program)


def find_program(name: str) -> str:
    """The path of a system program, "" if it is not installed."""
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(SYSTEM_FOLDERS)) or ""


def look(root: Path = Path("/")) -> DaemonState:
    """Looks at this computer; blocking, but only a few system calls."""
    kind = DaemonKind.MONOLITHIC
    program = find_program("libvirtd")
    modular = find_program("virtqemud")
    if modular and (not program or (root / "run/libvirt/virtqemud-sock").exists()):
        kind, program = DaemonKind.MODULAR, modular
    path = root / "run/libvirt" / ("virtqemud-sock" if kind is DaemonKind.MODULAR else "libvirt-sock")
    running, allowed = _answers(path)
    return DaemonState(kind, program, running, allowed, (root / "run/systemd/system").is_dir())


def _answers(path: Path) -> tuple[bool, bool]:
    """Whether somebody listens on the socket, and whether we may talk to it; polkit may still refuse."""
    import socket  # noqa: PLC0415 - keeps the start-up short

    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except PermissionError:
            return True, False
        except OSError:
            return False, False
    return True, True


async def start(state: DaemonState) -> None:
    """Starts the system's libvirt: by systemd (which asks for the password by polkit), or directly as root where there is none.

    Returns when its socket answers; raises ``NotFound`` (not installed), ``Denied``, ``Failed`` or ``TimedOut``.
    """
    if not state.installed:
        raise NotFound(
            _what(), why=_("libvirt is not installed on this computer."), next_step=_("Install libvirt and QEMU, then try again.")
        )
    for argv in await asyncio.to_thread(_commands, state):
        await _run(argv)
    await _wait_for_socket()


def _commands(state: DaemonState) -> list[list[str]]:
    if state.systemd:
        units = ["virtqemud.socket", "virtnetworkd.socket", "virtstoraged.socket", "virtnodedevd.socket", "virtsecretd.socket"]
        return [["systemctl", "start", *(units if state.kind is DaemonKind.MODULAR else ["libvirtd.service"])]]
    if os.geteuid() != 0:
        raise Denied(
            _what(),
            why=_("This computer has no service manager, so only its administrator can start libvirt."),
            next_step=_("Start it as root with “virtlogd -d; libvirtd -d”, or use your own machines (qemu:///session)."),
        )
    Path("/run/libvirt").mkdir(mode=0o755, exist_ok=True)
    names = [DaemonKind.MONOLITHIC.value]
    if state.kind is DaemonKind.MODULAR:
        names = ["virtqemud", "virtnetworkd", "virtstoraged", "virtnodedevd", "virtsecretd"]
    programs = [find_program(name) for name in ("virtlogd", *names)]
    return [[program, "-d"] for program in programs if program and not _runs(program)]


def _runs(program: str) -> bool:
    """True if a process of that program runs; a second virtlogd would complain."""
    name = Path(program).name
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "comm").read_text(encoding="utf-8", errors="replace").strip() == name:
                return _same_root(entry)
        except OSError:
            continue
    return False


def _same_root(process: Path) -> bool:
    """A daemon in another mount namespace (a container, an isolated host) is not this computer's."""
    try:
        return (process / "ns/mnt").readlink() == Path("/proc/self/ns/mnt").readlink()
    except OSError:
        return False


def _what() -> str:
    return _("Cannot start libvirt on this computer.")


async def _run(argv: list[str]) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
    except OSError as error:
        raise Failed(_what(), why=_("A program could not be run."), raw=str(error)) from error
    try:
        async with asyncio.timeout(START_S):
            _out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise TimedOut(_what(), why=_("It did not come up in a minute."), next_step=_("Look at the system's log.")) from None
    if process.returncode:
        raise _failure(err.decode(errors="replace").strip())


def _failure(text: str) -> HostelryError:
    lower = text.lower()
    if "authentication" in lower or "access denied" in lower or "not authorized" in lower or "permission denied" in lower:
        return Denied(
            _what(), why=_("The password was not given, or you may not start services."),
            next_step=_("Ask the administrator, or use your own machines (qemu:///session)."), raw=text,
        )  # fmt: skip
    return Failed(_what(), why=_("Its start failed."), next_step=_("The details and the system's log say why."), raw=text)


async def _wait_for_socket() -> None:
    for _try in range(100):
        if (await asyncio.to_thread(look)).running:  # a service that hangs lets a connect wait
            return
        await asyncio.sleep(0.1)
    raise TimedOut(
        _what(),
        why=_("It was started, but its socket does not answer."),
        next_step=_("Look at the system's log, then try again."),
    )
