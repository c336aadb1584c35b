"""Colours of the text, made of the desktop's palette, so that they fit light, dark and high contrast."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

Role = QPalette.ColorRole


@dataclass(frozen=True, slots=True)
class Colours:
    """Each differs from the text by its shade and not by hue alone; tags are bold besides."""

    tag: QColor
    attribute: QColor
    value: QColor
    comment: QColor
    line: QColor
    gutter: QColor
    number: QColor


def colours_of(palette: QPalette) -> Colours:
    """From the colours of text, links and marks of ``palette``."""
    text, base = palette.color(Role.Text), palette.color(Role.Base)
    link, quiet = palette.color(Role.Link), palette.color(Role.PlaceholderText)
    return Colours(
        tag=mixed(text, link, 0.75),
        attribute=mixed(text, quiet, 0.35),
        value=mixed(text, palette.color(Role.LinkVisited), 0.7),
        comment=mixed(base, text, 0.55),
        line=mixed(base, palette.color(Role.Highlight), 0.10),
        gutter=mixed(base, text, 0.05),
        number=mixed(base, text, 0.5),
    )


def mixed(one: QColor, other: QColor, part: float) -> QColor:
    """``part`` of ``other`` in ``one``."""
    rest = 1 - part
    return QColor.fromRgbF(
        one.redF() * rest + other.redF() * part,
        one.greenF() * rest + other.greenF() * part,
        one.blueF() * rest + other.blueF() * part,
    )
