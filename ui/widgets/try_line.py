"""How a try goes: at work with a cancel button, or failed with cause, next step and details."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import HostelryError
from app.i18n import _
from ui.icons import icon
from ui.plain import label as plain_label

ICON_PX = 22
DETAILS_PX = 90


class TryLine(QFrame):
    """Hidden until there is something to say."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignTop)
        self.text = plain_label()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self.cancel = QPushButton(icon("process-stop"), _("Stop trying"))
        self.cancel.clicked.connect(self.cancelled)
        self._more = QToolButton()
        self._more.setText(_("Details"))
        self._more.setCheckable(True)
        self._more.setAutoRaise(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setArrowType(Qt.ArrowType.RightArrow)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setAccessibleName(_("Details"))
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setFixedHeight(DETAILS_PX)
        self._more.toggled.connect(self._open)
        self._arrange()
        self.clear()

    def _arrange(self) -> None:
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._picture.setFixedWidth(ICON_PX + 6)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        words = QVBoxLayout()
        words.addWidget(self.text)
        words.addLayout(row)
        words.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.details)
        line = QHBoxLayout(self)
        line.addWidget(self._picture)
        line.addLayout(words, 1)

    def _open(self, is_open: bool) -> None:
        self._more.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.details.setVisible(is_open)

    def clear(self) -> None:
        """Nothing to say."""
        self.hide()

    def begin(self, text: str) -> None:
        """At work."""
        self._show("network-connect", text, working=True, details="")

    def failed(self, error: HostelryError) -> None:
        """Why it did not work, and what to do."""
        text = "\n".join(part for part in (error.what, error.why, error.next_step) if part)
        self._show("dialog-error", text, working=False, details=error.raw)
        self.setAccessibleName(text)

    def _show(self, icon_name: str, text: str, *, working: bool, details: str) -> None:
        self._picture.setPixmap(icon(icon_name).pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF()))
        self.text.setText(text)
        for part in (self._bar, self.cancel):
            part.setVisible(working)
        self.details.setPlainText(details)
        self._more.setVisible(bool(details))
        self._more.setChecked(False)
        self.details.hide()
        self.show()
