"""What can go wrong with a VNC server, as sentences with the next step."""

from __future__ import annotations

from app.errors import AuthFailed, Busy, Denied, Disconnected, Invalid, TimedOut, Unsupported
from app.i18n import _


def garbage(detail: str) -> Invalid:
    """The server broke the protocol; ``detail`` (English, for the Details fold) says where."""
    return Invalid(
        _("The connection to the screen was closed."),
        why=_("The VNC server sent data that makes no sense."),
        next_step=_("Reconnect; if it happens again, check that the address really is this machine's screen."),
        raw=detail,
    )


def not_vnc(first: bytes) -> Invalid:
    """What answered is no VNC server."""
    return Invalid(
        _("Cannot show the screen."),
        why=_("What answers at the screen's address is not a VNC server."),
        next_step=_("Check the machine's graphics settings and whether another program uses its port."),
        raw=repr(first[:64]),
    )


def closed(detail: str = "") -> Disconnected:
    """The server hung up."""
    return Disconnected(
        _("The connection to the screen was closed."),
        why=_("The machine's VNC server closed it."),
        next_step=_("Reconnect to try again."),
        raw=detail,
    )


def broken(error: OSError) -> Disconnected:
    """The system says that the link is down."""
    return Disconnected(
        _("The connection to the screen was lost."),
        next_step=_("Check the network to the host, then reconnect."),
        raw=str(error),
    )


def refused(reason: str) -> Denied | Busy:
    """The server ended the handshake and says why in its own words."""
    if any(word in reason.lower() for word in ("too many", "busy", "in use", "exclusive")):
        return Busy(
            _("The screen's server does not take another viewer."),
            next_step=_("Close the other viewer, wait a moment, then reconnect."),
            raw=reason,
        )
    return Denied(
        _("The screen's server refused the connection."),
        why=reason,
        next_step=_("Check the machine's graphics settings, then reconnect."),
        raw=reason,
    )


def wrong_password(reason: str) -> AuthFailed:
    """The password was not accepted (or has expired: QEMU does not tell the two apart)."""
    return AuthFailed(
        _("The screen's password was not accepted."),
        why=_("It is wrong or has expired."),
        next_step=_("Try again, or set a new one in the machine's graphics settings."),
        raw=reason,
    )


def password_needed() -> AuthFailed:
    """The question was cancelled."""
    return AuthFailed(_("The screen is protected by a password."), next_step=_("Enter the password to see it."))


SECURITY_NAMES = {
    5: "RSA-AES",
    16: "Tight",
    17: "UltraVNC",
    18: "TLS",
    19: "VeNCrypt (TLS)",
    20: "SASL",
    30: "Apple",
    129: "RSA-AES-256",
}


def unsupported_security(kinds: bytes) -> Unsupported:
    """The server wants a kind of log-in that this client does not speak."""
    names = ", ".join(SECURITY_NAMES.get(kind, str(kind)) for kind in kinds)
    return Unsupported(
        _(
            "Cannot show the screen: its server asks for a kind of log-in that this program does not support yet ({names})."
        ).format(names=names),
        next_step=_("Allow a plain or password-protected connection in the host's VNC settings, or use another viewer for it."),
        raw=f"security types {list(kinds)}",
    )


def silent() -> TimedOut:
    """It is open and says nothing."""
    return TimedOut(
        _("The machine's screen does not answer."),
        why=_("The VNC server accepted the connection and then stayed silent."),
        next_step=_("The machine may be hung or very busy; reconnect to try again."),
    )


def stuck() -> TimedOut:
    """It does not read what we send."""
    return TimedOut(
        _("The connection to the screen was closed."),
        why=_("The VNC server does not read what is typed."),
        next_step=_("The machine may be hung; reconnect to try again."),
    )
