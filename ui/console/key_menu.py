"""The menu of a console's Keys button: combinations that this computer would keep for itself, SysRq, held modifiers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.console.keys.chords import KEYS, Chord, chord
from app.i18n import N_, _

Keys = tuple[tuple[int, int], ...]
"""(scancode, keysym) each."""

CTRL_ALT_DELETE: Keys = chord("Ctrl", "Alt", "Delete").strokes

HELD = ("Ctrl", "Alt", "Shift", "Super", "RightAlt")

SYSRQ: tuple[tuple[str, str], ...] = (
    ("H", N_("Say what there is")), ("R", N_("Take the keyboard from the graphics")), ("S", N_("Write everything to disk")),
    ("U", N_("Make disks read-only")), ("B", N_("Restart at once")), ("O", N_("Power off at once")),
    ("E", N_("Ask all programs to end")), ("I", N_("End all programs")), ("F", N_("End the program that uses most memory")),
    ("T", N_("List the tasks")), ("W", N_("List the tasks that wait")), ("M", N_("Tell about memory")),
    ("L", N_("Show what the processors do")), ("C", N_("Crash, for a dump")),
)  # fmt: skip
"""Commands of Linux's kernel (admin-guide/sysrq.rst)."""


class KeyMenu(QMenu):
    """``chosen``: keys to send.  ``hold_wanted``: a modifier's name and whether it is to be held."""

    chosen = Signal(object)
    hold_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Send keys"), parent)
        self._combinations: list[QAction] = []
        self._end = self.addSeparator()
        self.holds: dict[str, QAction] = {}
        self._add_sysrq()
        self._add_holds()

    def show_combinations(self, chords: Sequence[Chord]) -> None:
        """The first entries; Ctrl+Alt with each function key in a menu of their own."""
        for action in self._combinations:
            self.removeAction(action)
            action.deleteLater()
        self._combinations.clear()
        consoles = [one for one in chords if _is_console(one)]
        for one in chords:
            if one not in consoles:
                self._combinations.append(self._action(one.text, one.strokes, self))
            elif one is consoles[0]:
                menu = QMenu(_("Ctrl+Alt+F1 and others"), self)
                for each in consoles:
                    menu.addAction(self._action(each.text, each.strokes, menu))
                self._combinations.append(menu.menuAction())
        self.insertActions(self._end, self._combinations)

    def show_held(self, names: frozenset[str]) -> None:
        """Ticks what is held."""
        for name, action in self.holds.items():
            action.setChecked(name in names)

    def _action(self, text: str, keys: Keys, owner: QMenu) -> QAction:
        action = QAction(text.replace("&", "&&"), owner)
        action.triggered.connect(_call(self.chosen.emit, keys))
        return action

    def _add_sysrq(self) -> None:
        menu = self.addMenu(_("SysRq (Linux)"))
        for letter, text in SYSRQ:
            keys = chord("Alt", "Print", letter).strokes
            menu.addAction(self._action(_("{key}: {what}").format(key=f"Alt+SysRq+{letter}", what=_(text)), keys, menu))

    def _add_holds(self) -> None:
        menu = self.addMenu(_("Hold down"))
        for name in HELD:
            action = menu.addAction(KEYS[name].text)
            action.setCheckable(True)
            action.toggled.connect(_call(self.hold_wanted.emit, name))
            self.holds[name] = action


def _is_console(one: Chord) -> bool:
    names = [key.name for key in one.keys]
    return len(names) == 3 and set(names[:2]) == {"Ctrl", "Alt"} and names[2][0] == "F" and names[2][1:].isdigit()


def _call(signal: Callable[..., None], first: object) -> Callable[..., None]:
    """A slot with its first argument; what a plain action tells of its tick is dropped."""
    if isinstance(first, str):
        return lambda ticked: signal(first, ticked)
    return lambda _ticked=False: signal(first)
