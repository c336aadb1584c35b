"""Edits a cell in its place with the field's own editor."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.details.fields.making import Editor, make
from ui.details.table.model import TableModel

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """refused: why what was typed is not taken, or "" once it is."""

    refused = Signal(str)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = cast(TableModel, index.model())
        row = index.row()
        widget = make(
            model.column(index), model.subject, lambda: model.elements[row] if row < len(model.elements) else None, parent
        )
        widget.setAutoFillBackground(True)
        editor = cast(Editor, widget)
        editor.typed.connect(lambda value: self.refused.emit(model.problem(index, value)))
        if isinstance(widget, QComboBox):
            widget.activated.connect(lambda _index: self._chosen(widget))
        return widget

    def _chosen(self, widget: QWidget) -> None:
        self.commitData.emit(widget)
        self.closeEditor.emit(widget)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        model = cast(TableModel, index.model())
        if not editor.property("shown"):
            editor.setProperty("shown", True)
            cast(Editor, editor).show_value(model.value(index))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        self.refused.emit(cast(TableModel, model).put(index, cast(Editor, editor).value()))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)
