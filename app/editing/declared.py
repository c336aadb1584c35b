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

    Looked up for a device when it is first asked about: a machine may have hundreds, of which few differ.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._of: dict[Element, dict[tuple[Element, str], Setting]] = {}

    def of(self, element: Element, attribute: str) -> Setting | None:
        """The setting of an attribute ("" for the text, "*" for the element); None if no form has it."""
        found = self._around(self._owner(element))
        if attribute == "*":
            return found.get((element, "*")) or found.get((element, ""))
        return found.get((element, attribute)) or (found.get((element, "*")) if attribute != "" else None)

    def _owner(self, element: Element) -> Element:
        """The device it is in, else the machine."""
        one: Element | None = element
        while one is not None and (parent := one.getparent()) is not None:
            if parent.tag == "devices" and parent.getparent() is self._document.root:
                return one
            one = parent
        return self._document.root

    def _around(self, owner: Element) -> dict[tuple[Element, str], Setting]:
        found = self._of.get(owner)
        if found is None:
            found = self._of[owner] = {}
            for description in self._descriptions(owner):
                self._add(found, description, owner)
        return found

    def _descriptions(self, owner: Element) -> tuple[Description, ...]:
        if owner is self._document.root:
            return catalogue.GROUPS
        kind = catalogue.type_of(owner)
        return (kind,) if kind is not None else ()

    def _add(self, found: dict[tuple[Element, str], Setting], description: Description, at: Element) -> None:
        for item in items(description):
            if isinstance(item, Field):
                self._add_field(found, Setting(description, at, item))
                continue
            for row in self._document.find_all(item.path, at):
                found.setdefault((row, "*"), Setting(description, row, None, item))
                for column in item.columns:
                    self._add_field(found, Setting(description, row, column, item))

    def _add_field(self, found: dict[tuple[Element, str], Setting], setting: Setting) -> None:
        assert setting.field is not None  # noqa: S101 - by its callers
        for path in _with_unit(setting.field):
            attribute = paths.parse(path).attribute
            holder = path[: -len(attribute) - 1].rstrip("/") if attribute else path
            element = self._document.find(holder, setting.at) if holder else setting.at
            if element is not None:
                found.setdefault((element, paths.qualified(attribute) if attribute else ""), setting)


def _with_unit(field: Field) -> Iterator[str]:
    yield field.path
    if field.has_unit:
        holder = field.path.rpartition("/@")[0] if paths.parse(field.path).attribute else field.path
        yield f"{holder}/@unit" if holder else "@unit"
