"""The layouts that this computer knows, by name, as the desktop's settings list them (``rules/evdev.lst`` of xkb-data)."""

from __future__ import annotations

import functools
import gettext
from pathlib import Path
from typing import NamedTuple

from app.console.keys import xkb

_LIMIT = 1 << 20
"""Bytes of the list that are read: it has 60 KB."""


class LayoutName(NamedTuple):
    """``name`` is what ``layout.load`` takes; ``text`` is for people, in their language where xkeyboard-config has it."""

    name: str
    text: str


@functools.cache
def layout_names() -> tuple[LayoutName, ...]:
    """All of them, by text.  Reads a file: off the event loop.  Empty where there are none."""
    for folder in xkb.include_paths():
        try:
            with (Path(folder) / "rules/evdev.lst").open(encoding="utf-8", errors="replace") as file:
                return tuple(sorted(_parse(file.read(_LIMIT)), key=lambda each: each.text.casefold()))
        except OSError:
            continue
    return ()


def _parse(text: str) -> list[LayoutName]:
    """Sections begin with “! layout” or “! variant”; a variant's line is “nodeadkeys  de: German (no dead keys)”."""
    section, found = "", []
    for line in text.splitlines():
        name, _space, words = line.strip().partition(" ")
        words = words.strip()
        if name == "!":
            section = words
        elif section == "layout" and name and name != "custom":
            found.append(LayoutName(name, _translated(words)))
        elif section == "variant" and name:
            layout, _colon, described = words.partition(": ")
            found.append(LayoutName(f"{layout}({name})", _translated(described)))
    return found


def _translated(words: str) -> str:
    return gettext.dgettext("xkeyboard-config", words)
