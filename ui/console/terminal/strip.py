"""The line below a terminal that says why nothing comes, with the one button that helps; the text above stays readable."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.i18n import N_, _
from ui.console.situation import BUTTON_TEXTS, Button, Situation
from ui.console.terminal.line import LineState, TextLine
from ui.icons import icon
from ui.widgets.elided import ElidedLabel
from ui.widgets.icon_label import IconLabel

TAKE_OVER = "take-over"
_OWN_TEXTS = {TAKE_OVER: ("network-connect", N_("Take it over…"))}


class Strip(QFrame):
    """pressed: a ``Button``, or TAKE_OVER."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._wanted: Button | str = Button.NONE
        self._picture, self._text = IconLabel(), ElidedLabel()
        self.button = QPushButton()
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.button.clicked.connect(lambda: self.pressed.emit(self._wanted))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)

    def say(self, icon_name: str, text: str, button: Button | str) -> None:
        """An empty text hides it."""
        self.setVisible(bool(text))
        self._wanted = button
        self._picture.show_icon(icon(icon_name), self.fontMetrics().height())
        self._text.setText(text)
        self._text.setToolTip(text)
        self.setAccessibleName(text)
        words = BUTTON_TEXTS.get(button) if isinstance(button, Button) else _OWN_TEXTS.get(button)
        self.button.setVisible(words is not None)
        if words is not None:
            self.button.setIcon(icon(words[0]))
            self.button.setText(_(words[1]))

    @property
    def text(self) -> str:
        """What it says."""
        return self.accessibleName() if not self.isHidden() else ""


def words(standing: Situation, line: TextLine) -> tuple[str, str, Button | str]:
    """Icon, sentence and button: what stands in the machine's way first, then what stands in the line's."""
    if not standing.live:
        return standing.icon, " ".join(filter(None, (standing.text, standing.detail))), standing.button
    if line.state is LineState.TAKEN and line.problem is not None:
        return "network-disconnect", line.problem.what, TAKE_OVER
    if line.state is LineState.FAILED and line.problem is not None:
        return "network-disconnect", str(line.problem), Button.RECONNECT
    if line.state is LineState.CONNECTING:
        return "network-connect", _("Connecting to the machine's console…"), Button.NONE
    return "", "", Button.NONE
