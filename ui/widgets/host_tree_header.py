"""The list's header: which columns, in what order, how wide; remembered as bytes that survive new columns."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QMenu, QStyle, QStyleOptionHeader, QWidget

from app.i18n import _
from ui.models.columns import COLUMNS, Col

LEAST_WIDTH = 40
INSET = "\u2009"
"""Thin space."""

_NUMBERS = {column.id: number for number, column in COLUMNS.items()}


class HostTreeHeader(QHeaderView):
    """A header whose context menu chooses columns.  layout_changed: something that `save` keeps was changed."""

    layout_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(LEAST_WIDTH)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self._name_width = LEAST_WIDTH
        self._fills = True
        self._fitting = False
        self._room = 0
        self.sectionResized.connect(self._resized)
        for signal in (self.sectionMoved, self.sectionResized, self.sortIndicatorChanged):
            signal.connect(lambda *_args: self.layout_changed.emit())

    def fit(self, room: int | None = None) -> None:
        """Gives the name the room that the other columns leave, unless its width was chosen by hand.

        room: the view's width in pixels, if it changed.  A name that stands alone always gets all of it.
        """
        self._room = self._room if room is None else room
        others = self.length() - self.sectionSize(Col.NAME)
        if self._fitting or not self._room or (others and not self._fills):
            return
        least = self._name_width if others else LEAST_WIDTH
        self._fitting = True
        self.resizeSection(Col.NAME, max(least, self._room - others))
        self._fitting = False

    def _resized(self, column: int, _old: int, _new: int) -> None:
        if self._fitting:
            return
        if column == Col.NAME:
            self._fills = False
        else:
            self.fit()

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, logical: int) -> None:
        """Moves titles a little inwards, so that they stand over their cells' texts in every style."""
        super().initStyleOptionForIndex(option, logical)
        right = option.textAlignment & Qt.AlignmentFlag.AlignRight
        option.text = f"{option.text}{INSET}" if right else f"{INSET}{option.text}"

    def reset_columns(self) -> None:
        """Columns, order and widths as on the first day; sorted by name."""
        self._apply([(number, self._usual(number), column.shown) for number, column in COLUMNS.items()], fills=True)
        self.setSortIndicator(Col.NAME, Qt.SortOrder.AscendingOrder)
        self.layout_changed.emit()

    def save(self) -> bytes:
        """Columns from left to right, and the sorting."""
        logical = [Col(self.logicalIndex(place)) for place in range(self.count())]
        columns = [{"id": COLUMNS[col].id, "width": self._width(col), "shown": not self.isSectionHidden(col)} for col in logical]
        descending = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        sort = {"id": COLUMNS[Col(max(0, self.sortIndicatorSection()))].id, "descending": descending}
        return json.dumps({"columns": columns, "sort": sort, "name_fills": self._fills}).encode()

    def _usual(self, column: Col) -> int:
        """The column's own width; at least its title's, with the sign of the sorting beside it, in any language."""
        metrics, style = self.fontMetrics(), self.style()
        sign = style.pixelMetric(QStyle.PixelMetric.PM_HeaderMarkSize, None, self)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_HeaderMargin, None, self)
        title = metrics.horizontalAdvance(f"{INSET}{_(COLUMNS[column].title)}") + sign + 4 * margin
        return max(LEAST_WIDTH, title, COLUMNS[column].width * metrics.averageCharWidth())

    def _width(self, column: Col) -> int:
        """The width; what a hidden column will have is lost in Qt, so its usual one."""
        if column is Col.NAME and self._fills:
            return self._name_width
        return self.sectionSize(column) or self._usual(column)

    def restore(self, state: bytes) -> bool:
        """What `save` gave, also from an older or newer version; ``False`` (and no change) if it cannot be read."""
        try:
            stored = json.loads(state)
            columns = [(_NUMBERS[entry["id"]], int(entry["width"]), bool(entry["shown"])) for entry in _known(stored["columns"])]
            sort = _NUMBERS.get(stored["sort"]["id"], Col.NAME), bool(stored["sort"]["descending"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        self._apply(columns, fills=bool(stored.get("name_fills", True)))
        self.setSortIndicator(sort[0], Qt.SortOrder.DescendingOrder if sort[1] else Qt.SortOrder.AscendingOrder)
        return True

    def _apply(self, columns: list[tuple[Col, int, bool]], *, fills: bool) -> None:
        columns.sort(key=lambda entry: entry[0] is not Col.NAME)  # the name comes first, whatever was stored
        for place, (column, width, shown) in enumerate(columns):
            self.moveSection(self.visualIndex(column), place)
            self.setSectionHidden(column, not shown and column is not Col.NAME)
            self.resizeSection(column, max(LEAST_WIDTH, min(width, 4000)))
            if column is Col.NAME:
                self._name_width = self.sectionSize(column)
        self._fills = fills
        self.fit()

    def menu(self) -> QMenu:
        """A tick for each column that may be hidden, and the way back."""
        menu = QMenu(self)
        for number, column in COLUMNS.items():
            action = menu.addAction(_(column.title))
            action.setCheckable(True)
            action.setChecked(not self.isSectionHidden(number))
            action.setEnabled(number is not Col.NAME)
            action.setToolTip(_(column.tip))
            action.toggled.connect(lambda shown, col=number: self.show_column(col, shown))
        menu.setToolTipsVisible(True)
        menu.addSeparator()
        menu.addAction(_("Reset columns")).triggered.connect(self.reset_columns)
        return menu

    def show_column(self, column: Col, shown: bool) -> None:
        """Shows or hides a column; a column without a width gets its usual one."""
        self.setSectionHidden(column, not shown)
        if shown and self.sectionSize(column) < LEAST_WIDTH:
            self.resizeSection(column, self._usual(column))
        self.fit()
        self.layout_changed.emit()

    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(place))


def _known(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["id"] in _NUMBERS]
