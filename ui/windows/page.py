"""What a tab holds, in the main window or in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon
from PySide6.QtWidgets import QWidget

from app.actions.context import Selection
from app.model.records import HostId
from ui.aio import cancel_owned
from ui.garbage import Garbage
from ui.widgets.dropped import local_files

if TYPE_CHECKING:
    from ui.console.full_screen import FullScreenWindow


class PageKey(NamedTuple):
    """A machine of a host, or the host itself (then ``uuid`` is empty)."""

    host_id: HostId
    uuid: str = ""


class Page(QWidget):
    """``changed``: title, icon or tip differ.  ``gone``: what it shows exists no more, so it can be closed.

    files_dropped: ``drop_target()`` and the paths.
    """

    changed = Signal()
    gone = Signal()
    files_dropped = Signal(object, list)
    switch_wanted = Signal(object, object)
    """The page of this DomainRef is to take over the full screen (a FullScreenWindow)."""

    def __init__(self, key: PageKey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setAcceptDrops(True)

    def title(self) -> str:
        """On the tab."""
        raise NotImplementedError

    def icon(self) -> QIcon:
        """On the tab: the state."""
        raise NotImplementedError

    def tip(self) -> str:
        """The tab's tooltip: whole name, state and host."""
        return self.title()

    def selection(self) -> Selection:
        """What actions work on while it is in front."""
        return Selection()

    def drop_target(self) -> object:
        """What dropped files are for: a DomainRef or a Host."""
        return None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files_dropped.emit(self.drop_target(), local_files(event.mimeData()))

    @property
    def remembered(self) -> bool:
        """Whether it is opened again at the next start."""
        return True

    def state(self) -> dict[str, object]:
        """What is remembered of it with the open tabs (JSON)."""
        return {}

    def show_console(self) -> None:
        """Its console in front with the keyboard, if it has one."""

    def show_settings(self) -> None:
        """Its settings in front, if it has some."""

    @property
    def holds_edits(self) -> bool:
        """Closing it now would lose something."""
        return False

    async def may_close(self) -> bool:
        """Asks what is to become of its edits; False: it stays open."""
        return True

    def show_full_screen(self, window: FullScreenWindow | None = None) -> None:
        """Its console on the whole screen, if it has one; in the window that another one gives away."""

    def end(self) -> None:
        """Called once before it is deleted: lets go of connections and stops what its parts still wait for.

        At once, not when Qt deletes them: asyncio.wait_for (Python 3.11) loses a cancellation that comes after the answer.
        """
        for part in (self, *self.findChildren(QObject)):
            cancel_owned(part)
        Garbage.large()
