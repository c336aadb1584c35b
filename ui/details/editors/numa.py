"""The guest's NUMA cells: drawn on the host's, with their totals checked, ready answers, and the distances as a matrix."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QTableWidget, QTableWidgetItem, QWidget

from app.devices import cpuset
from app.devices.description import Section, Table
from app.devices.units import to_bytes
from app.devices.values import read
from app.i18n import _
from app.xmldoc.document import Document
from ui.details.editors.numa_map import GuestCell, NumaMap
from ui.details.editors.panel import Panel
from ui.details.editors.pinning import cells_of
from ui.details.fields.sizes import exact
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

NEAR, FAR = 10, 20
"""Distances where nothing is said: a cell's own, and any other."""
MOST_MATRIX = 16
"""Cells; with more the matrix would be no help."""
DISTANCES = "cpu/numa/cell/distances/sibling"


class NumaEditor(Panel):
    """Map, checks and buttons; single cells are in the table below."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.map, self.says = NumaMap(), Hint()
        self.like_host = QPushButton(_("One for each of the host's cells"))
        self.two, self.none = QPushButton(_("Two cells")), QPushButton(_("Take all cells away"))
        self.caption = plain_label(_("Distances: how far the memory of a column is from the processors of a row"))
        self.matrix = QTableWidget()
        self._filling = False
        self._arrange()
        self.like_host.clicked.connect(lambda _checked=False: self._split(len(cells_of(self.subject.offers)), bind=True))
        self.two.clicked.connect(lambda _checked=False: self._split(2, bind=False))
        self.none.clicked.connect(lambda _checked=False: self._edit(_("Take the cells away"), take_away))
        self.matrix.itemChanged.connect(self._distance_typed)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        for button in (self.like_host, self.two, self.none):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.matrix.setAccessibleName(_("Distances between the cells"))
        self.matrix.setTabKeyNavigation(False)
        self.matrix.horizontalHeader().setDefaultSectionSize(56)
        self.matrix.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 8)
        self.matrix.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.matrix.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.column.addWidget(self.map)
        self.column.addWidget(self.says)
        self.column.addLayout(row)
        self.column.addWidget(self.caption)
        self.column.addWidget(self.matrix)
        self.setFocusProxy(self.like_host)

    def covers(self) -> frozenset[str]:
        return frozenset({DISTANCES})

    # showing

    def refresh(self) -> bool:
        document = self.subject.document
        found = guest_cells(document, self._table())
        before = (self.says.text, self.matrix.isHidden(), self.matrix.rowCount())
        changed = self.map.show_cells(cells_of(self.subject.offers), found)
        problem = wrong(document, found)
        good = _("All memory and processors are in a cell.") if found else _("The guest sees one cell with everything.")
        self.says.say(problem or good, "dialog-warning" if problem else "dialog-ok-apply" if found else "")
        self._show_matrix(document, found)
        self._enable(document, bool(found))
        return changed or before != (self.says.text, self.matrix.isHidden(), self.matrix.rowCount())

    def _enable(self, document: Document, any_cell: bool) -> None:
        host = len(cells_of(self.subject.offers))
        usable, cpus = not self.subject.locked, count(document)
        self.like_host.setEnabled(usable and 1 < host <= cpus)
        few = _("The machine has fewer processors than the host has cells.")
        why = few if host > 1 else _("The host has one cell only, or does not tell.")
        tip = _("Memory and processors in equal shares, each cell's memory from the host's cell of the same number")
        self.like_host.setToolTip(plain_tip(tip if 1 < host <= cpus else why))
        self.two.setEnabled(usable and cpus >= 2)
        self.two.setToolTip(_("In equal shares; the memory may come from anywhere"))
        self.none.setEnabled(usable and any_cell)

    def _show_matrix(self, document: Document, found: list[GuestCell]) -> None:
        there = 2 <= len(found) <= MOST_MATRIX
        self.matrix.setVisible(there)
        self.caption.setVisible(there)
        if not there:
            self.matrix.setRowCount(0)
            return
        self._filling = True
        names = [str(one.number) for one in found]
        self.matrix.setRowCount(len(found))
        self.matrix.setColumnCount(len(found))
        self.matrix.setHorizontalHeaderLabels(names)
        self.matrix.setVerticalHeaderLabels(names)
        for row, one in enumerate(found):
            for column, other in enumerate(found):
                said = distance(document, one.place, other.number)
                item = self.matrix.item(row, column) or QTableWidgetItem()
                item.setText(str(said if said is not None else NEAR if row == column else FAR))
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                flags = item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsEnabled
                item.setFlags(flags & ~Qt.ItemFlag.ItemIsEditable if row == column or self.subject.locked else flags)
                item.setToolTip(_("10 is a cell's own; 20 twice as far. At most 254; 255 is out of reach."))
                if self.matrix.item(row, column) is None:
                    self.matrix.setItem(row, column, item)
        self._filling = False

    def height_for(self, lay: Lay, width: int) -> int:
        self.map.setFixedHeight(self.map.height_in(width))
        if not self.matrix.isHidden():
            rows = self.matrix.rowCount() * self.matrix.verticalHeader().defaultSectionSize()
            head = self.matrix.horizontalHeader().sizeHint().height() + 2 * self.matrix.frameWidth() + 2
            self.matrix.setFixedHeight(rows + head)
        return super().height_for(lay, width)

    # changing

    def _table(self) -> Table:
        return next(item for item in self.section.items if isinstance(item, Table) and item.path == "cpu/numa/cell")

    def _edit(self, label: str, change: object) -> None:
        self.subject.session.edit(label, change)  # type: ignore[arg-type]

    def _split(self, parts: int, *, bind: bool) -> None:
        host = [cell.id for cell in cells_of(self.subject.offers)]
        self._edit(_("Divide into cells"), lambda document: split(document, parts, host if bind else []))

    def _distance_typed(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        text, row, column = item.text().strip(), item.row(), item.column()
        found = guest_cells(self.subject.document, self._table())
        if not text.isdecimal() or not NEAR < int(text) <= 255 or max(row, column) >= len(found):
            self.refresh()
            self.says.say(_("A distance to another cell is between 11 and 255."), "dialog-error")
            return
        self._edit(_("Change a distance"), lambda document: put_distance(document, found, (row, column), int(text)))


@dataclass(frozen=True, slots=True)
class _Share:
    cpus: str
    memory_kib: int


def count(document: Document) -> int:
    """The machine's processors at most."""
    text = document.get("vcpu") or "1"
    return int(text) if text.isdecimal() else 1


