"""What programs keep in the definition, to look at: a tree of elements with their attributes and texts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.devices.description import Section
from app.i18n import _
from app.xmldoc.document import Element
from ui.details.editors.panel import Panel
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.dialogs.dialog_parts import copy_text
from ui.plain import tip as plain_tip

MOST = 2000
"""Elements that are shown; a program may keep a whole log there."""
MOST_ROWS, OPEN_DEPTH = 14, 2


class Tree(QTreeWidget):
    """Ctrl+C takes what is selected."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.matches(QKeySequence.StandardKey.Copy) and item is not None:
            copy_text(item.text(1) or item.text(0))
        elif event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            event.ignore()
        else:
            super().keyPressEvent(event)


class MetadataEditor(Panel):
    """Read only: each program looks after its own."""

    def __init__(self, section: Section, subject: Subject, parent: QWidget) -> None:
        super().__init__(section, subject, parent)
        self.tree = Tree()
        self.tree.setHeaderLabels([_("Element"), _("Value"), _("Belongs to")])
        self.tree.setAccessibleName(_("Metadata"))
        self.tree.setUniformRowHeights(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.tree.header().resizeSection(0, 220)
        self.tree.header().resizeSection(1, 260)
        self.tree.itemExpanded.connect(lambda _item: self._measure())
        self.tree.itemCollapsed.connect(lambda _item: self._measure())
        self._text = b""
        self._left, self._filling = 0, False
        self.column.addWidget(self.tree)

    def refresh(self) -> bool:
        document = self.subject.document
        found = document.find("metadata")
        text = document.fragment(found).encode() if found is not None else b""
        if text == self._text:
            return False
        self._text, self._left = text, MOST
        self._filling = True
        self.tree.clear()
        for child in found if found is not None else ():
            self._add(child, self.tree.invisibleRootItem(), 0)
        if self._left <= 0:
            self.tree.addTopLevelItem(QTreeWidgetItem([_("There is more; “XML” shows all of it.")]))
        self._filling = False
        self.tree.setVisible(bool(text))
        return True

    def _add(self, element: Element, parent: QTreeWidgetItem, depth: int) -> None:
        if not isinstance(element.tag, str) or self._left <= 0:
            return
        self._left -= 1
        name, space = _split(element.tag)
        item = _item(name, (element.text or "").strip(), space)
        parent.addChild(item)
        for attribute, value in element.attrib.items():
            own, whose = _split(str(attribute))
            item.addChild(_item(f"@{own}", str(value), whose))
        for child in element:
            self._add(child, item, depth + 1)
        item.setExpanded(depth < OPEN_DEPTH)

    def _rows(self) -> int:
        index, count = self.tree.model().index(0, 0), 0
        while index.isValid() and count < MOST_ROWS:
            count, index = count + 1, self.tree.indexBelow(index)
        return count

    def _measure(self) -> None:
        """The height follows what is open."""
        form = self.parent() if not self._filling else None
        while form is not None and not hasattr(form, "arrange"):
            form = form.parent()
        if form is not None and self.isVisible():
            form.arrange()

    def height_for(self, lay: Lay, width: int) -> int:
        if self.tree.isHidden():
            return 0
        row = max(self.tree.sizeHintForRow(0), lay.line + 4)
        self.tree.setFixedHeight(row * self._rows() + self.tree.header().sizeHint().height() + 2 * self.tree.frameWidth() + 4)
        return self.tree.height()


def _item(*texts: str) -> QTreeWidgetItem:
    made = QTreeWidgetItem(list(texts))
    for column, text in enumerate(texts):
        made.setToolTip(column, plain_tip(text))
    return made


def _split(tag: str) -> tuple[str, str]:
    """The name, and the namespace that says whose it is."""
    space, closed, name = tag.rpartition("}")
    return (name, space.removeprefix("{")) if closed else (tag, "")
