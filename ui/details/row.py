"""One setting of a form: its label, its editor, and below it what to know about it.

Label, help and marks are painted, not widgets: a page has up to a hundred rows and is to be there at once.  Screen readers get
the same texts with the editor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QStyle, QWidget

from app.devices import checks
from app.devices.description import Field, Kind
from app.editing.places import place_of
from app.i18n import _
from app.xmldoc.document import Element
from ui.details.fields.making import Editor, make
from ui.details.lay import GAP, Lay
from ui.details.subject import Subject
from ui.details.wording import default_words, tip_of, value_words
from ui.dialogs.dialog_parts import copy_text
from ui.icons import icon
from ui.plain import tip as plain_tip

WRAP = int(Qt.TextFlag.TextWordWrap)
NEXT_START = "appointment-soon"
BAR_PX = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One text below the editor.  icon: "" for what is only help."""

    text: str
    icon: str = ""


class FieldRow(QWidget):
    """touched: something was changed here, or is wrong here, so that other rows may differ now."""

    touched = Signal()

    def __init__(self, field: Field, subject: Subject, parent: QWidget, find: Callable[[], Element | None] | None = None) -> None:
        super().__init__(parent)
        self.field, self.subject = field, subject
        self._find = find or (lambda: self.subject.element)
        self.setObjectName(field.path)
        self.label = _(field.label)
        self.widget = make(field, subject, self._element, self)
        self.lines: tuple[Line, ...] = ()
        self.edited = self.later = self._lit = False
        self._refused: tuple[str, str, str | None] | None = None
        self._lay = Lay()
        self._text_rect = QRect()
        self.widget.setAccessibleName(self.label)
        self.editor.set_default(default_words(field))
        self.editor.typed.connect(self._typed)
        self._tip = ""

    def _element(self) -> Element | None:
        return self._find()

    @property
    def editor(self) -> Editor:
        """The widget by what every editor has."""
        return cast(Editor, self.widget)

    # showing

    def refresh(self) -> bool:
        """Shows what the document has now; gives whether its height may differ."""
        element = self._find()
        if element is None:
            return False
        draft = self.subject.drafts.text(element, self.field)
        value = self.subject.read(self.field, element)
        self.editor.show_value(value if draft is None else draft)
        why_not = checks.why_not(self.field.when, self.subject.document, element)
        usable = value is not None or not why_not  # what does not apply can still be taken away
        self.editor.set_usable(usable and not self.subject.locked)
        self.later = self.subject.running and not self.field.live
        edited = self.subject.was is not None and element is self.subject.element and value != self.subject.before(self.field)
        changed = edited != self.edited
        self.edited = edited or draft is not None
        return self._say(self._lines(element, value if draft is None else draft, why_not)) or changed

    def _lines(self, element: Element, value: str | None, why_not: str) -> tuple[Line, ...]:
        found = []
        problem = "" if why_not and value is None else self.subject.problem(self.field, value, element)
        if problem:
            found.append(Line(problem, "dialog-error"))
        if self._refused is not None and self._refused[1:] == (place_of(element), value):
            found.append(Line(self._refused[0], "dialog-error"))
        if why_not:
            found.append(Line(why_not, "dialog-information"))
        if element is self.subject.element and self.subject.runs is not None:
            now = self.subject.now(self.field)
            if now != value and self.subject.before(self.field) != now:
                words = _("Runs with “{value}” until its next start.").format(
                    value=value_words(self.field, now, self.subject.offers)
                )
                found.append(Line(words, NEXT_START))
            elif self.edited and self.later:
                found.append(Line(_("Takes effect at the next start."), NEXT_START))
        if self.field.help and not problem:
            found.append(Line(_(self.field.help)))
        return tuple(found)

    def _say(self, lines: tuple[Line, ...]) -> bool:
        if lines == self.lines and self._tip:
            return False
        self.lines = lines
        self._tip = plain_tip("\n".join([*(line.text for line in lines if line.icon), tip_of(self.field)]))
        self.widget.setToolTip(self._tip)
        self.setToolTip(self._tip)
        self.widget.setAccessibleDescription("\n".join(line.text for line in lines))
        self.update()
        return True

    def refuse(self, text: str) -> None:
        """The host did not take the value that is here: said as long as it is."""
        element = self._find()
        if element is not None:
            self._refused = (text, place_of(element), self.subject.read(self.field, element))
            self.refresh()

    @property
    def wrong(self) -> bool:
        """Something must be corrected here."""
        return any(line.icon == "dialog-error" for line in self.lines)

    def light(self, on: bool) -> None:
        """Marks it as what was looked for."""
        if on != self._lit:
            self._lit = on
            self.update()

    # changing

    def _typed(self, value: str | None) -> None:
        element = self._find()
        if element is None:
            return
        self._refused = None
        if self.subject.problem(self.field, value, element):
            self.subject.drafts.keep(element, self.field, value or "")
            self.touched.emit()
            return
        self.subject.drafts.drop(element, self.field)
        if value == self.subject.read(self.field, element):
            self.touched.emit()
        else:
            self.subject.session.set(self.field, element, value)

    def reset(self) -> None:
        """Nothing is said any more: the default holds."""
        self._typed(None)

    # layout

    def height_for(self, lay: Lay, width: int) -> int:
        """With labels of ``lay.label`` pixels at the left, or above where there is little room."""
        self._lay = lay
        left = lay.left
        own = self._editor_height()
        top = 0 if lay.beside else self._label_height(width)
        below = sum(self._line_height(line, width - left - GAP) for line in self.lines)
        label = self._label_height(lay.label) if lay.beside else 0
        return max(top + own + (below + 3 if below else 0), label)

    def _editor_height(self) -> int:
        return self.widget.sizeHint().height()

    def _label_height(self, width: int) -> int:
        return max(self.fontMetrics().boundingRect(0, 0, width, 1000, WRAP, self.label).height(), self._lay.line) + 4

    def _line_height(self, line: Line, width: int) -> int:
        inset = self._lay.icon + 4 if line.icon else 0
        return self._small().boundingRect(0, 0, max(40, width - inset), 10_000, WRAP, line.text).height() + 2

    def _small(self) -> QFontMetrics:
        return self._lay.metrics or self.fontMetrics()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        lay, height = self._lay, self._editor_height()
        top = 0 if lay.beside else self._label_height(self.width())
        room = self.width() - lay.left - lay.icon - 2 * GAP - self._unit_width()
        width = min(room, self.editor.widest * lay.character + 24)
        self.widget.setGeometry(lay.left, top, width, height)
        self._text_rect = QRect(lay.left, top + height + 3, self.width() - lay.left - GAP, 10_000)

    def _unit_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(_(self.field.unit)) + GAP if self.field.unit else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, lay, place = QPainter(self), self._lay, self.widget.geometry()
        if self._lit:
            colour = self.palette().color(QPalette.ColorRole.Highlight)
            colour.setAlpha(60)
            painter.fillRect(self.rect(), colour)
        if self.edited:
            painter.fillRect(0, 1, BAR_PX, self.height() - 2, self.palette().color(QPalette.ColorRole.Highlight))
        self._paint_label(painter)
        painter.setFont(self.font())
        if self.field.unit:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            rect = QRect(place.right() + 1 + GAP // 2, place.top(), self._unit_width(), place.height())
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), _(self.field.unit))
        if self.later and self.edited:
            side = lay.icon
            at = place.right() + GAP // 2 + self._unit_width()
            icon(NEXT_START).paint(painter, at, place.top() + (place.height() - side) // 2, side, side)
        self._paint_lines(painter)

    def _paint_label(self, painter: QPainter) -> None:
        lay = self._lay
        group = QPalette.ColorGroup.Active if self.widget.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        if lay.beside:
            first = QRect(BAR_PX + 2, (self._editor_line() - lay.line) // 2, lay.label - BAR_PX - 2, 1000)
            painter.drawText(first, WRAP | int(Qt.AlignmentFlag.AlignRight), self.label)
        else:
            painter.drawText(QRect(lay.left, 2, self.width() - lay.left, 1000), WRAP, self.label)

    def _editor_line(self) -> int:
        """Height of the editor's first line."""
        return self._lay.line + 10 if self.field.kind is Kind.LINES else self.widget.height()

    def _paint_lines(self, painter: QPainter) -> None:
        rect, lay = QRect(self._text_rect), self._lay
        if lay.small is not None:
            painter.setFont(lay.small)
        for line in self.lines:
            inset = lay.icon + 4 if line.icon else 0
            role = QPalette.ColorRole.WindowText if line.icon else QPalette.ColorRole.PlaceholderText
            painter.setPen(self.palette().color(role))
            if line.icon:
                icon(line.icon).paint(painter, rect.x(), rect.y(), lay.icon, lay.icon)
            painter.drawText(rect.adjusted(inset, 0, 0, 0), WRAP, line.text)
            rect.translate(0, self._line_height(line, rect.width()))

    def sizeHint(self) -> QSize:
        return QSize(300, self.height_for(self._lay, max(300, self.width())))

    # mouse and menu

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the label goes to the field."""
        if self.widget.isEnabled():
            self.widget.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The editor's own entries, and those of every setting."""
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def context_menu(self) -> QMenu:
        """For the mouse and the menu key."""
        own = self.widget
        menu = own.createStandardContextMenu() if isinstance(own, QLineEdit | QPlainTextEdit) else QMenu(self)
        if isinstance(own, QLineEdit | QPlainTextEdit):
            menu.addSeparator()
        said = self.editor.value() is not None
        back = menu.addAction(icon("edit-clear"), _("Back to the default"))
        back.setEnabled(said and not self.field.required)
        back.triggered.connect(lambda _checked=False: self.reset())
        undo = menu.addAction(icon("edit-undo"), _("As it was before"))
        undo.setEnabled(self.edited)
        undo.triggered.connect(lambda _checked=False: self._typed(self.subject.before(self.field)))
        copy = menu.addAction(icon("edit-copy"), _("Copy libvirt's name"))
        copy.triggered.connect(lambda _checked=False: copy_text(self.field.path))
        return menu

    def side_of_icon(self) -> int:
        """Of the small marks, in pixels."""
        return self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
