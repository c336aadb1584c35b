"""The editor of a field: one for each kind of value."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from app.devices import choosing
from app.devices.description import Field, Kind
from app.i18n import _
from app.xmldoc.document import Element
from ui.details.fields.choice import ChoiceEditor
from ui.details.fields.cpus import pick_cpus
from ui.details.fields.line import ButtonEditor, LineEditor, NumberEditor, SecretEditor, SizeEditor, pick_path
from ui.details.fields.lines import LinesEditor
from ui.details.fields.switch import SwitchEditor
from ui.details.subject import Subject
from ui.details.wording import value_words

Find = Callable[[], Element | None]
"""The element that the field belongs to, as it is now."""

BARE = {"bytes": 1, "KiB": 1 << 30, "MiB": 1 << 30}
"""The unit of a size that is typed without one where nothing was said before, by the unit that libvirt takes."""


class Editor(Protocol):
    """What all of them have; ``typed`` gives a value in the document's way, or a text that makes none."""

    typed: Any
    widest: int

    def value(self) -> str | None: ...
    def show_value(self, value: str | None) -> None: ...
    def set_default(self, words: str) -> None: ...
    def set_usable(self, on: bool) -> None: ...


def make(field: Field, subject: Subject, find: Find, parent: QWidget) -> QWidget:
    """The widget for ``field``; it is an ``Editor``."""
    if field.kind is Kind.CHOICE or (field.names and field.kind in (Kind.TEXT, Kind.PATH, Kind.UUID)):
        return _choice(field, subject, find, parent)
    return _MAKERS[field.kind](field, subject, parent)


def _choice(field: Field, subject: Subject, find: Find, parent: QWidget) -> ChoiceEditor:
    def options() -> list[choosing.Option]:
        element = find()
        return [] if element is None else choosing.options(field, subject.document, element, subject.offers)

    free = not field.choices
    return ChoiceEditor(
        options, lambda value: value_words(field, value, subject.offers), required=field.required, free=free, parent=parent
    )


def _switch(field: Field, _subject: Subject, parent: QWidget) -> SwitchEditor:
    off = None if field.kind is Kind.PRESENCE else field.off
    on = "yes" if field.kind is Kind.PRESENCE else field.on
    return SwitchEditor(on, off, lambda value: value_words(field, value), default=field.default, parent=parent)


def _mac(field: Field, _subject: Subject, parent: QWidget) -> ButtonEditor:
    return ButtonEditor("view-refresh", _("A new address"), lambda editor: editor.put(new_mac()), parent)


def new_mac() -> str:
    """In the range that QEMU's guests have (52:54:00)."""
    return "52:54:00:" + ":".join(f"{random.SystemRandom().randrange(256):02x}" for _number in range(3))


def _path(field: Field, subject: Subject, parent: QWidget) -> LineEditor:
    if not subject.is_here:
        return LineEditor(parent)
    return ButtonEditor("document-open", _("Choose a file"), pick_path, parent)


def _cpus(field: Field, subject: Subject, parent: QWidget) -> ButtonEditor:
    return ButtonEditor("view-grid", _("Pick processors"), lambda editor: pick_cpus(editor, subject.offers), parent)


_MAKERS: dict[Kind, Callable[[Field, Subject, QWidget], QWidget]] = {
    Kind.TEXT: lambda field, subject, parent: LineEditor(parent),
    Kind.UUID: lambda field, subject, parent: LineEditor(parent),
    Kind.LINES: lambda field, subject, parent: LinesEditor(parent),
    Kind.INTEGER: lambda field, subject, parent: NumberEditor(field.minimum, field.maximum, parent),
    Kind.SIZE: lambda field, subject, parent: SizeEditor(BARE.get(field.scale, 1 << 30), parent),
    Kind.SWITCH: _switch,
    Kind.PRESENCE: _switch,
    Kind.SECRET: lambda field, subject, parent: SecretEditor(parent),
    Kind.MAC: _mac,
    Kind.PATH: _path,
    Kind.CPUSET: _cpus,
}
