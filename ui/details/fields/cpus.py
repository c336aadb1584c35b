"""A small picker for a list of processors: the host's, by NUMA cell and core."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.devices.cpuset import members, spell
from app.devices.offers import Offers
from app.i18n import _
from ui.details.fields.line import LineEditor

IN_A_ROW = 8


class CpuPicker(QFrame):
    """A popup; each press changes the list in the line."""

    def __init__(self, editor: LineEditor, offers: Offers) -> None:
        super().__init__(editor, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._editor = editor
        self.buttons: dict[int, QToolButton] = {}
        inner = QWidget()
        column = QVBoxLayout(inner)
        chosen = members(editor.text()) or frozenset()
        for title, cpus in groups(offers):
            column.addWidget(QLabel(title))
            column.addWidget(self._grid(cpus, chosen))
        if not self.buttons:
            column.addWidget(QLabel(_("It is not known how many processors the host has.")))
        area = QScrollArea()
        area.setWidget(inner)
        area.setFrameShape(QFrame.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        outer.addWidget(area)
        area.setMinimumSize(min(inner.sizeHint().width() + 24, 560), min(inner.sizeHint().height() + 8, 360))

    def _grid(self, cpus: tuple[int, ...], chosen: frozenset[int]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(3)
        for place, cpu in enumerate(cpus):
            button = QToolButton()
            button.setText(str(cpu))
            button.setCheckable(True)
            button.setChecked(cpu in chosen)
            button.setAccessibleName(_("Processor {number}").format(number=cpu))
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance("0000") + 8)
            button.toggled.connect(lambda _on: self._toggled())
            self.buttons[cpu] = button
            grid.addWidget(button, place // IN_A_ROW, place % IN_A_ROW)
        return box

    def _toggled(self) -> None:
        self._editor.put(spell(cpu for cpu, button in self.buttons.items() if button.isChecked()))


def groups(offers: Offers) -> list[tuple[str, tuple[int, ...]]]:
    """The host's processors under titles."""
    if offers.cells:
        return [(_("NUMA cell {number}").format(number=cell.id), cell.cpus) for cell in offers.cells]
    return [(_("The host's processors"), tuple(range(offers.cpus)))] if offers.cpus else []


def pick_cpus(editor: LineEditor, offers: Offers) -> None:
    """Opens the picker below the line."""
    picker = CpuPicker(editor, offers)
    picker.move(editor.mapToGlobal(QPoint(0, editor.height())))
    picker.show()
