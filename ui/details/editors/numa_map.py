"""A picture of the host's NUMA cells with the guest's cells on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from app.devices import cpuset
from app.devices.offers import Cell
from app.i18n import _
from ui.details.fields.sizes import exact
from ui.plain import tip as plain_tip

HOST_PX, SPACE_PX, PAD_PX = 190, 8, 6


@dataclass(frozen=True, slots=True)
class GuestCell:
    """number: its id.  place: among the elements.  host: cells of the host from which its memory comes; empty: from anywhere."""

    number: int
    place: int
    memory_kib: int
    cpus: frozenset[int]
    host: frozenset[int]

    def words(self) -> str:
        """ "Cell 0: processors 0-3, 4 GiB"."""
        memory = exact(str(self.memory_kib * 1024))
        if not self.cpus:
            return _("Cell {number}: {memory}").format(number=self.number, memory=memory)
        words = _("Cell {number}: processors {cpus}, {memory}")
        return words.format(number=self.number, cpus=cpuset.spell(self.cpus), memory=memory)


class NumaMap(QWidget):
    """A frame for each of the host's cells; in it those of the guest whose memory comes from there alone.

    Below them all, those that come from anywhere or from several.
    """

    def __init__(self) -> None:
        super().__init__()
        self.host: tuple[Cell, ...] = ()
        self.guest: list[GuestCell] = []
        self.setAccessibleName(_("The guest's cells on the host's"))

    def show_cells(self, host: tuple[Cell, ...], guest: list[GuestCell]) -> bool:
        """Gives whether the size may differ."""
        if (host, guest) == (self.host, self.guest):
            return False
        self.host, self.guest = host, guest
        self.setAccessibleDescription("\n".join(self.tip_of(one) for one in guest))
        self.update()
        return True

    def tip_of(self, cell: GuestCell) -> str:
        """With where its memory comes from."""
        if not cell.host:
            return _("{cell}; its memory may come from any cell of the host.").format(cell=cell.words())
        return _("{cell}; its memory comes from the host's {cells}.").format(cell=cell.words(), cells=cpuset.spell(cell.host))

    def inside(self, host: Cell) -> list[GuestCell]:
        """Those that are drawn in this frame."""
        return [one for one in self.guest if one.host == frozenset({host.id})]

    def outside(self) -> list[GuestCell]:
        """Those that are in no frame."""
        framed = {frozenset({cell.id}) for cell in self.host}
        return [one for one in self.guest if one.host not in framed]

    def _line(self) -> int:
        return self.fontMetrics().lineSpacing() + 6

    def frames(self, width: int) -> Iterator[tuple[Cell, QRect]]:
        """The host's cells and their places in this width."""
        line = self._line()
        most = max((len(self.inside(cell)) for cell in self.host), default=0)
        across = max(1, min(len(self.host), (width + SPACE_PX) // (HOST_PX + SPACE_PX)))
        wide = min(2 * HOST_PX, (width - (across - 1) * SPACE_PX) // across)
        high = line * (2 + max(1, most)) + 2 * PAD_PX
        for number, cell in enumerate(self.host):
            yield cell, QRect((number % across) * (wide + SPACE_PX), (number // across) * (high + SPACE_PX), wide, high)

    def boxes(self, width: int) -> Iterator[tuple[GuestCell, QRect]]:
        """The guest's cells and their places."""
        line, bottom = self._line(), 0
        for cell, frame in self.frames(width):
            bottom = frame.bottom() + SPACE_PX
            for number, one in enumerate(self.inside(cell)):
                at = frame.top() + PAD_PX + (2 + number) * line
                yield one, QRect(frame.left() + PAD_PX, at, frame.width() - 2 * PAD_PX, line - 2)
        for number, one in enumerate(self.outside()):
            yield one, QRect(0, bottom + number * line, min(width, 2 * HOST_PX + SPACE_PX), line - 2)

    def height_in(self, width: int) -> int:
        """What it needs there."""
        rects = [rect for _cell, rect in self.frames(width)] + [rect for _cell, rect in self.boxes(width)]
        return max((rect.bottom() for rect in rects), default=-1) + 2

    def sizeHint(self) -> QSize:
        return QSize(300, self.height_in(300))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette, line = QPainter(self), self.palette(), self._line()
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for cell, frame in self.frames(self.width()):
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(frame.adjusted(0, 0, -1, -1))
            text = frame.adjusted(PAD_PX, PAD_PX, -PAD_PX, 0)
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            title = QRect(text.left(), text.top(), text.width(), line)
            painter.drawText(title, middle, _("Host's cell {number}").format(number=cell.id))
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            facts = _("Processors {cpus}, {memory}").format(
                cpus=cpuset.spell(cell.cpus), memory=exact(str(cell.memory_kib * 1024))
            )
            facts = self.fontMetrics().elidedText(facts, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(QRect(text.left(), text.top() + line, text.width(), line), middle, facts)
        for one, rect in self.boxes(self.width()):
            painter.fillRect(rect, palette.color(QPalette.ColorRole.Highlight))
            painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
            words = self.fontMetrics().elidedText(one.words(), Qt.TextElideMode.ElideRight, rect.width() - 8)
            painter.drawText(rect.adjusted(4, 0, -4, 0), middle, words)

    def event(self, event: QEvent) -> bool:
        """Each of the guest's cells says where its memory comes from."""
        if isinstance(event, QHelpEvent):
            found = next((one for one, rect in self.boxes(self.width()) if rect.contains(event.pos())), None)
            if found is not None:
                QToolTip.showText(event.globalPos(), plain_tip(self.tip_of(found)), self)
                return True
        return super().event(event)
