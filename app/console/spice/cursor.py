"""The guest's pointer picture on SPICE's cursor channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.console.client import Cursor
from app.console.spice import glib

MAX_SIDE = 512
"""A larger pointer is nonsense; the server's own bound is smaller."""


class CursorChannel:
    """Tells ``show`` each new shape; an empty one hides the pointer."""

    def __init__(self, channel: Any, show: Callable[[int, Cursor], None]) -> None:
        self._number, self._show = int(channel.props.channel_id), show
        self._ends = [
            glib.connect(channel, "notify::cursor", lambda channel, _property: self._on_shape(channel)),
            glib.connect(channel, "cursor-hide", lambda _channel: self._show(self._number, Cursor())),
        ]
        channel.connect()

    def end(self) -> None:
        """For good."""
        for end in self._ends:
            end()

    def _on_shape(self, channel: Any) -> None:
        shape = channel.props.cursor
        if shape is None:
            return
        width, height, at = int(shape.width), int(shape.height), glib.address(shape.data)
        if not at or not 0 < width <= MAX_SIDE or not 0 < height <= MAX_SIDE:
            return
        argb = premultiplied(bytes(glib.memory(at, width * height * 4)))
        self._show(self._number, Cursor(width, height, int(shape.hot_spot_x), int(shape.hot_spot_y), argb))


def premultiplied(rgba: bytes) -> bytes:
    """Red, green, blue, alpha as blue, green, red, alpha with the colours multiplied by alpha."""
    out = bytearray(rgba)
    out[0::4], out[2::4] = rgba[2::4], rgba[0::4]
    for at, alpha in enumerate(rgba[3::4]):
        if alpha != 255:
            start = at * 4
            out[start : start + 3] = bytes(colour * alpha // 255 for colour in out[start : start + 3]) if alpha else b"\0\0\0"
    return bytes(out)
