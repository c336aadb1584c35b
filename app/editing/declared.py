"""Which declared setting a place of a document is: the way back from XML to the descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.devices import catalogue
from app.devices.description import Description, Field, Table, items
from app.editing.places import place_of
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
    """The settings of a document, by element and attribute.  Good until the document changes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[tuple[str, str], Setting] = {}
        for group in catalogue.GROUPS:
            self._add(group, document.root)
        parent = document.find("devices")
        for element in parent if parent is not None else ():
            if isinstance(element.tag, str) and (kind := catalogue.type_of(element)) is not None:
                self._add(kind, element)

    def _add(self, description: Description, at: Element) -> None:
        for item in items(description):
            if isinstance(item, Field):
                self._add_field(Setting(description, at, item))
            else:
                for row in self._document.find_all(item.path, at):
                    self._found.setdefault((place_of(row), "*"), Setting(description, row, None, item))
                    for column in item.columns:
                        self._add_field(Setting(description, row, column, item))

    def _add_field(self, setting: Setting) -> None:
        assert setting.field is not None  # noqa: S101 - by its callers
        for path in _with_unit(setting.field):
            attribute = paths.parse(path).attribute
            holder = path[: -len(attribute) - 1].rstrip("/") if attribute else path
            found = self._document.find(holder, setting.at) if holder else setting.at
            if found is not None:
                self._found.setdefault((place_of(found), paths.qualified(attribute) if attribute else ""), setting)

    def of(self, element: Element, attribute: str) -> Setting | None:
        """The setting of an attribute ("" for the text, "*" for the element); None if no form has it."""
        place = place_of(element)
        if attribute == "*":
            return self._found.get((place, "*")) or self._found.get((place, ""))
        return self._found.get((place, attribute)) or (self._found.get((place, "*")) if attribute != "" else None)


def _with_unit(field: Field) -> Iterator[str]:
    yield field.path
    if field.has_unit:
        holder = field.path.rpartition("/@")[0] if paths.parse(field.path).attribute else field.path
        yield f"{holder}/@unit" if holder else "@unit"
