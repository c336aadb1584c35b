"""The terminal itself: a text console's cells, with keys, mouse and what is pasted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.console.text.console import ByteConsole
from app.console.text.extract import url_at
from app.console.text.mouse import report
from app.console.text.paste import look_at
from ui.console.terminal.cell_area import CellArea
from ui.console.terminal.key_input import held, is_ours, key_bytes

_BUTTONS = {Qt.MouseButton.LeftButton: 1, Qt.MouseButton.MiddleButton: 2, Qt.MouseButton.RightButton: 3}
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
WHEEL_LINES = 3
FAR = 1_000_000


class TerminalWidget(CellArea):
    """paste_wanted: a ``Paste``, which the page asks about and sends.  url_opened: Ctrl+click.  zoom_wanted: +1, -1, 0.

    find_wanted, menu_wanted (at a global place), typed (a key went to the guest).
    """

    paste_wanted = Signal(object)
    url_opened = Signal(str)
    zoom_wanted = Signal(int)
    find_wanted = Signal()
    menu_wanted = Signal(QPoint)
    typed = Signal()

    def __init__(self, console: ByteConsole, parent: QWidget | None = None) -> None:
        super().__init__(console, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def paste(self, *, primary: bool = False) -> None:
        """Asks for what is on the clipboard, or in the primary selection, to be pasted."""
        clipboard = QGuiApplication.clipboard()
        mode = clipboard.Mode.Selection if primary and clipboard.supportsSelection() else clipboard.Mode.Clipboard
        text = clipboard.text(mode)
        if text:
            self.paste_wanted.emit(look_at(text))

    # Keys.

    def event(self, event: QEvent) -> bool:
        """Tab goes to the guest, and so do most shortcuts of the window."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and is_ours(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and is_ours(event):
                self.keyPressEvent(event)
                return True
        return super().event(event)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Ctrl+Tab leaves the tab; Tab is the guest's."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the guest, but for a few that are the terminal's own."""
        if self._own_key(event):
            return
        data = key_bytes(event, self.frame_shown.modes)
        if not data:
            event.ignore()
            return
        self.console.send(data)
        self.lit = True
        self.to_the_end()
        self.typed.emit()

    def _own_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        page = self.visible_rows() - 1
        scrolls: dict[int, int] = {
            Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page, Qt.Key.Key_Home: -FAR, Qt.Key.Key_End: FAR,
        }  # fmt: skip
        if modifiers == _SHIFT and key in scrolls and not self.frame_shown.modes.alternate:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + scrolls[key])
        elif modifiers == _SHIFT and key == Qt.Key.Key_Insert:
            self.paste(primary=True)
        elif modifiers == _CTRL | _SHIFT and key == Qt.Key.Key_C:
            self.copy()
        elif modifiers == _CTRL | _SHIFT and key == Qt.Key.Key_V:
            self.paste()
        elif modifiers == _CTRL | _SHIFT and key == Qt.Key.Key_F:
            self.find_wanted.emit()
        elif modifiers & _CTRL and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_wanted.emit(1)
        elif modifiers == _CTRL and key == Qt.Key.Key_Minus:
            self.zoom_wanted.emit(-1)
        elif modifiers == _CTRL and key == Qt.Key.Key_0:
            self.zoom_wanted.emit(0)
        else:
            return False
        return True

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Composed text is sent when it is done, and shown at the cursor before."""
        self.composing = event.preeditString()
        if event.commitString():
            self.console.send(event.commitString().encode())
            self.typed.emit()
        self.update_row(self.frame_shown.top + self.frame_shown.cursor[0])
        event.accept()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """Where the input method's window belongs."""
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            row, col = self.frame_shown.cursor
            rect = self.row_rect(self.frame_shown.top + row - self.top)
            return QRect(int(col * self.cells.width), rect.top(), int(self.cells.width), rect.height())
        return super().inputMethodQuery(query)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cursor is filled."""
        super().focusInEvent(event)
        self._on_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The cursor is a frame."""
        super().focusOutEvent(event)
        self._on_focus(False)

    def _on_focus(self, has: bool) -> None:
        if self.frame_shown.modes.tells_focus:
            self.console.send(b"\x1b[I" if has else b"\x1b[O")
        self.update_cursor()

    # Mouse.

    def _place(self, event: QMouseEvent | QWheelEvent) -> tuple[int, int]:
        """Row of the window and column."""
        at = event.position()
        row = min(max(int(at.y() / self.cells.height), 0), self.visible_rows() - 1)
        return row, min(max(int(at.x() / self.cells.width), 0), self.frame_shown.cols)

    def _guest_has(self, event: QMouseEvent | QWheelEvent) -> bool:
        """Shift keeps the mouse here."""
        return self.live and self.frame_shown.modes.mouse > 0 and not event.modifiers() & _SHIFT and self.follows

    def _report(self, event: QMouseEvent, button: int, pressed: bool | None) -> None:
        row, col = self._place(event)
        col = min(col, self.frame_shown.cols - 1)
        self.console.send(
            report(self.frame_shown.modes, row, col, button, pressed=pressed, modifiers=held(event.modifiers()))
        )  # fmt: skip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Selects, opens, pastes; or is the guest's."""
        row, col = self._place(event)
        if event.button() == Qt.MouseButton.RightButton and (not self._guest_has(event)):
            self.menu_wanted.emit(event.globalPosition().toPoint())
        elif event.button() == Qt.MouseButton.LeftButton and event.modifiers() & _CTRL and self._url(row, col):
            self.url_opened.emit(self._url(row, col))
        elif self._guest_has(event):
            self._report(event, _BUTTONS.get(event.button(), 0), True)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self.paste(primary=True)
        elif event.button() == Qt.MouseButton.LeftButton:
            block = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self.selecting.press((self.top + row, col), block=block, extend=bool(event.modifiers() & _SHIFT))
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A word."""
        if event.button() != Qt.MouseButton.LeftButton or self._guest_has(event):
            self.mousePressEvent(event)
            return
        row, col = self._place(event)
        self.selecting.double((self.top + row, col))
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extends the selection; shows addresses while Ctrl is held."""
        row, col = self._place(event)
        if self._guest_has(event) and not self.selecting.active:
            button = next((number for key, number in _BUTTONS.items() if event.buttons() & key), 0)
            self._report(event, button, None)
        elif event.buttons() & Qt.MouseButton.LeftButton and self.selecting.active:
            beyond = -1 if event.position().y() < 0 else 1 if event.position().y() > self.viewport().height() else 0
            if beyond:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + beyond)
            self.selecting.move((self.top + row, col))
            self.viewport().update()
        self._hover(row, col, bool(event.modifiers() & _CTRL))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What was selected is in the primary selection."""
        if self.selecting.active:
            self.selecting.release()
            text, clipboard = self.selected_text(), QGuiApplication.clipboard()
            if text and clipboard.supportsSelection():
                clipboard.setText(text, clipboard.Mode.Selection)
        elif self._guest_has(event):
            self._report(event, _BUTTONS.get(event.button(), 0), False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls here; in full-screen programs of the guest it is the mouse's wheel, or arrow keys."""
        steps = event.angleDelta().y() / 120
        if event.modifiers() & _CTRL:
            self.zoom_wanted.emit(1 if steps > 0 else -1)
        elif self._guest_has(event) and steps:
            row, col = self._place(event)
            down = held(event.modifiers())
            data = report(self.frame_shown.modes, row, col, 4 if steps > 0 else 5, pressed=True, modifiers=down)
            self.console.send(data * max(1, round(abs(steps))))
        elif self.frame_shown.modes.alternate and self.live and steps:
            arrow = b"\x1bO" if self.frame_shown.modes.application_cursor else b"\x1b["
            self.console.send((arrow + (b"A" if steps > 0 else b"B")) * max(1, round(abs(steps) * WHEEL_LINES)))
        else:
            super().wheelEvent(event)

    def _url(self, row: int, col: int) -> str:
        found = url_at(self.line(self.top + row), col)
        return found[0] if found else ""

    def _hover(self, row: int, col: int, ctrl: bool) -> None:
        found = url_at(self.line(self.top + row), col) if ctrl else None
        link = (self.top + row, found[1], found[2]) if found else None
        if link != self.link:
            self.link = link
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor)
            self.viewport().setToolTip(found[0] if found else "")
            self.viewport().update()
