"""Why a USB device did not get to the guest, as sentences with the next step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.console.spice.reason import Reason
from app.console.usb import UsbDevice
from app.errors import Busy, Cancelled, Denied, Disconnected, Failed, HostelryError, NotFound, Unsupported
from app.i18n import _

CANCELLED = ("g-io-error-quark", 19)


def unusable(detail: str) -> Unsupported:
    """No USB on this computer, or the library was made without it."""
    return Unsupported(
        _("USB devices of this computer cannot be used."),
        why=_("Its USB system cannot be looked at."),
        next_step=_("Check that this computer has USB and that SPICE's client library was made with USB redirection."),
        raw=detail,
    )


def no_channel(name: str, *, has_some: bool) -> HostelryError:
    """All are taken, or the machine has none."""
    what = _what(name)
    if has_some:
        return Busy(
            what,
            why=_("All USB redirection channels of the machine are in use."),
            next_step=_("Take another device back first, or add a USB redirection device to the machine."),
        )
    return Unsupported(
        what,
        why=_("The machine has no USB redirection channel."),
        next_step=_("Add one to the machine (<redirdev bus='usb' type='spicevmc'/>), which it can use when it is started again."),
    )


def mounted(device: UsbDevice, places: Sequence[str]) -> Busy:
    """It is a disk in use here."""
    return Busy(
        _what(device.name),
        why=_("It is mounted on this computer at {places}.").format(places=", ".join(places)),
        next_step=_("Unmount it here first, so that nothing on it is damaged."),
    )


def unplugged(name: str) -> NotFound:
    """It went away meanwhile."""
    return NotFound(_what(name), why=_("It is no longer plugged in."), next_step=_("Plug it in again."))


def connection_lost(name: str) -> Disconnected:
    """The screen is gone, and the device came back."""
    return Disconnected(
        _what(name),
        why=_("The connection to the screen ended."),
        next_step=_("Connect it again when the screen is back."),
    )


def demand_image(image: Path) -> None:
    """Any thread.  Raises a sentence for a file that cannot be read."""
    try:
        with image.open("rb") as file:
            if file.read(1):
                return
    except OSError as error:
        raise Failed(
            _what(image.name),
            why=_("The file cannot be read: {reason}").format(reason=error.strerror or ""),
            next_step=_("Choose a CD image that you may read."),
            raw=str(error),
        ) from error
    raise Failed(_what(image.name), why=_("The file is empty."), next_step=_("Choose another CD image."))


def explain(error: Reason, name: str) -> HostelryError:
    """Why, by the library's error: a few have a sentence of their own, the others say the library's."""
    text = error.message
    low = text.lower()
    if (error.domain, error.code) == CANCELLED or "cancelled" in low:
        return Cancelled(_what(name), why=_("It was cancelled."), next_step=_("Connect it again if you want it."), raw=text)
    if "no free usb channel" in low or "there are no free" in low:
        return no_channel(name, has_some=True)
    if "not configured for usb" in low:
        return no_channel(name, has_some=False)
    if "acl" in low or "access" in low or "permission" in low or "authoriz" in low:
        return Denied(
            _what(name),
            why=_("You may not take this device from the computer."),
            next_step=_("Confirm the question of the desktop (polkit), or ask the administrator to allow USB redirection."),
            raw=text,
        )
    if "blocked by host policy" in low:
        return Denied(
            _what(name),
            why=_("The machine's settings do not let this device in."),
            next_step=_("Change the machine's USB redirection filter (<redirfilter>)."),
            raw=text,
        )
    return Failed(_what(name), why=text, next_step=_("Unplug the device, plug it in again and try once more."), raw=text)


def _what(name: str) -> str:
    return _("“{name}” was not connected to the guest.").format(name=name)
