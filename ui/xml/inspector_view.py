"""Every setting of an element, as libvirt's schema has them: shown, changed, added and removed, also what no form knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QMenu,
    QSizePolicy,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.editing.places import at_place, place_of
from app.errors import HostelryError
from app.i18n import _
from app.xmldoc.document import Document, Element
from app.xmldoc.schema import Schema, ValueInfo, Where, load
from app.xmldoc.schema.inspector import Inspector, Row
from app.xmldoc.schema.names import name_of
from app.xmldoc.schema.sample import first
from ui.aio import spawn
from ui.icons import icon
from ui.xml.inspector_add import AddList
from ui.xml.inspector_delegate import ValueDelegate
from ui.xml.inspector_rows import Spot, fill, item_of, spot_of

if TYPE_CHECKING:
    from app.editing.session import EditSession

_NOTHING = ""


class InspectorView(QWidget):
    """place: of the element that it shows (``app.editing.places``); "" is the whole machine.  Each change is one step of undo."""

    def __init__(self, session: EditSession, place: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._place = session, place
        self.schema: Schema | None = None
        self._stale = False
        self.tree, self.add, self.about = QTreeWidget(), AddList(), QLabel()
        self._arrange()
        self._links = [session.changed.connect(self.refresh)]
        self.refresh()
        spawn(self._load(), self, name="read the schema")

    def _arrange(self) -> None:
        self.tree.setHeaderLabels([_("Setting"), _("Value")])
        self.tree.setUniformRowHeights(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.setAccessibleName(_("Every setting"))
        self.tree.setItemDelegate(ValueDelegate(self.tree, self._allowed, self._write))
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.tree.currentItemChanged.connect(lambda *_args: self._show_current())
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.add.wanted.connect(self._add)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 6, 0, 0)
        below.addWidget(self.about)
        below.addWidget(self.add, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.tree)
        parts.addWidget(lower)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(parts)
        self.tree.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete removes and Insert goes to what can be added; no shortcuts, as the window has some of the same keys."""
        if watched is self.tree and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            work = {Qt.Key.Key_Delete: self.remove_current, Qt.Key.Key_Insert: self.add.filter.setFocus}.get(Qt.Key(event.key()))
            if work is not None:
                work()
                return True
        return super().eventFilter(watched, event)

    async def _load(self) -> None:
        try:
            self.schema = await asyncio.to_thread(load, "domain")
        except HostelryError as error:
            self.about.setText(str(error))
            self.add.setEnabled(False)
            return
        self._show_current()

    # what is shown

    def show_place(self, place: str) -> None:
        """Shows another element."""
        if place != self._place:
            self._place = place
            self.tree.clear()
            self.refresh()

    def select(self, spot: Spot) -> None:
        """Goes to a row, opening what it is in."""
        item = item_of(self.tree, spot)
        if item is not None:
            self.tree.setCurrentItem(item)
            self.tree.scrollToItem(item)

    def refresh(self) -> None:
        """Reads the element again; while hidden, when it is shown: a key in a form must not pay for what nobody sees."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        element = at_place(self._session.document, self._place)
        self.setEnabled(element is not None and not self._session.broken and not self._session.read_only)
        if element is not None:
            with QSignalBlocker(self.tree):  # each row on the way would ask the schema
                fill(self.tree, element)
            self._show_current()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    @property
    def current(self) -> Spot | None:
        """The row that is chosen."""
        return spot_of(self.tree.currentItem())

    def _element(self, spot: Spot | None) -> Element | None:
        return at_place(self._session.document, spot.place) if spot is not None else None

    def _show_current(self) -> None:
        spot = self.current
        element = self._element(spot)
        if spot is None or element is None or self.schema is None:
            return
        inspector = Inspector(self._session.document, self.schema)
        name = name_of(str(element.tag))
        self.about.setText(_about(inspector, element, spot))
        rows = inspector.rows(element)
        self.add.show_rows(name, [row for row in rows if not row.present])

    def _allowed(self, spot: Spot) -> ValueInfo | None:
        element = self._element(spot)
        if element is None or self.schema is None:
            return None
        node = Inspector(self._session.document, self.schema).node(element)
        if spot.kind == "text":
            return node.text
        info = node.attribute(spot.name)
        return info.now if info is not None else None

    # what is changed

    def _change(self, label: str, place: str, change: Callable[[Inspector, Element], None], *, key: str = "") -> None:
        """One step: ``change`` gets the element as it is in the session's document then."""
        schema = self.schema
        if schema is None:
            return

        def work(document: Document) -> None:
            element = at_place(document, place)
            if element is not None:
                change(Inspector(document, schema), element)

        try:
            self._session.edit(label, work, merge_key=key)
        except HostelryError as error:
            self.about.setText(str(error))

    def _write(self, spot: Spot, value: str) -> None:
        name = spot.name or _("text")

        def write(inspector: Inspector, element: Element) -> None:
            if spot.kind == "text":
                inspector.set_text(element, value)
            else:
                inspector.set_attribute(element, spot.name, value)

        self._change(_("Change “{setting}”").format(setting=name), spot.place, write)

    def _add(self, row: Row) -> None:
        spot = self.current
        if spot is None:
            return
        made: list[Spot] = []

        def add(inspector: Inspector, element: Element) -> None:
            if row.kind == "element":
                made.append(Spot("element", place_of(inspector.add_element(element, row.name))))
            elif row.kind == "attribute":
                inspector.set_attribute(element, row.name)
                made.append(Spot("attribute", spot.place, row.name))
            else:
                inspector.set_text(element, _first_text(inspector, element))
                made.append(Spot("text", spot.place))

        self._change(_("Add “{setting}”").format(setting=row.name or _("text")), spot.place, add)
        for new in made:
            self.select(new)
            self._edit_current()

    def _edit_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
            self.tree.setFocus()
            self.tree.editItem(item, 1)

    def remove_current(self) -> None:
        """Removes the chosen row; the element that the view is about stays."""
        spot = self.current
        if spot is None or (spot.kind == "element" and spot.place == self._place):
            return

        def remove(inspector: Inspector, element: Element) -> None:
            if spot.kind == "element":
                inspector.remove(element)
            elif spot.kind == "attribute":
                inspector.remove_attribute(element, spot.name)
            else:
                inspector.set_text(element, _NOTHING)

        self._change(_("Remove “{setting}”").format(setting=spot.name or spot.place.rpartition("/")[2]), spot.place, remove)

    def _menu(self, place: QPoint) -> None:
        item = self.tree.itemAt(place)
        if item is None:
            return
        self.tree.setCurrentItem(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if item.flags() & Qt.ItemFlag.ItemIsEditable:
            menu.addAction(icon("document-edit"), _("Change"), self._edit_current)
        menu.addAction(icon("list-add"), _("Add…"), self.add.filter.setFocus)
        remove = menu.addAction(icon("list-remove"), _("Remove"), self.remove_current)
        remove.setEnabled(self._removable(item))
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def _removable(self, item: QTreeWidgetItem) -> bool:
        spot = spot_of(item)
        return spot is not None and not (spot.kind == "element" and spot.place == self._place)

    def end(self) -> None:
        """Stops following the session."""
        for link in self._links:
            link.disconnect()


def _first_text(inspector: Inspector, element: Element) -> str:
    info = inspector.node(element).text
    return (first(info) if info is not None else None) or "?"


def _about(inspector: Inspector, element: Element, spot: Spot) -> str:
    """What the row is, what may be there, and where libvirt's schema says so."""
    node = inspector.node(element)
    parent = element.getparent()
    lines: list[str] = []
    where: tuple[Where, ...] = ()
    if spot.kind == "attribute" and (attribute := node.attribute(spot.name)) is not None:
        lines += [attribute.description, _("Allowed: {words}.").format(words=attribute.now.words()), attribute.reason]
        where = attribute.where
    elif spot.kind == "text" and node.text is not None:
        lines.append(_("Allowed: {words}.").format(words=node.text.words()))
    elif parent is not None and (child := inspector.node(parent).child(name_of(str(element.tag)))) is not None:
        lines += [child.description]
        where = child.where
    if not node.known:
        lines.append(_("libvirt's schema does not know it here; it stays as it is."))
    if where:
        text = _("Schema: {file}, line {line} ({define})")
        lines.append(text.format(file=where[0].file, line=where[0].line, define=where[0].define))
    return "\n".join(line for line in lines if line)
