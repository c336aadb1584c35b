"""Drives a program by mouse, keyboard and drag-and-drop. Accessibility says only where things are on the screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.e2e.accessibility import Tree, Widget
from tests.e2e.program import Program
from tests.lab import dnd
from tests.lab.screen import Box
from tests.lab.world import LabError, wait_for


class Driver:
    """A person in front of one program's window.

    Widgets are named by what a screen reader says: accessible name (`name`, whole or with `part=True` a part) and, where that
    alone is ambiguous, the role: "push button", "menu item", "check box", "text", "list item", "table cell", "page tab"...
    """

    def __init__(self, program: Program) -> None:
        assert program.bus
        self.program, self.screen = program, program.screen
        self._tree = Tree(program.bus.address)

    def close(self) -> None:
        """Ends the look-out; the program goes on."""
        self._tree.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- looking --

    def widgets(self) -> list[Widget]:
        """Everything that is shown now."""
        return list(self._tree.widgets())

    def outline(self) -> str:
        """All that is shown, as an indented text: for error messages and for writing tests."""
        return "\n".join(f"{'  ' * w.depth}{w.role} “{w.name}” {w.box} {' '.join(sorted(w.states))}" for w in self.widgets())

    def find(
        self, name: str | None = None, role: str | None = None, *, part: bool = False, enabled: bool = False
    ) -> Widget | None:
        """The innermost last one that fits (dialogs and menus come after the windows below them), or None."""
        found = None
        for widget in self._tree.widgets():
            fits = name is None or widget.name == name or (part and name in widget.name)
            if fits and (role is None or widget.role == role) and (not enabled or "enabled" in widget.states) and widget.shown:
                found = widget
        return found

    def wait(
        self,
        name: str | None = None,
        role: str | None = None,
        *,
        part: bool = False,
        enabled: bool = False,
        timeout_s: float = 20,
    ) -> Widget:
        """Waits until it is shown, and has stopped moving."""

        def settled() -> Widget | None:
            self._still_there()
            first = self.find(name, role, part=part, enabled=enabled)
            if first is None:
                return None
            time.sleep(0.05)
            second = self.find(name, role, part=part, enabled=enabled)
            return second if second and second.box == first.box else None

        try:
            return wait_for(settled, f"{role or 'widget'} “{name}”", timeout_s, 0.1)
        except LabError as error:
            raise LabError(f"{error}\nshown:\n{self.outline()}\nprogram's log:\n{self.program.log[-3000:]}") from None

    def wait_gone(self, name: str, role: str | None = None, timeout_s: float = 20) -> None:
        """Waits until it is not shown any more."""
        wait_for(lambda: self.find(name, role) is None, f"“{name}” to go", timeout_s, 0.1)

    def _still_there(self) -> None:
        if not self.program.runs():
            raise LabError(f"the program has ended:\n{self.program.log[-3000:]}")

    # -- doing --

    def click(
        self, name: str, role: str | None = None, *, button: int = 1, times: int = 1, part: bool = False, timeout_s: float = 20
    ) -> Widget:
        """Clicks the middle of a widget, once it is shown and enabled."""
        widget = self.wait(name, role, part=part, enabled=True, timeout_s=timeout_s)
        self.screen.click(*widget.centre, button, times=times)
        return widget

    def double_click(self, name: str, role: str | None = None, *, part: bool = False) -> Widget:
        """Two clicks."""
        return self.click(name, role, times=2, part=part)

    def right_click(self, name: str, role: str | None = None, *, part: bool = False) -> Widget:
        """For context menus."""
        return self.click(name, role, button=3, part=part)

    def menu(self, *names: str) -> None:
        """Clicks through menus: menu("Machine", "Start")."""
        for name in names:
            self.click(name, "menu item")

    def context_menu(self, name: str, *choices: str, role: str | None = "tree item", part: bool = False) -> None:
        """Opens a widget's context menu and clicks through it: context_menu("harbour, Running", "Media", "Eject")."""
        self.popup_menu(self.wait(name, role, part=part, enabled=True), *choices, button=3)

    def popup_menu(self, widget: Widget, *choices: str, button: int = 1) -> None:
        """Clicks through a menu that opens at a click on this widget."""
        before = self.screen.popups()
        self.screen.click(*widget.centre, button)
        wait_for(lambda: self.screen.popups() - before, f"the menu of “{widget.name}”", 5)

        def found() -> Widget | None:
            self.key("down")  # the focus tells where the menu is
            return self.find(choices[0], "menu item")

        wait_for(found, f"“{choices[0]}” in the menu of “{widget.name}”", 10, 0.2)
        self.menu(*choices)

    def key(self, chord: str) -> None:
        """Presses keys, for example "ctrl+n"."""
        self.screen.key(chord)

    def type(self, text: str, *, into: str | None = None) -> None:
        """Types; with `into`, clicks that field first and replaces what is in it."""
        if into is not None:
            self.click(into, "text")
            self.key("ctrl+a")
        self.screen.type_text(text)

    def drop(
        self,
        *paths: Path,
        on: str | None = None,
        at: tuple[int, int] | None = None,
        role: str | None = None,
        hovering: Callable[[], None] | None = None,
    ) -> dnd.Outcome:
        """Drags files from outside onto a widget or place and drops them there."""
        place = at or (self.wait(on, role, part=True).centre if on else None)
        if place is None:
            raise LabError("drop: say where (on= or at=)")
        return dnd.drop_files(self.screen, paths, *place, hovering=hovering)

    # -- pixels --

    def wait_colour(
        self, colour: tuple[int, int, int], share: float, what: str, *, within: Box | Widget | None = None, timeout_s: float = 60
    ) -> None:
        """Waits until this part of the screen (default: all of it) shows the colour."""
        box = within.box if isinstance(within, Widget) else within
        self.screen.wait_colour(colour, share, what, box=box, timeout_s=timeout_s)
