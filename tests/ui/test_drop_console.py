"""Files dragged over a console: what is said before the drop, where several drives are, and what happens then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.actions.context import Target
from app.actions.file_channels import Ways
from app.install.drives import Drive
from app.install.file_survey import Load
from app.virt.guest_agent import Agent
from tests.ui.program_world import ProgramWorld, until
from ui import aio
from ui.console import drop_files
from ui.console.console_view import ConsoleView
from ui.console.drop_files import DropFiles
from ui.windows.guest_page import GuestPage

AGENT = Agent("7.2", frozenset({"guest-file-open", "guest-file-write", "guest-file-close"}))


class Dragging:
    """A drag of files over one machine's console, by Qt's own events."""

    def __init__(self, console: ConsoleView, *files: Path) -> None:
        self.console = console
        self.feature = next(each for each in console.features if isinstance(each, DropFiles))
        self.place: QWidget = console.cover.parentWidget()  # type: ignore[assignment]
        self._data = QMimeData()
        self._data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])

    def _send(self, kind: type[QDropEvent], at: QPoint) -> QDropEvent:
        where = QPointF(at) if kind is QDropEvent else at
        event = kind(where, Qt.DropAction.CopyAction, self._data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        event.setAccepted(False)
        QApplication.sendEvent(self.place, event)
        return event

    def enter(self) -> bool:
        return self._send(QDragEnterEvent, QPoint(5, 5)).isAccepted()

    def move(self, share: float) -> bool:
        """Across the width; whether a drop there would be taken."""
        return self._send(QDragMoveEvent, QPoint(int(self.place.width() * share), self.place.height() // 2)).isAccepted()

    def drop(self, share: float = 0.5) -> None:
        self._send(QDropEvent, QPoint(int(self.place.width() * share), self.place.height() // 2))

    def leave(self) -> None:
        QApplication.sendEvent(self.place, QDragLeaveEvent())

    @property
    def says(self) -> str:
        return self.feature.overlay.words if self.feature.overlay.isVisible() else ""

    async def said(self, words: str) -> None:
        await until(lambda: words in self.says, f"“{words}” in “{self.says}”")


Scenario = Callable[[ConsoleView, "Sent"], Awaitable[None]]


class Sent:
    """What was sent instead of being sent; the ways that the machine has."""

    def __init__(self) -> None:
        self.ways = Ways(drives=(Drive("sda", "sata"),))
        self.calls: list[tuple[str, list[str], str]] = []

    async def gather(self, _session: object, _uuid: str, *, active: bool, spice: bool) -> Ways:
        assert active and not spice
        return self.ways

    async def send(self, _ctx: object, target: Target, load: Load, _ways: Ways, *, drive: str, spice: object) -> None:
        self.calls.append((target.record.name, [path.name for path in load.paths], drive))


@pytest.fixture
def on_console(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scenario], None]:
    """Runs a scenario on the console of the running machine “fedora”, without a hypervisor behind it."""
    sent = Sent()
    monkeypatch.setattr(drop_files, "gather", sent.gather)
    monkeypatch.setattr(drop_files, "send", sent.send)

    async def main(scenario: Scenario) -> None:
        async with ProgramWorld(tmp_path) as world:
            world.program.pages.open_machine(world.ref("fedora"))
            page = world.window.workspace.current()
            assert isinstance(page, GuestPage) and page.console is not None
            await until(lambda: page.console is not None and page.console.isVisible())
            await scenario(page.console, sent)

    def run(scenario: Scenario) -> None:
        loop = aio.make_loop(qapp)
        with loop:
            loop.run_until_complete(main(scenario))

    return run


def a_file(tmp_path: Path, name: str = "letter.txt", size: int = 10) -> Path:
    path = tmp_path / name
    path.write_bytes(bytes(size))
    return path


def test_it_says_what_will_happen_and_does_it(on_console: Callable[[Scenario], None], tmp_path: Path) -> None:
    async def scenario(console: ConsoleView, sent: Sent) -> None:
        drag = Dragging(console, a_file(tmp_path), a_file(tmp_path, "second.txt"))
        assert drag.enter()
        await drag.said("Put all on a disc and insert it")
        assert drag.move(0.5)
        drag.drop()
        assert drag.says == ""
        await until(lambda: sent.calls)
        assert sent.calls == [("fedora", ["letter.txt", "second.txt"], "")]

    on_console(scenario)


def test_the_agent_is_better_than_a_disc(on_console: Callable[[Scenario], None], tmp_path: Path) -> None:
    async def scenario(console: ConsoleView, sent: Sent) -> None:
        sent.ways = Ways(agent=AGENT)
        drag = Dragging(console, a_file(tmp_path))
        drag.enter()
        await drag.said("Send “letter.txt” into the guest")
        await drag.said("/tmp")

    on_console(scenario)


def test_what_cannot_be_is_said_and_not_taken(on_console: Callable[[Scenario], None], tmp_path: Path) -> None:
    async def scenario(console: ConsoleView, sent: Sent) -> None:
        sent.ways = Ways(can_add=False)
        drag = Dragging(console, a_file(tmp_path))
        assert drag.enter(), "its reason is shown, so the drag has to be followed"
        await drag.said("no CD drive")
        assert not drag.move(0.5)
        drag.leave()
        assert drag.says == "" and sent.calls == []

    on_console(scenario)


def test_a_disc_image_goes_into_the_drive_under_the_pointer(on_console: Callable[[Scenario], None], tmp_path: Path) -> None:
    from app.install import file_disc, file_survey

    image = tmp_path / "installer.iso"
    file_disc.write_now(file_survey.look_now([a_file(tmp_path)]), image, lambda _done, _total: None)

    async def scenario(console: ConsoleView, sent: Sent) -> None:
        sent.ways = Ways(drives=(Drive("sda", "sata"), Drive("sdb", "sata", "/pool/old.iso")))
        drag = Dragging(console, image)
        drag.enter()
        await drag.said("Insert into the CD drive sdb (SATA) It replaces “old.iso”.")
        await asyncio.sleep(0.05)
        drag.move(0.8)
        drag.drop(0.8)
        await until(lambda: sent.calls)
        assert sent.calls == [("fedora", ["installer.iso"], "sdb")]

    on_console(scenario)


def test_a_quick_drop_does_not_wait_for_the_words(on_console: Callable[[Scenario], None], tmp_path: Path) -> None:
    async def scenario(console: ConsoleView, sent: Sent) -> None:
        drag = Dragging(console, a_file(tmp_path))
        drag.enter()
        assert drag.move(0.5)
        drag.drop()
        await until(lambda: sent.calls)

    on_console(scenario)


def test_pasted_files_go_while_the_keyboard_is_here(on_console: Callable[[Scenario], None], tmp_path: Path) -> None:
    async def scenario(console: ConsoleView, sent: Sent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(a_file(tmp_path)))])
        QGuiApplication.clipboard().setMimeData(data)
        console.display.release()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(console.display, QKeyEvent(kind, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier, "v"))
        await until(lambda: sent.calls)
        assert sent.calls == [("fedora", ["letter.txt"], "")]

    on_console(scenario)


def test_the_media_menu_has_it_too(on_console: Callable[[Scenario], None]) -> None:
    async def scenario(console: ConsoleView, _sent: Sent) -> None:
        assert console.bar.media_button is not None
        menu = console.bar.media_button.menu()
        await menu.fill()  # type: ignore[attr-defined]
        texts = [entry.text() for entry in menu.actions()]
        assert texts[-2:] == ["Send files to the guest…", "Send a folder to the guest…"]

    on_console(scenario)


def test_files_are_chosen_from_home_then_from_the_last_folder(
    on_console: Callable[[Scenario], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, seen = a_file(tmp_path), []

    async def ask(dialog: QFileDialog) -> int:
        """Chooses at once, which Qt's dialog only does when it has read the folder."""
        seen.append((dialog.windowTitle(), dialog.directory().absolutePath()))
        monkeypatch.setattr(dialog, "selectedFiles", lambda: [str(file)], raising=False)
        return 1

    async def scenario(console: ConsoleView, sent: Sent) -> None:
        feature = next(each for each in console.features if isinstance(each, DropFiles))
        feature._choose(folder=False)
        await until(lambda: len(sent.calls) == 1)
        feature._choose(folder=True)
        await until(lambda: len(sent.calls) == 2)

    monkeypatch.setattr(drop_files, "ask", ask)
    monkeypatch.setattr(DropFiles, "last_folder", None)
    on_console(scenario)
    assert seen == [("Send files to the guest", str(Path.home())), ("Send a folder to the guest", str(tmp_path))]
