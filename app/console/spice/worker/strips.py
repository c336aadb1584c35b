"""What has been painted on a display channel since the last frame.

The library tells it strip by strip, thousands in a second: a function in C (native/strips.c) collects them where set-up could
compile it, and Python is called once a frame.  Without it Python does the same.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

from app.console.framebuffer import Rect
from app.console.spice.worker import glib

ABI, MOST = 1, 32
"""Must be what ``strips.c`` says."""

SWITCH = "HOSTELRY_PLAIN_STRIPS"
"""Set in the environment: Python collects them (tests, and to compare)."""

MUCH = 0.75
"""Rectangles that fill so much of the one around them are told as that one."""

SIGNAL = "display-invalidate"


class _Box(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int32) for name in ("x", "y", "w", "h")]


_First = ctypes.CFUNCTYPE(None)


class _Table(ctypes.Structure):
    """``Strips`` of strips.c."""

    _fields_ = (("first", _First), ("updates", ctypes.c_int32), ("count", ctypes.c_int32), ("boxes", _Box * MOST))


@lru_cache(maxsize=1)
def collector() -> Any:
    """The function in C, or None where it was not compiled."""
    folder = __file__.rsplit("/", 2)[0] + "/native"
    names = [] if os.environ.get(SWITCH) else sorted(os.listdir(folder), reverse=True)  # noqa: PTH208 - pathlib takes 15 ms
    for name in names:
        # Set-up's name, or the longer one that an installation as a Python package gives.
        if name.startswith("strips.") and name.endswith(".so"):
            try:
                library = ctypes.CDLL(f"{folder}/{name}")
                if library.hl_strips_abi() == ABI:
                    return library.hl_strip
            except (OSError, AttributeError):
                continue
    return None


class Strips:
    """``first`` is called when there is something after there was nothing."""

    def __init__(self, first: Callable[[], None]) -> None:
        self._first = first
        self._table = _Table(first=_First(first))
        self.stop: Callable[[], None] = lambda: None

    def listen(self, channel: Any) -> None:
        """Collects what the channel tells, until ``stop``."""
        handler = collector()
        if handler is None:
            self.stop = glib.connect(channel, SIGNAL, lambda _channel, *strip: self.add(*strip))
            return
        connect = ctypes.CDLL("libgobject-2.0.so.0").g_signal_connect_data
        connect.restype = ctypes.c_ulong
        connect.argtypes = [ctypes.c_void_p, ctypes.c_char_p, *[ctypes.c_void_p] * 3, ctypes.c_int]
        number = connect(glib.pointer_to(channel), SIGNAL.encode(), handler, ctypes.addressof(self._table), None, 0)
        self.stop = glib.ending(channel, number)

    def add(self, x: int, y: int, width: int, height: int) -> None:
        """What the function in C does."""
        if min(x, y) < 0 or min(width, height) <= 0 or max(x, y, width, height) > 1 << 24:
            return
        was_empty = self._table.count == 0
        self._table.updates += 1
        self._put(Rect(x, y, width, height))
        if was_empty:
            self._first()

    def _put(self, rect: Rect) -> None:
        table = self._table
        last = self._at(table.count - 1) if table.count else None
        if last is not None and last.continued_by(rect):
            table.boxes[table.count - 1] = _Box(*last.united(rect))
        elif table.count == MOST:
            table.boxes[0], table.count = _Box(*reduce(Rect.united, map(self._at, range(MOST)), rect)), 1
        else:
            table.boxes[table.count], table.count = _Box(*rect), table.count + 1

    def _at(self, number: int) -> Rect:
        box = self._table.boxes[number]
        return Rect(box.x, box.y, box.w, box.h)

    def take(self) -> tuple[int, list[Rect]]:
        """How many strips there were since the last time, and what they cover."""
        table = self._table
        updates, rects = table.updates, [self._at(number) for number in range(table.count)]
        table.updates = table.count = 0
        return updates, simpler(rects)


def simpler(rects: list[Rect]) -> list[Rect]:
    """One rectangle where that is not much more than its parts."""
    if len(rects) < 2:
        return rects
    whole = reduce(Rect.united, rects)
    return [whole] if whole.w * whole.h * MUCH <= sum(rect.w * rect.h for rect in rects) else rects
