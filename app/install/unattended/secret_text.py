"""Passwords and keys in scripts: shown as dots, hashed where the script's kind allows it.

libosinfo is given marks in their place: nothing secret enters its templates, which do not escape it (a quote in a password
would end the shell's string in a kickstart), and the shown text and the written one come from the same source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from app.install.seed import passwords

DOTS = "••••••••"

_MARK = "Hostelry0{name}0Mark"


@dataclass(frozen=True, slots=True)
class Secret:
    """name: the parameter ("user-password").  hashable: a password of an account."""

    name: str
    value: str = field(repr=False)

    @property
    def mark(self) -> str:
        """What stands for it: letters and digits, so that nothing has to escape it."""
        return _MARK.format(name="".join(part.title() for part in self.name.split("-")))

    @property
    def hashable(self) -> bool:
        return self.name.endswith("password")


def shown(text: str, secrets: tuple[Secret, ...]) -> str:
    """The text for the user's eyes."""
    for secret in secrets:
        text = text.replace(secret.mark, DOTS)
    return text


def hashed(text: str, secrets: tuple[Secret, ...]) -> str:
    """The text in which passwords stand in their hashed form wherever the kind of script has one; other marks stay."""
    for secret in secrets:
        if secret.hashable and secret.mark in text:
            text = _hashed(text, secret)
    return text


def filled(text: str, secrets: tuple[Secret, ...]) -> str:
    """The text to be written: what could not be hashed is put in as it is, escaped where it is XML."""
    xml = text.lstrip("\ufeff").startswith("<?xml")
    for secret in secrets:
        text = text.replace(secret.mark, escape(secret.value) if xml else secret.value)
    return text


def _hashed(text: str, secret: Secret) -> str:
    mark, hash_ = re.escape(secret.mark), passwords.hashed(secret.value)
    for pattern, form in _RULES:
        text = re.sub(pattern.replace("MARK", mark), form.replace("HASH", hash_), text)  # a hash has no backslash
    return text


_RULES: tuple[tuple[str, str], ...] = (
    # preseed (debian-installer manual, appendix B.4.5)
    (r"(?m)^(d-i\s+passwd/\S+-password)\s+password\s+MARK[ \t]*$", r"\1-crypted password HASH"),
    (r"(?m)^d-i\s+passwd/\S+-password-again\s+password\s+MARK[ \t]*\n?", ""),
    # kickstart (rootpw; and the database's own ways in %post)
    (r"(?m)^rootpw\s+(['\"]?)MARK\1[ \t]*$", r"rootpw --iscrypted \1HASH\1"),
    (r"(?m)^(user\b[^\n]*?)--password[ =](['\"]?)MARK\2", r"\1--iscrypted --password=\2HASH\2"),
    (r"echo '?MARK'? *\| *passwd --stdin (\S+)", r"echo '\1:HASH' | chpasswd -e"),
    (r"(test -[nz] '?)MARK", r"\1set"),
    # AutoYaST (users section)
    (
        r"<encrypted([^>]*)>false</encrypted>((?:(?!<encrypted|</user>)[\s\S])*?<user_password>)\s*MARK\s*(?=</user_password>)",
        r"<encrypted\1>true</encrypted>\2HASH",
    ),
    (
        r"<user_password>\s*MARK\s*</user_password>((?:(?!<user_password|</user>)[\s\S])*?)<encrypted([^>]*)>false</encrypted>",
        r"<user_password>HASH</user_password>\1<encrypted\2>true</encrypted>",
    ),
)
"""(pattern, what it becomes); ``MARK`` and ``HASH`` are put in."""
