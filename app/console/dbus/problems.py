"""What can go wrong with QEMU's D-Bus display, as sentences with the next step."""

from __future__ import annotations

from app.errors import Busy, HostelryError, Invalid, TimedOut, Unsupported
from app.i18n import _


def garbage(detail: str) -> Invalid:
    """It broke the protocol; ``detail`` (English, for the Details fold) says where."""
    return Invalid(
        _("The connection to the screen was closed."),
        why=_("QEMU sent data that makes no sense."),
        next_step=_("Reconnect; if it happens again, give the machine a VNC or SPICE display."),
        raw=detail,
    )


def closed(detail: str = "") -> Busy:
    """QEMU (7.2) serves one viewer, the newest; or the machine stopped, which its page learns from libvirt.

    No error that passes: two viewers that come back by themselves would take the screen from each other for ever.
    """
    return Busy(
        _("The connection to the screen was closed."),
        why=_("Another viewer has opened this machine's screen, or QEMU has ended: a D-Bus display serves one viewer at a time."),
        next_step=_("Reconnect to take it back, or give the machine a VNC or SPICE display beside it, which serve several."),
        raw=detail,
    )


def silent() -> TimedOut:
    """It is open and says nothing, or does not read."""
    return TimedOut(
        _("The machine's screen does not answer."),
        why=_("QEMU accepted the connection and then stayed silent."),
        next_step=_("The machine may be hung or very busy; reconnect to try again."),
    )


def refused(name: str, detail: str) -> Unsupported:
    """A call without which there is no picture was answered by an error."""
    return Unsupported(
        _("Cannot show the screen."),
        why=_("QEMU refused to send the picture."),
        next_step=_("Give the machine a VNC or SPICE display."),
        raw=f"{name}: {detail}",
    )


def needs_gl() -> Unsupported:
    """Pictures come as handles of the graphics card."""
    return Unsupported(
        _("Cannot show the screen: the machine draws by the host's graphics card."),
        next_step=_("Turn 3D acceleration (OpenGL) off in the machine's display, or give it a VNC display beside this one."),
    )


def of(error: Exception) -> HostelryError:
    """What a thread met."""
    if isinstance(error, HostelryError):
        return error
    if isinstance(error, TimeoutError):
        return silent()
    if isinstance(error, OSError):
        return closed(str(error))
    return garbage(str(error))
