"""The documents that a machine is told, shown before they are used; and the user's own in their place."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFontDatabase, QPalette, QTextCursor, QTextFormat
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QTabWidget, QTextEdit, QVBoxLayout, QWidget

from app.i18n import _
from app.install.seed import raw_check
from app.install.seed.documents import documents
from app.install.seed.finding import Finding
from app.install.seed.form import Form, Raw
from ui.wizard.row import Hint

NAMES = ("user-data", "meta-data", "network-config")
CHECK_MS = 250
_LINES = 11


def fixed_text(name: str) -> QPlainTextEdit:
    """A text in a font of fixed width."""
    edit = QPlainTextEdit()
    edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    edit.setAccessibleName(name)
    edit.setTabChangesFocus(True)
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    edit.setFixedHeight(edit.fontMetrics().height() * _LINES)
    return edit


class DocumentTabs(QWidget):
    """One tab for each; read-only until the user wants to write them.  edited: a document of the user's own changed."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own = QCheckBox(_("&Write them myself"))
        self.own.setToolTip(_("What is written here takes the place of the form; it starts with what the form makes"))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.texts = {name: fixed_text(name) for name in NAMES}
        for name, edit in self.texts.items():
            edit.setReadOnly(True)
            self.tabs.addTab(edit, name)
            edit.textChanged.connect(self._typed)
        self.hint = Hint()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.own, self.tabs, self.hint):
            column.addWidget(widget)
        self.findings: list[Finding] = []
        self._soon = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._soon.timeout.connect(self.check)
        self.own.toggled.connect(self._toggled)

    def show_form(self, form: Form) -> None:
        """What the form makes, while the user does not write by hand."""
        if self.own.isChecked():
            return
        made = documents(form, instance=_("(made with the machine)"), mac="52:54:00:…")
        for name, text in zip(NAMES, (made.user_data, made.meta_data, made.network_config), strict=True):
            if self.texts[name].toPlainText() != text:
                self.texts[name].setPlainText(text)

    def raw(self) -> Raw:
        """The user's own words; empty for the form's.  The machine's id in meta-data is made when the machine is."""
        if not self.own.isChecked():
            return Raw()
        user, meta, network = (self.texts[name].toPlainText() for name in NAMES)
        return Raw(user, "" if _("(made with the machine)") in meta else meta, "" if "52:54:00:…" in network else network)

    def _toggled(self, on: bool) -> None:
        for edit in self.texts.values():
            edit.setReadOnly(not on)
        self.check()
        self.edited.emit()

    def _typed(self) -> None:
        if self.own.isChecked():
            self._soon.start()

    def check(self) -> None:
        """Faults at their line, and the first one in words; the cursor's line is told too."""
        self.findings = raw_check.findings(self.raw()) if self.own.isChecked() else []
        for name, edit in self.texts.items():
            edit.setExtraSelections([self._mark(edit, one) for one in self.findings if one.field == name and one.line])
        first = next((one for one in self.findings if one.blocks), next(iter(self.findings), None))
        self.hint.say(_words(first) if first else "", ("dialog-error" if first.blocks else "dialog-warning") if first else "")
        self.edited.emit()

    def _mark(self, edit: QPlainTextEdit, finding: Finding) -> QTextEdit.ExtraSelection:
        """The whole line in the colour of selections that are not active."""
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(self.palette().brush(QPalette.ColorRole.AlternateBase))
        made.format.setUnderlineStyle(made.format.UnderlineStyle.WaveUnderline)
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        made.format.setToolTip(finding.text)
        cursor = QTextCursor(edit.document().findBlockByNumber(finding.line - 1))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        return made


def _words(finding: Finding) -> str:
    if not finding.line:
        return finding.text
    if str(finding.line) in finding.text:
        return _("{document}: {text}").format(document=finding.field, text=finding.text)
    return _("{document}, line {line}: {text}").format(document=finding.field, line=finding.line, text=finding.text)
