"""The clipboard between this desktop and the guest's agent: text in UTF-8, and pictures.

Each side announces what it has ("grab") and the other asks for it.  What the guest announces is asked for at once while the
window listens, as a paste here must not wait for the guest.  Source: spice-protocol 0.14 (vd_agent.h), spice-gtk 0.42.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum
from typing import Any

from app.console.protocols import Opening
from app.console.spice import glib
from app.console.spice.agent import AgentPart, Capability
from app.signal import Signal

MAX_BYTES = 32 << 20
"""The most that is taken from a guest or given to it: a picture of a large screen as BMP."""

CLIPBOARD = 0
"""VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD, what Ctrl+C and Ctrl+V use."""

MAX_TYPES = 64


class Type(IntEnum):
    """VD_AGENT_CLIPBOARD."""

    NONE = 0
    TEXT = 1
    PNG = 2
    BMP = 3
    TIFF = 4
    JPEG = 5


PICTURES = (Type.PNG, Type.BMP, Type.JPEG)
"""What Qt reads everywhere, best first."""


class ClipboardPart(AgentPart):
    """``send_text`` and ``capabilities.ImageClipboard``.  An agent that comes later is told what was offered before."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.cut_image: Signal[[bytes]] = Signal()
        self._offer: dict[Type, bytes] = {}
        self._clipboard_taken = True
        self._announced = False
        self._listens = False
        self.agent.changed.connect(self._agent_told)

    def send_text(self, text: str) -> None:
        """Offers text; empty takes back what was offered."""
        self._give({Type.TEXT: text.encode()} if text else {})

    def send_image(self, png: bytes) -> None:
        """Offers a picture; empty takes back what was offered."""
        self._give({Type.PNG: png} if png else {})

    def take_clipboard(self, taken: bool) -> None:
        """See ``capabilities.ClipboardSwitch``."""
        self._clipboard_taken = taken
        if not taken:
            self._give({})

    # To the guest.

    def _give(self, offer: dict[Type, bytes]) -> None:
        self._offer = {type_: data for type_, data in offer.items() if len(data) <= MAX_BYTES}
        self._announce()

    def _announce(self) -> None:
        if not self._shares_clipboard:
            self._announced = False
        elif self._offer:
            self.agent.main.clipboard_selection_grab(CLIPBOARD, [int(type_) for type_ in self._offer])
            self._announced = True
        elif self._announced:
            self.agent.main.clipboard_selection_release(CLIPBOARD)
            self._announced = False

    def _on_wanted(self, main: Any, selection: int, type_: int) -> bool:
        data = self._offer.get(_known(type_), b"") if selection == CLIPBOARD else b""
        if data and type_ == Type.TEXT and self.agent.can(Capability.GUEST_LINEEND_CRLF):
            data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        main.clipboard_selection_notify(selection, type_ if data else Type.NONE, data)
        return True

    # From the guest.

    def _on_grab(self, main: Any, selection: int, types: Any, count: int) -> bool:
        if selection != CLIPBOARD:  # the other one is what was marked last, of which desktops make a thing of their own
            return False
        self._announced, self._offer = False, {}  # what we offered is no longer what a paste in the guest gives
        if self._clipboard_taken:
            offered = types if isinstance(types, list) else _numbers(glib.address(types), count)
            for kinds in ((Type.TEXT,), PICTURES):
                best = next((kind for kind in kinds if kind in offered), None)
                if best is not None:
                    main.clipboard_selection_request(CLIPBOARD, best)
        return True

    def _on_data(self, _main: Any, selection: int, type_: int, data: Any, size: int) -> None:
        if selection != CLIPBOARD or not self._clipboard_taken or not data or not 0 < size <= MAX_BYTES:
            return
        received = data if isinstance(data, bytes) else bytes(glib.memory(glib.address(data), size))
        if type_ == Type.TEXT:
            self.cut_text.emit(_text(received))
        elif type_ in PICTURES:
            self.cut_image.emit(received)

    # The agent.

    @property
    def _shares_clipboard(self) -> bool:
        return self.agent.can(Capability.CLIPBOARD_BY_DEMAND)

    def _agent_told(self) -> None:
        if self.agent.main is None:
            return
        if not self._listens:
            self._listen()
        shares = self._shares_clipboard
        if shares != self.features.clipboard:
            self.offer(clipboard=shares, clipboard_images=shares)
            self._announced = False
            self._announce()

    def _listen(self) -> None:
        self._listens = True
        self.agent.main.props.max_clipboard = MAX_BYTES
        self.agent.listen("main-clipboard-selection-grab", self._on_grab)
        self.agent.listen("main-clipboard-selection-request", self._on_wanted)
        self.agent.listen("main-clipboard-selection", self._on_data)


def _known(type_: int) -> Type:
    return Type(type_) if type_ in set(Type) else Type.NONE


def _numbers(at: int, count: int) -> tuple[int, ...]:
    """An array of 32-bit numbers in the library's memory."""
    if not at or count <= 0:
        return ()
    return tuple((ctypes.c_uint32 * min(count, MAX_TYPES)).from_address(at))


def _text(data: bytes) -> str:
    """Windows ends lines in its own way, and some agents end texts with a zero."""
    return data.decode(errors="replace").rstrip("\0").replace("\r\n", "\n")
