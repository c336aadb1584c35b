"""One file from its server into its slot: resumed where it was broken off, checked at the end.  On a thread of its own."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from app.errors import Cancelled, Disconnected, Failed, HostelryError, Invalid, NoSpace, TimedOut
from app.i18n import _
from app.install import web
from app.install.catalogue.cache import About, Cached, Slot
from app.install.digest import Digest
from app.install.sizes import format_size

_PIECE = 256 << 10
_SPARE = 64 << 20
"""Bytes that a download leaves free."""

TRIES, PAUSE_S = 4, 1.0
"""How often a connection that breaks is made anew, if something came over it, before the job gives up."""

Progress = Callable[[str, int, int], None]
"""(what is done: "load" or "check", bytes, bytes in all or 0); called on the transfer's thread."""


@dataclass(slots=True)
class Transfer:
    """Loads ``slot``'s address.  digest: the checksum, if it is known before; silence_s: see ``web``."""

    slot: Slot
    progress: Progress
    find_digest: Callable[[], Digest | None] = lambda: None
    largest: int = 64 << 30
    silence_s: float = web.SILENCE_S
    pause_s: float = field(default_factory=lambda: PAUSE_S)
    _stop: threading.Event = field(default_factory=threading.Event)
    _response: web.Response | None = None

    def stop(self) -> None:
        """From any thread: ends it soon.  A read that waits for the server is woken by ending the connection."""
        self._stop.set()
        response = self._response
        if response is not None:
            with contextlib.suppress(OSError, ValueError), socket.socket(fileno=os.dup(response.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    def run_on_thread(self) -> Cached:
        """The whole, checked file.  Raises ``HostelryError``; ``Cancelled`` after ``stop``.  What has come stays for the next
        time, unless it is wrong."""
        with self.slot.locked():
            try:
                return self._current() or self._load()
            except OSError as error:
                raise self._explained(error) from error

    def _current(self) -> Cached | None:
        """The cached file, unless the server has another by now; without an answer it is taken."""
        cached = self.slot.cached()
        if cached is None:
            return None
        try:
            with contextlib.closing(web.open_url(self.slot.url, method="HEAD", silence_s=self.silence_s)) as response:
                now = _marks(self.slot.url, response)
        except HostelryError:
            return cached
        same = not now.validator or now.validator == cached.about.validator
        return cached if same and now.size in (0, cached.about.size) else None

    def _load(self) -> Cached:
        for number in range(TRIES):
            before = self.slot.come()
            try:
                about = self._once()
                break
            except (Disconnected, TimedOut):
                if self._stop.is_set():
                    raise Cancelled(_("The download was stopped.")) from None
                if number + 1 == TRIES or self.slot.come() <= before:
                    raise
                self._stop.wait(self.pause_s)
        return self._finish(about)

    def _once(self) -> About:
        """One connection; returns when the part is whole."""
        self._demand_going()
        known, come = self.slot.about(), self.slot.come()
        headers = {"Accept-Encoding": "identity"}
        if come and known.validator and not known.done:
            headers |= {"Range": f"bytes={come}-", "If-Range": known.validator}
        try:
            response = web.open_url(self.slot.url, headers=headers, silence_s=self.silence_s)
        except Failed as error:
            if "Range" not in headers or not error.raw.startswith("416"):
                raise
            return self._beyond(known, come)
        with contextlib.closing(response):
            return self._receive(response, come if "Range" in headers else 0)

    def _beyond(self, known: About, come: int) -> About:
        """The server has nothing after what has come: it was whole, or is another file now."""
        if known.size == come:
            return known
        self.slot.part.unlink()
        return self._once()

    def _receive(self, response: web.Response, come: int) -> About:
        start = _start(response) if come else 0
        if start not in (0, come):
            raise Failed(_("The server sends another piece than was asked for."), next_step=_("Use another mirror."))
        about = _marks(self.slot.url, response, start)
        self._demand_sense(about, response)
        self._demand_room(about.size - start)
        if not start:
            self.slot.note(about)
        self._response = response
        try:
            with self.slot.part.open("r+b" if start else "wb") as file:
                if start:
                    file.seek(start)
                    file.truncate()
                return replace(about, size=self._copy(response, file, start, about.size))
        finally:
            self._response = None

    def _copy(self, response: web.Response, file: BinaryIO, done: int, total: int) -> int:
        with web.explaining(self.slot.url):
            while piece := web.some(response, _PIECE):
                self._demand_going()
                self._write(file, piece)
                done += len(piece)
                if done > (total or self.largest):
                    raise Failed(_("The server sends more than it said."), next_step=_("Use another mirror."))
                self.progress("load", done, total)
            self._demand_going()
        if done < total:
            what = _("“{name}” has not come whole.").format(name=self.slot.path.name)
            why = _("The connection broke off after {done} of {total}.").format(done=format_size(done), total=format_size(total))
            raise Disconnected(what, why=why, next_step=_("Try again: it goes on from there."))
        file.flush()
        os.fsync(file.fileno())
        return done

    def _write(self, file: BinaryIO, piece: bytes) -> None:
        try:
            file.write(piece)
        except OSError as error:  # here, as "web.explaining" would take it for one of the network's
            raise self._explained(error) from error

    def _finish(self, about: About) -> Cached:
        """Checks it and gives it its name."""
        self.progress("check", 0, about.size)
        digest = self.find_digest()
        if digest is not None:
            found = self._digest(digest.kind, about.size)
            if found != digest.value:
                self.slot.clear()
                raise _wrong(self.slot.path.name, digest, found)
        self._demand_going()
        about = replace(about, digest=f"{digest.kind}:{digest.value}" if digest else "", done=True)
        self.slot.part.replace(self.slot.path)
        self.slot.note(about)
        return Cached(self.slot.path, about)

    def _digest(self, kind: str, total: int) -> str:
        made, done = hashlib.new(kind), 0
        with self.slot.part.open("rb") as file:
            while piece := file.read(4 << 20):
                self._demand_going()
                made.update(piece)
                done += len(piece)
                self.progress("check", done, total)
        return made.hexdigest()

    def _demand_going(self) -> None:
        if self._stop.is_set():
            raise Cancelled(_("The download was stopped."))

    def _demand_sense(self, about: About, response: web.Response) -> None:
        """Not the page of a hotel's network, and nothing endless."""
        name = self.slot.path.name
        if response.headers.get_content_type() == "text/html" and not name.endswith((".html", ".htm")):
            what = _("“{name}” cannot be downloaded.").format(name=name)
            why = _("The server sends a page for people instead of the file.")
            raise Invalid(what, why=why, next_step=_("Open the address in a browser: the network may want a log-in."))
        if about.size > self.largest:
            what = _("“{name}” is too big: {size}.").format(name=name, size=format_size(about.size))
            raise Invalid(what, next_step=_("Choose another file."))

    def _demand_room(self, size: int) -> None:
        free = shutil.disk_usage(self.slot.folder).free
        if size > 0 and size + _SPARE > free:
            raise NoSpace(
                _("There is no room for “{name}”.").format(name=self.slot.path.name),
                why=_("{size} are still to come, and {free} are free in {folder}.").format(
                    size=format_size(size), free=format_size(free), folder=self.slot.folder
                ),
                next_step=_("Delete something on this computer, or remove other downloads, then try again."),
            )

    def _explained(self, error: OSError) -> HostelryError:
        if isinstance(error, HostelryError):
            return error
        what, raw = _("“{name}” cannot be stored.").format(name=self.slot.path.name), str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            why = _("The disk that has {folder} is full.").format(folder=self.slot.folder)
            return NoSpace(what, why=why, next_step=_("Delete something, then try again: it goes on from there."), raw=raw)
        next_step = _("Look at the folder {folder}.").format(folder=self.slot.folder)
        return Failed(what, why=error.strerror or raw, next_step=next_step, raw=raw)


def _marks(url: str, response: web.Response, start: int = 0) -> About:
    headers = response.headers
    length = headers.get("Content-Length") or ""
    total = (headers.get("Content-Range") or "").rpartition("/")[2] if start else ""
    size = int(total) if _number(total) else int(length) + start if _number(length) else 0
    return About(url, headers.get("ETag") or "", headers.get("Last-Modified") or "", size)


def _start(response: web.Response) -> int:
    """Where the answer begins in the file; 0 if it is the whole file."""
    if response.status != 206:
        return 0
    number = (response.headers.get("Content-Range") or "").removeprefix("bytes ").partition("-")[0]
    return int(number) if _number(number) else -1


def _number(text: str) -> bool:
    """Whether a server's words are one: to Python's methods "²" is a digit, and thousands of digits are no number."""
    return text.isascii() and text.isdigit() and len(text) < 20


def _wrong(name: str, digest: Digest, found: str) -> Invalid:
    return Invalid(
        _("“{name}” is not the file that its publisher made.").format(name=name),
        why=_("Its checksum is another one: it was damaged or exchanged on the way. It has been deleted."),
        next_step=_("Download it again; if that happens once more, use another mirror."),
        raw=f"{digest.kind}: {found}, published: {digest.value}",
    )
