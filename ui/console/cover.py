"""What stands where no live picture is: a sentence, a button, perhaps details; asks for name and password in place."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import _
from ui.console.login_form import LoginForm
from ui.console.situation import BUTTON_TEXTS, Button, Situation
from ui.icons import icon
from ui.widgets.icon_label import IconLabel

PICTURE_PX = 48
TEXT_WIDTH = 60
"""In average characters."""


class Cover(QWidget):
    """Lies over the whole picture; the panel in its middle speaks."""

    pressed = Signal(object)
    """The ``Button``."""
    details_wanted = Signal(object)
    """Of the ``HostelryError``."""
    entered = Signal(object, bool)
    """Credentials, and whether to remember them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._situation = Situation()
        self._since_s = time.monotonic()
        self._picture = IconLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = self._label()
        self._detail = self._label()
        self._elapsed = self._label()
        self.form = LoginForm()
        self.form.submitted.connect(self._press)
        self.button = QPushButton()
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self._press)
        self.details = QPushButton(icon("dialog-information"), _("Details…"))
        self.details.setAutoDefault(False)
        self.details.clicked.connect(lambda _checked=False: self.details_wanted.emit(self._situation.error))
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._arrange()

    def _label(self) -> QLabel:
        label = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _arrange(self) -> None:
        font = self._text.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        self._text.setFont(font)
        self._panel = QFrame()
        self._panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._panel.setAutoFillBackground(True)
        self._panel.setFrameShape(QFrame.Shape.StyledPanel)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for widget in (self._picture, self._text, self._detail, self._elapsed, self.form):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.button)
        buttons.addWidget(self.details)
        buttons.addStretch()
        column.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 12, 12, 12)
        outer.addStretch(2)
        outer.addWidget(self._panel, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        self._width = self._text.fontMetrics().averageCharWidth() * TEXT_WIDTH

    def say(self, situation: Situation) -> None:
        """Shows it; the clock goes on while the sentence stays the same."""
        if situation.text != self._situation.text:
            self._since_s = time.monotonic()
        changed, self._situation = situation != self._situation, situation
        self.setVisible(not situation.live)
        if not changed or situation.live:
            self._timer.stop() if situation.live else None
            return
        self._show_texts(situation)
        self._show_button(situation.button)
        self.details.setVisible(situation.error is not None and bool(situation.error.raw))
        self._tick()
        self._timer.start() if situation.timed else self._timer.stop()
        self.update()

    def _show_texts(self, situation: Situation) -> None:
        self._picture.show_icon(icon(situation.icon), PICTURE_PX)
        self._text.setText(situation.text)
        self._detail.setText(situation.detail)
        self._detail.setVisible(bool(situation.detail))
        several = "\n" in situation.detail
        self._detail.setAlignment(Qt.AlignmentFlag.AlignLeft if several else Qt.AlignmentFlag.AlignCenter)
        self._panel.setAccessibleName(situation.text)
        self._panel.setAccessibleDescription(situation.detail)
        self._fit_panel()

    def _fit_panel(self) -> None:
        """Wrapped labels in a centred panel get neither width nor height by themselves."""
        margins = 24 * 2 + 2
        self._panel.setFixedWidth(min(self._width, max(260, self.width() - 40)))
        for label in (self._text, self._detail):
            label.setMinimumHeight(0)  # or a longer text from before counts as well
            label.setMinimumHeight(label.heightForWidth(self._panel.width() - margins) if label.text() else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows get a narrow panel."""
        super().resizeEvent(event)
        self._fit_panel()

    def _show_button(self, button: Button) -> None:
        self.form.setVisible(button is Button.PASSWORD)
        self.button.setVisible(button is not Button.NONE)
        if button is Button.NONE:
            return
        name, text = BUTTON_TEXTS[button]
        self.button.setIcon(icon(name))
        self.button.setText(_(text))
        self.button.setEnabled(True)
        if button is Button.PASSWORD:
            self.form.ask(self._situation.wants)

    def _press(self) -> None:
        if self._situation.button is Button.PASSWORD:
            given = self.form.take()
            if given is not None:
                self.entered.emit(given, self.form.remember.isChecked())
            return
        self.pressed.emit(self._situation.button)

    def _tick(self) -> None:
        seconds = int(time.monotonic() - self._since_s)
        self._elapsed.setVisible(self._situation.timed and seconds >= 2)
        self._elapsed.setText(_("For {seconds} s").format(seconds=seconds))
