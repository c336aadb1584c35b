"""Shows a text console's screen and scrollback in cells; searches and selects in them."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from app.console.text.cells import EMPTY, PLAIN, Line
from app.console.text.console import ByteConsole
from app.console.text.extract import Selection, matches, selected_text
from app.console.text.frame import Frame
from app.i18n import _
from ui.console.terminal.colours import Colours
from ui.console.terminal.painting import LinePainter, Look, terminal_font
from ui.console.terminal.selecting import Selecting

SPEAK_MS = 400


class CellArea(QAbstractScrollArea):
    """What the guest has written; takes no input.  live: the line is connected, so there is a cursor."""

    def __init__(self, console: ByteConsole, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.console = console
        self.frame_shown = Frame()
        self.live = False
        self._first = 0
        self.follows = True
        self._lines: list[Line] = []
        self._wanted = ""
        self._found: tuple[int, int, int] | None = None
        self.link: tuple[int, int, int] | None = None
        self.lit = True
        self.composing = ""
        self._colours = Colours(self.palette())
        self._zoom = 0
        self.cells = LinePainter(terminal_font(0), self.devicePixelRatioF())
        self.selecting = Selecting(self.line)
        self._flash = QTimer(self)
        self._flash.timeout.connect(self._blink)
        self._arrange()
        self._speak = QTimer(self)
        self._speak.setSingleShot(True)
        self._speak.setInterval(SPEAK_MS)
        self._speak.timeout.connect(self._describe)
        console.changed.connect(self._on_changed)
        self._on_changed()

    def _arrange(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setViewportMargins(4, 2, 0, 2)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(_("Terminal"))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # For the page around it.

    def set_live(self, live: bool) -> None:
        """Whether the line is connected: the cursor is shown."""
        self.live = live
        self.update_cursor()

    def set_zoom(self, zoom: int) -> None:
        """Points larger or smaller than the desktop's fixed font."""
        self._zoom = zoom
        self._new_font()

    def copy(self) -> bool:
        """The selection to the clipboard; False if there is none."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)

    def selected_text(self) -> str:
        """Empty if nothing is selected."""
        selection = self.selecting.selection
        return selected_text(selection, self.line) if selection is not None else ""

    def select_all(self) -> None:
        """With all of the scrollback."""
        end = self.frame_shown.top + len(self.frame_shown.rows)
        self.selecting.selection = Selection((self.console.scrollback.first, 0), (end - 1, self.frame_shown.cols))
        self.viewport().update()

    def whole_text(self) -> str:
        """Scrollback and screen."""
        first, end = self.console.scrollback.first, self.frame_shown.top + len(self.frame_shown.rows)
        return selected_text(Selection((first, 0), (end, 0)), self.line).rstrip("\n") + "\n"

    def seek(self, wanted: str, *, back: bool = True, again: bool = False) -> bool:
        """Goes to the next match, upwards unless not ``back``; False if there is none.  An empty text ends searching."""
        self._wanted = wanted
        found = self._search(wanted, back, again) if wanted else None
        self._found = found
        if found is not None:
            self._show_line(found[0])
        self.viewport().update()
        return found is not None

    def _search(self, wanted: str, back: bool, again: bool) -> tuple[int, int, int] | None:
        first, end = self.console.scrollback.first, self.frame_shown.top + len(self.frame_shown.rows)
        here = self._found or (end, 0, 0)
        if not again and back:
            here = (here[0], here[1] + 1, 0)
        numbers = range(min(here[0], end - 1), first - 1, -1) if back else range(max(here[0], first), end)
        for number in numbers:
            places = list(matches(self.line(number), wanted))
            for start, last in reversed(places) if back else places:
                if number != here[0] or (start < here[1] if back else start > here[1]):
                    return number, start, last
        return None

    def sizeHint(self) -> QSize:
        """80 columns, 24 rows."""
        return QSize(math.ceil(80 * self.cells.width) + 20, math.ceil(24 * self.cells.height))

    def minimumSizeHint(self) -> QSize:
        """Small: what does not fit is scrolled."""
        return QSize(math.ceil(20 * self.cells.width), math.ceil(4 * self.cells.height))

    # News from the console.

    def _on_changed(self) -> None:
        before, frame = self.frame_shown, self.console.take()
        self.frame_shown = frame
        bar = self.verticalScrollBar()
        shift = self.console.scrollback.first - self._first
        kept = bar.value() - shift
        self._first += shift
        bar.setPageStep(max(1, len(frame.rows)))
        bar.blockSignals(True)
        bar.setRange(0, frame.top - self._first)
        bar.setValue(bar.maximum() if self.follows else max(0, kept))
        bar.blockSignals(False)
        self._show_changes()
        if self.isVisible() and not self._speak.isActive():
            self._speak.start()
        if before.cursor != frame.cursor or before.modes != frame.modes:
            self.update_cursor()
            self.update_row(before.top + before.cursor[0])

    def _show_changes(self) -> None:
        """Only the rows that differ are painted again."""
        top = self.top
        lines = [self.line(top + row) for row in range(self.visible_rows())]
        if len(lines) != len(self._lines):
            self._lines = lines
            self.viewport().update()
            return
        for row, (old, new) in enumerate(zip(self._lines, lines, strict=True)):
            if old is not new and old != new:
                self.viewport().update(self.row_rect(row))
        self._lines = lines

    def _describe(self) -> None:
        """For screen readers: the line with the cursor, once it has come to rest."""
        row = self.frame_shown.cursor[0]
        text = self.line(self.frame_shown.top + row).text()
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def line(self, number: int) -> Line:
        """By its number."""
        frame = self.frame_shown
        at = number - frame.top
        if at >= 0:
            return frame.rows[at] if at < len(frame.rows) else EMPTY
        return self.console.scrollback.line(number)

    @property
    def top(self) -> int:
        """The number of the line in the first row."""
        return self._first + self.verticalScrollBar().value()

    def _on_scrolled(self, value: int) -> None:
        self.follows = value >= self.verticalScrollBar().maximum()
        self._show_changes()
        self.viewport().update()

    def _show_line(self, number: int) -> None:
        if not self.top <= number < self.top + self.visible_rows():
            self.verticalScrollBar().setValue(number - self._first - self.visible_rows() // 2)

    def to_the_end(self) -> None:
        """Shows the newest lines."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that are asked for."""
        painter = QPainter(self.viewport())
        height, top, cols = self.cells.height, self.top, self.frame_shown.cols
        painter.fillRect(event.rect(), self._colours.of(PLAIN, reverse=self.frame_shown.modes.reverse)[1])
        first, last = int(event.rect().top() / height), int(event.rect().bottom() / height)
        for row in range(first, min(last + 1, self.visible_rows())):
            number = top + row
            self.cells.on(painter, row * height, self.line(number), self._colours).paint(cols, self._look(number))
        if self.composing:
            self._paint_composing(painter)
        painter.end()

    def _look(self, number: int) -> Look:
        frame, line = self.frame_shown, self.line(number)
        row, col = frame.cursor
        shown = self.live and frame.modes.cursor_visible and number == frame.top + row and (self.lit or not self.hasFocus())
        columns = self.selecting.selection.columns(number) if self.selecting.selection else None
        return Look(
            selected=(columns[0], min(frame.cols, frame.cols if columns[1] is None else columns[1])) if columns else (0, 0),
            found=tuple(matches(line, self._wanted)) if self._wanted else (),
            link=self.link[1:] if self.link is not None and self.link[0] == number else (0, 0),
            cursor=col if shown else -1,
            shape=frame.modes.cursor_shape if self.hasFocus() else 0,
            reverse=frame.modes.reverse,
        )

    def _paint_composing(self, painter: QPainter) -> None:
        row, col = self.frame_shown.cursor
        line = Line(tuple(" " * col) + tuple(self.composing))
        look = Look(link=(col, len(line.cells)))
        y = (self.frame_shown.top + row - self.top) * self.cells.height
        painter.setClipRect(self.row_rect(self.frame_shown.top + row - self.top).adjusted(int(col * self.cells.width), 0, 0, 0))
        self.cells.on(painter, y, line, self._colours).paint(self.frame_shown.cols, look)

    def row_rect(self, row: int) -> QRect:
        """Of the viewport."""
        height = self.cells.height
        return QRect(0, math.floor(row * height), self.viewport().width(), math.ceil(height) + 1)

    def update_row(self, number: int) -> None:
        """Has a line painted again."""
        self.viewport().update(self.row_rect(number - self.top))

    def update_cursor(self) -> None:
        """Shows it, and has it blink where it should."""
        self.lit = True
        time_ms = QApplication.cursorFlashTime()
        blinks = self.live and self.hasFocus() and self.frame_shown.modes.cursor_blinks and time_ms > 0 and self.isVisible()
        self._flash.start(max(50, time_ms // 2)) if blinks else self._flash.stop()
        self.update_row(self.frame_shown.top + self.frame_shown.cursor[0])

    def _blink(self) -> None:
        self.lit = not self.lit
        self.update_row(self.frame_shown.top + self.frame_shown.cursor[0])

    # Size.

    def visible_rows(self) -> int:
        """Whole rows that fit."""
        return max(1, int(self.viewport().height() / self.cells.height))

    def _new_font(self) -> None:
        self.cells = LinePainter(terminal_font(self._zoom), self.devicePixelRatioF())
        self._fit()
        self._lines = []
        self.viewport().update()

    def _fit(self) -> None:
        if self.viewport().width() > 40 and self.isVisible():
            self.console.resize(self.visible_rows(), int(self.viewport().width() / self.cells.width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The guest is told only if it asks."""
        super().resizeEvent(event)
        self._fit()
        self._show_changes()

    def showEvent(self, event: QShowEvent) -> None:
        """Perhaps on a screen of another resolution."""
        super().showEvent(event)
        self._new_font()
        self.update_cursor()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing blinks unseen."""
        super().hideEvent(event)
        self._flash.stop()
        self._speak.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Light or dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colours = Colours(self.palette())
            self.viewport().update()
