"""Paints lines of cells.  Every cell is as wide as every other, whatever the font says, and whole device pixels wide."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPen

from app.console.text.cells import PLAIN, Line, Style
from ui.console.terminal.colours import Colours

SMALLEST_PT, LARGEST_PT = 5.0, 40.0


def terminal_font(zoom: int) -> QFont:
    """The desktop's fixed font, ``zoom`` points larger or smaller; without ligatures, which would hide what is written."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    size = font.pointSizeF() if font.pointSizeF() > 0 else 10.0
    font.setPointSizeF(min(max(size + zoom, SMALLEST_PT), LARGEST_PT))
    font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    font.setKerning(False)
    return font


@dataclass(frozen=True, slots=True)
class Look:
    """What a line is painted with beside its own styles.  Columns are (first, after the last) or empty.

    cursor: its column, -1 if it is elsewhere; shape as in ``Modes``, 0 for a frame, as while the keyboard is elsewhere.
    """

    selected: tuple[int, int] = (0, 0)
    found: tuple[tuple[int, int], ...] = ()
    link: tuple[int, int] = (0, 0)
    cursor: int = -1
    shape: int = 1
    reverse: bool = False


class LinePainter:
    """For one font at one resolution."""

    def __init__(self, font: QFont, ratio: float) -> None:
        metrics = QFontMetricsF(font)
        natural = metrics.horizontalAdvance("M" * 16) / 16
        self.width = max(1.0, round(natural * ratio)) / ratio
        self.height = max(1.0, round(metrics.lineSpacing() * ratio + 0.499)) / ratio
        self.ascent = metrics.ascent()
        self.under = self.ascent + max(1.0, metrics.underlinePos())
        self.strike = self.ascent - metrics.strikeOutPos()
        self.pen_width = max(1.0, metrics.lineWidth())
        font = QFont(font)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self.width - natural)
        shaped = QFont(font)
        shaped.setStyleStrategy(QFont.StyleStrategy.PreferDefault)  # accents are put over their letters
        shaped.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0)
        self._fonts = {
            (bold, italic, plain): _variant(font if plain else shaped, bold, italic)
            for bold in (False, True) for italic in (False, True) for plain in (False, True)
        }  # fmt: skip

    def letters_font(self, style: Style, *, plain: bool) -> QFont:
        """Bold and italic have fonts of their own.  plain: for ASCII, where nothing is joined or put over something."""
        return self._fonts[style.bold, style.italic, plain]

    def on(self, painter: QPainter, top: float, line: Line, colours: Colours) -> LineStrokes:
        """To paint one line, whose upper edge is at ``top``."""
        return LineStrokes(self, painter, top, line, colours)


class LineStrokes:
    """Paints one line, from the left edge of what ``painter`` paints on."""

    def __init__(self, cells: LinePainter, painter: QPainter, top: float, line: Line, colours: Colours) -> None:
        self._cells, self._painter, self._top, self._line, self._colours = cells, painter, top, line, colours

    def paint(self, cols: int, look: Look) -> None:
        """Over the whole width of ``cols``."""
        base = self._colours.of(PLAIN, reverse=look.reverse)[1]
        self._painter.fillRect(self._rect(0, cols), base)
        for first, last, style in _all_runs(self._line):
            self._run(first, last, style, look.reverse)
        for first, last in look.found:
            self._painter.fillRect(self._rect(first, last), self._colours.found)
            self._letters(first, last, self._colours.text, PLAIN)
        first, last = look.selected
        if first < last:
            self._painter.fillRect(self._rect(first, last), self._colours.selected)
            self._letters(first, last, self._colours.selected_text, PLAIN)
        if look.link[0] < look.link[1]:
            self._rule(self._cells.under, *look.link, self._colours.link)
        if look.cursor >= 0:
            self._cursor(look)

    def _rect(self, first: int, last: int) -> QRectF:
        width = self._cells.width
        return QRectF(first * width, self._top, (last - first) * width, self._cells.height)

    def _run(self, first: int, last: int, style: Style, reverse: bool) -> None:
        text, behind = self._colours.of(style, reverse=reverse)
        if style is not PLAIN:
            self._painter.fillRect(self._rect(first, last), behind)
        if not style.conceal:
            self._letters(first, last, text, style)
        if style.underline:
            self._underline(first, last, text, style.underline)
        if style.strike:
            self._rule(self._cells.strike, first, last, text)

    def _letters(self, first: int, last: int, colour: QColor, style: Style) -> None:
        painter, width, cells = self._painter, self._cells.width, self._line.cells
        painter.setPen(colour)
        plain = isinstance(cells, str) and cells.isascii()
        painter.setFont(self._cells.letters_font(style, plain=plain))
        base = self._top + self._cells.ascent
        if isinstance(cells, str) and plain:
            painter.drawText(QPointF(first * width, base), cells[first:last])
            return
        # Other characters may come from another font, whose advance is another: each in its own place.
        for col in range(first, min(last, len(cells))):
            if cells[col] not in ("", " "):
                painter.drawText(QPointF(col * width, base), cells[col])

    def _underline(self, first: int, last: int, colour: QColor, kind: int) -> None:
        pen = self._cells.pen_width
        at = min(self._cells.under, self._cells.height - pen)
        self._rule(at, first, last, colour, dots=kind == 3)
        if kind == 2:
            self._rule(at - 2 * pen, first, last, colour)

    def _rule(self, below: float, first: int, last: int, colour: QColor, *, dots: bool = False) -> None:
        width, at = self._cells.width, self._top + below
        self._painter.setPen(QPen(colour, self._cells.pen_width, Qt.PenStyle.DotLine if dots else Qt.PenStyle.SolidLine))
        self._painter.drawLine(QPointF(first * width, at), QPointF(last * width, at))

    def _cursor(self, look: Look) -> None:
        at, line, painter = look.cursor, self._line, self._painter
        wide = at + 1 < len(line.cells) and not line.cells[at + 1]
        rect = self._rect(at, at + (2 if wide else 1))
        style = next((style for first, last, style in line.runs if first <= at < last), PLAIN)
        text, behind = self._colours.of(style, reverse=look.reverse)
        thick = max(2.0, 2 * self._cells.pen_width)
        if look.shape == 0:
            painter.setPen(QPen(text, self._cells.pen_width))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        elif look.shape == 2:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - thick, rect.width(), thick), text)
        elif look.shape == 3:
            painter.fillRect(QRectF(rect.left(), rect.top(), thick, rect.height()), text)
        else:
            painter.fillRect(rect, text)
            self._letters(at, at + 1, behind, style)


def _variant(font: QFont, bold: bool, italic: bool) -> QFont:
    made = QFont(font)
    made.setBold(bold)
    made.setItalic(italic)
    return made


def _all_runs(line: Line) -> list[tuple[int, int, Style]]:
    """The plain ones between the others, too."""
    found, at = [], 0
    for first, last, style in line.runs:
        if first > at:
            found.append((at, first, PLAIN))
        found.append((first, last, style))
        at = last
    if at < len(line.cells):
        found.append((at, len(line.cells), PLAIN))
    return found
