"""The definition that will be made, and the commands that make the same machine: folded, for those who want to see them."""

from __future__ import annotations

import shlex

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.cli import own_command, virt_install
from app.errors import HostelryError
from app.i18n import _
from app.install import preview
from app.install.plan import Plan
from app.install.survey import Survey
from ui.dialogs.dialog_parts import copy_text
from ui.icons import icon
from ui.wizard.first_start.documents import fixed_text
from ui.wizard.fold import Fold
from ui.xml.highlighter import XmlHighlighter

_SOON_MS = 80


class CommandFold(QWidget):
    """Is written anew while it is open only."""

    def __init__(self, uri: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._uri = uri
        self._now: tuple[Plan, Survey] | None = None
        self._inner = QVBoxLayout(holder := QWidget())
        self._inner.setContentsMargins(0, 0, 0, 0)
        self.fold = Fold(_("Definition and &command"), holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self.fold.toggled.connect(lambda _on: self.refresh())

    def _make(self) -> None:
        """The texts; most people never look."""
        self.xml, self.own, self.other = fixed_text(_("Definition")), fixed_text("hostelry create"), fixed_text("virt-install")
        self._colours = XmlHighlighter(self.xml.document(), self.palette())
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for edit in (self.xml, self.own, self.other):
            edit.setReadOnly(True)
            self.tabs.addTab(edit, edit.accessibleName())
        for edit in (self.own, self.other):
            edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        copy = QPushButton(icon("edit-copy"), _("Copy"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda _checked=False: self._copy())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(copy)
        self._inner.addWidget(self.tabs)
        self._inner.addLayout(foot)

    def show_plan(self, plan: Plan, survey: Survey) -> None:
        """Another plan; what is seen of it follows soon."""
        self._now = (plan, survey)
        if self.fold.is_open:
            self._soon.start()

    def refresh(self) -> None:
        """Writes all three."""
        if self._now is None or not self.fold.is_open:
            return
        if not self._inner.count():
            self._make()
        plan, survey = self._now
        try:
            _put(self.xml, preview.definition(plan, survey))
        except HostelryError as error:
            _put(self.xml, str(error))
        words, lacking = own_command.command(plan, survey, self._uri)
        note = _("# Not in this command: {things}").format(things=", ".join(lacking)) + "\n" if lacking else ""
        _put(self.own, note + shlex.join(words))
        _put(self.other, shlex.join(virt_install.command(plan, survey, self._uri)))

    def _copy(self) -> None:
        edit = self.tabs.currentWidget()
        if isinstance(edit, QPlainTextEdit):
            copy_text(edit.toPlainText())


def _put(edit: QPlainTextEdit, text: str) -> None:
    """Keeps the place where it was read."""
    if edit.toPlainText() != text:
        bar = edit.verticalScrollBar()
        value = bar.value()
        edit.setPlainText(text)
        bar.setValue(value)
