"""A small file into a guest through QEMU's guest agent, in pieces, read back and compared at the end."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.errors import Denied, Failed, HostelryError, Invalid, NotFound
from app.i18n import _
from app.virt.guest_agent import Agent, AgentGone, command
from app.virt.session import Session

LARGEST = 16 << 20
"""Bytes of what is sent at once: everything passes through the agent as text, at a few megabytes a second."""

PIECE = 96 * 1024
"""Bytes in one command, 128 KiB of base64.  Seen with QEMU 7.2 in emulation: 3 MB/s; commands of 250 KiB arrive cut short."""

FOLDER, WINDOWS_FOLDER = "/tmp", "C:\\Users\\Public\\Downloads"  # noqa: S108 - of the guest
"""Where every user of the guest finds the file.  Not a home folder: the agent writes as root, and whoever owns a folder could
have put a link to another place there; the kernel does not follow such links in /tmp."""

Progress = Callable[[int], None]
"""Bytes of this file that are over."""


async def send(session: Session, uuid: str, agent: Agent, path: Path, progress: Progress) -> str:
    """Sends one file and gives the path that it has in the guest; never overwrites.

    Cancelling, and every error, takes the unfinished file away again.  Raises ``Denied``, ``NoSpace``, ``Unsupported`` (the agent
    went away), ``Invalid`` (too large, or not whole at the end); the error's ``what`` names the file.
    """
    try:
        data = await asyncio.to_thread(_read, path)
        return await _Sending(session, uuid, agent).send(path.name, data, progress)
    except HostelryError as error:
        raise error.about(_("“{name}” could not be sent into the guest.").format(name=path.name)) from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise NotFound("", why=_("The file cannot be read."), next_step=_("Choose the file again."), raw=str(error)) from error
    if len(data) > LARGEST:
        raise Invalid("", why=_("It is too large for the agent."), next_step=_("Send it on a disc."))
    return data


class _Sending:
    """One file on its way."""

    def __init__(self, session: Session, uuid: str, agent: Agent) -> None:
        self._session, self._uuid, self._agent = session, uuid, agent
        self._handle: int | None = None

    async def send(self, name: str, data: bytes, progress: Progress) -> str:
        place = await self._free_place(name)
        try:
            await self._write(place, data, progress)
            await self._compare(place, data)
        except HostelryError as error:
            await self._take_back(place, error)
            raise
        except asyncio.CancelledError:
            await asyncio.shield(self._take_back(place))
            raise
        return place

    async def _free_place(self, name: str) -> str:
        """A path in the guest that nothing has yet."""
        for number in range(1, 100):
            place = guest_path(name, number, windows=self._agent.windows)
            try:
                handle = await self._do("guest-file-open", path=place, mode="rb")
            except NotFound:
                return place
            except Denied:
                continue  # something is there that even the agent may not read
            await self._do("guest-file-close", handle=handle)
        raise Failed("", why=_("The guest has too many files of this name."), next_step=_("Give the file another name."))

    async def _write(self, place: str, data: bytes, progress: Progress) -> None:
        self._handle = await self._do("guest-file-open", path=place, mode="wb")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            while piece:
                answer = await self._do("guest-file-write", handle=self._handle, buf_b64=base64.b64encode(piece).decode())
                written = answer.get("count") if isinstance(answer, dict) else None
                if not isinstance(written, int) or not 0 < written <= len(piece):
                    raise Failed("", why=_("The agent in the guest wrote nothing."), raw=str(answer))
                piece = piece[written:]
            progress(min(start + PIECE, len(data)))
        # A full disk may show itself here only: the agent's writes are buffered.
        await self._do("guest-file-flush", handle=self._handle)
        await self._close()

    async def _compare(self, place: str, data: bytes) -> None:
        """Reads the file back: what a disk that fills up or a lossy agent did is known now and not when it is used."""
        if not {"guest-file-read"} <= self._agent.commands:
            return
        self._handle = await self._do("guest-file-open", path=place, mode="rb")
        found, length, end = hashlib.sha256(), 0, False
        while not end and length <= len(data):
            answer = await self._do("guest-file-read", handle=self._handle, count=PIECE)
            piece = _bytes_of(answer)
            length += len(piece)
            found.update(piece)
            end = bool(answer.get("eof")) or not piece
        await self._close()
        if found.digest() != hashlib.sha256(data).digest():
            raise Invalid("", why=_("The file in the guest is not the same as here."), next_step=_("Try it again."))

    async def _close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            await self._do("guest-file-close", handle=handle)

    async def _take_back(self, place: str, error: HostelryError | None = None) -> None:
        """Removes the unfinished file; from an agent that is gone nothing is asked any more."""
        if isinstance(error, AgentGone):
            return
        with contextlib.suppress(HostelryError):
            await self._close()
        with contextlib.suppress(HostelryError):
            await self._remove(place)

    async def _remove(self, place: str) -> None:
        """By the system's own program, where the agent may start programs; else the file is emptied."""
        if "guest-exec" not in self._agent.commands:
            handle = await self._do("guest-file-open", path=place, mode="wb")
            await self._do("guest-file-close", handle=handle)
            return
        argv = ["cmd.exe", "/c", "del", "/f", "/q", place] if self._agent.windows else ["/bin/rm", "-f", "--", place]
        started = await self._do("guest-exec", path=argv[0], arg=argv[1:])
        for _turn in range(20):
            if (await self._do("guest-exec-status", pid=started["pid"])).get("exited"):
                return
            await asyncio.sleep(0.1)

    async def _do(self, name: str, **arguments: Any) -> Any:
        return await command(self._session, self._uuid, name, **arguments)


def _bytes_of(answer: Any) -> bytes:
    """What a guest says that it has read, which may be anything."""
    try:
        return base64.b64decode(answer.get("buf-b64", ""))
    except (AttributeError, TypeError, ValueError) as error:
        raise Failed(
            "", why=_("The agent in the guest talks nonsense."), next_step=_("Send it on a disc."), raw=str(error)
        ) from error


def guest_path(name: str, number: int = 1, *, windows: bool) -> str:
    """The file's path in the guest; the second try has a number.  Odd characters become "_": the path may meet cmd.exe.

    For that commas and equals signs part words as spaces do, but nobody puts quotes around them: “del” would take other files.
    """
    plain = re.sub(r"[^\w .()+@-]" if windows else r"[^\w .()+,=@-]", "_", name).strip(" .") or "file"
    stem, dot, suffix = plain.rpartition(".")
    if not stem:
        stem, dot, suffix = plain, "", ""
    counted = stem[:100] + (f" ({number})" if number > 1 else "") + dot + suffix[:20]
    return f"{WINDOWS_FOLDER}\\{counted}" if windows else f"{FOLDER}/{counted}"
