"""The page of a description: its sections one below the other, made when they are first seen and refreshed ever after."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QWidget

from app.devices import checks
from app.devices.description import Description, Field, Section, Table
from app.i18n import _
from ui.details.editors.registry import editor_of
from ui.details.heads import PageHead, SectionHead
from ui.details.lay import GAP, MOST_LABEL_PX, NARROW_PX, Lay
from ui.details.row import FieldRow
from ui.details.subject import Subject
from ui.details.tab_order import TabOrder, stops
from ui.details.table.editor import TableEditor

if TYPE_CHECKING:
    from ui.details.foot import InspectorFoot

LIT_MS = 2500
MARGIN = 14


class Block(Protocol):
    """What stands in a page: a row, a table, a section's own editor."""

    def refresh(self) -> bool: ...
    def height_for(self, lay: Lay, width: int) -> int: ...


class Part:
    """A section on the page: its head, and what is in it once it was unfolded.

    items: those that are laid out one below the other; a section with an editor of its own has that before them.
    """

    def __init__(self, section: Section, form: Form, title: str, *, folded: bool) -> None:
        self.section, self.form = section, form
        self.head = SectionHead(title, _(section.help), foldable=folded, parent=form.content)
        self.head.folded_changed.connect(lambda: form.fold_changed(self))
        self.blocks: dict[tuple[str, str], QWidget] = {}
        self.own: QWidget | None = None
        self.items: list[Field | Table] = []

    @property
    def open(self) -> bool:
        """Whether its rows are seen."""
        return not self.head.folded

    def refresh(self) -> bool:
        """Makes and shows what applies now; gives whether the layout differs."""
        subject = self.form.subject
        element = subject.element
        if element is None:
            return False
        applies = [item for item in self.items if checks.shown(item.when, subject.document, element)]
        there = bool(applies) or self.own is not None
        changed = self.head.isHidden() == there
        self.head.setVisible(there)
        shown = {_name(item) for item in applies} if self.open else set()
        for item in applies:
            if self.open and _name(item) not in self.blocks:
                self.blocks[_name(item)] = self.form.make_block(item)
        for name, block in self.blocks.items():
            visible = name in shown
            if visible == block.isHidden():
                block.setVisible(visible)
                changed = True
            if visible and block.refresh():  # type: ignore[attr-defined]
                changed = True
        if self.own is not None:
            self.own.setVisible(self.open)
            changed = self.own.refresh() or changed  # type: ignore[attr-defined]
        return changed

    def widgets(self) -> list[QWidget]:
        """Those that are seen, in order."""
        if self.head.isHidden() or not self.open:
            return []
        made = [self.blocks[_name(item)] for item in self.items if _name(item) in self.blocks]
        rows = [block for block in made if not block.isHidden()]
        return [self.own, *rows] if self.own is not None else rows

    def block(self, path: str) -> QWidget | None:
        """The one of this path that applies now, if it was made."""
        found = [block for (one, _label), block in self.blocks.items() if one == path]
        return next((block for block in found if not block.isHidden()), found[0] if found else None)


def _name(item: Field | Table) -> tuple[str, str]:
    """Several items may be about one path, each for a kind of its own."""
    return item.path, item.label