def memory_kib(document: Document) -> int:
    """All of the machine's memory, without what is plugged in."""
    size = to_bytes(document.get("memory") or "0", document.get("memory/@unit") or "KiB")
    return (size or 0) // 1024


def guest_cells(document: Document, table: Table) -> list[GuestCell]:
    """As they are written; a cell without a number has its place's."""
    size = next(column for column in table.columns if column.path == "@memory")
    bound = {str(one.get("cellid")): str(one.get("nodeset", "")) for one in document.find_all("numatune/memnode")}
    all_from = document.get("numatune/memory/@nodeset") or ""
    found = []
    for place, cell in enumerate(document.find_all("cpu/numa/cell")):
        number, memory = str(cell.get("id", place)), read(document, size, cell)
        found.append(
            GuestCell(
                number=int(number) if number.isdecimal() else place,
                place=place,
                memory_kib=int(memory) // 1024 if memory is not None and memory.isdecimal() else 0,
                cpus=cpuset.members(str(cell.get("cpus", ""))) or frozenset(),
                host=cpuset.members(bound.get(number, "") or all_from) or frozenset(),
            )
        )
    return found


def wrong(document: Document, found: list[GuestCell]) -> str:
    """What libvirt or the guest would refuse about all cells together, as sentences; "" if nothing."""
    if not found:
        return ""
    said = []
    total, memory = sum(one.memory_kib for one in found), memory_kib(document)
    if total != memory and not document.find_all("devices/memory"):
        words = _("The cells have {cells}, the machine {machine}: the start takes the cells' sum.")
        said.append(words.format(cells=exact(str(total * 1024)), machine=exact(str(memory * 1024))))
    every = [cpu for one in found for cpu in one.cpus]
    twice = sorted({cpu for cpu in every if every.count(cpu) > 1})
    missing = sorted(set(range(count(document))) - set(every))
    beyond = sorted(cpu for cpu in set(every) if cpu >= count(document))
    if twice:
        said.append(_("Processors in more than one cell: {cpus}.").format(cpus=cpuset.spell(twice)))
    if missing:
        said.append(_("Processors in no cell: {cpus}.").format(cpus=cpuset.spell(missing)))
    if beyond:
        said.append(_("Processors that the machine does not have: {cpus}.").format(cpus=cpuset.spell(beyond)))
    if sorted(one.number for one in found) != list(range(len(found))):
        said.append(_("Cells are numbered from 0 without gaps."))
    return "\n".join(said)


def shares(cpus: int, kib: int, parts: int) -> list[_Share]:
    """Processors and memory divided evenly; what does not divide goes to the first."""
    found, at = [], 0
    for part in range(parts):
        mine = cpus // parts + (part < cpus % parts)
        memory = (kib // parts) // 1024 * 1024
        found.append(_Share(cpuset.spell(range(at, at + mine)), memory if part else kib - memory * (parts - 1)))
        at += mine
    return found


def split(document: Document, parts: int, host: list[int]) -> None:
    """Cells in equal shares.  host: the cells of the host from which each takes its memory; empty: from anywhere."""
    take_away(document)
    for number, share in enumerate(shares(count(document), memory_kib(document), parts)):
        cell = document.insert("<cell/>", "cpu/numa")
        values = {"id": str(number), "cpus": share.cpus, "memory": str(share.memory_kib), "unit": "KiB"}
        for name, value in values.items():
            document.set(f"@{name}", value, cell)
        if host:
            document.insert(f"<memnode cellid='{number}' mode='strict' nodeset='{host[number]}'/>", "numatune")


def take_away(document: Document) -> None:
    """The cells, and what is said about each."""
    for path in ("numatune/memnode", "cpu/numa"):
        for one in document.find_all(path):
            document.remove_element(one)
    for path in ("numatune", "cpu"):
        left = document.find(path)
        if left is not None and not len(left) and not left.attrib and not (left.text or "").strip():
            document.remove_element(left)


def distance(document: Document, place: int, other: int) -> int | None:
    """What is said; None if nothing is."""
    cell = document.find_all("cpu/numa/cell")[place]
    text = next((str(one.get("value", "")) for one in cell.findall("distances/sibling") if one.get("id") == str(other)), "")
    return int(text) if text.isdecimal() else None


def put_distance(document: Document, found: list[GuestCell], at: tuple[int, int], value: int) -> None:
    """Both ways, with all others that were not said yet: libvirt wants a matrix that is whole and symmetrical."""
    cells = document.find_all("cpu/numa/cell")
    for row, one in enumerate(found):
        for column, other in enumerate(found):
            said = distance(document, one.place, other.number)
            wanted = value if (row, column) in (at, at[::-1]) else said if said is not None else NEAR if row == column else FAR
            if wanted != said:
                path = f"distances/sibling[@id='{other.number}']/@value"
                document.set(path, str(wanted), cells[one.place])
