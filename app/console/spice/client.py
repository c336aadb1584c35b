"""The SPICE client, made of its parts."""

from __future__ import annotations

from app.console.protocols import Opening
from app.console.spice.audio import AudioPart
from app.console.spice.clipboard import ClipboardPart
from app.console.spice.files import FilesPart
from app.console.spice.folder import FolderPart
from app.console.spice.library import missing, prepare
from app.console.spice.traffic import TrafficPart
from app.console.spice.usb import UsbPart

__all__ = ["SpiceClient", "make", "missing", "prepare"]


class SpiceClient(ClipboardPart, FilesPart, AudioPart, UsbPart, FolderPart, TrafficPart):
    """See ``SpiceBase``.  A part is a subclass of that, named here before it."""


def make(opening: Opening) -> SpiceClient:
    """See ``app.console.protocols``."""
    return SpiceClient(opening)
