"""Add hardware: what can be added, each impossible one with its reason, and the form of the chosen one."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.devices import adding, catalogue, needs
from app.devices.description import DeviceType, Variant
from app.i18n import _
from ui.details.form import Folds, Form
from ui.details.sketch import Sketch
from ui.details.subject import BaseText, Drafts, Subject
from ui.icons import icon
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from app.editing.session import EditSession

WAY = Qt.ItemDataRole.UserRole
WHY = Qt.ItemDataRole.UserRole + 1
PLACE = Qt.ItemDataRole.UserRole + 2
"""In the catalogue."""
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
LIST_PX = 320


class Rank(IntEnum):
    """How well words fit, the best first."""

    NAME = 0
    ABOUT = 1
    NONE = 2


def _rank(item: QListWidgetItem, words: list[str]) -> Rank:
    kind, variant = item.data(WAY)
    name = _(variant.name).casefold()
    if all(word in name for word in words):
        return Rank.NAME
    about = " ".join((name, _(variant.help), _(kind.name), kind.tag, variant.xml)).casefold()
    return Rank.ABOUT if all(word in about for word in words) else Rank.NONE


class AddDialog(QDialog):
    """Accepted: ``put_into`` adds it.  kind: of the device.  at_once: it is also to be applied now."""

    def __init__(self, session: EditSession, parent: QWidget | None = None, *, kind: str = "") -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Add hardware"))
        self.kind: DeviceType | None = None
        self.sketch: Sketch | None = None
        self.at_once = False
        self.drafts = Drafts()
        self._made: dict[str, tuple[Sketch, Form]] = {}
        self.filter = QLineEdit()
        self.list = QListWidget()
        self.stack = QStackedWidget()
        self.why = plain_label()
        self._make_list()
        self._arrange()
        self.list.currentItemChanged.connect(lambda item, _before: self._show(item))
        self.filter.textChanged.connect(self._narrow)
        self.list.setCurrentRow(self._first(kind))
        self.resize(900, 620)

    def _make_list(self) -> None:
        self.filter.setPlaceholderText(_("Find hardware"))
        self.filter.setAccessibleName(_("Find hardware"))
        self.filter.setClearButtonEnabled(True)
        find = QAction(icon("edit-find"), "", self.filter)
        find.setEnabled(False)
        self.filter.addAction(find, QLineEdit.ActionPosition.LeadingPosition)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Hardware"))
        self.list.setIconSize(QSize(20, 20))
        for kind in catalogue.TYPES:
            for variant in kind.variants:
                self.list.addItem(self._item(kind, variant))
        self.filter.installEventFilter(self)

    def _item(self, kind: DeviceType, variant: Variant) -> QListWidgetItem:
        item = QListWidgetItem(icon(kind.icon), _(variant.name))
        why = adding.unavailable(kind, variant, self._session.document, self._session.offers)
        item.setData(WAY, (kind, variant))
        item.setData(WHY, why)
        item.setData(PLACE, self.list.count())
        item.setToolTip(plain_tip("\n".join(part for part in (_(variant.help) or _(kind.help), why) if part)))
        if why:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        return item

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self.stack)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([LIST_PX, 620])
        splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.addWidget(splitter, 1)
        row = QHBoxLayout()
        self.why.setWordWrap(True)
        row.addWidget(self.why, 1)
        row.addWidget(self._make_buttons())
        outer.addLayout(row)
        self.now.setAutoDefault(False)
        self.add.setDefault(True)  # only now, as it had no dialog before

    def _make_buttons(self) -> QDialogButtonBox:
        buttons, role = QDialogButtonBox(), QDialogButtonBox.ButtonRole
        self.now = buttons.addButton(_("Add and app&ly"), role.ActionRole)
        self.now.setToolTip(_("The running machine gets it at once, if it can"))
        self.add = buttons.addButton(_("&Add"), role.AcceptRole)
        self.add.setIcon(icon("list-add"))
        buttons.addButton(_("Cancel"), role.RejectRole)
        self.now.clicked.connect(lambda _checked=False: self._take(at_once=True))
        buttons.accepted.connect(lambda: self._take(at_once=False))
        buttons.rejected.connect(self.reject)
        self.now.setVisible(self._session.live is not None and not self._session.edited)
        return buttons

    def _first(self, kind: str) -> int:
        """The first that can be added, of this kind if there is one."""
        usable = [row for row in range(self.list.count()) if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled]
        wanted = [row for row in usable if self.list.item(row).data(WAY)[0].id == kind]
        return next(iter(wanted or usable), -1)

    def _narrow(self, text: str) -> None:
        """Those whose names have the words come first, and the first of them is chosen."""
        words = text.casefold().split()
        ranks = [(_rank(item, words), item.data(PLACE), item) for item in self._items()]
        with QSignalBlocker(self.list):
            for row, (rank, _place, item) in enumerate(sorted(ranks, key=lambda one: one[:2])):
                if self.list.row(item) != row:
                    self.list.insertItem(row, self.list.takeItem(self.list.row(item)))
                item.setHidden(rank is Rank.NONE)
        shown = self._shown()
        self.list.setCurrentItem(shown[0] if shown else None)  # type: ignore[arg-type]  # none is allowed
        self._show(self.list.currentItem())

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _shown(self) -> list[QListWidgetItem]:
        """Those that can be chosen now."""
        return [item for item in self._items() if not item.isHidden() and item.flags() & Qt.ItemFlag.ItemIsEnabled]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys choose while one types."""
        if watched is self.filter and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step, shown = STEPS.get(Qt.Key(event.key())), self._shown()
            if step is not None and shown:
                current = self.list.currentItem()
                at = shown.index(current) if current in shown else 0
                self.list.setCurrentItem(shown[max(0, min(len(shown) - 1, at + step))])
                return True
        return super().eventFilter(watched, event)

    # the form

    def _show(self, item: QListWidgetItem | None) -> None:
        self.add.setEnabled(item is not None)
        if item is None:
            return
        kind, variant = item.data(WAY)
        self.kind = kind
        if variant.id not in self._made:
            self._made[variant.id] = self._make(kind, variant)
            self.stack.addWidget(self._made[variant.id][1])
            self._made[variant.id][1].tabs.start_after(self.list, self._made[variant.id][1])
        self.sketch, form = self._made[variant.id]
        self.stack.setCurrentWidget(form)
        self._look()

    def _make(self, kind: DeviceType, variant: Variant) -> tuple[Sketch, Form]:
        session = self._session
        xml = adding.new_xml(variant, session.document, session.offers)
        sketch = Sketch(session.document.to_text(), xml, session.offers, session.host)
        form = Form(kind, Subject(sketch, kind, sketch.element, self.drafts, BaseText()), Folds([]))
        if form.head is not None:
            form.head.show_title(_(variant.name))
        form.edited.connect(self._look)
        sketch.changed.connect(form.refresh)
        sketch.changed.connect(self._look)
        return sketch, form

    def _look(self) -> None:
        """What is wrong stands in the way."""
        form = cast(Form, self.stack.currentWidget())
        wrong = next((row.lines[0].text for row in form.rows() if row.wrong), "")
        self.why.setText(wrong)
        self.add.setEnabled(not wrong)
        self.now.setEnabled(not wrong and self.kind is not None and self.kind.hotplug)

    def _take(self, *, at_once: bool) -> None:
        if self.sketch is not None and self.add.isEnabled():
            self.at_once = at_once
            self.accept()

    def put_into(self, session: EditSession) -> None:
        """One step of undo, with the controllers that it needs."""
        if self.sketch is None or self.kind is None:
            return
        xml, name = self.sketch.xml(), _(self.kind.name)

        def change(document: object) -> None:
            for needed in needs.needed_first(xml, session.document, session.offers):
                session.document.insert(needed)
            session.document.insert(xml)

        session.edit(_("Add {device}").format(device=name), change)
