"""What some protocols offer beside the picture.  ``Features`` says whether a connection has it; ask ``isinstance`` then.

Methods are called on the event loop's thread and never block; signals are emitted there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.console.client import ConsoleClient
from app.console.trust.guard import Vouched
from app.console.trust.question import TrustQuestion
from app.console.usb import UsbDevice
from app.errors import HostelryError
from app.signal import Signal


@runtime_checkable
class ImageClipboard(Protocol):
    """Pictures over the clipboard, as PNG."""

    cut_image: Signal[[bytes]]
    """BMP or JPEG where the guest has no PNG."""

    def send_image(self, png: bytes) -> None:
        """Offers a picture to the guest."""


@runtime_checkable
class FileTransfer(Protocol):
    """Files into the guest, where its agent puts them."""

    async def send_file(self, path: Path, progress: Callable[[int, int], None]) -> None:
        """``progress(done, total)`` in bytes.  Cancelling the task stops the transfer; raises HostelryError."""


@runtime_checkable
class Audio(Protocol):
    """The guest's sound, and ours for its microphone."""

    sound_failed: Signal[[HostelryError]]
    """It cannot be played or recorded here; the error says what to install."""

    def set_audio(self, heard: bool) -> None:
        """False: silent."""

    def set_microphone(self, open_: bool) -> None:
        """True: the guest may record.  False at first."""


@runtime_checkable
class ClipboardSwitch(Protocol):
    """A protocol that asks the guest for what it copied."""

    def take_clipboard(self, taken: bool) -> None:
        """False: it is not even asked for, and what was offered is taken back.  True at first."""


@runtime_checkable
class UsbRedirection(Protocol):
    """USB devices of this computer for the guest (``Features.usb``)."""

    usb_changed: Signal[[]]
    """Something was plugged in, unplugged, connected or given back."""
    usb_failed: Signal[[HostelryError]]
    """The guest or the library gave a device up."""

    @property
    def usb_free(self) -> int:
        """How many further devices the machine takes."""

    def usb_devices(self) -> list[UsbDevice]:
        """Those that are plugged in here; raises HostelryError where USB cannot be used."""

    async def connect_usb(self, device: UsbDevice) -> None:
        """Takes it from this computer for the guest; the desktop may ask for a password.  Raises HostelryError."""

    async def disconnect_usb(self, device: UsbDevice) -> None:
        """Gives it back to this computer."""

    async def insert_usb_cd(self, image: Path) -> UsbDevice:
        """A CD drive with this image in it; the image stays here.  Raises HostelryError."""


@runtime_checkable
class SharedFolder(Protocol):
    """A folder of this computer in the guest (``Features.folder``)."""

    def share_folder(self, folder: Path | None, *, read_only: bool = True) -> None:
        """From now on the guest sees this folder; None: no longer."""


@runtime_checkable
class Monitors(Protocol):
    """Several screens of one machine over one connection."""

    def monitor(self, number: int) -> ConsoleClient:
        """The client of a screen, 0 being this one's; it lives as long as this connection."""


@runtime_checkable
class LimitedPassword(Protocol):
    """A protocol that cuts passwords: ``password_limit`` bytes are sent (0: all), known when it asks."""

    password_limit: int


@runtime_checkable
class Guarded(Protocol):
    """A connection that may be encrypted.  ``vouched`` is known when there is a picture."""

    vouched: Vouched
    trust_asked: Signal[[TrustQuestion]]
    """Nothing more is said to the server until ``trust`` answers."""

    def trust(self, yes: bool) -> None:
        """The user's answer; no ends the connection."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Totals since the connection began.  encoding: of the newest update, by the protocol's own name; empty if not known."""

    received_bytes: int = 0
    updates: int = 0
    decode_s: float = 0.0
    encoding: str = ""


@runtime_checkable
class Measured(Protocol):
    """What a connection costs, for those who want to see it."""

    def traffic(self) -> Traffic:
        """At any time."""
