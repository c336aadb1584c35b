"""What stands where nothing is: a picture, a sentence, the next step and its button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import icon

Button = tuple[str, str, Callable[[], object]]
"""Icon name, text, effect."""

PICTURE_PX = 64
TEXT_WIDTH_PX = 460


class EmptyState(QWidget):
    """``say`` replaces everything that is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._icon_name = ""
        self._said: tuple[object, ...] = ()
        self._buttons = QHBoxLayout()
        self._arrange()

    def _arrange(self) -> None:
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self._title.setFont(font)
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            label.setMaximumWidth(TEXT_WIDTH_PX)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self._picture)
        for label in (self._title, self._text):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(label, 100)
            row.addStretch(1)
            column.addLayout(row)
        column.addSpacing(6)
        column.addLayout(self._buttons)
        column.addStretch(3)

    def say(self, icon_name: str, title: str, text: str = "", buttons: tuple[Button, ...] = ()) -> None:
        """``buttons``: icon name, text and what each does; the first is the default one."""
        said = (icon_name, title, text, tuple(button[1] for button in buttons))
        if said == self._said:
            return
        self._said, self._icon_name = said, icon_name
        self._show_picture()
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._replace_buttons(buttons)

    def _replace_buttons(self, buttons: tuple[Button, ...]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._buttons.addStretch(1)
        for number, (icon_name, text, action) in enumerate(buttons):
            button = QPushButton(icon(icon_name), text)
            button.setDefault(number == 0)
            button.clicked.connect(lambda _checked=False, do=action: do())
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)

    def _show_picture(self) -> None:
        picture = icon(self._icon_name).pixmap(QSize(PICTURE_PX, PICTURE_PX), self.devicePixelRatioF())
        self._picture.setPixmap(picture)
        self._picture.setEnabled(False)

    def changeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.type() == event.Type.PaletteChange:
            self._show_picture()
        super().changeEvent(event)
