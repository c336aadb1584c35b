"""Which of the host's processors each of the machine's runs on, drawn on the host's real cells and cores."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolTip, QWidget

from app.devices.cpuset import members
from app.devices.description import Section
from app.devices.offers import Cell, Offers
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document
from ui.details.editors.panel import Panel
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.wizard.row import Hint

BOX_PX, SPACE_PX, TITLE_PX = 26, 4, 20
_READ = N_("A filled square has the number of the machine's processor that runs there, an empty one the host's own.")


class HostMap(QWidget):
    """A square for each processor, hyper-threads of a core side by side; in it the machine's processors that are pinned there."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: tuple[Cell, ...] = ()
        self.pins: dict[int, list[int]] = {}
        self.setAccessibleName(_("The host's processors"))

    def show_pins(self, cells: tuple[Cell, ...], pins: dict[int, list[int]]) -> bool:
        """pins: by the host's processor, which of the machine's run there.  Gives whether the size differs."""
        if (cells, pins) == (self.cells, self.pins):
            return False
        self.cells, self.pins = cells, pins
        words = (
            _("Processor {host}: {guests}").format(host=host, guests=", ".join(map(str, guests)))
            for host, guests in sorted(pins.items())
        )
        self.setAccessibleDescription("\n".join(words))
        self.update()
        return True

    def squares(self, width: int) -> Iterator[tuple[Cell, int, QRect]]:
        """Cell, processor and place of each, in this width."""
        y = 0
        for cell in self.cells:
            x, y = 0, y + TITLE_PX
            for core in cores(cell):
                room = len(core) * BOX_PX
                if x and x + room > width:
                    x, y = 0, y + BOX_PX + SPACE_PX
                for cpu in core:
                    yield cell, cpu, QRect(x, y, BOX_PX, BOX_PX)
                    x += BOX_PX
                x += SPACE_PX
            y += BOX_PX + 2 * SPACE_PX

    def height_in(self, width: int) -> int:
        """What it needs there."""
        return max((rect.bottom() for _cell, _cpu, rect in self.squares(width)), default=0) + SPACE_PX

    def sizeHint(self) -> QSize:
        return QSize(300, self.height_in(300))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        named: set[int] = set()
        for cell, cpu, rect in self.squares(self.width()):
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            if cell.id not in named:
                named.add(cell.id)
                painter.drawText(
                    QRect(0, rect.top() - TITLE_PX, self.width(), TITLE_PX - 2), 0, _("Cell {number}").format(number=cell.id)
                )
            guests = self.pins.get(cpu, [])
            role = QPalette.ColorRole.Highlight if guests else QPalette.ColorRole.Base
            painter.fillRect(rect.adjusted(0, 0, -1, -1), palette.color(role))
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            text = QPalette.ColorRole.HighlightedText if guests else QPalette.ColorRole.PlaceholderText
            painter.setPen(palette.color(text))
            shown = (str(guests[0]) if len(guests) == 1 else f"×{len(guests)}") if guests else f"·{cpu}"
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), shown)

    def event(self, event: QEvent) -> bool:
        """Each square says what it is."""
        if isinstance(event, QHelpEvent):
            for _cell, cpu, rect in self.squares(self.width()):
                if rect.contains(event.pos()):
                    QToolTip.showText(event.globalPos(), self.words(cpu), self)
                    return True
        return super().event(event)

    def words(self, cpu: int) -> str:
        """About one of the host's processors."""
        guests = self.pins.get(cpu, [])
        if not guests:
            return _("The host's processor {number}: nothing is pinned to it").format(number=cpu)
        text = ngettext("The host's processor {number} runs {guests}", "The host's processor {number} runs {guests}", len(guests))
        return text.format(number=cpu, guests=", ".join(map(str, guests)))


class PinningEditor(Panel):
    """The map, and two ready answers; single pins are in the table below."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.map = HostMap()
        self.each = QPushButton(_("Pin each to one of its &own"))
        self.each.setToolTip(_("One after the other, cell by cell, hyper-threads of a core beside each other"))
        self.none = QPushButton(_("Take all pins a&way"))
        self.says = Hint()
        row = QHBoxLayout()
        for button in (self.each, self.none):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addWidget(self.map)
        self.column.addWidget(self.says)
        self.column.addLayout(row)
        self.each.clicked.connect(lambda _checked=False: self._put(self.own_pins()))
        self.none.clicked.connect(lambda _checked=False: self._put([]))

    def count(self) -> int:
        """The machine's processors."""
        text = self.subject.document.get("vcpu") or "1"
        return int(text) if text.isdecimal() else 1

    def own_pins(self) -> list[int]:
        """A processor of the host for each of the machine's."""
        order = [cpu for cell in cells_of(self.subject.offers) for core in cores(cell) for cpu in core]
        return order[: self.count()] if len(order) >= self.count() else []

    def _put(self, pins: list[int]) -> None:
        def change(document: Document) -> None:
            for one in document.find_all("cputune/vcpupin"):
                document.remove_element(one)
            for number, cpu in enumerate(pins):
                document.insert(f"<vcpupin vcpu='{number}' cpuset='{cpu}'/>", "cputune")
            tune = document.find("cputune")
            if not pins and tune is not None and not len(tune) and not tune.attrib:
                document.remove_element(tune)

        self.subject.session.edit(_("Pin processors") if pins else _("Take pins away"), change)

    def refresh(self) -> bool:
        document = self.subject.document
        pins: dict[int, list[int]] = {}
        for one in document.find_all("cputune/vcpupin"):
            number = str(one.get("vcpu", ""))
            for cpu in members(str(one.get("cpuset", ""))) or ():
                pins.setdefault(cpu, []).append(int(number) if number.isdecimal() else -1)
        cells = cells_of(self.subject.offers)
        changed = self.map.show_pins(cells, pins)
        self.says.say(_(_READ) if cells else "")
        enough = bool(self.own_pins())
        self.each.setEnabled(enough and not self.subject.locked)
        few = _("The host has fewer processors than the machine, or does not tell.")
        self.each.setToolTip(_("One after the other, cell by cell") if enough else few)
        self.none.setEnabled(bool(document.find_all("cputune/vcpupin")) and not self.subject.locked)
        return changed

    def height_for(self, lay: Lay, width: int) -> int:
        self.map.setFixedHeight(self.map.height_in(width))
        return super().height_for(lay, width)


def cells_of(offers: Offers) -> tuple[Cell, ...]:
    """The host's NUMA cells; one with all processors where it does not tell."""
    return offers.cells or ((Cell(0, offers.memory_kib, tuple(range(offers.cpus))),) if offers.cpus else ())


def cores(cell: Cell) -> list[tuple[int, ...]]:
    """A cell's processors by core: hyper-threads together."""
    found: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for cpu in cell.cpus:
        if cpu in seen:
            continue
        core = next((group for group in cell.siblings if cpu in group), (cpu,))
        seen.update(core)
        found.append(core)
    return found
