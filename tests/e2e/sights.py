"""What the tests look at again and again."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.driver import Driver
from tests.lab.screen import Box

SCREEN = "The machine's screen"
"""The accessible name of a console's picture."""


def answers(window: Driver) -> None:
    """The window is alive: a menu opens and closes, a dialog too."""
    window.menu("Help", "About Hostelry")
    window.wait("About Hostelry", part=True)
    window.key("esc")
    window.wait_gone("About Hostelry — Hostelry", timeout_s=10)


def ready(window: Driver) -> None:
    """Everything is loaded: the tool bar has its buttons."""
    window.wait("Pause", "push button")


def middle_of(window: Driver, name: str = SCREEN) -> Box:
    """The part of a console that a 16:10 or 4:3 guest picture surely covers."""
    x, y, w, h = window.wait(name).box
    return (x + w // 4, y + h * 3 // 8, w // 2, h // 4)


def click_screen(window: Driver) -> None:
    """Gives the keyboard to the guest."""
    window.screen.click(*window.wait(SCREEN).centre)


def choose_file(window: Driver, path: Path) -> None:
    """Types a path into the file dialog that is open."""
    window.type(str(path), into="File name:")
    window.key("enter")
