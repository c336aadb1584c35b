"""What the guest plays, as samples (org.qemu.Display1.AudioOutListener), to this desktop's sound.

There is no microphone: QEMU (7.2) waits for each piece of a recording with the whole guest standing still.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.console.client import Wake
from app.console.dbus.codec import Malformed
from app.console.dbus.ear import Ear
from app.console.dbus.message import Head, read_body
from app.console.dbus.station import DISPLAY, ROOT, Station
from app.errors import HostelryError

if TYPE_CHECKING:
    from app.console.sound.player import Player

PATH, INTERFACE = f"{ROOT}/Audio", f"{DISPLAY}.Audio"
SAFE = "NSamples"
"""A property that later QEMUs have (seen in the sources of 10).  **QEMU 7.2 dies, and the guest with it, when a viewer asks for
the sound**: its audio/dbusaudio.c looks up a sender, of which there is none between two.  It cannot be told otherwise which one
this is."""

LARGEST = 1 << 20
"""Bytes of one piece; QEMU's are 10 ms long."""


class Format:
    """How samples come: ``bits`` of each, signed, floating; of the byte order of this machine (others are refused)."""

    def __init__(self, bits: int, signed: bool, floating: bool, *, rate: int, channels: int, big: bool) -> None:
        if bits not in (8, 16, 32) or not 1000 <= rate <= 384_000 or not 1 <= channels <= 8 or big != (sys.byteorder == "big"):
            raise Malformed(f"sound of {bits} bits, {rate} Hz, {channels} channels")
        self.bits, self.signed, self.floating = bits, signed, floating
        self.rate, self.channels = rate, channels

    def to_16(self, data: bytes) -> bytes:
        """Signed samples of 16 bits."""
        if self.bits == 16 and self.signed:
            return data
        import numpy as np  # noqa: PLC0415 - hardly ever: QEMU's own format is the above

        if self.floating:
            return (np.clip(np.frombuffer(data, np.float32), -1, 1) * 32767).astype(np.int16).tobytes()
        values = np.frombuffer(data, {8: np.uint8, 16: np.uint16, 32: np.uint32}[self.bits]).astype(np.int64)
        if self.signed:  # to unsigned, so that the shift below is the same for all
            values = (values + (1 << self.bits - 1)) % (1 << self.bits)
        values = values << 8 if self.bits == 8 else values >> self.bits - 16
        return (values - 32768).astype(np.int16).tobytes()


class Sound(Ear):
    """Plays every stream of the machine, one player each, while it is open.  failed: told on the loop."""

    MOST_STREAMS = 4

    def __init__(self, station: Station, wake: Wake, failed: Callable[[HostelryError], None]) -> None:
        super().__init__(station, PATH, INTERFACE, "RegisterOutListener")
        self._wake, self._failed = wake, failed
        self._lock = threading.Lock()
        self._formats: dict[int, Format] = {}
        self._levels: dict[int, tuple[float, bool]] = {}
        self._players: dict[int, Player] = {}

    def _take(self, head: Head) -> None:
        body = self.body(head, LARGEST)
        if head.member == "Init" and len(self._formats) < self.MOST_STREAMS:
            stream, bits, signed, floating, rate, channels, _frame, _second, big = read_body(head.signature, body, "tybbuyuub")
            self._formats[stream] = Format(bits, signed, floating, rate=rate, channels=channels, big=big)
        elif head.member == "Fini":
            (stream,) = read_body(head.signature, body, "t")
            self._silence(stream)
            self._formats.pop(stream, None)
        elif head.member == "SetEnabled":
            stream, on = read_body(head.signature, body, "tb")
            if not on:
                self._silence(stream)
        elif head.member == "SetVolume":
            self._set_level(*read_body(head.signature, body, "tbay"))
        elif head.member == "Write":
            self._play(*read_body(head.signature, body, "tay"))
        self.answer(head)

    def _play(self, stream: int, data: bytes) -> None:
        form = self._formats.get(stream)
        if form is None or self._closing:
            return
        samples = form.to_16(data[: len(data) // (form.bits // 8) * (form.bits // 8)])
        with self._lock:
            player = self._players.get(stream)
            if player is None:
                player = self._players[stream] = self._open(form)
                if stream in self._levels:
                    player.set_level(*self._levels[stream])
            player.feed(samples)

    def _open(self, form: Format) -> Player:
        from app.console.sound.player import Player  # noqa: PLC0415 - most guests are silent

        return Player(form.rate, form.channels, self._wake, self._failed)

    def _set_level(self, stream: int, muted: bool, volumes: bytes) -> None:
        if stream not in self._formats:
            return
        self._levels[stream] = (max(volumes, default=255) / 255, muted)
        with self._lock:
            if stream in self._players:
                self._players[stream].set_level(*self._levels[stream])

    def _silence(self, stream: int) -> None:
        with self._lock:
            player = self._players.pop(stream, None)
        if player is not None:
            player.close()

    def _ended(self, _error: HostelryError | None) -> None:
        """The picture goes on without sound; an error of the connection is told by those who show it."""
        for stream in list(self._players):
            self._silence(stream)