class Form(QScrollArea):
    """edited: something on it was typed that is not in the document yet, or was corrected.  go: show another entry's page."""

    edited = Signal()
    go = Signal(str)

    def __init__(self, description: Description, subject: Subject, folds: Folds, *, head: bool = True) -> None:
        super().__init__()
        self.description, self.subject, self._folds = description, subject, folds
        self.content = QWidget()
        self.content.setAutoFillBackground(False)
        self.setWidget(self.content)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_(description.name))
        self._arranging = False
        self.tabs = TabOrder()
        self._height = 0
        self._lit = QTimer(self, singleShot=True, interval=LIT_MS)
        self._lit.timeout.connect(self._put_out)
        self.head = PageHead(_(description.name), _(description.help), self.content) if head else None
        self.foot: list[InspectorFoot] = []
        self.parts = self._make_parts()
        self.refresh()

    def _make_parts(self) -> list[Part]:
        parts: list[Part] = []
        for section in self.description.sections:
            plain = [item for item in section.items if section.folded or not item.folded]
            more = [item for item in section.items if not section.folded and item.folded]
            part = Part(section, self, _(section.title), folded=section.folded)
            part.items = plain
            if section.editor:
                part.own = editor_of(section, self.subject, self.content)
            if part.own is not None:
                covered = part.own.covers()  # type: ignore[attr-defined]
                part.items = [item for item in plain if item.path not in covered]
                more = [item for item in more if item.path not in covered]
            self._restore_fold(part)
            parts.append(part)
            if more:
                fold = Part(Section(section.title, ()), self, _("More: {title}").format(title=_(section.title)), folded=True)
                fold.items = more
                self._restore_fold(fold)
                parts.append(fold)
        return parts

    def _restore_fold(self, part: Part) -> None:
        if part.head.foldable:
            part.head.set_folded(not self._folds.is_open(self._fold_name(part)))

    def _fold_name(self, part: Part) -> str:
        return f"{self.description.id}/{part.head.title}"

    def fold_changed(self, part: Part) -> None:
        """The user opened or folded it; that is remembered."""
        self._folds.remember(self._fold_name(part), part.open)
        part.refresh()
        self.arrange()

    def make_block(self, item: Field | Table) -> QWidget:
        """A row or a table."""
        if isinstance(item, Table):
            table = TableEditor(item, self.subject, self.content)
            table.touched.connect(self._touched)
            return table
        row = FieldRow(item, self.subject, self.content)
        row.touched.connect(self._touched)
        return row

    def add_foot(self, widget: InspectorFoot) -> None:
        """Below all sections."""
        widget.setParent(self.content)
        widget.resized.connect(self.arrange)
        self.foot.append(widget)
        self.arrange()

    def _touched(self) -> None:
        self.refresh()
        self.edited.emit()

    # showing

    def show_subject(self, subject: Subject) -> None:
        """The same form about another element of its kind."""
        self.subject = subject
        for part in self.parts:
            for block in (*part.blocks.values(), *([part.own] if part.own is not None else [])):
                block.subject = subject  # type: ignore[attr-defined]
        for widget in self.foot:
            widget.subject = subject
        self.refresh()

    def refresh(self) -> None:
        """Shows what the document has now; nothing is made anew."""
        changed = self._height == 0
        for part in self.parts:
            changed = part.refresh() or changed
        for widget in self.foot:
            changed = widget.refresh() or changed
        if changed:
            self.arrange()

    def rows(self) -> list[FieldRow]:
        """The fields that are seen, in order."""
        return [widget for part in self.parts for widget in part.widgets() if isinstance(widget, FieldRow)]

    def block(self, path: str) -> QWidget | None:
        """A row or table by its item's path, if it was made."""
        return next((found for part in self.parts if (found := part.block(path)) is not None), None)

    def reveal(self, path: str) -> QWidget | None:
        """Unfolds, scrolls to and lights the item of ``path``, and gives it the keyboard; None if it does not apply."""
        for part in self.parts:
            covered = part.own is not None and path in part.own.covers()  # type: ignore[attr-defined]
            if not covered and path not in [item.path for item in part.items]:
                continue
            if not part.open:
                part.head.set_folded(False)
                part.refresh()
                self.arrange()
            block = part.own if covered else part.block(path)
            if block is None or block.isHidden():
                return None
            self._light(block)
            return block
        return None

    def _put_out(self) -> None:
        for row in self.rows():
            row.light(False)

    def _light(self, block: QWidget) -> None:
        self.ensureWidgetVisible(block, 0, 60)
        if isinstance(block, FieldRow):
            self._put_out()
            block.light(True)
            self._lit.start()
            block.widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            for stop in stops(block)[:1]:
                stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Another font or style has other measures."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.arrange()

    def _lay(self, width: int) -> Lay:
        metrics = self.fontMetrics()
        small = self.font()
        small.setPointSizeF(small.pointSizeF() * 0.92)
        labels = [widget.label for part in self.parts for widget in part.widgets() if isinstance(widget, FieldRow)]
        widest = max((metrics.horizontalAdvance(label) for label in labels), default=0) + 8
        return Lay(
            label=min(max(110, widest), MOST_LABEL_PX, max(110, width * 2 // 5)),
            line=metrics.lineSpacing(),
            icon=self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize),
            character=metrics.averageCharWidth(),
            beside=width >= NARROW_PX,
            small=small,
            metrics=QFontMetrics(small),
        )

    def arrange(self) -> None:
        """Gives everything its place in the width that there is."""
        if self._arranging:
            return
        self._arranging = True
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        width = max(220, self.width() - bar) - 2 * MARGIN
        lay = self._lay(width)
        y = MARGIN
        if self.head is not None:
            height = self.head.height_for(lay, width)
            self.head.setGeometry(MARGIN, y, width, height)
            y += height + GAP
        for part in self.parts:
            if part.head.isHidden():
                continue
            height = part.head.height_for(lay, width)
            part.head.setGeometry(MARGIN, y, width, height)
            y += height + 4
            for widget in part.widgets():
                y = _place(widget, lay, width, y) + GAP + 2
            y += GAP
        for widget in self.foot:
            y = _place(widget, lay, width, y) + GAP
        self._height = y + MARGIN
        self.content.resize(max(220, self.width() - bar), self._height)
        self._arranging = False
        self.tabs.follow(self)

    def sizeHint(self) -> QSize:
        return QSize(520, min(self._height, 600))

    def wanted_height(self) -> int:
        """Of all that is on it."""
        return self._height


def _place(widget: QWidget, lay: Lay, width: int, y: int) -> int:
    """Gives the y below it."""
    height = widget.height_for(lay, width)  # type: ignore[attr-defined]
    widget.setGeometry(MARGIN, y, width, height)
    return y + int(height)


class Folds:
    """Which folded parts are open; ``save`` is told of each change."""

    def __init__(self, opened: list[str], save: Callable[[list[str]], None] = lambda _names: None) -> None:
        self._open, self._save = set(opened), save

    def is_open(self, name: str) -> bool:
        """False until it was opened once."""
        return name in self._open

    def remember(self, name: str, on: bool) -> None:
        """As the user left it."""
        (self._open.add if on else self._open.discard)(name)
        self._save(sorted(self._open))
