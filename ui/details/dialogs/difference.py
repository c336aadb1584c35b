"""What would be changed: in words, with when it takes effect, and as text, one below or beside the other."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QPalette, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPlainTextEdit,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.editing.plan import Way
from app.i18n import N_, _
from ui.icons import icon
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.editing.session import EditSession

WAYS: dict[Way, tuple[str, str]] = {
    Way.NOW: (N_("Now, in the running machine"), "media-playback-start"),
    Way.NEXT_START: (N_("At the next start"), "appointment-soon"),
    Way.OFF: (N_("The machine is off"), "document-save"),
}
CONTEXT = 3


class DifferenceDialog(QDialog):
    """Accepted: it is to be applied."""

    def __init__(self, session: EditSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Changes"))
        self.words = QTreeWidget()
        self.words.setHeaderHidden(True)
        self.words.setAccessibleName(_("Changes in words"))
        self.words.setRootIsDecorated(False)
        self.words.setWordWrap(True)
        self._fill(session)
        self.text = DiffText(session.diff_text())
        self.tabs = QTabWidget()
        self.tabs.addTab(self.words, _("In &words"))
        self.tabs.addTab(self.text, _("As &text"))
        buttons = QDialogButtonBox()
        self.apply = buttons.addButton(_("&Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply.setIcon(icon("dialog-ok-apply"))
        buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)
        self.resize(760, 480)

    def _fill(self, session: EditSession) -> None:
        changes = session.plan().changes
        for way, (title, icon_name) in WAYS.items():
            ours = [change for change in changes if change.way is way]
            if not ours:
                continue
            top = QTreeWidgetItem([_(title)])
            top.setIcon(0, icon(icon_name))
            font = self.words.font()
            font.setBold(True)
            top.setFont(0, font)
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.words.addTopLevelItem(top)
            for change in ours:
                words = (
                    _("{device}: {change}").format(device=change.device, change=change.words) if change.device else change.words
                )
                item = QTreeWidgetItem([words])
                item.setToolTip(0, plain_tip(change.reason))
                top.addChild(item)
                if change.reason:
                    why = QTreeWidgetItem([change.reason])
                    why.setForeground(0, self.palette().color(QPalette.ColorRole.PlaceholderText))
                    item.addChild(why)
        self.words.expandAll()


class DiffText(QWidget):
    """A unified difference; or both texts, line by line, beside each other."""

    def __init__(self, diff: str) -> None:
        super().__init__()
        self._diff = diff
        self.beside = QCheckBox(_("&Beside each other"))
        self.left, self.right = _plain(_("Before")), _plain(_("After"))
        self._row = QHBoxLayout()
        self._row.addWidget(self.left)
        self._row.addWidget(self.right)
        column = QVBoxLayout(self)
        column.addLayout(self._row, 1)
        column.addWidget(self.beside)
        self.beside.toggled.connect(self._show)
        bars = self.left.verticalScrollBar(), self.right.verticalScrollBar()
        bars[0].valueChanged.connect(bars[1].setValue)
        bars[1].valueChanged.connect(bars[0].setValue)
        self._show(False)

    def show_diff(self, diff: str) -> None:
        """Another one."""
        self._diff = diff
        self._show(self.beside.isChecked())

    def _show(self, beside: bool) -> None:
        self.right.setVisible(beside)
        if not beside:
            _write(self.left, [(line, _kind(line)) for line in self._diff.splitlines()])
            return
        left, right = sides(self._diff)
        _write(self.left, left)
        _write(self.right, right)


Lines = list[tuple[str, str]]
"""Each with "+", "-", "@" or " "."""


def sides(diff: str) -> tuple[Lines, Lines]:
    """The two texts of a unified difference, with blank lines where the other has more."""
    left: Lines = []
    right: Lines = []
    for line in diff.splitlines():
        if line.startswith(("---", "+++")):
            continue
        if line.startswith("-"):
            left.append((line[1:], "-"))
        elif line.startswith("+"):
            right.append((line[1:], "+"))
        else:
            _even(left, right)
            kind = "@" if line.startswith("@@") else " "
            text = line if kind == "@" else line[1:]
            left.append((text, kind))
            right.append((text, kind))
    _even(left, right)
    return left, right


def _even(left: Lines, right: Lines) -> None:
    most = max(len(left), len(right))
    for lines in (left, right):
        lines.extend([("", " ")] * (most - len(lines)))


def _kind(line: str) -> str:
    return "@" if line.startswith(("@@", "---", "+++")) else line[:1] if line[:1] in "+-" else " "


def _plain(name: str) -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setAccessibleName(name)
    text.setTabChangesFocus(True)
    return text


def _write(target: QPlainTextEdit, lines: Lines) -> None:
    """Added lines are tinted one way, removed ones another; the sign at their begin says it too."""
    target.clear()
    cursor = QTextCursor(target.document())
    for number, (line, kind) in enumerate(lines):
        form = QTextCharFormat()
        if kind in "+-":
            form.setBackground(_tint(target, kind))
        elif kind == "@":
            form.setForeground(target.palette().color(QPalette.ColorRole.PlaceholderText))
        cursor.insertText(("\n" if number else "") + line, form)
    target.moveCursor(QTextCursor.MoveOperation.Start)


def _tint(widget: QWidget, kind: str) -> QColor:
    """Of the palette's base, towards green or red as far as the text stays readable."""
    base = widget.palette().color(QPalette.ColorRole.Base)
    hue = 120 if kind == "+" else 0
    return QColor.fromHsl(hue, 110, min(225, max(55, base.lightness())))


def unified(before: str, after: str, names: tuple[str, str]) -> str:
    """A unified difference of two texts."""
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), *names, n=CONTEXT, lineterm=""))
