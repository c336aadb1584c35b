"""Which control character and which sequence makes the terminal do what: one entry each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.console.text.emulator import Emulator

Numbers = list[int]
Act = Callable[[Numbers], None]


def controls(emulator: Emulator) -> dict[str, Callable[[], None]]:
    """By character; escape sequences without intermediates as ESC and their final character."""
    grid = emulator.grid
    return {
        "\x07": emulator.ring, "\x08": emulator.backspace, "\x09": emulator.tab, "\x0a": emulator.index, "\x0b": emulator.index,
        "\x0c": emulator.index, "\x0d": emulator.carriage_return, "\x0e": lambda: emulator.shift(1),
        "\x0f": lambda: emulator.shift(0), "\x1b7": emulator.save_cursor, "\x1b8": emulator.restore_cursor,
        "\x1bD": grid.line_feed, "\x1bE": emulator.next_line, "\x1bH": emulator.set_tab, "\x1bM": grid.reverse_line_feed,
        "\x1bZ": emulator.tell_kind, "\x1bc": emulator.reset,
        "\x1b=": lambda: emulator.keypad(True), "\x1b>": lambda: emulator.keypad(False),
    }  # fmt: skip


def sequences(emulator: Emulator) -> dict[str, Act]:
    """By mark, intermediates and final character of a control sequence; all but ``m``, which is ``sgr``."""
    return {**_moves(emulator), **_edits(emulator), **_settings(emulator), **_questions(emulator)}


def _first(numbers: Numbers) -> int:
    """The first parameter; 0 and nothing mean 1."""
    return numbers[0] or 1


def _second(numbers: Numbers) -> int:
    return (numbers[1] if len(numbers) > 1 else 0) or 1


def _moves(emulator: Emulator) -> dict[str, Act]:
    grid = emulator.grid

    def lines(count: int) -> None:
        grid.move_by(count, 0)
        emulator.carriage_return()

    def column(numbers: Numbers) -> None:
        grid.move_by(0, _first(numbers) - 1 - min(grid.col, grid.cols - 1))

    def place(numbers: Numbers) -> None:
        grid.move(_first(numbers) - 1, _second(numbers) - 1)

    return {
        "A": lambda n: grid.move_by(-_first(n), 0),
        "B": lambda n: grid.move_by(_first(n), 0),
        "C": lambda n: grid.move_by(0, _first(n)),
        "D": lambda n: grid.move_by(0, -_first(n)),
        "E": lambda n: lines(_first(n)),
        "F": lambda n: lines(-_first(n)),
        "G": column,
        "H": place,
        "I": lambda n: emulator.tab(_first(n)),
        "Z": lambda n: emulator.tab_back(_first(n)),
        "`": column,
        "a": lambda n: grid.move_by(0, _first(n)),
        "d": lambda n: grid.move(_first(n) - 1, grid.col),
        "e": lambda n: grid.move_by(_first(n), 0),
        "f": place,
        "s": lambda _n: emulator.save_cursor(),
        "u": lambda _n: emulator.restore_cursor(),
    }


def _edits(emulator: Emulator) -> dict[str, Act]:
    grid = emulator.grid
    return {
        "@": lambda n: grid.insert_cells(_first(n)),
        "J": lambda n: emulator.erase_display(n[0]),
        "?J": lambda n: emulator.erase_display(n[0]),
        "K": lambda n: emulator.erase_line(n[0]),
        "?K": lambda n: emulator.erase_line(n[0]),
        "L": lambda n: grid.insert_lines(_first(n)),
        "M": lambda n: grid.delete_lines(_first(n)),
        "P": lambda n: grid.delete_cells(_first(n)),
        "S": lambda n: grid.scroll_up(_first(n)),
        "T": lambda n: grid.scroll_down(_first(n)) if len(n) == 1 else None,
        "X": lambda n: emulator.erase_cells(_first(n)),
        "b": lambda n: emulator.repeat(_first(n)),
    }


def _settings(emulator: Emulator) -> dict[str, Act]:
    grid = emulator.grid
    return {
        "g": lambda n: emulator.clear_tabs(n[0]),
        "h": lambda n: emulator.set_modes(n, True),
        "l": lambda n: emulator.set_modes(n, False),
        "?h": lambda n: emulator.set_private_modes(n, True),
        "?l": lambda n: emulator.set_private_modes(n, False),
        "r": lambda n: grid.set_margins(_first(n) - 1, n[1] if len(n) > 1 and n[1] else grid.rows),
        "!p": lambda _n: emulator.soft_reset(),
        " q": lambda n: emulator.cursor_style(n[0]),
    }


def _questions(emulator: Emulator) -> dict[str, Act]:
    return {
        "c": lambda n: emulator.tell_kind() if n[0] == 0 else None,
        ">c": lambda n: emulator.tell_version() if n[0] == 0 else None,
        "n": lambda n: emulator.tell_status(n[0]),
        "?n": lambda n: emulator.tell_status(n[0], "?"),
        "t": lambda n: emulator.tell_size(n[0]),
        "?$p": lambda n: emulator.tell_mode(n[0]),
    }
