"""Sound: the guest's on SPICE's playback channel, this desktop's microphone on its record channel.

The library would play and record by itself, and open the microphone whenever the guest asks.  Here a channel is connected only
while its switch is on, so that nothing is sent otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
from collections.abc import Callable
from typing import Any

from app.console.client import ClientState
from app.console.protocols import Opening
from app.console.sound import engine
from app.console.sound.player import Player
from app.console.sound.recorder import Recorder
from app.console.spice import glib, quiet
from app.console.spice.base import SpiceBase
from app.console.spice.glib import Event, Kind
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
        self._playback = _Playback(opening, self.sound_failed.emit)
        self._record = _Record(opening, self.sound_failed.emit)
        self._warming: asyncio.Task[None] | None = None
        self.on_channel(Kind.PLAYBACK, self._use_playback)
        self.on_channel(Kind.RECORD, self._use_record)
        self.connection.ended.connect(lambda _error: self._end_sound())

    def start(self) -> None:
        """Once GStreamer is loaded: the library would do that in this thread, where it may take seconds the first time."""
        if engine.loaded():
            self._start_quietly()
        else:
            self._warming = asyncio.ensure_future(self._load_and_start())

    async def _load_and_start(self) -> None:
        with contextlib.suppress(HostelryError):  # said when something is to be played
            await asyncio.to_thread(engine.gstreamer)
        if self.state is not ClientState.CLOSED:
            self._start_quietly()

    def _start_quietly(self) -> None:
        quiet.silence(self.session)
        super().start()

    def set_audio(self, heard: bool) -> None:
        """Plays what the guest plays, or does not even ask for it."""
        self._playback.switch(heard)

    def set_microphone(self, open_: bool) -> None:
        """Lets the guest record."""
        self._record.switch(open_)

    def _use_playback(self, channel: Any) -> None:
        self._playback.use(channel)
        self.offer(audio=True)

    def _use_record(self, channel: Any) -> None:
        self._record.use(channel)
        self.offer(microphone=True)

    def _end_sound(self) -> None:
        if self._warming is not None:
            self._warming.cancel()
        self._playback.end()
        self._record.end()


class _Channel:
    """A channel that is connected while it is switched on."""

    def __init__(self, opening: Opening, failed: Callable[[HostelryError], None]) -> None:
        self._wake, self._failed = opening.wake, failed
        self._channel: Any = None
        self._on = self._connected = False
        self._ends: list[Callable[[], None]] = []

    def use(self, channel: Any) -> None:
        """The channel of this connection."""
        self._channel = channel
        self._ends = self._listen(channel)
        self._apply()

    def switch(self, on: bool) -> None:
        """Now, or when the channel comes."""
        self._on = on
        self._apply()

    def end(self) -> None:
        """For good."""
        self._stop()
        for end in self._ends:
            end()
        self._channel = None

    def _apply(self) -> None:
        if self._channel is None or self._on == self._connected:
            return
        self._connected = self._on
        if self._on:
            self._channel.connect()
        else:
            self._stop()
            self._channel.disconnect(int(Event.NONE))

    def _listen(self, channel: Any) -> list[Callable[[], None]]:
        raise NotImplementedError

    def _stop(self) -> None:
        raise NotImplementedError


class _Playback(_Channel):
    _player: Player | None = None
    _played = 0

    def _listen(self, channel: Any) -> list[Callable[[], None]]:
        return [
            glib.connect(channel, "playback-start", self._start),
            glib.connect(channel, "playback-data", self._play),
            glib.connect(channel, "playback-stop", lambda _channel: self._stop()),
            glib.connect(channel, "notify::volume", lambda _channel, _property: self._apply_level()),
            glib.connect(channel, "notify::mute", lambda _channel, _property: self._apply_level()),
        ]

    def _start(self, _channel: Any, format_: int, channels: int, rate: int) -> None:
        self._stop()
        if format_ == S16 and 0 < channels <= MAX_CHANNELS and 0 < rate <= MAX_RATE:
            self._player = Player(rate, channels, self._wake, self._failed)
            self._apply_level()

    def _play(self, channel: Any, data: Any, size: int) -> None:
        at = glib.address(data)
        if self._player is None or not at or size <= 0:
            return
        self._player.feed(bytes(glib.memory(at, size)))
        if self._played % DELAY_EVERY == 0:  # the library keeps video in step with it
            channel.set_delay(self._player.latency_ms())
        self._played += 1

    def _stop(self) -> None:
        player, self._player = self._player, None
        if player is not None:
            player.close()

    def _apply_level(self) -> None:
        if self._player is not None:
            self._player.set_level(_volume(self._channel), bool(self._channel.props.mute))


class _Record(_Channel):
    _recorder: Recorder | None = None

    def _listen(self, channel: Any) -> list[Callable[[], None]]:
        return [
            glib.connect(channel, "record-start", self._start),
            glib.connect(channel, "record-stop", lambda _channel: self._stop()),
        ]

    def _start(self, channel: Any, format_: int, channels: int, rate: int) -> None:
        self._stop()
        if format_ == S16 and 0 < channels <= MAX_CHANNELS and 0 < rate <= MAX_RATE:
            send = self._sender(channel)
            self._recorder = Recorder(rate, channels, self._wake, send, self._failed)

    def _sender(self, channel: Any) -> Callable[[bytes], None]:
        def send(samples: bytes) -> None:
            memory = ctypes.create_string_buffer(samples, len(samples))  # copied by the library within the call
            channel.send_data(ctypes.addressof(memory), len(samples), 0)

        return send

    def _stop(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.close()


def _volume(channel: Any) -> float:
    """The guest's, of its first speaker: the library hands over an array of numbers, one for each."""
    at, count = glib.address(channel.props.volume), int(channel.props.nchannels)
    if not at or count <= 0:
        return 1.0
    return int(ctypes.c_uint16.from_address(at).value) / LOUDEST
