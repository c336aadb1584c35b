"""Every feature of processors that the host or the machine knows, what the model says of it, and what the guest gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QComboBox, QHBoxLayout, QHeaderView, QLineEdit, QTableView, QWidget

from app.devices.description import Choice, Field, Section, Table
from app.editing.model_features import Features, of_model
from app.i18n import _, ngettext
from app.xmldoc.document import Document
from ui.aio import spawn
from ui.details.editors.panel import Panel
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

Index = QModelIndex | QPersistentModelIndex
NAME, GUEST, MODEL, HOST = range(4)
ROWS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One feature.  policy: "" where the machine says nothing of it.  in_model, in_host: None if that is not known."""

    name: str
    policy: str
    in_model: bool | None
    in_host: bool | None


class FeatureModel(QAbstractTableModel):
    """Rows are made whole at each refresh and compared: nothing is announced while nothing differs."""

    def __init__(self, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._words = {one.value: _(one.words) for one in choices}

    def show_rows(self, rows: list[Row]) -> None:
        """The same features as before keep selection and place."""
        if [one.name for one in rows] != [one.name for one in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        changed = [place for place, (old, new) in enumerate(zip(self.rows, rows, strict=True)) if old != new]
        self.rows = rows
        for place in changed:
            self.dataChanged.emit(self.index(place, 0), self.index(place, HOST))

    @property
    def rows_said(self) -> int:
        """Of how many the machine says something."""
        return sum(bool(row.policy) for row in self.rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else HOST + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (_("Feature"), _("The guest has it"), _("In the model"), _("At the host"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, self.policy_words(row), _yes(row.in_model), _yes(row.in_host))[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_("{name}: {words}").format(name=row.name, words=self.policy_words(row)))
        if role == Qt.ItemDataRole.FontRole and row.policy:
            return _bold()
        return None

    def policy_words(self, row: Row) -> str:
        """What the guest gets, in words."""
        return self._words.get(row.policy, row.policy) if row.policy else _("as the model says")


class Shown(QSortFilterProxyModel):
    """Those whose name has the text; ``named``: only those of which the machine says something."""

    def __init__(self, model: FeatureModel) -> None:
        super().__init__()
        self._features, self._text, self._named = model, "", False
        self.setSourceModel(model)

    def narrow(self, text: str, named: bool) -> None:
        """Shows fewer or more."""
        self._text, self._named = text.strip().lower(), named
        self.invalidate()

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        feature = self._features.rows[row]
        return self._text in feature.name.lower() and (bool(feature.policy) or not self._named)


class View(QTableView):
    """Delete takes away what the machine says of a feature; undo is the whole view's."""

    def __init__(self, editor: FeaturesEditor) -> None:
        super().__init__()
        self._editor = editor

    def keyPressEvent(self, event: QKeyEvent) -> None:
        standard = QKeySequence.StandardKey
        if event.matches(standard.Undo) or event.matches(standard.Redo):
            event.ignore()
        elif event.key() == Qt.Key.Key_Delete:
            self._editor.put("")
        else:
            super().keyPressEvent(event)


class FeaturesEditor(Panel):
    """Filter, table, and below it what the guest gets of the selected ones."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.table = next(item for item in section.items if isinstance(item, Table))
        policy = next(column for column in self.table.columns if column.path == "@policy")
        self.model = FeatureModel(policy.choices)
        self.shown = Shown(self.model)
        self.filter, self.named, self.view = QLineEdit(), QCheckBox(_("Only those that differ from the model")), View(self)
        self.policy, self.says = QComboBox(), Hint()
        self._features: Features | None = None
        self._asked = ""
        self._dress(policy)
        self._arrange()
        self.filter.textChanged.connect(lambda _text: self._narrow())
        self.named.toggled.connect(lambda _on: self._narrow())
        self.policy.activated.connect(lambda place: self.put(str(self.policy.itemData(place))))
        self.view.selectionModel().selectionChanged.connect(lambda *_args: self._show_policy())

    def _dress(self, policy: Field) -> None:
        self.filter.setPlaceholderText(_("Filter: avx, vmx, aes…"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(_("Filter features"))
        self.view.setModel(self.shown)
        self.view.setAccessibleName(_("Features of the processor"))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTabKeyNavigation(False)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 6)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.resizeSection(NAME, 160)
        header.resizeSection(GUEST, 250)
        header.setHighlightSections(False)
        self.policy.setAccessibleName(_("What the guest gets of the selected features"))
        self.policy.addItem(_("As the model says"), "")
        for choice in policy.choices:
            self.policy.addItem(_(choice.words), choice.value)

    def _arrange(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.filter, 1)
        top.addWidget(self.named)
        caption = plain_label(_("What the guest gets of the selected features"))
        caption.setBuddy(self.policy)
        below.addWidget(caption)
        below.addWidget(self.policy)
        below.addStretch(1)
        self.column.addLayout(top)
        self.column.addWidget(self.view)
        self.column.addLayout(below)
        self.column.addWidget(self.says)
        self.setFocusProxy(self.filter)

    def covers(self) -> frozenset[str]:
        return frozenset({self.table.path})

    # showing

    def refresh(self) -> bool:
        self._ask()
        self.model.show_rows(self._rows())
        self._show_policy()
        before = self.says.text
        self._say()
        return before != self.says.text

    def _ask(self) -> None:
        """What the model has is libvirt's to say; asked again when the model has changed."""
        document = self.subject.document
        if self.subject.session.host.state.name != "CONNECTED":
            return
        key = "\n".join(str(document.get(path)) for path in ("cpu/@mode", "cpu/model", "os/type/@arch", "os/type/@machine"))
        if key != self._asked:
            self._asked, self._features = key, None
            spawn(self._read(key), self, name="features of the model")

    async def _read(self, key: str) -> None:
        found = await of_model(self.subject.session.host, self.subject.document)
        if key == self._asked and self.subject.element is not None:
            self._features = found
            self.refresh()

    def _rows(self) -> list[Row]:
        document = self.subject.document
        said = {str(one.get("name", "")): str(one.get("policy", "require")) for one in document.find_all(self.table.path)}
        known = self._features or Features()
        host = {one.value for one in self.subject.offers.names.get("cpu-features", ())}
        names = sorted(set(said) | host | known.names)
        return [
            Row(name, said.get(name, ""), name in known.names if known.known else None, name in host if host else None)
            for name in names
            if name
        ]

    def _say(self) -> None:
        rows = self.model.rows
        if not self._has_model():
            self.says.say(_("libvirt takes features only beside a model: choose one above first."), "dialog-information")
            return
        lacking = [one.name for one in rows if one.policy == "require" and one.in_host is False]
        if lacking:
            text = _("The host does not list {features}: the machine may not start here.")
            self.says.say(text.format(features=", ".join(lacking[:8])), "dialog-warning")
            return
        count = sum(bool(one.policy) for one in rows)
        said = ngettext("{count} feature differs from the model.", "{count} features differ from the model.", count)
        text = said.format(count=count) if count else _("Nothing differs from the model.")
        unknown = self._features is not None and not self._features.known
        self.says.say(f"{text}\n{self._features.why}" if unknown and self._features is not None else text)

    def _has_model(self) -> bool:
        get = self.subject.document.get
        return get("cpu/@mode") not in (None, "custom") or bool(get("cpu/model")) or bool(self.model.rows_said)

    def _narrow(self) -> None:
        self.shown.narrow(self.filter.text(), self.named.isChecked())
        if self.filter.text() and self.shown.rowCount() and not self.view.selectionModel().hasSelection():
            self.view.selectRow(0)

    def selected(self) -> list[Row]:
        """Those that a policy is chosen for."""
        found = self.view.selectionModel().selectedRows()
        return [self.model.rows[self.shown.mapToSource(index).row()] for index in found]

    def _show_policy(self) -> None:
        found = self.selected()
        self.policy.setEnabled(bool(found) and not self.subject.locked and self._has_model())
        policies = {one.policy for one in found}
        self.policy.setCurrentIndex(max(0, self.policy.findData(policies.pop())) if len(policies) == 1 else -1)

    # changing

    def put(self, policy: str) -> None:
        """For the selected features; "": the machine says nothing of them."""
        names = [one.name for one in self.selected() if one.policy != policy]
        if names and self.policy.isEnabled():
            label = ngettext("Change a processor feature", "Change processor features", len(names))
            self.subject.session.edit(label, lambda document: put_policies(document, names, policy))

    def height_for(self, lay: Lay, width: int) -> int:
        row = self.view.verticalHeader().defaultSectionSize()
        self.view.setFixedHeight(ROWS * row + self.view.horizontalHeader().sizeHint().height() + 2 * self.view.frameWidth())
        return super().height_for(lay, width)


def put_policies(document: Document, names: list[str], policy: str) -> None:
    """One element for each name; what is beside a policy in it stays."""
    for name in names:
        there = [one for one in document.find_all("cpu/feature") if one.get("name") == name]
        if not policy:
            for one in there:
                document.remove_element(one)
        elif there:
            document.set("@policy", policy, there[0])
        else:
            added = document.insert("<feature/>", "cpu")
            document.set("@policy", policy, added)
            document.set("@name", name, added)
    cpu = document.find("cpu")
    if cpu is not None and not len(cpu) and not cpu.attrib and not (cpu.text or "").strip():
        document.remove_element(cpu)


def _yes(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")


def _bold() -> Any:
    from PySide6.QtGui import QFont  # noqa: PLC0415 (at the first bold row only)

    font = QFont()
    font.setBold(True)
    return font
