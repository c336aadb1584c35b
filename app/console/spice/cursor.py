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
    """Red, green, blue, alpha as blue, green, red, alpha with the colours multiplied by alpha; 2 ms for the largest."""
    import numpy  # noqa: PLC0415 - 100 ms, wanted when a screen is shown

    parts = numpy.frombuffer(rgba, numpy.uint8).reshape(-1, 4).astype(numpy.uint16)
    parts = parts[:, (2, 1, 0, 3)]
    parts[:, :3] = parts[:, :3] * parts[:, 3:] // 255
    return bytes(parts.astype(numpy.uint8).tobytes())
