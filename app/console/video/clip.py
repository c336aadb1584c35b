"""The last seconds of a screen, kept as what changed, and written as an animated PNG: without loss, playable in every browser."""

from __future__ import annotations

import struct
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy

from app.console.framebuffer import Framebuffer, Rect
from app.console.video.recorder import Source

FRAME_S = 0.1
MOST_BYTES = 128 << 20
"""Of kept changes; the oldest go first."""

Image = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]
"""Rows of red, green, blue."""


@dataclass(frozen=True, slots=True)
class Change:
    """When a part of the screen changed (monotonic seconds), and its new pixels, packed by zlib."""

    at_s: float
    area: Rect
    packed: bytes


class Ring:
    """Keeps the last ``seconds`` on a thread of its own, from ``start`` to ``stop``; memory stays below ``MOST_BYTES``."""

    def __init__(self, source: Source, seconds: float = 30.0) -> None:
        self._source, self.seconds = source, seconds
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopping = False
        self._damage: list[Rect] = []
        self._screen: Framebuffer | None = None
        self._base: Image | None = None
        self._base_s = 0.0
        self._changes: deque[Change] = deque()
        self._bytes = 0
        self.thread = threading.Thread(target=self._run_on_thread, name="clip", daemon=True)

    def start(self) -> None:
        """Begins with the picture of now."""
        self._changed.set()
        self.thread.start()

    def touch(self, damage: Iterable[Rect]) -> None:
        """Any thread: these parts have changed."""
        with self._lock:
            self._damage.extend(damage)
        self._changed.set()

    def stop(self) -> None:
        """Any thread, at once: what was kept is forgotten with this object."""
        self._stopping = True
        self._changed.set()

    def _run_on_thread(self) -> None:
        while not self._stopping:
            self._changed.wait()
            self._changed.clear()
            screen = self._source()
            if screen is not None and not self._stopping:
                self._keep(screen, time.monotonic())
            time.sleep(FRAME_S)

    def _keep(self, screen: Framebuffer, now_s: float) -> None:
        with self._lock:
            damage, self._damage = self._damage, []
        if screen is not self._screen:
            self._begin(screen, now_s)
            return
        if damage:
            area = damage[0]
            for each in damage[1:]:
                area = area.united(each)
            packed = zlib.compress(part(screen, area).tobytes(), 1)
            with self._lock:
                self._changes.append(Change(now_s, area, packed))
                self._bytes += len(packed)
        self._forget(now_s)

    def _begin(self, screen: Framebuffer, now_s: float) -> None:
        """Another screen, perhaps of another size: what was before is forgotten."""
        base = part(screen, Rect(0, 0, screen.width, screen.height))
        with self._lock:
            self._screen, self._base, self._base_s = screen, base, now_s
            self._changes.clear()
            self._bytes = 0

    def _forget(self, now_s: float) -> None:
        """What is too old becomes part of the first picture."""
        with self._lock:
            while self._changes and (self._changes[0].at_s < now_s - self.seconds or self._bytes > MOST_BYTES):
                change = self._changes.popleft()
                self._bytes -= len(change.packed)
                self._base_s = change.at_s
                assert self._base is not None  # noqa: S101 - changes come after a base
                _put(self._base, change)

    def taken(self) -> tuple[Image, float, list[Change]] | None:
        """Any thread.  The first picture, when it was seen, and what changed since; None without a screen."""
        with self._lock:
            return None if self._base is None else (self._base.copy(), self._base_s, list(self._changes))


def part(screen: Framebuffer, area: Rect) -> Image:
    """A copy of a part of the screen."""
    rows = numpy.frombuffer(screen.pixels, numpy.uint8, screen.stride * screen.height).reshape(screen.height, -1, 4)
    return rows[area.y : area.y + area.h, area.x : area.x + area.w, 2::-1].copy()


def _put(image: Image, change: Change) -> None:
    area = change.area
    target = image[area.y : area.y + area.h, area.x : area.x + area.w]
    target[:] = numpy.frombuffer(zlib.decompress(change.packed), numpy.uint8).reshape(target.shape)


def write(path: Path, base: Image, base_s: float, changes: list[Change], end_s: float) -> int:
    """Worker thread: seconds.  Writes what ``Ring.taken`` gave, up to ``end_s``; gives the number of pictures.  Raises OSError.

    The format: https://www.w3.org/TR/png-3/#apng-frame-based-animation.
    """
    times = [base_s, *(change.at_s for change in changes), end_s]
    height, width = base.shape[:2]
    frames = [(Rect(0, 0, width, height), base)]
    for change in changes:
        pixels = numpy.frombuffer(zlib.decompress(change.packed), numpy.uint8)
        frames.append((change.area, pixels.reshape(change.area.h, change.area.w, 3)))
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        _chunk(file, b"acTL", struct.pack(">II", len(frames), 0))
        number = 0
        for at, (area, pixels) in enumerate(frames):
            delay_ms = min(round((times[at + 1] - times[at]) * 1000), 65535)
            _chunk(file, b"fcTL", struct.pack(">IIIIIHHBB", number, area.w, area.h, area.x, area.y, max(delay_ms, 1), 1000, 0, 0))
            data = _packed_rows(pixels)
            _chunk(file, b"fdAT" if at else b"IDAT", (struct.pack(">I", number + 1) if at else b"") + data)
            number += 2 if at else 1
        _chunk(file, b"IEND", b"")
    return len(frames)


def _packed_rows(pixels: Image) -> bytes:
    """As PNG has them: each row with the kind of its filter before it, here none."""
    rows = numpy.zeros((pixels.shape[0], 1 + pixels.shape[1] * 3), numpy.uint8)
    rows[:, 1:] = pixels.reshape(pixels.shape[0], -1)
    return zlib.compress(rows.tobytes(), 6)


def _chunk(file: IO[bytes], kind: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)))
