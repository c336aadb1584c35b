"""A text editor for XML: line numbers, folding, colours, faults underlined, completion from the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.i18n import _
from app.xmldoc.schema.completion import Completions
from app.xmldoc.schema.validate import Problem
from ui.plain import tip as plain_tip
from ui.xml.colours import colours_of
from ui.xml.completer import CompletionList
from ui.xml.folds import Folds
from ui.xml.gutter import Gutter
from ui.xml.highlighter import XmlHighlighter
from ui.xml.text_change import characters, replace_text, units

INDENT = "  "
Key = Qt.Key
Complete = Callable[[str, int], Completions]


class XmlEditor(QPlainTextEdit):
    """edited: the user changed the text.  undo_wanted, redo_wanted: undo is the session's, which has the forms' changes too.

    complete: what may be typed in a text at a place; None until the schema is read.
    """

    edited = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.complete: Complete | None = None
        self.problems: list[Problem] = []
        self.marked_lines: frozenset[int] = frozenset()
        self._found: list[QTextEdit.ExtraSelection] = []
        self._filling = False
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(False)
        self.setAccessibleName(_("Definition as XML"))
        self.setAccessibleDescription(_("Ctrl+Space offers what may be here; Escape, then Tab leaves the text"))
        self.folds, self._gutter = Folds(self), Gutter(self)
        self._highlighter = XmlHighlighter(self.document(), self.palette())
        self._list = CompletionList(self)
        self._leaving = False
        self._listen()
        self._lay_out_gutter()
        self._mark_everything()

    def _listen(self) -> None:
        self._list.chosen.connect(self._insert_completion)
        self.blockCountChanged.connect(self._lay_out_gutter)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._mark_everything)
        self.cursorPositionChanged.connect(lambda: self.folds.reveal(self.textCursor().blockNumber()))
        self.folds.changed.connect(self._refold)
        self.textChanged.connect(self._tell)

    # text

    def show_text(self, text: str) -> None:
        """Shows another text without telling that it was edited."""
        self._filling = True
        replace_text(self, text)
        self._filling = False

    def _tell(self) -> None:
        if not self._filling:
            self.edited.emit()

    @property
    def offset(self) -> int:
        """Where the cursor is, in characters."""
        return characters(self.toPlainText(), self.textCursor().position())

    def go_to(self, line: int, column: int = 0) -> None:
        """Puts the cursor there (from 0) and scrolls to it."""
        block = self.document().findBlockByNumber(line)
        if not block.isValid():
            return
        self.folds.reveal(line)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + units(block.text(), min(column, len(block.text()))))
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    def go_to_offset(self, offset: int) -> None:
        """Puts the cursor before the character ``offset``."""
        before = self.toPlainText()[:offset]
        self.go_to(before.count("\n"), len(before) - before.rfind("\n") - 1)

    def select_line(self, line: int) -> None:
        """Selects a whole line."""
        cursor = QTextCursor(self.document().findBlockByNumber(line))
        cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    # lines

    def visible_lines(self) -> Iterator[tuple[int, QRect]]:
        """Number and place of each line in sight."""
        block = self.firstVisibleBlock()
        while block.isValid():
            rect = self.blockBoundingGeometry(block).translated(self.contentOffset()).toRect()
            if rect.top() > self.viewport().height():
                return
            if block.isVisible():
                yield block.blockNumber(), rect
            block = block.next()

    def line_at(self, y: int) -> int | None:
        """The line at that height of the view."""
        return next((line for line, rect in self.visible_lines() if rect.top() <= y < rect.bottom() + 1), None)

    def _lay_out_gutter(self, *_count: int) -> None:
        self.setViewportMargins(self._gutter.wanted_width, 0, 0, 0)
        inner = self.contentsRect()
        self._gutter.setGeometry(inner.left(), inner.top(), self._gutter.wanted_width, inner.height())

    def _scroll_gutter(self, rect: QRect, dy: int) -> None:
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def _refold(self) -> None:
        if not self.textCursor().block().isVisible():
            cursor = self.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
            while cursor.blockNumber() and not cursor.block().isVisible():
                cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
            self.setTextCursor(cursor)
        self.viewport().update()
        self._gutter.update()

    # faults and marks

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Underlines them; they are of the text as it was when it was checked."""
        self.problems = list(problems)
        self.marked_lines = frozenset(problem.line - 1 for problem in problems)
        self._mark_everything()
        self._gutter.update()

    def fault_at_line(self, line: int) -> str:
        """What is wrong in ``line`` (from 0), as a tooltip; "" if nothing."""
        return plain_tip("\n".join(problem.message for problem in self.problems if problem.line - 1 == line))

    def show_found(self, places: Sequence[QTextCursor]) -> None:
        """Marks what a search found."""
        back = QTextCharFormat()
        colour = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        colour.setAlphaF(0.35)
        back.setBackground(colour)
        self._found = [_selection(place, back) for place in places]
        self._mark_everything()

    def _mark_everything(self) -> None:
        line = QTextCharFormat()
        line.setBackground(colours_of(self.palette()).line)
        line.setProperty(QTextFormat.Property.FullWidthSelection, True)
        here = self.textCursor()
        here.clearSelection()
        faults = [_selection(self._place_of(problem), self._fault_format(problem)) for problem in self.problems]
        self.setExtraSelections([_selection(here, line), *self._found, *faults])
        self._gutter.update()

    def _fault_format(self, problem: Problem) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(self.palette().color(QPalette.ColorRole.Text))
        form.setToolTip(plain_tip(problem.message))
        return form

    def _place_of(self, problem: Problem) -> QTextCursor:
        block = self.document().findBlockByNumber(problem.line - 1)
        text = block.text()
        blank = len(text) - len(text.lstrip())
        first = blank if problem.column is None else min(max(0, problem.column - 1), max(0, len(text) - 1))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + units(text, first))
        if problem.column is None:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
            if not cursor.hasSelection():
                cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        elif event.key() == Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._offer()
        elif self._leaves(event):
            QWidget.focusNextPrevChild(self, event.key() == Key.Key_Tab)  # the editor's own would stay
        elif self.isReadOnly() or not self._indents(event):
            super().keyPressEvent(event)
            self._after(event)

    def _leaves(self, event: QKeyEvent) -> bool:
        """Escape, then Tab goes to the next control: the text is no trap for the keyboard."""
        before, self._leaving = self._leaving, event.key() == Key.Key_Escape
        return event.key() in (Key.Key_Tab, Key.Key_Backtab) and (before or self.isReadOnly())

    def _indents(self, event: QKeyEvent) -> bool:
        if event.key() in (Key.Key_Return, Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._break_line()
        elif event.key() == Key.Key_Tab:
            self._shift(inwards=True)
        elif event.key() == Key.Key_Backtab:
            self._shift(inwards=False)
        else:
            return False
        return True

    def _break_line(self) -> None:
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        blank = line[: len(line) - len(line.lstrip())]
        rest = line.lstrip()
        opens = rest.startswith("<") and not rest.startswith(("</", "<!", "<?")) and rest.endswith(">")
        opens = opens and not rest.endswith("/>") and "</" not in rest
        after = cursor.block().text()[cursor.positionInBlock() :]
        cursor.insertText(f"\n{blank}{INDENT if opens else ''}")
        if opens and after.lstrip().startswith("</"):
            cursor.insertText(f"\n{blank}")
            cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.setTextCursor(cursor)

    def _shift(self, *, inwards: bool) -> None:
        """Moves the selected lines in or out; without a selection a step at the cursor."""
        cursor = self.textCursor()
        if inwards and not cursor.hasSelection():
            cursor.insertText(INDENT)
            return
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - 1))
        cursor.beginEditBlock()
        block = first
        while block.isValid() and block.blockNumber() <= last.blockNumber():
            edit = QTextCursor(block)
            if inwards and block.text():
                edit.insertText(INDENT)
            elif not inwards:
                for _step in range(min(len(INDENT), len(block.text()) - len(block.text().lstrip(" ")))):
                    edit.deleteChar()
            block = block.next()
        cursor.endEditBlock()

    # completion

    def _after(self, event: QKeyEvent) -> None:
        """Offers by itself where a name or a value begins, and goes on offering while one types."""
        typed = event.text()
        if typed in ("<", "/", "'", '"', " ") or (self._list.open and (typed.isprintable() or event.key() == Key.Key_Backspace)):
            if typed == "/" and not self.toPlainText()[: self.offset].endswith("</"):
                self._list.hide_list()
                return
            self._offer(by_itself=True)

    def _offer(self, *, by_itself: bool = False) -> None:
        if self.complete is None or self.isReadOnly():
            return
        found = self.complete(self.toPlainText(), self.offset)
        typed = self.toPlainText()[found.start : self.offset]
        only = len(found.items) == 1 and found.items[0].insert == typed
        if found.items and not only and not (by_itself and len(found.items) == 1 and found.items[0].kind != "close"):
            self._list.show_items(found, self.cursorRect().translated(self._gutter.width(), 0))
        else:
            self._list.hide_list()

    def _insert_completion(self, start: int, insert: str, caret: int) -> None:
        cursor = self.textCursor()
        here, first = cursor.position(), units(self.toPlainText(), start)
        cursor.setPosition(first)
        cursor.setPosition(here, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(insert)
        cursor.setPosition(first + units(insert, caret))
        self.setTextCursor(cursor)

    # look

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_gutter()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_highlighter"):
            self._highlighter.set_palette(self.palette())
            self._lay_out_gutter()
            self._mark_everything()


def _selection(cursor: QTextCursor, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    selection.cursor, selection.format = cursor, form
    return selection
