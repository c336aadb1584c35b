"""Which guests can be seen, so that only these are sampled in detail and repainted."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QTreeView

from app.model.records import HostId
from ui.models.host_tree_model import HostTreeModel

SETTLE_MS = 120
"""Scrolling and row changes within this time are told together."""


class Sight(QObject):
    """changed: dict of host id to frozenset of UUIDs; empty while the view is hidden or its window minimised."""

    changed = Signal(dict)

    def __init__(self, view: QTreeView, model: HostTreeModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._seen: dict[HostId, frozenset[str]] = {}
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self.look)
        for signal in (view.verticalScrollBar().valueChanged, view.expanded, view.collapsed):
            signal.connect(self.look_soon)
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved):
            signal.connect(self.look_soon)

    @property
    def seen(self) -> dict[HostId, frozenset[str]]:
        """What was told last: for those who listen later."""
        return dict(self._seen)

    def look_soon(self, *_args: object) -> None:
        """Something moved."""
        if self._view.isVisible():
            self._settle.start(SETTLE_MS)

    def look(self) -> None:
        """Tells what can be seen now, if it differs."""
        self._settle.stop()
        on_screen = self._view.isVisible() and not self._view.window().isMinimized()
        spans = self.spans() if on_screen else {}
        self._model.set_live(on_screen)
        self._model.set_visible(spans)
        seen = {host: uuids for host, uuids in self._model.visible_refs(spans) if uuids}
        if seen != self._seen:
            self._seen = seen
            self.changed.emit(seen)

    def watch_window(self) -> None:
        """The view was shown, perhaps in another window: its minimising matters."""
        self._view.window().installEventFilter(self)
        self.look_soon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowStateChange and watched is self._view.window():
            self.look_soon()
        return super().eventFilter(watched, event)

    def spans(self) -> dict[int, tuple[int, int]]:
        """First and last guest that can be seen, by host number."""
        spans: dict[int, tuple[int, int]] = {}
        for index in self._rows():
            host = self._model.host_row(index)
            if host is not None and index.internalId():
                first, _last = spans.get(host.number, (index.row(), 0))
                spans[host.number] = (first, index.row())
        return spans

    def _rows(self) -> Iterator[QModelIndex]:
        view = self._view
        index, bottom = view.indexAt(QPoint(1, 1)), view.viewport().height()
        while index.isValid() and view.visualRect(index).top() < bottom:
            yield index
            index = view.indexBelow(index)
