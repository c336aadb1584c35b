"""One connection to a SPICE server: the library's session and its channels, whose sockets the program gives."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from app.console.spice import wire
from app.console.spice.kinds import Event, Kind
from app.console.spice.worker import glib, quiet
from app.console.spice.worker.agent import Agent
from app.console.spice.worker.cursor import Cursors
from app.console.spice.worker.displays import Displays
from app.console.spice.worker.files import Files
from app.console.spice.worker.inputs import Inputs
from app.console.spice.worker.line import Line
from app.console.spice.worker.sound import Sound
from app.console.spice.worker.usb import Usb

COMPRESSION_OFF = 1
"""SPICE_IMAGE_COMPRESSION_OFF."""

LEAVE_S = 2.0
"""The longest time that the library gets for its goodbyes; the program's patience is a little longer."""

COUNT_S = 0.2

OPTIONAL = (Kind.PLAYBACK, Kind.RECORD, Kind.WEBDAV)
"""Channels that are connected while the user wants them; the library connects the others, or a part here does."""


class Connection:
    """``run`` is the process's life."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._loop = glib.glib().MainLoop()
        self.session: Any = glib.library().Session()
        quiet.silence(self.session)
        self._channels: list[Any] = []
        self._listeners: dict[Kind, list[Callable[[Any], object]]] = {}
        self._optional: dict[int, Any] = {}
        self._waiting: dict[int, Any] = {}
        self._asked = self._received = 0
        self._counted_s = 0.0
        agent, self.displays = Agent(self), Displays(self)
        self._parts = (agent, self.displays, Inputs(self), Cursors(self), Sound(self), Files(self, agent), Usb(self))
        self._take_orders()

    def run(self) -> None:
        """Until the program wants no more."""
        self.line.tell("pong", 0, 0)
        self._loop.run()

    def on_channel(self, kind: Kind, callback: Callable[[Any], object]) -> None:
        """Calls back with each channel of this kind, which is not connected yet."""
        self._listeners.setdefault(kind, []).append(callback)

    def received(self) -> int:
        """Bytes of all channels, sound and files included; counted some times a second at most."""
        now = time.monotonic()
        if now - self._counted_s > COUNT_S:
            self._counted_s = now
            self._received = sum(int(channel.props.total_read_bytes) for channel in self._channels)
        return self._received

    def _take_orders(self) -> None:
        line, session = self.line, self.session
        glib.connect(session, "channel-new", lambda _session, channel: self._on_channel(channel))
        glib.connect(session, "channel-destroy", lambda _session, channel: self._on_gone(channel))
        line.ended = self._leave
        line.on("ping", lambda: line.tell("pong", self.received(), self.displays.updates))
        line.on("begin", self._begin)
        line.on("log_in", self._log_in)
        line.on("socket", self._give_socket)
        line.on("channel", self._switch)
        line.on("folder", self._share)

    def _begin(self, plain: bool) -> None:
        if plain:
            self.session.set_property("preferred-compression", COMPRESSION_OFF)

    def _log_in(self, with_password: bool, password: bytes) -> None:
        if with_password:
            self.session.props.password = password.decode()
        # -1: each channel, the first one too, asks for its socket by the signal "open-fd".
        self.session.open_fd(-1)

    def _on_channel(self, channel: Any) -> None:
        kind = int(channel.props.channel_type)
        self._channels.append(channel)
        glib.connect(channel, "open-fd", lambda channel, tls: self._ask_socket(channel, bool(tls)))
        glib.connect(channel, "channel-event", lambda channel, event: self._on_event(channel, int(event)))
        for callback in self._listeners.get(Kind(kind), ()) if kind in set(Kind) else ():
            callback(channel)
        if kind in OPTIONAL:
            self._optional[kind] = channel
        self.line.tell("channel", kind)

    def _on_gone(self, channel: Any) -> None:
        if channel in self._channels:
            self._channels.remove(channel)

    def _on_event(self, channel: Any, event: int) -> None:
        told = channel.get_error() if event >= Event.ERROR_CONNECT else None
        said = wire.short(told.message if told else "")
        self.line.tell("event", int(channel.props.channel_type), event, int(channel.props.total_read_bytes), said)

    def _ask_socket(self, channel: Any, tls: bool) -> None:
        self._asked += 1
        self._waiting[self._asked] = channel
        self.line.tell("socket", self._asked, tls)

    def _give_socket(self, number: int, fd: int) -> None:
        channel = self._waiting.pop(number, None)
        if channel is None or not channel.open_fd(fd):
            os.close(fd)

    def _switch(self, kind: int, on: bool) -> None:
        channel = self._optional.get(kind)
        if channel is not None and on:
            channel.connect()
        elif channel is not None:
            channel.disconnect(int(Event.NONE))

    def _share(self, read_only: bool, folder: bytes) -> None:
        self.session.props.share_dir_ro = read_only
        self.session.props.shared_dir = os.fsdecode(folder)

    def _leave(self) -> None:
        """Tells the server; devices go back when the library frees their channels, which it does once nobody holds them."""
        glib.connect(self.session, "disconnected", lambda _session: self._loop.quit())
        glib.later(LEAVE_S, self._loop.quit)
        self.session.disconnect()
        if not self._channels:
            self._loop.quit()
        self._channels, self._optional, self._waiting = [], {}, {}
        for part in self._parts:
            part.forget()
