"""What a console offers beside its picture, one class each; see ``docs/contributing.md`` for how to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.console.client import ConsoleClient

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar
    from ui.console.console_view import ConsoleView


class ConsoleFeature(QObject):
    """Made once for each machine's console page, in the order of ``features.FEATURES``; ends with it.

    What it may use of ``console``: ``host``, ``ref``, ``record``, ``ctx``, ``display``, ``connector``, ``bars`` and
    the public methods.
    """

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.console = console

    def dress(self, bar: ConsoleBar) -> None:
        """Adds its buttons and menu entries to a bar: the page's at first, that of each full screen later."""

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Another connection, which has not begun yet, or none."""

    def live_changed(self, live: bool) -> None:
        """Whether there is a picture that takes input."""

    def end(self) -> None:
        """The page is closed for good."""
