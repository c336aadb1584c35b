"""A console by QEMU's D-Bus display: the machine's screens as they are in its memory, without any encoding.

libvirt hands over the socket (``virDomainOpenGraphicsFD``), so it is for hosts on this machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.console.base_client import BaseClient
from app.console.client import Buttons, ClientState, Credentials, Cursor, Features, Wake
from app.console.dbus.clipboard import Clipboard
from app.console.dbus.listener import Listener
from app.console.dbus.message import ERROR, Head
from app.console.dbus.sound import PATH as SOUND
from app.console.dbus.sound import SAFE as SAFE_SOUND
from app.console.dbus.sound import Sound
from app.console.dbus.station import DISPLAY, ROOT, Station
from app.console.framebuffer import Framebuffer, Rect, size_is_sane
from app.console.protocols import Opening
from app.console.relay import Relay
from app.errors import HostelryError
from app.signal import Signal

BUTTONS = ((Buttons.LEFT, 0), (Buttons.MIDDLE, 1), (Buttons.RIGHT, 2), (Buttons.SIDE, 5), (Buttons.EXTRA, 6))
WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = 3, 4, 7, 8
"""QEMU's numbers (qapi/ui.json, InputButton)."""

DPMM = 96 / 25.4
"""Pixels in a millimetre: QEMU tells the guest how large its screen is."""


