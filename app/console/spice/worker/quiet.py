"""Keeps the library's own player and recorder out: it would open this desktop's microphone as soon as an agent speaks.

spice-gtk makes a ``SpiceAudio`` for each session by itself, whatever is asked for, and has no switch for that.  Its class has a
table of functions for those who play sound in another way (spice-audio.h, the same since 0.30); here each does nothing.
"""

from __future__ import annotations

import ctypes
from typing import Any

from app.console.spice.worker import glib

_Function = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 5)
_nothing = _Function(lambda *_arguments: 0)
"""Returns FALSE: "this channel is not mine"; the asynchronous ones never answer, and nobody waits for that."""

CONNECT, PLAYBACK_VOLUME, RECORD_VOLUME = 0, 1, 3
"""Places in the table: connect_channel, get_playback_volume_info_async, get_record_volume_info_async."""

_done: set[int] = set()


def silence(session: Any) -> None:
    """Before the session has channels."""
    audio = glib.library().Audio.get(session, None)
    if audio is None:
        return  # without GStreamer the library plays nothing
    table = ctypes.c_void_p.from_address(glib.pointer_to(audio)).value
    if table is None or table in _done:
        return
    _done.add(table)
    first = table + int(glib.gobject().type_query(glib.gobject().GObject).class_size)
    for place in (CONNECT, PLAYBACK_VOLUME, RECORD_VOLUME):
        slot = ctypes.c_void_p.from_address(first + place * ctypes.sizeof(ctypes.c_void_p))
        slot.value = ctypes.cast(_nothing, ctypes.c_void_p).value
