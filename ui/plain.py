"""Text of guests, hosts, files and servers shown as it is: Qt takes a tooltip or label that looks like HTML for HTML.

A machine that is called ``<img src=…>`` would be drawn, not named.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import QLabel, QWidget


def tip(text: str) -> str:
    """For ``setToolTip`` and ``ToolTipRole``: tooltips have no switch for plain text, so HTML is escaped."""
    return TextQt.convertFromPlainText(text) if TextQt.mightBeRichText(text) else text


def label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows what it is given letter by letter."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made
