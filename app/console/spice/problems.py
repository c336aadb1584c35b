"""What can go wrong with a SPICE server, as sentences with the next step."""

from __future__ import annotations

from app.errors import AuthFailed, Busy, Denied, Disconnected, Failed, HostelryError, Invalid, TimedOut
from app.i18n import _


class TakenOver(Busy):
    """SPICE has one viewer at a time, and another one came."""


class LibraryEnded(Failed):
    """The process of SPICE's library is gone; connecting again by itself might end the next one, for ever."""


def closed(detail: str = "") -> Disconnected:
    """The server hung up."""
    return Disconnected(
        _("The connection to the screen was closed."),
        why=_("The machine's SPICE server closed it."),
        next_step=_("Reconnect to try again."),
        raw=detail,
    )


def taken_over() -> TakenOver:
    """The server closed this connection and takes new ones."""
    return TakenOver(
        _("Another viewer has taken over this machine's screen."),
        why=_("A SPICE screen has one viewer at a time."),
        next_step=_("Reconnect to take it back; the other viewer is then disconnected."),
    )


def broken(detail: str) -> Disconnected:
    """The link is down."""
    return Disconnected(
        _("The connection to the screen was lost."),
        next_step=_("Check the network to the host, then reconnect."),
        raw=detail,
    )


def not_spice(detail: str) -> Invalid:
    """The log-in broke off in a way that is none of SPICE's."""
    return Invalid(
        _("Cannot show the screen."),
        why=_("What answers at the screen's address does not speak SPICE as this program does."),
        next_step=_("Check the machine's graphics settings and whether another program uses its port."),
        raw=detail,
    )


def wrong_password(detail: str) -> AuthFailed:
    """The password was not accepted (or has expired: QEMU does not tell the two apart)."""
    return AuthFailed(
        _("The screen's password was not accepted."),
        why=_("It is wrong or has expired."),
        next_step=_("Try again, or set a new one in the machine's graphics settings."),
        raw=detail,
    )


def password_needed() -> AuthFailed:
    """The question was cancelled."""
    return AuthFailed(_("The screen is protected by a password."), next_step=_("Enter the password to see it."))


def needs_encryption() -> Denied:
    """The server takes encrypted connections only, and this way is not."""
    return Denied(
        _("Cannot show the screen: its SPICE server takes encrypted connections only."),
        why=_("This way to it is not encrypted, and it has no encrypted port that can be reached from here."),
        next_step=_("Give it a TLS port in the machine's graphics settings, or allow connections that are not encrypted."),
    )


def not_encrypted(detail: str) -> Invalid:
    """TLS could not be begun."""
    return Invalid(
        _("Cannot show the screen: the encrypted connection to it could not be made."),
        why=_("What answers at the screen's encrypted port did not complete the TLS handshake."),
        next_step=_("Check the TLS port in the machine's graphics settings and the certificate of the host's SPICE server."),
        raw=detail,
    )


def silent() -> TimedOut:
    """It is open and says nothing."""
    return TimedOut(
        _("The machine's screen does not answer."),
        why=_("The SPICE server accepted the connection and then stayed silent."),
        next_step=_("The machine may be hung or very busy; reconnect to try again."),
    )


def library_ended(how: str) -> LibraryEnded:
    """how: see ``process.LibraryProcess``."""
    return LibraryEnded(
        _("The connection to the screen broke off."),
        why=_("SPICE's library, which runs in a process of its own, has failed; everything else goes on."),
        next_step=_("Reconnect. If it happens again, the machine's SPICE server may be broken or hostile."),
        raw=how,
    )


def too_large(width: int, height: int) -> Invalid:
    """A screen that nobody has."""
    return Invalid(
        _("The connection to the screen was closed."),
        why=_("The SPICE server announced a screen of {width}×{height} pixels.").format(width=width, height=height),
        next_step=_("Check the machine's graphics settings, then reconnect."),
    )


def channel_failed(error: HostelryError) -> HostelryError:
    """A further connection to the same screen could not be made."""
    return error.about(_("The connection to the screen is not complete."))
