"""Plays what QEMU's sound messages bring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.console.client import Wake
from app.console.vnc import audio
from app.errors import HostelryError

if TYPE_CHECKING:
    from app.console.sound.player import Player


class Sound:
    """One connection's: an ``audio.Heard``.  Nothing is asked for while it is switched off, as at first.

    failed: told on the loop when sound cannot be played here.
    """

    def __init__(self, send: Callable[[bytes], None], wake: Wake, failed: Callable[[HostelryError], None]) -> None:
        self._send, self._wake, self._failed = send, wake, failed
        self._lock = threading.Lock()
        self._possible = self._wanted = self._asked = False
        self._player: Player | None = None

    def switch(self, on: bool) -> None:
        """Event loop."""
        with self._lock:
            self._wanted = on
        self._settle()
        if not on:
            self.end()

    def offered(self) -> None:
        """Console thread: the server has sound."""
        with self._lock:
            self._possible = True
        self._settle()

    def _settle(self) -> None:
        with self._lock:
            on = self._possible and self._wanted
            changed, self._asked = on != self._asked, on
        if changed:
            self._send(audio.switch_on() if on else audio.switch_off())

    def begin(self) -> None:
        """The guest begins to play."""
        from app.console.sound.player import Player  # noqa: PLC0415 - most guests are silent

        self.end()
        with self._lock:
            if self._wanted:
                self._player = Player(audio.RATE, audio.CHANNELS, self._wake, self._failed)

    def samples(self, data: bytes) -> None:
        """A piece of it."""
        with self._lock:
            if self._player is not None:
                self._player.feed(data)

    def end(self) -> None:
        """It is silent.  Any thread."""
        with self._lock:
            player, self._player = self._player, None
        if player is not None:
            player.close()
