"""What came of applying, said in the bar: a message that floats would lie over what one wants to press next."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStyle, QToolButton, QWidget

from app.i18n import _
from ui.icons import icon
from ui.plain import label as plain_label
from ui.widgets.icon_label import IconLabel

SHOWN_MS = 10_000
"""How long it is said that all went well."""


class Told(QFrame):
    """Hidden while there is nothing to say.  over: it is hidden again."""

    over = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.text, self._sign = plain_label(), IconLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._enough = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._enough.timeout.connect(self.forget)
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        close = QToolButton()
        close.setIcon(icon("window-close"))
        close.setAutoRaise(True)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.setAccessibleName(_("Close this message"))
        close.setToolTip(_("Close this message"))
        close.clicked.connect(lambda _checked=False: self.forget())
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 10, 5)
        row.addWidget(self._sign)
        row.addWidget(self.text, 1)
        row.addWidget(close)

    def tell(self, words: str, *, well: bool) -> None:
        """What went wrong stays until it is closed or something else is applied."""
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self._sign.show_icon(icon("dialog-ok" if well else "dialog-warning"), side)
        self.text.setText(words)
        self.show()
        if well:
            self._enough.start()
        else:
            self._enough.stop()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.text, words))

    def forget(self) -> None:
        """It has been read."""
        self._enough.stop()
        if not self.isHidden():
            self.hide()
            self.over.emit()
