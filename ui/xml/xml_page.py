"""The XML of a machine: the same document as the forms, as text."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.i18n import _
from app.xmldoc.schema.completion import complete
from app.xmldoc.schema.folding import Fold, breadcrumb
from app.xmldoc.schema.validate import Problem
from ui.icons import icon
from ui.xml.checking import Checking
from ui.xml.editor import XmlEditor
from ui.xml.find_bar import FindBar
from ui.xml.problem_list import ProblemList

if TYPE_CHECKING:
    from app.editing.session import EditSession

WHERE_MS = 150


class XmlPage(QWidget):
    """Follows the session while it is shown, and writes what is typed into it at once; undo and redo are the session's."""

    def __init__(self, session: EditSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.editor, self.problems, self.checking = XmlEditor(), ProblemList(), Checking(self)
        self.find_bar = FindBar(self.editor)
        self.where = QLabel()
        self._where_soon = QTimer(self, singleShot=True, interval=WHERE_MS)
        self._arrange()
        self._listen()
        self._links = [session.changed.connect(self._session_changed)]
        self._session_changed()

    def _arrange(self) -> None:
        self.where.setTextFormat(Qt.TextFormat.RichText)
        self.where.setContentsMargins(8, 3, 8, 3)
        self.where.setAccessibleName(_("Where the cursor is"))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 4, 0)
        head.addWidget(self.where, 1)
        head.addWidget(self._button("edit-find", _("Find (Ctrl+F)"), self.find_bar.open))
        head.addWidget(self._button("view-list-tree", _("Fold every device"), self.editor.folds.fold_all))
        head.addWidget(self._button("view-fullscreen", _("Unfold everything"), self.editor.folds.unfold_all))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.editor, 1)
        column.addWidget(self.find_bar)
        column.addWidget(self.problems)
        self.setFocusProxy(self.editor)

    def _button(self, icon_name: str, tip: str, slot: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(icon_name))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(lambda _on: slot())
        return button

    def _listen(self) -> None:
        self.editor.edited.connect(self._edited)
        self.editor.undo_wanted.connect(self._session.undo)
        self.editor.redo_wanted.connect(self._session.redo)
        self.editor.cursorPositionChanged.connect(self._where_soon.start)
        self._where_soon.timeout.connect(self._show_where)
        self.where.linkActivated.connect(lambda place: self.editor.go_to_offset(int(place)))
        self.checking.ready.connect(self._ready)
        self.checking.checked.connect(self._checked)
        self.problems.chosen.connect(self._go_to)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the text does not take; no shortcut for finding, as the page around has the same."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_bar.open()
        else:
            super().keyPressEvent(event)

    def _ready(self) -> None:
        schema = self.checking.schema
        if schema is not None:
            self.editor.complete = lambda text, offset: complete(schema, text, offset)

    def _edited(self) -> None:
        text = self.editor.toPlainText()
        self._session.set_text(text)
        self.checking.check(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._session_changed()

    def _session_changed(self) -> None:
        if not self.isVisible():
            return  # read when it is shown
        text = self._session.text
        self.editor.setReadOnly(self._session.read_only or self._session.gone)
        if text != self.editor.toPlainText():
            self.editor.show_text(text)
            self.checking.check(text, at_once=True)

    def _checked(self, problems: list[Problem], folds: list[Fold]) -> None:
        self.editor.show_problems(problems)
        self.editor.folds.set_ranges(folds)
        self.problems.show_problems(problems, why_unchecked=self.checking.unavailable)

    def _go_to(self, problem: Problem) -> None:
        self.editor.go_to(problem.line - 1, (problem.column or 1) - 1)

    def show_place(self, line: int) -> None:
        """Goes to a line (from 0), for whoever wants to show something in the text."""
        self.editor.go_to(line)

    def _show_where(self) -> None:
        """The elements around the cursor, each a link to its beginning."""
        crumbs = breadcrumb(self.editor.toPlainText(), self.editor.offset)
        links = [f'<a href="{crumb.start}" style="text-decoration:none">{html.escape(crumb.name)}</a>' for crumb in crumbs]
        self.where.setText(" › ".join(links))

    def end(self) -> None:
        """Stops following the session."""
        for link in self._links:
            link.disconnect()
        self._where_soon.stop()
        self.checking.end()
