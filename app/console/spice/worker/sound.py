"""The guest's sound to the program, the program's microphone to the guest."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from app.console.spice.kinds import Kind
from app.console.spice.wire import MAX_SOUND
from app.console.spice.worker import glib

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection

LOUDEST = 65535


class Sound:
    """The program decides when the channels are connected, and plays and records itself."""

    def __init__(self, connection: Connection) -> None:
        self._line = connection.line
        self._playback: Any = None
        self._record: Any = None
        connection.on_channel(Kind.PLAYBACK, self._use_playback)
        connection.on_channel(Kind.RECORD, self._use_record)
        self._line.on("sound_delay", self._on_delay)
        self._line.on("recorded", self._send)

    def forget(self) -> None:
        """Holds nothing of the library's any more."""
        self._playback = self._record = None

    def _use_playback(self, channel: Any) -> None:
        self._playback, tell = channel, self._line.tell
        glib.connect(channel, "playback-start", lambda _channel, form, channels, rate: tell("sound_start", form, channels, rate))
        glib.connect(channel, "playback-data", self._play)
        glib.connect(channel, "playback-stop", lambda _channel: tell("sound_stop"))
        for what in ("volume", "mute"):
            glib.connect(channel, f"notify::{what}", lambda channel, _property: self._tell_level(channel))

    def _use_record(self, channel: Any) -> None:
        self._record, tell = channel, self._line.tell
        glib.connect(channel, "record-start", lambda _channel, form, channels, rate: tell("record_start", form, channels, rate))
        glib.connect(channel, "record-stop", lambda _channel: tell("record_stop"))

    def _play(self, _channel: Any, data: Any, size: int) -> None:
        at = glib.address(data)
        if at and 0 < size <= MAX_SOUND:
            self._line.tell("sound", payload=bytes(glib.memory(at, size)))

    def _tell_level(self, channel: Any) -> None:
        self._line.tell("sound_level", _volume(channel), bool(channel.props.mute))

    def _on_delay(self, milliseconds: int) -> None:
        if self._playback is not None:  # the library keeps video in step with it
            self._playback.set_delay(milliseconds)

    def _send(self, samples: bytes) -> None:
        if self._record is not None:
            memory = ctypes.create_string_buffer(samples, len(samples))  # copied by the library within the call
            self._record.send_data(ctypes.addressof(memory), len(samples), 0)


def _volume(channel: Any) -> int:
    """The guest's, of its first speaker: the library hands over an array of numbers, one for each."""
    at, count = glib.address(channel.props.volume), int(channel.props.nchannels)
    if not at or count <= 0:
        return LOUDEST
    return int(ctypes.c_uint16.from_address(at).value)
