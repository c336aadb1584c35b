"""Keyboard and pointer: passed on to SPICE's inputs channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.console.spice.kinds import Kind
from app.console.spice.worker import glib

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection


class Inputs:
    """The program waits until the channel is open."""

    def __init__(self, connection: Connection) -> None:
        self._line = connection.line
        self._channel: Any = None
        connection.on_channel(Kind.INPUTS, self._use)
        for name in ("key", "position", "motion", "button", "locks"):
            connection.line.on(name, getattr(self, f"_{name}"))

    def forget(self) -> None:
        """Holds nothing of the library's any more."""
        self._channel = None

    def _use(self, channel: Any) -> None:
        self._channel = channel
        glib.connect(channel, "inputs-modifiers", lambda channel: self._line.tell("locks", int(channel.props.key_modifiers)))
        channel.connect()

    def _key(self, code: int, pressed: bool) -> None:
        (self._channel.key_press if pressed else self._channel.key_release)(code)

    def _position(self, x: int, y: int, display: int, held: int) -> None:
        self._channel.position(x, y, display, held)

    def _motion(self, dx: int, dy: int, held: int) -> None:
        self._channel.motion(dx, dy, held)

    def _button(self, number: int, pressed: bool, held: int) -> None:
        (self._channel.button_press if pressed else self._channel.button_release)(number, held)

    def _locks(self, lights: int) -> None:
        self._channel.set_key_locks(lights)
