"""Which declared setting a place of a document is: the way back from XML to the descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.devices import catalogue
from app.devices.description import Description, Field, Table, items
from app.xmldoc import paths
from app.xmldoc.document import Document, Element


@dataclass(frozen=True, slots=True)
class Setting:
    """field: None for a row of a table as a whole.  at: the element to which the field's path is relative."""

    description: Description
    at: Element
    field: Field | None = None
    table: Table | None = None

    @property
    def live(self) -> str:
        """How it reaches a running machine (``Field.live``)."""
        own = self.field.live if self.field is not None else ""
        return own or (self.table.live if self.table is not None else "")


class Declared:
    """The settings of a document, by element and attribute.  Good until the document changes.

    A description says many settings, of which few are at a tag and attribute: only those are looked for.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._of: dict[tuple[Element, str], Setting | None] = {}

    def of(self, element: Element, attribute: str) -> Setting | None:
        """The setting of an attribute ("" for the text, "*" for the element); None if no form has it."""
        if attribute == "*":
            return self._one(element, "*") or self._one(element, "")
        return self._one(element, attribute) or (self._one(element, "*") if attribute != "" else None)

    def _one(self, element: Element, attribute: str) -> Setting | None:
        key = (element, attribute)
        if key not in self._of:
            owner = self._owner(element)
            kind = (None if element is owner else str(element.tag), attribute)
            places = (place for one in self._descriptions(owner) for place in _places(one).get(kind, ()))
            self._of[key] = next((found for one in places if (found := self._at(one, owner, element)) is not None), None)
        return self._of[key]

    def _owner(self, element: Element) -> Element:
        """The device it is in, else the machine."""
        one: Element | None = element
        while one is not None and (parent := one.getparent()) is not None:
            if parent.tag == "devices" and parent.getparent() is self._document.root and one.tag != "emulator":
                return one
            one = parent
        return self._document.root

    def _descriptions(self, owner: Element) -> tuple[Description, ...]:
        if owner is self._document.root:
            return catalogue.GROUPS
        kind = catalogue.type_of(owner)
        return (kind,) if kind is not None else ()

    def _at(self, place: _Place, owner: Element, element: Element) -> Setting | None:
        """The setting, if its place is ``element``."""
        document, table = self._document, place.table
        for at in document.find_all(table.path, owner) if table is not None else (owner,):
            if (document.find(place.path, at) if place.path else at) is element:
                return Setting(place.description, at, place.field, table)
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """path: from the owner, or from a row of the table, to the element."""

    description: Description
    path: str
    field: Field | None
    table: Table | None = None


_Index = dict[tuple[str | None, str], list[_Place]]
_indexes: dict[int, tuple[Description, _Index]] = {}


def _places(description: Description) -> _Index:
    """The settings of a description by the tag (None: the owner itself) and the attribute at which they are; made once."""
    known = _indexes.get(id(description))
    if known is None or known[0] is not description:
        index: _Index = {}
        for place, attribute in _all(description):
            path = place.path or (place.table.path if place.table is not None else "")
            tag = paths.qualified(paths.parse(path).steps[-1].name) if path else None
            index.setdefault((tag, attribute), []).append(place)
        known = _indexes[id(description)] = (description, index)
    return known[1]


def _all(description: Description) -> Iterator[tuple[_Place, str]]:
    for item in items(description):
        table = item if isinstance(item, Table) else None
        if table is not None:
            yield _Place(description, "", None, table), "*"
        for field in item.columns if isinstance(item, Table) else (item,):
            for path in _with_unit(field):
                attribute = paths.parse(path).attribute
                holder = path[: -len(attribute) - 1].rstrip("/") if attribute else path
                yield _Place(description, holder, field, table), paths.qualified(attribute) if attribute else ""


def _with_unit(field: Field) -> Iterator[str]:
    yield field.path
    if field.has_unit:
        holder = field.path.rpartition("/@")[0] if paths.parse(field.path).attribute else field.path
        yield f"{holder}/@unit" if holder else "@unit"
