"""Sound: the guest's on SPICE's playback channel, this desktop's microphone on its record channel.

The library would play and record by itself, and open the microphone whenever the guest asks.  Here a channel is connected only
while its switch is on, so that nothing is sent otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from app.console.protocols import Opening
from app.console.sound.player import Player
from app.console.sound.recorder import Recorder
from app.console.spice.base import SpiceBase
from app.console.spice.kinds import Kind
from app.console.spice.session import SpiceConnection
from app.console.spice.wire import MAX_SOUND
from app.errors import HostelryError
from app.signal import Signal

S16 = 1
"""SPICE_AUDIO_FMT_S16, the only format there is."""

LOUDEST = 65535
MAX_RATE, MAX_CHANNELS = 192_000, 8
DELAY_EVERY = 100
"""Pieces of sound between two looks at the delay: a second."""


class AudioPart(SpiceBase):
    """``capabilities.Audio``.  Heard as soon as ``set_audio(True)`` was said; the microphone is closed at first."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.sound_failed: Signal[[HostelryError]] = Signal()
        self._playback = _Playback(opening, self.connection, self.sound_failed.emit)
        self._record = _Record(opening, self.connection, self.sound_failed.emit)
        self.connection.on("channel", self._use_sound)
        self._sound_ends = self.connection.ended.connect(self._end_sound)

    def set_audio(self, heard: bool) -> None:
        """Plays what the guest plays, or does not even ask for it."""
        self._playback.switch(heard)

    def set_microphone(self, open_: bool) -> None:
        """Lets the guest record."""
        self._record.switch(open_)

    def _use_sound(self, kind: int) -> None:
        if kind == Kind.PLAYBACK:
            self._playback.use()
            self.offer(audio=True)
        elif kind == Kind.RECORD:
            self._record.use()
            self.offer(microphone=True)

    def _end_sound(self, _error: object) -> None:
        self._playback.stop()
        self._record.stop()


class _Channel:
    """A channel that is connected while it is switched on; what comes of it while it is off is not heeded."""

    KIND: Kind

    def __init__(self, opening: Opening, connection: SpiceConnection, failed: Callable[[HostelryError], None]) -> None:
        self._wake, self._failed, self._tell = opening.wake, failed, connection.tell
        self._there = self._connected = False
        self._on = False

    def use(self) -> None:
        """The connection has such a channel."""
        self._there, self._connected = True, False
        self._apply()

    def switch(self, on: bool) -> None:
        """Now, or when the channel comes."""
        self._on = on
        self._apply()

    def stop(self) -> None:
        """What goes on now."""
        raise NotImplementedError

    def _takes(self, form: int, channels: int, rate: int) -> bool:
        return self._connected and form == S16 and 0 < channels <= MAX_CHANNELS and 0 < rate <= MAX_RATE

    def _apply(self) -> None:
        if self._there and self._on != self._connected:
            self._connected = self._on
            if not self._on:
                self.stop()
            self._tell("channel", int(self.KIND), self._on)


class _Playback(_Channel):
    KIND = Kind.PLAYBACK

    def __init__(self, opening: Opening, connection: SpiceConnection, failed: Callable[[HostelryError], None]) -> None:
        super().__init__(opening, connection, failed)
        self._player: Player | None = None
        self._played = 0
        self._level = (1.0, False)
        connection.on("sound_start", self._start)
        connection.on("sound", self._play)
        connection.on("sound_stop", self.stop)
        connection.on("sound_level", self._set_level)

    def stop(self) -> None:
        """Until the guest begins again."""
        player, self._player = self._player, None
        if player is not None:
            player.close()

    def _start(self, form: int, channels: int, rate: int) -> None:
        self.stop()
        if self._takes(form, channels, rate):
            self._player = Player(rate, channels, self._wake, self._failed)
            self._player.set_level(*self._level)

    def _play(self, samples: bytes) -> None:
        if self._player is None or not samples:
            return
        self._player.feed(samples)
        if self._played % DELAY_EVERY == 0:  # the library keeps video in step with it
            self._tell("sound_delay", self._player.latency_ms())
        self._played += 1

    def _set_level(self, volume: int, muted: bool) -> None:
        self._level = (min(max(volume / LOUDEST, 0.0), 1.0), muted)
        if self._player is not None:
            self._player.set_level(*self._level)


class _Record(_Channel):
    KIND = Kind.RECORD

    def __init__(self, opening: Opening, connection: SpiceConnection, failed: Callable[[HostelryError], None]) -> None:
        super().__init__(opening, connection, failed)
        self._recorder: Recorder | None = None
        connection.on("record_start", self._start)
        connection.on("record_stop", self.stop)

    def stop(self) -> None:
        """The microphone is closed."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.close()

    def _start(self, form: int, channels: int, rate: int) -> None:
        self.stop()
        if self._takes(form, channels, rate):
            self._recorder = Recorder(rate, channels, self._wake, self._send, self._failed)

    def _send(self, samples: bytes) -> None:
        for at in range(0, len(samples), MAX_SOUND):
            self._tell("recorded", payload=samples[at : at + MAX_SOUND])
