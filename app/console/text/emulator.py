"""A terminal as xterm and DEC's VT220 were: bytes in, cells and answers out.  All of it belongs to one thread.

Sources: xterm's control sequences (ctlseqs), ECMA-48, DEC STD 070.  Left out on purpose: whatever lets a guest make the
terminal type what the guest chose (answerback, title reports, DECRQSS of unknown things), write files, read or write the
clipboard (OSC 52), or change size, colours and keys behind the user's back.  Also not there: left and right margins,
double-width lines, Sixel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from app.console.text.cells import PLAIN, Line, Style
from app.console.text.grid import Grid
from app.console.text.modes import Modes
from app.console.text.parser import Parser
from app.console.text.row import Row
from app.console.text.sequences import controls, sequences
from app.console.text.sgr import styled

TITLE_CHARS = 200
MOST = 99_999

_FRAMES = dict(zip(
    map(ord, "`afgjklmnopqrstuvwxyz{|}~_+,-.0hi"), "◆▒°±┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£· →←↑↓█▒␋", strict=True))  # fmt: skip
"""DEC special graphics (charset "0")."""

_UK = {ord("#"): "£"}
_CHARSETS: dict[str, dict[int, str] | None] = {"0": _FRAMES, "A": _UK}

_MOUSE = {9: 9, 1000: 1, 1002: 2, 1003: 3}
_FLAGS = {1: "application_cursor", 5: "reverse", 12: "cursor_blinks", 25: "cursor_visible", 66: "application_keypad",
          1004: "tells_focus", 2004: "bracketed_paste"}  # fmt: skip


class _Saved(NamedTuple):
    """What DECSC keeps."""

    row: int = 0
    col: int = 0
    pen: Style = PLAIN
    origin: bool = False
    charsets: tuple[dict[int, str] | None, ...] = (None, None)
    shift: int = 0


class Emulator:
    """reply: what goes back to the guest.  pushed: a line that has left the screen at the top."""

    def __init__(self, rows: int, cols: int, reply: Callable[[bytes], None], pushed: Callable[[Line], None]) -> None:
        self.title = ""
        self.bells = 0
        self._reply = reply
        self._parser = Parser(self)
        self.grid = Grid(rows, cols, pushed)
        self._controls = controls(self)
        self._sequences = sequences(self)
        self._reset()

    @property
    def rows(self) -> int:
        """Of the screen."""
        return self.grid.rows

    @property
    def cols(self) -> int:
        """Of the screen."""
        return self.grid.cols

    def feed(self, data: bytes) -> None:
        """Bytes of the guest."""
        self._parser.feed(data)

    def resize(self, rows: int, cols: int) -> None:
        """Another size, in cells."""
        self.grid.resize(rows, cols)
        self._tabs |= set(range(0, cols, 8))

    def reset(self) -> None:
        """As after switching a terminal off and on."""
        self._parser.reset()
        self._reset()
        self.grid.erase_rows(0, self.rows)
        self.grid.move(0, 0)

    def cursor(self) -> tuple[int, int]:
        """Row and column."""
        return self.grid.row, min(self.grid.col, self.cols - 1)

    def take_damage(self) -> set[int]:
        """Rows that may differ from when they were last taken."""
        dirty, self.grid.dirty = self.grid.dirty, set()
        return dirty

    def line(self, row: int) -> Line:
        """A row as others see it."""
        return self.grid.lines[row].line(self.cols)

    def _reset(self) -> None:
        grid = self.grid
        if grid.keeps is False:
            grid.swap(self._other, True)
        self._other: list[Row] = []
        self.modes = Modes()
        self._charsets: list[dict[int, str] | None] = [None, None]
        self._shift = 0
        self._tabs = set(range(0, grid.cols, 8))
        self._saved: dict[bool, _Saved] = {}
        grid.pen, grid.autowrap, grid.insert, grid.origin = PLAIN, True, False, False
        grid.top, grid.end = 0, grid.rows

    # What the parser tells.

    def text(self, text: str) -> None:
        """Printable characters."""
        charset = self._charsets[self._shift]
        self.grid.draw(text.translate(charset) if charset else text)

    def control(self, character: str) -> None:
        """One of the first 32, or DEL."""
        act = self._controls.get(character)
        if act is not None:
            act()

    def escape(self, intermediates: str, final: str) -> None:
        """An escape sequence."""
        if intermediates in ("(", ")"):
            self._charsets["()".index(intermediates)] = _CHARSETS.get(final)
        elif intermediates == "#" and final == "8":
            self.grid.fill("E")
        elif not intermediates:
            act = self._controls.get("\x1b" + final)
            if act is not None:
                act()

    def csi(self, mark: str, parameters: str, intermediates: str, final: str) -> None:
        """A control sequence."""
        if final == "m" and not mark and not intermediates:
            self.grid.pen = styled(self.grid.pen, parameters)
            return
        act = self._sequences.get(mark + intermediates + final)
        if act is not None:
            act([min(int(part), MOST) if part.isdecimal() and len(part) < 12 else 0 for part in parameters.split(";")[:32]])

    def string(self, kind: str, content: str) -> None:
        """Of operating system commands the title alone; of device controls the question for a setting."""
        command, _semicolon, value = content.partition(";")
        if kind == "]" and command in ("0", "2"):
            self.title = "".join(filter(str.isprintable, value))[:TITLE_CHARS]
        elif kind == "P" and content.startswith("$q"):
            self._tell_setting(content[2:])

    # What it does; the tables below name it.

    def index(self) -> None:
        """Line feed."""
        self.grid.line_feed()
        if self.modes.newline:
            self.grid.col = 0

    def next_line(self) -> None:
        """To the first column of the next row."""
        self.grid.col = 0
        self.grid.line_feed()

    def carriage_return(self) -> None:
        """To the first column."""
        self.grid.col = 0

    def backspace(self) -> None:
        """One column to the left."""
        self.grid.move_by(0, -1)

    def ring(self) -> None:
        """The bell."""
        self.bells += 1

    def shift(self, number: int) -> None:
        """To the first or second character set."""
        self._shift = number

    def set_tab(self) -> None:
        """A stop in this column."""
        self._tabs.add(self.grid.col)

    def clear_tabs(self, which: int) -> None:
        """This one (0) or all (3)."""
        if which == 3:
            self._tabs.clear()
        elif which == 0:
            self._tabs.discard(self.grid.col)

    def tab(self, count: int = 1) -> None:
        """To the next stop."""
        stops = [stop for stop in sorted(self._tabs) if self.grid.col < stop < self.cols]
        self.grid.col = stops[count - 1] if count <= len(stops) else self.cols - 1

    def tab_back(self, count: int) -> None:
        """To the stop before."""
        stops = [stop for stop in sorted(self._tabs, reverse=True) if stop < self.grid.col]
        self.grid.col = stops[count - 1] if count <= len(stops) else 0

    def save_cursor(self) -> None:
        """DECSC."""
        grid = self.grid
        self._saved[grid.keeps] = _Saved(grid.row, grid.col, grid.pen, grid.origin, tuple(self._charsets), self._shift)

    def restore_cursor(self) -> None:
        """DECRC."""
        grid = self.grid
        saved = self._saved.get(grid.keeps, _Saved())
        grid.pen, grid.origin, self._charsets, self._shift = saved.pen, saved.origin, list(saved.charsets), saved.shift
        grid.row, grid.col = min(saved.row, grid.rows - 1), min(saved.col, grid.cols - 1)

    def keypad(self, application: bool) -> None:
        """DECKPAM and DECKPNM."""
        self.modes = replace(self.modes, application_keypad=application)

    def erase_display(self, which: int) -> None:
        """From the cursor (0), to the cursor (1), all (2); never the scrollback, which is the user's."""
        grid = self.grid
        if which == 0:
            grid.erase(grid.row, min(grid.col, self.cols - 1), self.cols)
            grid.erase_rows(grid.row + 1, self.rows)
        elif which == 1:
            grid.erase_rows(0, grid.row)
            grid.erase(grid.row, 0, min(grid.col, self.cols - 1) + 1)
        elif which == 2:
            grid.keep_screen()
            grid.erase_rows(0, self.rows)

    def erase_line(self, which: int) -> None:
        """The same in its row."""
        grid = self.grid
        col = min(grid.col, self.cols - 1)
        first, end = {0: (col, self.cols), 1: (0, col + 1), 2: (0, self.cols)}.get(which, (0, 0))
        grid.erase(grid.row, first, end)

    def erase_cells(self, count: int) -> None:
        """From the cursor on."""
        col = min(self.grid.col, self.cols - 1)
        self.grid.erase(self.grid.row, col, min(col + count, self.cols))

    def repeat(self, count: int) -> None:
        """The last character again."""
        if self.grid.last:
            self.grid.draw(self.grid.last * min(count, self.cols))

    def set_modes(self, numbers: list[int], on: bool) -> None:
        """ANSI modes."""
        for number in numbers:
            if number == 4:
                self.grid.insert = on
            elif number == 20:
                self.modes = replace(self.modes, newline=on)

    def set_private_modes(self, numbers: list[int], on: bool) -> None:
        """DEC's and xterm's modes."""
        for number in numbers:
            if number in _FLAGS:
                self.modes = replace(self.modes, **{_FLAGS[number]: on})
            elif number in _MOUSE:
                self.modes = replace(self.modes, mouse=_MOUSE[number] if on else 0)
            elif number in (1006, 1015):
                self.modes = replace(self.modes, mouse_form=number if on else 0)
            elif number == 6:
                self.grid.origin = on
                self.grid.move(0, 0)
            elif number == 7:
                self.grid.autowrap = on
            elif number in (47, 1047, 1048, 1049):
                self._alternate(number, on)

    def _alternate(self, number: int, on: bool) -> None:
        if on and number in (1048, 1049):
            self.save_cursor()
        if number != 1048 and on is self.grid.keeps:
            self._other = self.grid.swap([] if on else self._other, not on)
            self.modes = replace(self.modes, alternate=on)
        if not on and number in (1048, 1049):
            self.restore_cursor()

    def soft_reset(self) -> None:
        """DECSTR."""
        grid = self.grid
        self.modes = Modes(alternate=self.modes.alternate, mouse=self.modes.mouse, mouse_form=self.modes.mouse_form)
        grid.pen, grid.autowrap, grid.insert, grid.origin = PLAIN, True, False, False
        grid.top, grid.end = 0, grid.rows
        self._charsets, self._shift = [None, None], 0

    def cursor_style(self, number: int) -> None:
        """DECSCUSR."""
        if number <= 6:
            shape = max(0, number - 1) // 2 + 1
            self.modes = replace(self.modes, cursor_shape=shape, cursor_blinks=number == 0 or number % 2 == 1)

    # Answers; none repeats what the guest has sent.

    def tell_status(self, which: int, mark: str = "") -> None:
        """That it works, and where the cursor is."""
        if which == 5 and not mark:
            self._reply(b"\x1b[0n")
        elif which == 6:
            row, col = self.cursor()
            row -= self.grid.top if self.grid.origin else 0
            self._reply(b"\x1b[%s%d;%dR" % (mark.encode(), row + 1, col + 1))

    def tell_kind(self) -> None:
        """A VT220 with colours."""
        self._reply(b"\x1b[?62;22c")

    def tell_version(self) -> None:
        """As VT220s answered."""
        self._reply(b"\x1b[>1;10;0c")

    def tell_size(self, which: int) -> None:
        """``CSI 18 t``; the other window operations are not for guests."""
        if which == 18:
            self._reply(b"\x1b[8;%d;%dt" % (self.rows, self.cols))

    def tell_mode(self, number: int) -> None:
        """Whether one of DEC's modes is set (DECRQM)."""
        flag = _FLAGS.get(number)
        if flag is not None:
            state = 1 if getattr(self.modes, flag) else 2
        elif number in (6, 7):
            state = 1 if (self.grid.origin if number == 6 else self.grid.autowrap) else 2
        elif number in _MOUSE:
            state = 1 if self.modes.mouse == _MOUSE[number] else 2
        else:
            state = 0
        self._reply(b"\x1b[?%d;%d$y" % (number, state))

    def _tell_setting(self, question: str) -> None:
        if question == "r":
            self._reply(b"\x1bP1$r%d;%dr\x1b\\" % (self.grid.top + 1, self.grid.end))
        elif question == " q":
            self._reply(b"\x1bP1$r%d q\x1b\\" % (2 * self.modes.cursor_shape - self.modes.cursor_blinks))
        else:
            self._reply(b"\x1bP0$r\x1b\\")
