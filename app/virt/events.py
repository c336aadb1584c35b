"""libvirt's event loop: one poll loop in one thread for the whole process.

``virEventRunDefaultImpl`` iterates GLib's default context, which Qt's dispatcher iterates too, and
``libvirtaio`` breaks as soon as a worker thread calls libvirt; so this is a loop of our own behind
``virEventRegisterImpl``.  libvirt calls ``_add_*``, ``_update_*`` and ``_remove_*`` from any thread, also
while it holds locks of its own: they change the tables and wake the loop, and never call libvirt.
Freeing an opaque value calls libvirt back, so it is put off to the loop's own turn.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.virt.binding import libvirt

_TO_POLL = ((1, select.POLLIN), (2, select.POLLOUT), (4, select.POLLERR), (8, select.POLLHUP))
"""virEventHandleType and its counterpart; POLLERR and POLLHUP are reported without asking."""


def _poll_mask(events: int) -> int:
    return sum(flag for bit, flag in _TO_POLL if events & bit)


def _vir_mask(flags: int) -> int:
    if flags & select.POLLNVAL:
        return 4
    return sum(bit for bit, flag in _TO_POLL if flags & flag)


def _identity(fd: int) -> tuple[int, int] | None:
    """The same for all duplicates of a socket; None if it is closed."""
    try:
        told = os.fstat(fd)
    except OSError:
        return None
    return told.st_dev, told.st_ino


@dataclass(slots=True)
class _Handle:
    fd: int
    events: int
    call: Callable[[int, int, int, Any], None]
    opaque: Any
    paused: bool = False


@dataclass(slots=True)
class _Timer:
    interval_ms: int
    due_s: float
    call: Callable[[int, Any], None]
    opaque: Any


class VirEventThread:
    """The loop.  ``ensure_started`` makes it the process's implementation; libvirt allows just one."""

    _instance: VirEventThread | None = None
    _instance_lock = threading.Lock()

    @classmethod
    def ensure_started(cls) -> VirEventThread:
        """Registers and starts the loop once; must be called before the first connection is opened.  Any thread."""
        with cls._instance_lock:
            if cls._instance is None:
                cls._instance = cls()
                cls._instance._register()
            return cls._instance

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: dict[int, _Handle] = {}
        self._timers: dict[int, _Timer] = {}
        self._to_free: list[Any] = []
        self._local = threading.local()
        self._ids = itertools.count(1)
        self._wake_r, self._wake_w = os.pipe()
        os.set_blocking(self._wake_r, False)
        os.set_blocking(self._wake_w, False)
        self._thread = threading.Thread(target=self._run, name="VirEventThread", daemon=True)

    def _register(self) -> None:
        libvirt.virEventRegisterImpl(
            self._add_handle,
            self._update_handle,
            self._remove_handle,
            self._add_timeout,
            self._update_timeout,
            self._remove_timeout,
        )
        self._thread.start()

    @contextlib.contextmanager
    def sockets_of_this_thread(self, sockets: list[int]) -> Iterator[None]:
        """Within, a duplicate of each socket that libvirt begins to watch from this thread is put into ``sockets``.

        That is the only way to a connection's socket, and shutting it down the only way to end calls on a dead line.
        """
        self._local.sockets = sockets
        try:
            yield
        finally:
            del self._local.sockets

    def pause(self, sockets: list[int], paused: bool) -> None:
        """Stops, or goes on, reading these sockets (duplicates, see above): what comes then waits with its sender.  Any thread.

        libvirt's client takes whatever a stream sends into memory, wanted or not; this is the only way to slow it down.
        """
        wanted = {_identity(fd) for fd in sockets}
        with self._lock:
            for handle in self._handles.values():
                if handle.paused is not paused and _identity(handle.fd) in wanted:
                    handle.paused = paused
        self._wake()

    def _note_socket(self, fd: int) -> None:
        sockets: list[int] | None = getattr(self._local, "sockets", None)
        if sockets is not None and stat.S_ISSOCK(os.fstat(fd).st_mode):
            sockets.append(os.dup(fd))

    # -- called by libvirt, on any thread ------------------------------------------------------

    def _add_handle(self, fd: int, events: int, call: Callable[[int, int, int, Any], None], opaque: object) -> int:
        self._note_socket(fd)
        with self._lock:
            watch = next(self._ids)
            self._handles[watch] = _Handle(fd, events, call, opaque)
        self._wake()
        return watch

    def _update_handle(self, watch: int, events: int) -> None:
        with self._lock:
            handle = self._handles.get(watch)
            if handle is None or handle.events == events:
                return
            handle.events = events
        self._wake()

    def _remove_handle(self, watch: int) -> int:
        return self._remove(self._handles, watch)

    def _add_timeout(self, interval_ms: int, call: Callable[[int, Any], None], opaque: object) -> int:
        with self._lock:
            timer = next(self._ids)
            self._timers[timer] = _Timer(interval_ms, time.monotonic() + interval_ms / 1000, call, opaque)
        self._wake()
        return timer

    def _update_timeout(self, timer: int, interval_ms: int) -> None:
        with self._lock:
            entry = self._timers.get(timer)
            if entry is None:
                return
            entry.interval_ms = interval_ms
            entry.due_s = time.monotonic() + interval_ms / 1000
        self._wake()

    def _remove_timeout(self, timer: int) -> int:
        return self._remove(self._timers, timer)

    def _remove(self, table: dict[int, Any], key: int) -> int:
        with self._lock:
            entry = table.pop(key, None)
            if entry is None:
                return -1
            self._to_free.append(entry.opaque)
        self._wake()
        return 0

    def _wake(self) -> None:
        if threading.current_thread() is self._thread:
            return
        with contextlib.suppress(BlockingIOError):  # the pipe is full of wakes already
            os.write(self._wake_w, b"\0")

    # -- the loop's own thread -----------------------------------------------------------------

    def _run(self) -> None:
        while True:
            self._turn()

    def _turn(self) -> None:
        """Waits for something to do and does all that is due."""
        ready = self._poll()
        for watch, fd, events in ready:
            with self._lock:
                handle = self._handles.get(watch)
                wanted = handle is not None and handle.fd == fd and (events & (handle.events | 12))
            if handle is not None and wanted:
                handle.call(watch, fd, events & (handle.events | 12), handle.opaque)
        self._fire_timers()
        self._free()

    def _poll(self) -> list[tuple[int, int, int]]:
        """(watch, fd, libvirt's event bits) of everything that is ready; blocks until something is or a timer is due."""
        with self._lock:
            handles = [(watch, handle) for watch, handle in self._handles.items() if handle.events and not handle.paused]
            watched = [(watch, handle.fd, handle.events) for watch, handle in handles]
            dues = [timer.due_s for timer in self._timers.values() if timer.interval_ms >= 0]
        masks: dict[int, int] = {self._wake_r: select.POLLIN}
        for _watch, fd, events in watched:
            masks[fd] = masks.get(fd, 0) | _poll_mask(events)
        poller = select.poll()
        for fd, mask in masks.items():
            poller.register(fd, mask)
        timeout_ms = None if not dues else max(0.0, (min(dues) - time.monotonic()) * 1000 + 0.5)
        flags = dict(poller.poll(timeout_ms))
        if flags.pop(self._wake_r, 0):
            os.read(self._wake_r, 65536)
        return [(watch, fd, _vir_mask(flags[fd])) for watch, fd, _events in watched if fd in flags]

    def _fire_timers(self) -> None:
        now_s = time.monotonic()
        with self._lock:
            due = [key for key, timer in self._timers.items() if timer.interval_ms >= 0 and timer.due_s <= now_s]
        for key in due:
            with self._lock:
                timer = self._timers.get(key)
                if timer is None or timer.interval_ms < 0:
                    continue
                timer.due_s = now_s + timer.interval_ms / 1000
            timer.call(key, timer.opaque)

    def _free(self) -> None:
        with self._lock:
            opaques, self._to_free = self._to_free, []
        for opaque in opaques:
            libvirt.virEventInvokeFreeCallback(opaque)
