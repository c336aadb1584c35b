"""The machine's notes as they read: Markdown, drawn above the field in which they are written."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument, QTextOption
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.devices.description import Field, Section
from app.i18n import _
from ui.details.editors.panel import Panel
from ui.details.lay import Lay
from ui.details.subject import Subject

MOST_LINES = 16
MOST_CHARACTERS = 100_000
SCHEMES = frozenset({"http", "https", "mailto"})
FEATURES = QTextDocument.MarkdownFeature
PLAIN = FEATURES.MarkdownDialectGitHub | FEATURES.MarkdownNoHTML
"""HTML in notes is shown as text: they come from whoever wrote the definition."""


class Reading(QTextBrowser):
    """Loads no picture and no file; links open outside, those of the web only."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Notes as they read"))
        self.anchorClicked.connect(self.open)
        self.highlighted.connect(lambda url: self.setToolTip(url.toDisplayString().replace("<", "&lt;")))

    def open(self, url: QUrl) -> bool:
        """Whether it was a link that may be followed."""
        return url.scheme() in SCHEMES and QDesktopServices.openUrl(url)

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """Nothing is fetched."""
        return None

    def sizeHint(self) -> QSize:
        return QSize(200, 60)


class NotesEditor(Panel):
    """The reading view; the row below has the text."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self._path = next(item.path for item in section.items if isinstance(item, Field))
        self._text = ""
        self.view = Reading()
        self.view.hide()
        self.column.addWidget(self.view)

    def refresh(self) -> bool:
        text = (self.subject.document.get(self._path) or "")[:MOST_CHARACTERS]
        if text == self._text:
            return False
        self._text = text
        self.view.setVisible(bool(text.strip()))
        self.view.document().setMarkdown(text, PLAIN)
        return True

    def height_for(self, lay: Lay, width: int) -> int:
        if self.view.isHidden():
            return 0
        document = self.view.document()
        document.setTextWidth(width - 2 * self.view.frameWidth())
        needed = round(document.size().height()) + 2 * self.view.frameWidth() + 2
        self.view.setFixedHeight(min(needed, MOST_LINES * lay.line))
        return self.view.height()
