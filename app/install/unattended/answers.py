"""What the user answers beforehand, and what of it an installer would not take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.i18n import _
from app.install.seed.finding import Finding
from app.install.unattended.offer import Offer

_UNIX_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_WINDOWS_USER = re.compile(r"[^\"/\\\[\]:;|=,+*?<>@%&^!'\s]{1,20}")
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_PLACE = re.compile(r"[A-Za-z0-9_+./@-]{1,64}")
_CMD_UNSAFE = frozenset("\"%^&|<>!'` ")
"""Characters that mean something to Windows' command line, where old scripts put the password."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Empty: not answered.  language: "de_DE"; keyboard: "de"; timezone: "Europe/Berlin"; target: the disk in the guest's words.

    Secrets are kept out of ``repr``, and so out of logs.
    """

    user: str = ""
    real_name: str = ""
    password: str = field(default="", repr=False)
    admin_password: str = field(default="", repr=False)
    product_key: str = field(default="", repr=False)
    hostname: str = ""
    language: str = "en_US"
    keyboard: str = "us"
    timezone: str = ""
    arch: str = "x86_64"
    target: str = ""


_FIELDS = {
    "user-login": "user",
    "user-realname": "real_name",
    "user-password": "password",
    "admin-password": "admin_password",
    "reg-product-key": "product_key",
    "hostname": "hostname",
    "l10n-language": "language",
    "l10n-keyboard": "keyboard",
    "l10n-timezone": "timezone",
    "hardware-arch": "arch",
    "target-disk": "target",
}
"""libosinfo's parameters that are asked for."""


def asked(offer: Offer) -> tuple[str, ...]:
    """The fields of the form that this profile wants, in the form's order."""
    return tuple(name for parameter, name in _FIELDS.items() if parameter in offer.wanted)


def given(answers: Answers, offer: Offer) -> dict[str, str]:
    """libosinfo's parameters with their values; what the profile does not want is left out."""
    fields = {name: field_ for name, field_ in _FIELDS.items() if name in offer.wanted}
    return {name: str(getattr(answers, field_)) for name, field_ in fields.items() if getattr(answers, field_)}


def findings(answers: Answers, offer: Offer) -> list[Finding]:
    """What is missing or wrong, by the form's fields."""
    found = [*_missing(answers, offer), *_names(answers, offer), *_places(answers)]
    for name in ("password", "admin_password"):
        found += _password(name, str(getattr(answers, name)), offer)
    return found + list(_key(answers.product_key, offer))


def _missing(answers: Answers, offer: Offer) -> Iterator[Finding]:
    texts = {
        "user": _("Give the user a name."),
        "real_name": _("Give the user's full name."),
        "password": _("Give the user a password."),
        "admin_password": _("Give the administrator a password."),
        "hostname": _("Give the machine a name in the network."),
    }
    for parameter in sorted(offer.required):
        name = _FIELDS.get(parameter, "")
        if name in texts and not getattr(answers, name):
            yield Finding(name, texts[name])
    if "reg-product-key" in offer.required and not answers.product_key:
        text = _("Without a product key the installer may stop and ask for one.")
        yield Finding("product_key", text, blocks=False)


def _names(answers: Answers, offer: Offer) -> Iterator[Finding]:
    user = _WINDOWS_USER if offer.windows else _UNIX_USER
    if answers.user and not user.fullmatch(answers.user):
        text = _("“{name}” cannot be a user's name there. Use small letters and digits.")
        yield Finding("user", text.format(name=answers.user))
    if any(not char.isprintable() or char in "\"'<>:,&%^|\\" for char in answers.real_name):
        yield Finding("real_name", _("A user's full name has letters, digits and blanks here."))
    longest = 15 if offer.windows else 63
    if answers.hostname and (not _HOST.fullmatch(answers.hostname) or len(answers.hostname) > longest):
        text = _("A name in the network has letters, digits and hyphens, at most {count}.")
        yield Finding("hostname", text.format(count=longest))


def _places(answers: Answers) -> Iterator[Finding]:
    for name in ("language", "keyboard", "timezone", "target"):
        value = str(getattr(answers, name))
        if value and not _PLACE.fullmatch(value):
            yield Finding(name, _("“{text}” is not in the form that is needed here.").format(text=value))


def _password(name: str, password: str, offer: Offer) -> Iterator[Finding]:
    if any(not char.isprintable() for char in password):
        yield Finding(name, _("A password has no control characters."))
    elif offer.windows and (_CMD_UNSAFE & set(password) or not password.isascii()):
        text = _("This installer takes letters, digits and simple signs in passwords, no blanks, no quotes and none of %&|<>^!.")
        yield Finding(name, text)


def _key(key: str, offer: Offer) -> Iterator[Finding]:
    if not key or not offer.key_format:
        return
    form = "".join("[A-Za-z0-9]" if char == "$" else re.escape(char) for char in offer.key_format)
    if not re.fullmatch(form, key):
        yield Finding("product_key", _("A product key looks like {form}.").format(form=offer.key_format.replace("$", "X")))
