"""What the user is asked before a server that nobody vouches for is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from app.console.trust.certificate import Certificate
from app.errors import Denied
from app.i18n import _


class Peer(NamedTuple):
    """The server: its host as the user knows it (which certificates must name), and its port (0: a socket file)."""

    host: str
    port: int = 0

    @property
    def where(self) -> str:
        """For people, and the name of its pin."""
        return f"{self.host}:{self.port}" if self.port else self.host


class Doubt(Enum):
    """Why it is asked."""

    UNKNOWN = "no authority that is known here vouches for it"
    OTHER_NAME = "made for another host"
    OUT_OF_DATE = "not valid yet, or no more"
    ANONYMOUS = "encrypted, but the server shows no certificate"
    CHANGED = "another certificate than the one that the user trusted"
    DOWNGRADED = "it had a certificate before and shows none now"

    @property
    def loud(self) -> bool:
        """What an attack would look like: warned of, never waved through."""
        return self in (Doubt.CHANGED, Doubt.DOWNGRADED)


@dataclass(frozen=True, slots=True)
class TrustQuestion:
    """certificate: None if it shows none.  before: the fingerprint that was trusted, if any.  raw: OpenSSL's words."""

    peer: Peer
    doubt: Doubt
    certificate: Certificate | None = None
    before: str = ""
    raw: str = ""

    @property
    def text(self) -> str:
        """The first sentence."""
        return _TEXTS[self.doubt]().format(where=self.peer.where, host=self.peer.host)

    @property
    def detail(self) -> str:
        """What to compare, a line each; then, after an empty line, what follows from a yes."""
        return "\n\n".join(part for part in ("\n".join(_described(self)), _advice(self)) if part)


AskTrust = Callable[[TrustQuestion], bool]
"""Blocks the console's thread until the user has answered; False also when the console was closed meanwhile."""

_TEXTS: dict[Doubt, Callable[[], str]] = {
    Doubt.UNKNOWN: lambda: _("Is this the right server? Nobody known here vouches for the certificate of {where}."),
    Doubt.OTHER_NAME: lambda: _("Is this the right server? Its certificate was made for another name than {host}."),
    Doubt.OUT_OF_DATE: lambda: _("Is this the right server? The certificate of {where} is not valid today."),
    Doubt.ANONYMOUS: lambda: _("The screen at {where} is encrypted, but its server does not prove who it is."),
    Doubt.CHANGED: lambda: _("Warning: the server at {where} shows another certificate than the one that you trusted."),
    Doubt.DOWNGRADED: lambda: _("Warning: the server at {where} had a certificate before, and now it shows none."),
}


def _described(question: TrustQuestion) -> list[str]:
    certificate, lines = question.certificate, []
    if certificate is not None:
        lines = [
            _("Made for: {name}").format(name=", ".join((certificate.subject, *certificate.names))),
            _("Issued by: {name}").format(name=certificate.issuer),
            _("Valid: {first} to {last}").format(
                first=certificate.valid_from.date().isoformat(), last=certificate.valid_to.date().isoformat()
            ),
            _("SHA-256: {fingerprint}").format(fingerprint=readable(certificate.sha256)),
        ]
    if question.before:
        lines.append(_("Trusted before: {fingerprint}").format(fingerprint=readable(question.before)))
    return lines


def readable(fingerprint: str) -> str:
    """On two lines, as no window is as wide as it."""
    return fingerprint if len(fingerprint) < 60 else f"{fingerprint[:48]}\n{fingerprint[48:]}"


def _advice(question: TrustQuestion) -> str:
    if question.doubt.loud:
        return _("Somebody may be listening in. Go on only if the host's administrator confirms the change.")
    if question.certificate is None:
        return _("Nobody can read along, but somebody in between could pretend to be the host. You are asked once.")
    return _("Compare the fingerprint with the one on the host. If you trust it, it is remembered for this server.")


def not_trusted(peer: Peer) -> Denied:
    """The answer was no."""
    return Denied(
        _("The screen is not shown, as its server is not trusted."),
        why=_("You did not confirm that {where} is the right server.").format(where=peer.where),
        next_step=_("Reconnect to look at its certificate again."),
    )
