"""Passwords in the form in which Linux keeps them."""

from __future__ import annotations

import secrets

from app.errors import Invalid
from app.i18n import _

ROUNDS = 5000
"""crypt's own default, which every C library takes; more is slow on small guests and writes itself into the hash."""

LONGEST = 256

_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""


def hashed(password: str) -> str:
    """SHA-512 crypt ("$6$salt$…") with a random salt; 5 ms.  Raises ``Invalid`` for what cannot be typed at a log-in."""
    from passlib.hash import sha512_crypt  # noqa: PLC0415 - wanted when a password is given

    if not password or len(password) > LONGEST or any(ord(char) < 32 or ord(char) == 127 for char in password):
        raise Invalid(
            _("This password cannot be used."),
            why=_("A password has between 1 and {count} characters and no control characters.").format(count=LONGEST),
            next_step=_("Choose another one."),
        )
    return str(sha512_crypt.using(rounds=ROUNDS).hash(password))


def generated(length: int = 16) -> str:
    """A random one to show once, easy to type: 93 bits."""
    return "".join(secrets.choice(_LETTERS) for _number in range(length))
