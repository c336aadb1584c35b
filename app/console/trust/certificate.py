"""What a certificate says, in people's words; parsed from DER that any server may have made up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.errors import Invalid
from app.i18n import _

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as Parsed
    from cryptography.x509 import Name

MAX_DER = 64 * 1024
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Certificate:
    """sha256: of the whole certificate, as "AA:BB:…".  valid_from, valid_to: aware, UTC.

    names: host names and addresses that it is made for.  public_key: DER SubjectPublicKeyInfo.
    """

    subject: str
    issuer: str
    sha256: str
    valid_from: datetime
    valid_to: datetime
    names: tuple[str, ...] = ()
    public_key: bytes = b""


def fingerprint(der: bytes) -> str:
    """SHA-256 as people compare it: "AA:BB:…"."""
    return hashlib.sha256(der).digest().hex(":").upper()


def parse(der: bytes) -> Certificate:
    """Raises Invalid for what is no certificate."""
    from cryptography import x509  # noqa: PLC0415 - 30 ms, wanted for encrypted screens only
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    try:
        if len(der) > MAX_DER:
            raise ValueError(f"{len(der)} bytes")
        parsed = x509.load_der_x509_certificate(der)
        valid_from, valid_to = _validity(parsed)
        key = parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return Certificate(
            _name(parsed.subject), _name(parsed.issuer), fingerprint(der), valid_from, valid_to, _names(parsed), key
        )
    except Exception as error:  # whatever the parser raises at bytes of a stranger
        raise Invalid(
            _("The certificate of the screen's server cannot be read."),
            next_step=_("Ask the host's administrator to make a new one."),
            raw=repr(error),
        ) from error


def _validity(parsed: Parsed) -> tuple[datetime, datetime]:
    return parsed.not_valid_before_utc, parsed.not_valid_after_utc


def _name(name: Name) -> str:
    return name.rfc4514_string()[:MAX_TEXT]


def _names(parsed: Parsed) -> tuple[str, ...]:
    """The host names and addresses that it is made for."""
    from cryptography.x509 import DNSName, IPAddress, SubjectAlternativeName  # noqa: PLC0415
    from cryptography.x509.extensions import ExtensionNotFound  # noqa: PLC0415

    try:
        names = parsed.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return ()
    return tuple(str(name.value)[:MAX_TEXT] for name in names if isinstance(name, DNSName | IPAddress))[:20]
