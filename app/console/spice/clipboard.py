"""The clipboard between this desktop and the guest's agent: text in UTF-8, and pictures.

Each side announces what it has ("grab") and the other asks for it.  What the guest announces is asked for at once while the
window listens, as a paste here must not wait for the guest.  Source: spice-protocol 0.14 (vd_agent.h), spice-gtk 0.42.
"""

from __future__ import annotations

from app.console.protocols import Opening
from app.console.spice.agent import AgentPart
from app.console.spice.kinds import Capability, Clip
from app.console.spice.wire import MAX_BYTES
from app.signal import Signal

PICTURES = (Clip.PNG, Clip.BMP, Clip.JPEG)
"""What Qt reads everywhere, best first."""


class ClipboardPart(AgentPart):
    """``send_text`` and ``capabilities.ImageClipboard``.  An agent that comes later is told what was offered before."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.cut_image: Signal[[bytes]] = Signal()
        self._offer: dict[Clip, bytes] = {}
        self._clipboard_taken = True
        self._announced = False
        self._asked: set[int] = set()
        self.agent.changed.connect(self._agent_told)
        self.connection.on("clipboard_offered", self._on_offered)
        self.connection.on("clipboard_wanted", self._on_wanted)
        self.connection.on("clipboard", self._on_data)

    def send_text(self, text: str) -> None:
        """Offers text; empty takes back what was offered."""
        self._give({Clip.TEXT: text.encode()} if text else {})

    def send_image(self, png: bytes) -> None:
        """Offers a picture; empty takes back what was offered."""
        self._give({Clip.PNG: png} if png else {})

    def take_clipboard(self, taken: bool) -> None:
        """See ``capabilities.ClipboardSwitch``."""
        self._clipboard_taken = taken
        if not taken:
            self._give({})

    # To the guest.

    def _give(self, offer: dict[Clip, bytes]) -> None:
        self._offer = {type_: data for type_, data in offer.items() if len(data) <= MAX_BYTES}
        self._announce()

    def _announce(self) -> None:
        if not self._shares_clipboard:
            self._announced = False
        elif self._offer:
            self.connection.tell("clipboard_grab", [int(type_) for type_ in self._offer])
            self._announced = True
        elif self._announced:
            self.connection.tell("clipboard_release")
            self._announced = False

    def _on_wanted(self, type_: int) -> None:
        data = self._offer.get(_known(type_), b"")
        if data and type_ == Clip.TEXT and self.agent.can(Capability.GUEST_LINEEND_CRLF):
            data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")[:MAX_BYTES]
        self.connection.tell("clipboard_give", type_ if data else int(Clip.NONE), payload=data)

    # From the guest.

    def _on_offered(self, types: list[int]) -> None:
        self._announced, self._offer = False, {}  # what we offered is no longer what a paste in the guest gives
        self._asked.clear()
        if self._clipboard_taken:
            for kinds in ((Clip.TEXT,), PICTURES):
                best = next((kind for kind in kinds if kind in types), None)
                if best is not None:
                    self._asked.add(best)
                    self.connection.tell("clipboard_ask", int(best))

    def _on_data(self, type_: int, data: bytes) -> None:
        if not self._clipboard_taken or type_ not in self._asked or not data:
            return
        self._asked.discard(type_)
        if type_ == Clip.TEXT:
            self.cut_text.emit(_text(data))
        else:
            self.cut_image.emit(data)

    # The agent.

    @property
    def _shares_clipboard(self) -> bool:
        return self.agent.can(Capability.CLIPBOARD_BY_DEMAND)

    def _agent_told(self) -> None:
        shares = self._shares_clipboard
        if shares != self.features.clipboard:
            self.offer(clipboard=shares, clipboard_images=shares)
            self._announced = False
            self._announce()


def _known(type_: int) -> Clip:
    return Clip(type_) if type_ in set(Clip) else Clip.NONE


def _text(data: bytes) -> str:
    """Windows ends lines in its own way, and some agents end texts with a zero."""
    return data.decode(errors="replace").rstrip("\0").replace("\r\n", "\n")
