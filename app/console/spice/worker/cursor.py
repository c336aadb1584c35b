"""The guest's pointer picture on SPICE's cursor channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.console.spice.kinds import Kind
from app.console.spice.wire import MAX_CURSOR_SIDE
from app.console.spice.worker import glib

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection


class Cursors:
    """Tells each new shape as red, green, blue, alpha; one without size hides the pointer."""

    def __init__(self, connection: Connection) -> None:
        self._line = connection.line
        connection.on_channel(Kind.CURSOR, self._use)

    def forget(self) -> None:
        """Nothing of the library's is held."""

    def _use(self, channel: Any) -> None:
        number = int(channel.props.channel_id)
        glib.connect(channel, "notify::cursor", lambda channel, _property: self._on_shape(number, channel.props.cursor))
        glib.connect(channel, "cursor-hide", lambda _channel: self._line.tell("cursor", number, 0, 0, 0, 0))
        channel.connect()

    def _on_shape(self, number: int, shape: Any) -> None:
        if shape is None:
            return
        width, height, at = int(shape.width), int(shape.height), glib.address(shape.data)
        if at and 0 < width <= MAX_CURSOR_SIDE and 0 < height <= MAX_CURSOR_SIDE:
            rgba = bytes(glib.memory(at, width * height * 4))
            self._line.tell("cursor", number, width, height, int(shape.hot_spot_x), int(shape.hot_spot_y), payload=rgba)
