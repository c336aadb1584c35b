"""The values that a field can be given on this host, each impossible one with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.description import Choice, Field
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
        choice.value: Option(choice.value, _(choice.words) or choice.value, _impossible(choice, listed, offers), _(choice.help))
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


def _impossible(choice: Choice, listed: tuple[str, ...] | None, offers: Offers) -> str:
    if listed is not None:
        return "" if choice.value in listed else _("This host does not offer it.")
    return too_new(choice.since, offers)


def too_new(since: tuple[int, int, int], offers: Offers) -> str:
    """A sentence if the host's libvirt is older than ``since``; "" if not, or if it did not tell its version."""
    if not any(offers.libvirt) or offers.libvirt >= since:
        return ""
    return _("It needs libvirt {version} on the host.").format(version=".".join(map(str, since[:2] if not since[2] else since)))
