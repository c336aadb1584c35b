"""What lies over a guest's picture while files are dragged over it: what a drop does, in words, or why it does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.actions.file_channels import Channel, Verdict, holds_words, insert_words
from app.i18n import _
from ui.icons import icon
from ui.plain import label

ICON_PX = 48
ICONS = {
    Channel.IMAGE: "media-optical",
    Channel.SPICE: "document-import",
    Channel.AGENT: "document-import",
    Channel.DISC: "media-optical",
    Channel.NONE: "dialog-cancel",
}
DIM, MARGIN_PX, CORNER_PX, LINE_PX = 240, 16, 8, 2
"""Opacity of 255 over the picture; room around a place; its corners and line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something can be dropped.  drive: the CD drive's name, if it is one of several."""

    channel: Channel
    title: str
    detail: str = ""
    drive: str = ""


def places_of(verdict: Verdict) -> tuple[Place, ...]:
    """One, or one for each drive that a disc image may go into."""
    if verdict.channel is Channel.IMAGE and len(verdict.drives) > 1:
        return tuple(
            Place(verdict.channel, insert_words(drive), holds_words(drive) or _("It is empty."), drive.target)
            for drive in verdict.drives
        )
    return (Place(verdict.channel, verdict.title, verdict.detail),)


class DropOverlay(QWidget):
    """Covers its parent; takes no mouse itself: the parent gets the drag's events."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        self._row.setSpacing(MARGIN_PX)
        self._boxes: list[_Box] = []
        self.hide()

    def wait(self, count: int) -> None:
        """Files are over it, and what will become of them is being found out."""
        self._show([_Box(None, _("Looking at the files and the guest…") if count else "", "")])

    def say(self, verdict: Verdict) -> None:
        """What a drop does, wherever or by place."""
        self._show([_Box(place, place.title, place.detail) for place in places_of(verdict)])

    def point(self, at: QPoint) -> Place | None:
        """Marks the place under the pointer (in this widget's coordinates) and gives it; a single one is everywhere."""
        under = next((box for box in self._boxes if box.geometry().contains(at)), None)
        if under is None and len(self._boxes) == 1:
            under = self._boxes[0]
        for box in self._boxes:
            box.mark(box is under)
        return under.place if under is not None else None

    @property
    def words(self) -> str:
        """Everything that it says, for tests and screen readers."""
        return " ".join(box.accessibleName() for box in self._boxes)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture shines through a little."""
        colour = QColor(self.palette().color(QPalette.ColorRole.Window))
        colour.setAlpha(DIM)
        QPainter(self).fillRect(self.rect(), colour)

    def _show(self, boxes: Sequence[_Box]) -> None:
        for box in self._boxes:
            self._row.removeWidget(box)
            box.deleteLater()
        self._boxes = list(boxes)
        for box in boxes:
            self._row.addWidget(box, 1)
        self.setAccessibleName(self.words)
        parent = self.parentWidget()
        if parent is not None:
            self.resize(parent.size())
        self.show()
        self.raise_()


class _Box(QWidget):
    """One place: a sign, a sentence, and what goes with it."""

    def __init__(self, place: Place | None, title: str, detail: str) -> None:
        super().__init__()
        self.place, self._marked = place, False
        sign, head, rest = QLabel(alignment=Qt.AlignmentFlag.AlignCenter), label(title), label(detail)
        if place is not None:
            sign.setPixmap(icon(ICONS[place.channel]).pixmap(ICON_PX, ICON_PX))
        font = head.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        head.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * MARGIN_PX, MARGIN_PX, 2 * MARGIN_PX, MARGIN_PX)
        column.addStretch(1)
        for widget in (sign, head, rest):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            widget.setWordWrap(True)
            column.addWidget(widget)
        column.addStretch(1)
        self.setMinimumSize(1, 1)
        self.setAccessibleName(" ".join(part for part in (title, detail) if part))

    def mark(self, marked: bool) -> None:
        """Whether a drop now would go here."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A dashed line where nothing is over it, a firm one where the drop would go; none where none can."""
        if self.place is not None and self.place.channel is Channel.NONE:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Highlight if self._marked else QPalette.ColorRole.PlaceholderText
        line = Qt.PenStyle.SolidLine if self._marked else Qt.PenStyle.DashLine
        painter.setPen(QPen(self.palette().color(role), LINE_PX, line))
        inner = QRectF(self.rect()).adjusted(LINE_PX, LINE_PX, -LINE_PX, -LINE_PX)
        painter.drawRoundedRect(inner, CORNER_PX, CORNER_PX)