class DbusClient(BaseClient):
    """A ``ConsoleClient`` of one screen.  ``first``: the machine's first one, which has the connection; this one shares it."""

    def __init__(self, opening: Opening | None = None, *, first: DbusClient | None = None, console: int = 0) -> None:
        super().__init__(Features(scancodes=True, resize_guest=True))
        self.sound_failed: Signal[[HostelryError]] = Signal()
        self._console = console
        self._first = first
        self._others: dict[int, DbusClient] = {}
        self._held = Buttons.NONE
        self._watched = True
        self._ready = False
        self._started = False
        self._listener: Listener | None = None
        self._sound: Sound | None = None
        self._heard = False
        if first is None:
            assert opening is not None  # noqa: S101 - one of the two is given
            self._wake: Wake = opening.wake
            self._relay = Relay(opening.wake)
            self._station = Station(opening.link.socket, self)
            self._clipboard = Clipboard(self._station, self._on_text, self._on_clipboard)
        else:
            self._wake, self._station, self._clipboard = first._wake, first._station, first._clipboard
            self._relay = Relay(self._wake)

    # What the owner calls, on the event loop.

    def start(self) -> None:
        """The first one connects; the others begin when it has."""
        self._started = True
        if self._first is None:
            self._station.start()
        elif self._first._ready:
            self._begin()

    def close(self) -> None:
        """The first one ends the others too."""
        for other in self._others.values():
            other._end(None)
        self._let_go()
        if self._first is None:
            self._station.close()
        self._relay.post(self._end, None)

    def join(self, timeout_s: float | None = None) -> bool:
        """Waits for the threads after ``close``; True if they ended."""
        ears = [ear for ear in (self._listener, self._sound) if ear is not None]
        return all([ear.join(timeout_s) for ear in ears]) and self._station.join(timeout_s)

    def answer(self, credentials: Credentials | None) -> None:
        """Nothing is asked: libvirt vouches for who may use the socket."""

    def key(self, scancode: int, keysym: int, pressed: bool) -> None:
        """By position alone: QEMU knows no symbols here."""
        if scancode:
            number = scancode & 0x7F | (0x80 if scancode & 0xE000 else 0)
            self._input("Keyboard", "Press" if pressed else "Release", "u", number)

    def pointer(self, x: int, y: int, buttons: Buttons) -> None:
        """Absolute position; a mere move is left out while QEMU is behind."""
        if self._station.peer.congested and buttons == self._held:
            return
        self._input("Mouse", "SetAbsPosition", "uu", max(x, 0), max(y, 0))
        self._press(buttons)

    def pointer_relative(self, dx: int, dy: int, buttons: Buttons) -> None:
        """Motion."""
        if dx or dy:
            self._input("Mouse", "RelMotion", "ii", dx, dy)
        self._press(buttons)

    def wheel(self, x: int, y: int, dx: int, dy: int) -> None:
        """One press and release a step."""
        up_down = [WHEEL_UP if dy > 0 else WHEEL_DOWN] * min(abs(dy), 20)
        sideways = [WHEEL_RIGHT if dx > 0 else WHEEL_LEFT] * min(abs(dx), 20)
        for button in up_down + sideways:
            self._input("Mouse", "Press", "u", button)
            self._input("Mouse", "Release", "u", button)

    def resize_guest(self, width: int, height: int) -> None:
        """QEMU tells the guest's display; one that cannot is found out by its answer."""
        if not self.features.resize_guest or not size_is_sane(width, height):
            return
        size_mm = (min(int(width / DPMM), 0xFFFF), min(int(height / DPMM), 0xFFFF))
        self._station.ask(
            self._resize_answered, self._path, f"{DISPLAY}.Console", "SetUIInfo", "qqiiuu", *size_mm, 0, 0, width, height
        )

    def watch(self, watched: bool) -> None:
        """False lets go of the screen: QEMU would keep what nobody reads."""
        if watched == self._watched:
            return
        self._watched = watched
        if not watched and self._listener is not None:
            self._listener.close()
            self._listener = None
        elif watched and self._ready and self._listener is None and self.state is not ClientState.CLOSED:
            self._listen()

    def send_text(self, text: str) -> None:
        """Offers clipboard text to the guest."""
        self._clipboard.offer(text)

    def set_audio(self, heard: bool) -> None:
        """The machine's sound, if its definition has ``<audio type='dbus'/>``; on the first screen's connection alone."""
        self._heard = heard and self._first is None
        self._settle_sound()

    def set_microphone(self, open_: bool) -> None:
        """There is none: see ``sound``."""

    def _settle_sound(self) -> None:
        wanted = self._heard and self.features.audio and self.state is not ClientState.CLOSED
        if wanted and self._sound is None:
            self._sound = Sound(self._station, self._wake, self.sound_failed.emit)
            self._sound.start()
        elif not wanted and self._sound is not None:
            self._sound.close()
            self._sound = None

    def monitor(self, number: int) -> DbusClient:
        """See ``capabilities.Monitors``: a screen of the same machine, over the same connection."""
        if number == self._console:
            return self
        if number not in self._others:
            self._others[number] = DbusClient(first=self, console=number)
        return self._others[number]

    def _input(self, device: str, member: str, signature: str, *values: int) -> None:
        if self._ready and self.state is not ClientState.CLOSED:
            self._station.call(self._path, f"{DISPLAY}.{device}", member, signature, *values)

    def _press(self, buttons: Buttons) -> None:
        for button, number in BUTTONS:
            if (buttons ^ self._held) & button:
                self._input("Mouse", "Press" if buttons & button else "Release", "u", number)
        self._held = buttons

    @property
    def _path(self) -> str:
        return f"{ROOT}/Console_{self._console}"

    # The station's thread (``station.Listening``).

    def on_ready(self) -> None:
        """Logged in."""
        self._relay.post(self._begin)

    def on_properties(self, path: str, interface: str, values: dict[str, Any]) -> None:
        """QEMU's devices and consoles."""
        for client in (self, *self._others.values()):
            if path == client._path:
                client._on_own(interface, values)
        if interface == f"{DISPLAY}.VM" and isinstance(values.get("ConsoleIDs"), list):
            self._relay.post(self._set_monitors, min(len(values["ConsoleIDs"]), 16))
        if path == SOUND and SAFE_SOUND in values:
            self._relay.post(self._set_audible)
        if interface == f"{DISPLAY}.VM" and isinstance(values.get("Name"), str):
            self._relay.post(self._set_name, values["Name"])

    def on_call(self, head: Head, body: bytearray) -> None:
        """QEMU offers and wants clipboard text."""
        self._clipboard.on_call(head, body)

    def on_end(self, error: HostelryError | None) -> None:
        """The connection is over, for all screens."""
        for client in (self, *self._others.values()):
            client._relay.post(client._end, error)

    def _on_own(self, interface: str, values: dict[str, Any]) -> None:
        if interface == f"{DISPLAY}.Mouse" and isinstance(values.get("IsAbsolute"), bool):
            self._relay.post(self.set_pointer_mode, values["IsAbsolute"])
        if interface == f"{DISPLAY}.Keyboard" and isinstance(values.get("Modifiers"), int):
            self._relay.post(self.leds_changed.emit, values["Modifiers"] & 7)

    def _resize_answered(self, head: Head, _body: bytearray) -> None:
        if head.kind == ERROR:
            self._relay.post(self._set_not_resizable)

    def _on_text(self, text: str) -> None:
        self._relay.post(self.cut_text.emit, text)

    def _on_clipboard(self) -> None:
        self._relay.post(self._set_clipboard)

    # The screen's thread (``listener.News``).

    def on_screen(self, framebuffer: Framebuffer) -> None:
        """Another size."""
        self._relay.post(self.take_framebuffer, framebuffer)

    def on_damage(self, framebuffer: Framebuffer, rects: Sequence[Rect]) -> None:
        """Wakes the loop once until the damage is taken."""
        if framebuffer.add_damage(rects):
            self._relay.post(self.show_damage)

    def on_cursor(self, cursor: Cursor) -> None:
        """Another pointer."""
        self._relay.post(self.cursor_changed.emit, cursor)

    def on_listener_end(self, error: HostelryError | None) -> None:
        """QEMU has let go of the screen, or it broke the rules."""
        if error is not None:
            self._relay.post(self._lost, error)

    # On the event loop again.

    def _begin(self) -> None:
        if self.state is ClientState.CLOSED or self._ready:
            return
        self._ready = True
        if self._watched:
            self._listen()
        for device in ("Mouse", "Keyboard"):
            self._station.ask_properties(self._path, f"{DISPLAY}.{device}")
        if self._first is None:
            self._station.ask_properties(f"{ROOT}/VM", f"{DISPLAY}.VM")
            self._station.ask_properties(SOUND, f"{DISPLAY}.Audio")
            self._clipboard.begin()
            for other in self._others.values():
                if other._started:
                    other._begin()

    def _listen(self) -> None:
        self._listener = Listener(self._station, self._console, self)
        self._listener.start()

    def _lost(self, error: HostelryError) -> None:
        if self._first is None:
            self._station.close()
        self._end(error)

    def _end(self, error: HostelryError | None) -> None:
        self._let_go()
        self.change_state(ClientState.CLOSED, error)

    def _let_go(self) -> None:
        for ear in (self._listener, self._sound):
            if ear is not None:
                ear.close()

    def _set_not_resizable(self) -> None:
        self.features = replace(self.features, resize_guest=False)

    def _set_clipboard(self) -> None:
        self.features = replace(self.features, clipboard=True)

    def _set_monitors(self, count: int) -> None:
        self.features = replace(self.features, monitors=max(1, count))

    def _set_audible(self) -> None:
        self.features = replace(self.features, audio=True)
        self._settle_sound()

    def _set_name(self, name: str) -> None:
        self.name = name[:200]


def make(opening: Opening) -> DbusClient:
    """See ``app.console.protocols``."""
    return DbusClient(opening)
