"""Editors of preferences whose type alone does not tell how they are edited (``Option.editor``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from app.console.keys.chords import Chord, chord, objection, parse, parse_all
from app.i18n import _
from app.settings.option import Option
from ui.console.chord_edit import ChordEdit
from ui.console.chord_list import ChordList

Set = Callable[[Any], None]


def make_editor(option: Option[Any], value: Any, set_: Set) -> QWidget:
    """The editor of an option that names one; ``set_`` takes each new value."""
    return _EDITORS[option.editor](option, value, set_)


def _release_key(option: Option[Any], value: Any, set_: Set) -> QWidget:
    editor = ChordEdit(parse(value) or chord("Ctrl", "Alt"), objection)
    editor.button.setAccessibleName(_("{title}: {keys}").format(title=_(option.title), keys=editor.button.text()))

    def take(one: Chord) -> None:
        editor.button.setAccessibleName(_("{title}: {keys}").format(title=_(option.title), keys=one.text))
        set_(one.saved)

    editor.changed.connect(take)
    return editor


def _shortcuts(option: Option[Any], value: Any, set_: Set) -> QWidget:
    editor = ChordList(parse_all(value), parse_all(option.default))
    editor.setAccessibleName(_(option.title))
    editor.changed.connect(lambda chords: set_([one.saved for one in chords]))
    return editor


_EDITORS: dict[str, Callable[[Option[Any], Any, Set], QWidget]] = {"release-key": _release_key, "shortcuts": _shortcuts}
