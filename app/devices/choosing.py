"""The values that a field can be given on this host, each impossible one with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.description import Field
from app.devices.offers import Offers
from app.devices.values import read
from app.i18n import _
from app.xmldoc.document import Document, Element


@dataclass(frozen=True, slots=True)
class Option:
    """words: translated.  why_not: shown disabled with it; "" if it can be chosen.  help: its tooltip."""

    value: str
    words: str
    why_not: str = ""
    help: str = ""


def options(field: Field, document: Document, at: Element, offers: Offers) -> list[Option]:
    """In the order of the description, then what the host has besides, then what the machine has though nobody lists it.

    The machine's own value is always selectable.
    """
    now = read(document, field, at)
    listed = offers.enums.get(field.offered)
    found = {
        choice.value: Option(choice.value, _(choice.words) or choice.value, _unlisted(choice.value, listed), _(choice.help))
        for choice in field.choices
    }
    for value in listed or ():
        found.setdefault(value, Option(value, value))
    for named in offers.names.get(field.names, ()):
        found.setdefault(named.value, Option(named.value, named.words or named.value, named.why_not))
    if now is not None:
        known = found.get(now)
        found[now] = Option(now, known.words if known else now, "", known.help if known else "")
    return list(found.values())


def _unlisted(value: str, listed: tuple[str, ...] | None) -> str:
    return _("This host does not offer it.") if listed is not None and value not in listed else ""
