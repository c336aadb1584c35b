"""What can go wrong with a VNC server, as sentences with the next step."""

from __future__ import annotations

from collections.abc import Sequence

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


def wrong_password(reason: str, *, cut: bool = False) -> AuthFailed:
    """The password was not accepted (or has expired: QEMU does not tell the two apart).  cut: it was longer than VNC allows."""
    why = _("It is wrong or has expired.")
    if cut:
        why = _("It is wrong or has expired. Only its first 8 characters were sent: VNC knows no longer passwords.")
    return AuthFailed(
        _("The screen's password was not accepted."),
        why=why,
        next_step=_("Try again, or set a new one in the machine's graphics settings."),
        raw=reason,
    )


def password_needed() -> AuthFailed:
    """The question was cancelled."""
    return AuthFailed(_("The screen is protected by a password."), next_step=_("Enter the password to see it."))


SECURITY_NAMES = {
    5: "RealVNC RSA-AES",
    6: "RealVNC RSA-AES",
    13: "RealVNC RSA-AES",
    16: "Tight",
    17: "UltraVNC",
    18: "TLS",
    19: "VeNCrypt",
    20: "SASL",
    30: "Apple Diffie-Hellman",
    33: "Apple",
    35: "Apple",
    36: "Apple",
    113: "UltraVNC MS-Logon II",
    129: "RealVNC RSA-AES-256",
    130: "RealVNC RSA-AES-256",
    133: "RealVNC RSA-AES-256",
}
"""By number (rfbproto.rst, "Security types"); those that a viewer may meet."""


def unsupported_security(kinds: bytes) -> Unsupported:
    """The server wants a kind of log-in that this client does not speak."""
    names = ", ".join(dict.fromkeys(SECURITY_NAMES.get(kind, str(kind)) for kind in kinds))
    return Unsupported(
        _("Cannot show the screen: its server asks for a kind of log-in that this program does not support ({names}).").format(
            names=names
        ),
        next_step=_("Allow a password, VeNCrypt or SASL in the server's settings, or use another viewer for it."),
        raw=f"security types {list(kinds)}",
    )


def unsupported_vencrypt(kinds: str) -> Unsupported:
    """No way of encryption that we speak."""
    return Unsupported(
        _("Cannot show the screen: its server offers no kind of encryption that this program supports ({names}).").format(
            names=kinds
        ),
        next_step=_("Allow TLS with or without certificates in the server's settings, or use another viewer for it."),
        raw=kinds,
    )


def tls_failed(detail: str) -> Denied:
    """The encryption did not come about."""
    return Denied(
        _("Cannot show the screen: the encrypted connection to its server failed."),
        why=_("The two could not agree on an encryption, or the server does not accept the certificate of this computer."),
        next_step=_("Check the TLS settings of the host (vnc_tls in libvirt's qemu.conf), then reconnect."),
        raw=detail,
    )


def certificate_wanted(detail: str, *, shown: str = "") -> Denied:
    """It hung up once the encryption stood.  shown: the file of our certificate, if there is one."""
    why = _("It probably asks for a certificate of this computer, and there is none.")
    step = _(
        "Put the certificate that the host's administrator gives you into ~/.pki/libvirt-vnc/clientcert.pem,"
        " and its key into ~/.pki/libvirt-vnc/private/clientkey.pem; then reconnect."
    )
    if shown:
        why = _("It probably does not accept the certificate of this computer, {path}.").format(path=shown)
        step = _("Ask the host's administrator for one that it accepts. If the machine has just been stopped, reconnect later.")
    return Denied(_("The screen's server ended the encrypted connection."), why=why, next_step=step, raw=detail)


def sasl_failed(offered: Sequence[str], detail: str) -> AuthFailed | Unsupported:
    """Either no mechanism fits, or the exchange failed."""
    names = ", ".join(offered[:20])
    if not offered or "no worthy mech" in detail.lower() or "no mechanism available" in detail.lower():
        return Unsupported(
            _("Cannot log in to the screen: there is no common way to do it (the server offers {names}).").format(
                names=names or _("none")
            ),
            next_step=_("Install the module of libsasl2 for one of them, or allow DIGEST-MD5 or SCRAM on the host."),
            raw=detail,
        )
    if "not installed" in detail:
        return Unsupported(
            _("Cannot log in to the screen: it asks for a log-in by SASL, and its library is not installed."),
            next_step=_("Install libsasl2 and its modules, then reconnect."),
            raw=detail,
        )
    return AuthFailed(
        _("The log-in to the screen failed."),
        why=detail,
        next_step=_("Check name and password. For Kerberos, get a ticket with kinit."),
        raw=f"{names}: {detail}",
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
