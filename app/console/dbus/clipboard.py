"""Clipboard text between the guest's agent and us, as QEMU passes it on (org.qemu.Display1.Clipboard)."""

from __future__ import annotations

from collections.abc import Callable

from app.console.dbus.message import RETURN, Head, read_body
from app.console.dbus.station import DISPLAY, PROPERTIES, ROOT, Station

PATH = f"{ROOT}/Clipboard"
INTERFACE = f"{DISPLAY}.Clipboard"
TEXT = "text/plain;charset=utf-8"
CLIPBOARD = 0
"""The selection that Ctrl+C fills; 1 and 2 are X11's others."""

LARGEST = 8 << 20


class Clipboard:
    """Told by the station's thread; ``offer`` is for the event loop."""

    def __init__(self, station: Station, text_came: Callable[[str], None], works: Callable[[], None]) -> None:
        self._station, self._text_came, self._works = station, text_came, works
        self._text = ""
        self._serial = 0
        self._on = False

    def begin(self) -> None:
        """Registers; a QEMU without a clipboard refuses."""
        self._station.ask(self._registered, PATH, INTERFACE, "Register")

    def offer(self, text: str) -> None:
        """The guest's agent is told, and asks when something is pasted there."""
        if self._on and text and len(text.encode()) <= LARGEST:
            self._text = text
            self._serial += 1
            self._station.call(PATH, INTERFACE, "Grab", "uuas", CLIPBOARD, self._serial, [TEXT])

    def on_call(self, head: Head, body: bytearray) -> None:
        """QEMU's side of the same interface."""
        peer = self._station.peer
        if head.path != PATH:
            peer.refuse(head, "no such object")
        elif head.interface == PROPERTIES and head.member == "GetAll":
            peer.reply(head, "a{sv}", {})
        elif head.member == "Grab":
            self._grabbed(*read_body(head.signature, body, "uuas"))
            peer.reply(head)
        elif head.member == "Request":
            selection, kinds = read_body(head.signature, body, "uas")
            if selection == CLIPBOARD and TEXT in kinds and self._text:
                peer.reply(head, "say", TEXT, self._text.encode())
            else:
                peer.refuse(head, "nothing of that kind")
        elif head.member in ("Register", "Unregister", "Release"):
            peer.reply(head)
        else:
            peer.refuse(head, "no such method")

    def _registered(self, head: Head, _body: bytearray) -> None:
        if head.kind == RETURN:
            self._on = True
            self._works()

    def _grabbed(self, selection: int, serial: int, kinds: list[str]) -> None:
        """The guest has something to paste: it is fetched at once, as nothing here is asked later."""
        self._serial = max(self._serial, min(serial, 0x7FFFFFFF))
        if selection == CLIPBOARD and TEXT in kinds:
            self._station.ask(self._came, PATH, INTERFACE, "Request", "uas", selection, [TEXT])

    def _came(self, head: Head, body: bytearray) -> None:
        if head.kind == RETURN:
            kind, data = read_body(head.signature, body, "say")
            if kind == TEXT and len(data) <= LARGEST:
                self._text_came(data.decode("utf-8", "replace").rstrip("\0"))
