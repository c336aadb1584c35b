"""What stands below the forms while something is to be applied, waits for the next start, or was changed by others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _, ngettext
from ui.details.entries import Badge
from ui.details.told import Told
from ui.icons import icon
from ui.plain import label as plain_label
from ui.widgets.icon_label import IconLabel

ROOMY_PX, WIDEST_PX = 560, 10_000


class ApplyBar(QWidget):
    """Each signal is a button."""

    show_wanted = Signal()
    apply_wanted = Signal()
    revert_wanted = Signal()
    pending_wanted = Signal()
    merge_wanted = Signal()
    theirs_wanted = Signal()
    correct_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._foreign = self._make_foreign()
        self.count = plain_label()
        self.sign = IconLabel()
        self.correct = _button("dialog-error", _("Show the wrong field"), self.correct_wanted)
        self.pending = QToolButton()
        self.pending.setIcon(icon(Badge.PENDING.value))
        self.pending.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.pending.setAutoRaise(True)
        self.pending.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pending.clicked.connect(lambda _checked=False: self.pending_wanted.emit())
        self.show_changes = _button("view-list-tree", _("Sho&w…"), self.show_wanted, _("What would change, in words and as text"))
        self.revert = _button(
            "edit-undo", _("R&evert"), self.revert_wanted, _("Give up all that is not applied; this can be undone")
        )
        self.apply = _button("dialog-ok-apply", _("&Apply"), self.apply_wanted, _("Change the machine (Ctrl+S)"))
        self._edits = self._make_edits()
        self.told, self._wanted = Told(), False
        self.told.over.connect(lambda: self.setVisible(self._wanted))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.told)
        column.addWidget(self._foreign)
        column.addWidget(self._edits)
        self.say(0, 0, 0, foreign="", busy=False)

    def _make_edits(self) -> QWidget:
        frame = _panel()
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 5, 10, 5)
        row.addWidget(self.sign)
        row.addWidget(self.count)
        row.addWidget(self.correct)
        row.addStretch(1)
        row.addWidget(self.pending)
        for button in (self.show_changes, self.revert, self.apply):
            row.addWidget(button)
        return frame

    def _make_foreign(self) -> QWidget:
        frame = _panel()
        self.foreign_text = plain_label(_("Changed by another program"))
        self.merge = _button("emblem-shared", _("Mer&ge…"), self.merge_wanted, _("Keeps your changes and takes in the others"))
        self.theirs = _button("edit-clear", _("&Take theirs"), self.theirs_wanted, _("Gives up your changes"))
        sign = IconLabel()
        sign.show_icon(icon("dialog-warning"), self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize))
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 5, 10, 5)
        row.addWidget(sign)
        row.addWidget(self.foreign_text, 1)
        row.addWidget(self.theirs)
        row.addWidget(self.merge)
        return frame

    @property
    def has_keyboard(self) -> bool:
        """Whether one of its buttons has it, and can be pressed."""
        widget = QApplication.focusWidget()
        return widget is not None and self.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled()

    def tell(self, words: str, *, well: bool) -> None:
        """What came of applying."""
        self.told.tell(words, well=well)
        self.show()

    def say(self, changes: int, wrong: int, pending: int, *, foreign: str, busy: bool) -> None:
        """changes: not applied.  wrong: fields that must be corrected.  pending: properties that wait for the next start."""
        edits = bool(changes or wrong)
        self._foreign.setVisible(bool(foreign))
        self.foreign_text.setToolTip(foreign)
        self._edits.setVisible(edits or bool(pending))
        for widget in (self.show_changes, self.revert, self.apply, self.count, self.sign):
            widget.setVisible(edits)
        self.correct.setVisible(bool(wrong))
        self.count.setText(_count_words(changes))
        self.count.setVisible(bool(changes))
        self.sign.setVisible(bool(changes))
        self.sign.show_icon(icon(Badge.EDITED.value), self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize))
        fields = ngettext("{count} field must be corrected", "{count} fields must be corrected", wrong)
        self.correct.setText(fields.format(count=wrong))
        self.pending.setVisible(bool(pending))
        self.pending.setText(_("Changes pending ({count})").format(count=pending))
        self.pending.setToolTip(_("What the running machine will only have after its next start"))
        self.show_changes.setEnabled(bool(changes))
        self.apply.setEnabled(bool(changes) and not wrong and not busy)
        self.revert.setEnabled(not busy)
        self._wanted = edits or bool(pending) or bool(foreign)
        self.setVisible(self._wanted or not self.told.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, only the verb keeps its word."""
        super().resizeEvent(event)
        wide = self.width() >= ROOMY_PX
        for button, text in ((self.show_changes, _("Sho&w…")), (self.revert, _("R&evert"))):
            button.setText(text if wide else "")
            button.setAccessibleName(text.replace("&", ""))
        self.count.setMaximumWidth(WIDEST_PX if wide or self.correct.isHidden() else 0)


def _count_words(changes: int) -> str:
    return ngettext("{count} change", "{count} changes", changes).format(count=changes)


def _panel() -> QFrame:
    frame = QFrame()
    frame.setFrameShape(QFrame.Shape.StyledPanel)
    frame.setAutoFillBackground(True)
    frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return frame


def _button(icon_name: str, text: str, signal: object, tip: str = "") -> QPushButton:
    button = QPushButton(icon(icon_name), text)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: signal.emit())  # type: ignore[attr-defined]
    return button
