"""What the search box shows of what ``app.devices.searching`` finds."""

from __future__ import annotations

from app.devices import catalogue
from app.devices.searching import Hit, search
from app.editing.places import place_of
from app.i18n import _
from ui.details.entries import Entry
from ui.details.finding import Found, entry_found
from ui.details.subject import Edited
from ui.details.wording import tip_of

ADD = "add:"
"""The key of a device that the machine lacks begins so; then its kind's id."""

_NAMES = {description.id: description for description in catalogue.ALL}


def found(text: str, session: Edited, entries: list[Entry]) -> list[Found]:
    """The best first; a page by its name before the settings on it."""
    words = text.casefold().split()
    pages = [entry_found(entry) for entry in entries if words and all(word in entry.title.casefold() for word in words)]
    known = {(entry.description.id, entry.place): entry for entry in entries}
    lines = [_line(hit, known) for hit in search(text, session.document, session.offers)]
    return pages + [line for line in lines if line is not None]


def _line(hit: Hit, known: dict[tuple[str, str], Entry]) -> Found | None:
    if hit.element is None:
        kind = _NAMES[hit.description]
        words = _("{setting} – can be added").format(setting=hit.title)
        return Found(f"{ADD}{hit.description}", "", words, _(kind.help), kind.icon)
    entry = known.get((hit.description, place_of(hit.element)))
    if entry is None or hit.item is None:
        return None
    return Found(entry.key, hit.item.path, hit.title, tip_of(hit.item), entry.icon)
