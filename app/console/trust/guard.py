"""The decision about one server: believed by an authority, by an earlier answer, or by asking."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from enum import Enum
from functools import cached_property

from app.console.trust.authorities import open_context, strict_context
from app.console.trust.certificate import Certificate, parse
from app.console.trust.pins import ANONYMOUS, VERIFIED, Pins
from app.console.trust.question import AskTrust, Doubt, Peer, TrustQuestion, not_trusted

MARKS = (ANONYMOUS, VERIFIED)
"""Pins that are no fingerprints."""


class Vouched(Enum):
    """Why the server is believed."""

    LINK = "nobody can read along on the link itself: this machine, or SSH"
    NOBODY = "not encrypted, or not looked at yet"
    AUTHORITY = "an authority vouches for it"
    USER = "the user trusted this certificate"
    ANONYMOUS = "encrypted only: the user agreed that nobody vouches for it"


class Guard:
    """One server, for as long as a console connects to it.  Console thread.

    Python's ``ssl`` does not show a certificate that it refuses.  So the first handshake is strict, and if it fails
    (``doubt``) a second connection takes any certificate, which ``check`` looks at before anything else is said.  A
    server with a pin is never judged by authorities: it must show that very certificate.
    """

    def __init__(self, peer: Peer, pins: Pins, ask: AskTrust, kind: str) -> None:
        self.peer = peer
        self.vouched = Vouched.NOBODY
        self.certificate: Certificate | None = None
        self.asked = False
        self._pins, self._ask, self._kind = pins, ask, kind
        self._problem: ssl.SSLCertVerificationError | None = None

    @cached_property
    def _pin(self) -> str:
        """Read on the console's thread."""
        return self._pins.get(self.peer)

    @property
    def strict(self) -> bool:
        """True while the handshake itself refuses strangers."""
        return self._pin in ("", *MARKS) and self._problem is None

    def context(self) -> ssl.SSLContext:
        """For the next handshake; ``server_hostname`` is ``peer.host``."""
        return strict_context(self._kind) if self.strict else open_context(self._kind)

    def doubt(self, problem: ssl.SSLCertVerificationError) -> None:
        """The strict handshake failed for this reason: connect again."""
        self._problem = problem

    def check(self, der: bytes | None) -> None:
        """After a handshake with ``context``.  Raises Denied if the user does not trust it."""
        if self.strict:
            self.vouched = Vouched.AUTHORITY
            if self._pin != VERIFIED:
                self._pins.put(self.peer, VERIFIED)
            return
        certificate = self.certificate = parse(der or b"")
        if self._pin == certificate.sha256 or (self._problem and self._pins.knows(self.peer, certificate.sha256)):
            self.vouched = Vouched.USER
            return
        before = "" if self._pin in MARKS else self._pin
        self._demand(TrustQuestion(self.peer, self._doubt(), certificate, before, str(self._problem or "")))
        self._pins.put(self.peer, certificate.sha256, certificate.subject)
        self._pin = certificate.sha256
        self.vouched = Vouched.USER

    def check_anonymous(self) -> None:
        """For encryption without a certificate.  Raises Denied."""
        if self._pin != ANONYMOUS:
            doubt = Doubt.DOWNGRADED if self._pin else Doubt.ANONYMOUS
            self._demand(TrustQuestion(self.peer, doubt, before="" if self._pin in MARKS else self._pin))
            self._pins.put(self.peer, ANONYMOUS)
            self._pin = ANONYMOUS
        self.vouched = Vouched.ANONYMOUS

    def check_plain(self, *, private: bool = False) -> None:
        """For no encryption at all, which is nothing new unless this server had a certificate.  Raises Denied.

        private: nobody can read along on the link itself.
        """
        if private:
            self.vouched = Vouched.LINK
        elif self._pin not in ("", ANONYMOUS):
            self._demand(TrustQuestion(self.peer, Doubt.DOWNGRADED, before="" if self._pin in MARKS else self._pin))
            self._pins.drop(self.peer)

    def _doubt(self) -> Doubt:
        """A server that an authority vouched for, or with a pin, has no reason to be a stranger suddenly."""
        doubt = _doubt_of(self._problem) if self._problem is not None else Doubt.CHANGED
        return Doubt.CHANGED if doubt is Doubt.UNKNOWN and self._pin == VERIFIED else doubt

    def _demand(self, question: TrustQuestion) -> None:
        self.asked = True
        if not self._ask(question):
            raise not_trusted(self.peer)


def _doubt_of(problem: ssl.SSLCertVerificationError) -> Doubt:
    """By OpenSSL's numbers (x509_vfy.h): 9 not yet valid, 10 expired, 62 and 64 other name or address."""
    return {9: Doubt.OUT_OF_DATE, 10: Doubt.OUT_OF_DATE, 62: Doubt.OTHER_NAME, 64: Doubt.OTHER_NAME}.get(
        problem.verify_code, Doubt.UNKNOWN
    )


def examine(connect: Callable[[], socket.socket], guard: Guard) -> None:
    """For protocols whose library does the real handshake: looks at the server's certificate on connections of its own.

    connect: a new connected socket each time.  Afterwards ``guard.vouched`` says by whom it is believed, and if it is
    by the user, ``guard.certificate`` what the library must insist on.  Console thread, as it blocks and asks.  Raises
    Denied, OSError, and ssl.SSLError for what is no TLS.
    """
    while True:
        with connect() as plain:
            try:
                with guard.context().wrap_socket(plain, server_hostname=guard.peer.host) as secured:
                    guard.check(secured.getpeercert(binary_form=True))
                return
            except ssl.SSLCertVerificationError as problem:
                if not guard.strict:
                    raise
                guard.doubt(problem)
