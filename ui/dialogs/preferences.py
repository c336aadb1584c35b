"""The preferences: made from the declared options, searchable, applied at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from app.settings.option import Option
from app.settings.options import OPTIONS
from app.settings.store import Settings
from ui.dialogs.preference_editors import make_editor

SIZE = (720, 460)

SHOWN_CHARACTERS = 14
"""Of a choice, at least."""

AFTER_HINT_PX = 12
"""What parts a choice and its hint from the next one."""


class PreferencesDialog(QDialog):
    """One page for each group; a search leaves only what fits, of all groups."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._rows: list[tuple[Option[Any], QFormLayout, QWidget, QWidget | None]] = []
        self.setWindowTitle(_("Preferences"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search the preferences"))
        self.search.setClearButtonEnabled(True)
        self.groups, self.pages = QListWidget(), QStackedWidget()
        self.groups.setAccessibleName(_("Groups"))
        self._make_pages()
        self._arrange()
        self.search.textChanged.connect(self._filter)
        self.groups.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.groups.setCurrentRow(0)
        self.resize(*SIZE)

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.groups, 1)
        for part in (self.search, self.groups):
            part.setFixedWidth(200)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addLayout(left)
        row.addWidget(self.pages, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(buttons)

    def _make_pages(self) -> None:
        shown = [option for option in OPTIONS if option.title and not option.state]
        for group in dict.fromkeys(option.group for option in shown):
            self.groups.addItem(_(group))
            self.pages.addWidget(self._make_page([option for option in shown if option.group == group]))

    def _make_page(self, options: list[Option[Any]]) -> QWidget:
        inner = QWidget()
        form = QFormLayout(inner)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for option in options:
            self._add_row(form, option)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        # Room for the widest row and the bar beside it, in any font and language.
        area.setMinimumWidth(inner.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        return area

    def _add_row(self, form: QFormLayout, option: Option[Any]) -> None:
        editor = self._editor(option)
        editor.setToolTip(_(option.description))
        editor.setAccessibleDescription(_(option.description))
        editor.setObjectName(option.key)
        if isinstance(editor, QCheckBox):
            form.addRow(editor)
        else:
            form.addRow(_("{title}:").format(title=_(option.title)), editor)
        hint: QLabel | None = None
        if option.description:
            hint = QLabel(_(option.description))
            hint.setWordWrap(True)
            hint.setContentsMargins(self._indent(editor), 0, 0, AFTER_HINT_PX)
            hint.setForegroundRole(self.palette().ColorRole.PlaceholderText)
            form.addRow(hint)
        self._rows.append((option, form, editor, hint))

    def _indent(self, editor: QWidget) -> int:
        """A tick box's hint stands below its text."""
        if not isinstance(editor, QCheckBox):
            return 0
        style = self.style()
        gap = style.pixelMetric(QStyle.PixelMetric.PM_CheckBoxLabelSpacing, None, editor)
        return style.pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, editor) + gap

    def _editor(self, option: Option[Any]) -> QWidget:
        value = self._settings.get(option)
        if option.editor:
            return make_editor(option, value, self._setter(option))
        if option.choices:
            return self._choice(option, value)
        if isinstance(value, bool):
            box = QCheckBox(_(option.title))
            box.setChecked(value)
            box.toggled.connect(self._setter(option))
            return box
        if isinstance(value, int):
            return self._number(option, value)
        line = QLineEdit(str(value))
        line.textChanged.connect(self._setter(option))
        return line

    def _choice(self, option: Option[Any], value: object) -> QComboBox:
        box = QComboBox()
        # Its longest choice does not widen the page: the list that opens shows all of it.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(SHOWN_CHARACTERS)
        for choice in option.choices:
            box.addItem(_(choice.text), choice.value)
        box.setCurrentIndex(max(0, box.findData(value)))
        box.currentIndexChanged.connect(lambda _index: self._settings.set(option, box.currentData()))
        return box

    def _number(self, option: Option[Any], value: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(option.minimum or 0, option.maximum if option.maximum is not None else 999999)
        box.setValue(value)
        box.setSuffix(" " + _(option.unit) if option.unit else "")
        box.valueChanged.connect(self._setter(option))
        return box

    def _setter(self, option: Option[Any]) -> Callable[[Any], None]:
        return lambda value: self._settings.set(option, value)

    # search

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        groups: dict[str, bool] = {}
        for option, form, editor, hint in self._rows:
            said = f"{_(option.title)} {_(option.description)} {_(option.group)}".casefold()
            fits = all(word in said for word in words)
            groups[option.group] = groups.get(option.group, False) or fits
            form.setRowVisible(editor, fits)
            if hint is not None:
                form.setRowVisible(hint, fits)
        for row, found in enumerate(groups.values()):
            self.groups.item(row).setHidden(not found)
        self._show_a_found_group()

    def _show_a_found_group(self) -> None:
        current = self.groups.currentItem()
        if current is not None and not current.isHidden():
            return
        for row in range(self.groups.count()):
            if not self.groups.item(row).isHidden():
                self.groups.setCurrentRow(row)
                return

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return
        super().keyPressEvent(event)
