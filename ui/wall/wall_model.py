"""The machines on the wall, in order, with the last picture of each."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPixmap

from app.actions.context import Context
from app.i18n import _
from app.model.reasons import state_word
from app.model.records import DomainRecord, DomainRef
from ui.models.row_plan import Insert, Move, Remove, plan
from ui.plain import tip as plain_tip

Index = QModelIndex | QPersistentModelIndex
PICTURE = Qt.ItemDataRole.UserRole
RECORD = Qt.ItemDataRole.UserRole + 1
REF = Qt.ItemDataRole.UserRole + 2
_ROOT = QModelIndex()


class WallModel(QAbstractListModel):
    """One row a machine.  Pictures are kept for machines that are on."""

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.refs: list[DomainRef] = []
        self._pictures: dict[DomainRef, QPixmap] = {}

    def show(self, refs: list[DomainRef]) -> None:
        """These machines in this order; views keep what is selected."""
        for step in plan(self.refs, refs).steps:
            self._do(step)
        self.refs = refs
        known = set(refs)
        self._pictures = {ref: picture for ref, picture in self._pictures.items() if ref in known}

    def _do(self, step: Remove | Move | Insert[DomainRef]) -> None:
        if isinstance(step, Remove):
            self.beginRemoveRows(_ROOT, step.first, step.last)
            del self.refs[step.first : step.last + 1]
            self.endRemoveRows()
        elif isinstance(step, Insert):
            self.beginInsertRows(_ROOT, step.first, step.first + len(step.rows) - 1)
            self.refs[step.first : step.first] = step.rows
            self.endInsertRows()
        elif self.beginMoveRows(_ROOT, step.source, step.source, _ROOT, step.before):
            ref = self.refs.pop(step.source)
            self.refs.insert(step.before - (step.before > step.source), ref)
            self.endMoveRows()

    def set_picture(self, ref: DomainRef, image: QImage | None, ratio: float) -> None:
        """``image`` in device pixels; None: the machine gives none."""
        if ref not in self.refs:
            return
        if image is None:
            self._pictures.pop(ref, None)
        else:
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(ratio)
            self._pictures[ref] = picture
        self._tell(ref, PICTURE)

    def touch(self, ref: DomainRef) -> None:
        """Its record has changed."""
        record = self.record(ref)
        if record is not None and not record.active:
            self._pictures.pop(ref, None)
        if ref in self.refs:
            self._tell(ref, RECORD)

    def _tell(self, ref: DomainRef, role: int) -> None:
        index = self.index(self.refs.index(ref))
        self.dataChanged.emit(index, index, [role])

    def record(self, ref: DomainRef) -> DomainRecord | None:
        """What is known of a machine."""
        return self._ctx.hosts.domain(ref)

    def ref(self, index: Index) -> DomainRef | None:
        """The machine at ``index``."""
        return self.refs[index.row()] if index.isValid() and index.row() < len(self.refs) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Machines."""
        return 0 if parent.isValid() else len(self.refs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, state and picture; the same in words for screen readers."""
        ref = self.ref(index)
        record = self.record(ref) if ref is not None else None
        if ref is None or record is None:
            return None
        name = record.title or record.name
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            host = self._ctx.hosts.get(ref.host_id)
            words = _("{name}: {state}, on {host}").format(name=name, state=state_word(record), host=host.label)
            return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        return {int(PICTURE): self._pictures.get(ref), RECORD: record, REF: ref}.get(int(role))
