"""A machine's state as an icon: the same shapes as in the list."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QIcon, QPalette

from app.model.records import DomainRecord
from ui.widgets.host_tree_shapes import GREY, HUES, picture, shape_of, tint


def state_icon(record: DomainRecord, *, known: bool = True) -> QIcon:
    """In the palette's colours of now; ``known`` is False while the host is away."""
    shape = shape_of(record) if known else "unknown"
    palette = QGuiApplication.palette()
    ink = tint(palette, HUES.get(shape, GREY)).rgba()
    paper = palette.color(QPalette.ColorRole.Base).rgba()
    found = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        found.addPixmap(picture(shape, ink, paper, ratio))
    return found
