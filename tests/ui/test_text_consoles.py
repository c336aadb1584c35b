"""A machine's consoles on its page: the chooser, what is remembered, pastes that are asked about, the log."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.actions.interface import Question
from app.console.text.devices import parse_devices
from app.settings import options
from tests.ui.conftest import Run
from tests.ui.program_world import ProgramWorld, until
from ui.console.situation import Situation
from ui.console.terminal import text_view
from ui.console.terminal.line import LineState
from ui.console.terminal.text_consoles import SCREEN, TextConsoles
from ui.console.terminal.text_view import TextView
from ui.windows.guest_page import GuestPage

XML = """<domain><devices>
<serial type='pty'><target port='0'/></serial>
<serial type='file'><source path='/var/log/com2.log'/><target port='1'/></serial>
<console type='pty'><target type='virtio' port='1'/></console>
</devices></domain>"""


class Wire:
    """Keeps what is sent."""

    sent = b""

    def write(self, data: bytes) -> None:
        self.sent += data

    def hold(self, held: bool) -> None: ...

    def close(self) -> None: ...


async def open_page(world: ProgramWorld) -> TextConsoles:
    """The practice host has no consoles; these are as if it had."""
    world.program.pages.open_machine(world.ref("fedora"))
    page = world.window.workspace.current()
    assert isinstance(page, GuestPage)
    page.set_view("console")
    assert page.console is not None
    feature = next(feature for feature in page.console.features if isinstance(feature, TextConsoles))
    await until(lambda: feature._known_for is not None)
    feature._known_for = None
    feature.devices = parse_devices(XML)
    feature._devices_known()
    return feature


def connected(feature: TextConsoles, key: str = "serial0") -> tuple[TextView, Wire]:
    feature.show_device(key)
    text, wire = feature.views[key], Wire()
    text.console.attach(wire)
    text.line.state, text._standing = LineState.OPEN, Situation(live=True)
    text._show_state()
    return text, wire


def test_the_chooser_lists_all_and_says_why_some_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            button = next(iter(feature._buttons))
            assert button.isVisible() and button.text() == "Screen"
            menu = button.menu()
            feature._fill(menu)
            entries = {action.text(): action for action in menu.actions()}
            assert entries["Serial 1"].isEnabled()
            closed = next(action for text, action in entries.items() if text.startswith("Serial 2"))
            assert not closed.isEnabled() and "/var/log/com2.log" in closed.text()
            entries["Serial 1"].trigger()
            text = feature.views["serial0"]
            assert text.isVisible() and not feature.console.place.isVisible()

    run(story())


def test_the_one_in_front_is_remembered_and_the_shortcut_goes_round(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            fronts = []
            for _time in range(3):
                feature.show_next()
                fronts.append(feature.front)
            assert fronts == ["serial0", "console1", SCREEN]
            feature.show_device("console1")
            assert list(world.settings.get(options.TEXT_CONSOLE_FRONT).values()) == ["console1"]
            assert feature.console.focusProxy() is feature.views["console1"]

    run(story())


def test_several_lines_are_shown_and_asked_about_before_they_are_pasted(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            text, wire = connected(feature)
            asked: list[Question] = []
            answer = False

            async def confirm(question: Question) -> bool:
                asked.append(question)
                return answer

            text.ctx.ui.confirm = confirm  # type: ignore[method-assign]
            QGuiApplication.clipboard().setText("echo one\nrm -rf two\n")
            keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            QTest.keyClick(text.terminal, Qt.Key.Key_V, keys)
            await until(lambda: asked)
            assert list(asked[0].items) == ["echo one", "rm -rf two"]
            assert wire.sent == b""
            answer = True
            QTest.keyClick(text.terminal, Qt.Key.Key_V, keys)
            await until(lambda: wire.sent == b"echo one\rrm -rf two\r")

    run(story())


def test_the_log_is_switched_on_and_off_and_remembered(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_view, "state_folder", lambda: tmp_path / "state")

    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            text, _wire = connected(feature)
            QTest.mouseClick(text.bar.log_button, Qt.MouseButton.LeftButton)
            assert world.settings.get(options.TEXT_CONSOLE_LOGS) == [f"{text.ref.uuid} serial0"]
            text.console.received(b"boot\r\n")
            await until(lambda: text.log_file.exists() and text.log_file.read_bytes() == b"boot\r\n")
            assert stat.S_IMODE(text.log_file.stat().st_mode) == 0o600
            QTest.mouseClick(text.bar.log_button, Qt.MouseButton.LeftButton)
            assert world.settings.get(options.TEXT_CONSOLE_LOGS) == []

    run(story())


def test_a_window_of_its_own_and_back(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            text, _wire = connected(feature)
            text.console.received(b"kept")
            feature.open_window("serial0")
            window = text.window()
            assert window is not world.window and window.isVisible()
            assert feature.front == SCREEN
            window.close()
            assert text.window() is world.window and feature.front == "serial0"
            await until(lambda: text.terminal.frame_shown.rows[0].text() == "kept")

    run(story())


def test_a_console_beside_the_screen_names_itself(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            text, _wire = connected(feature)
            feature.open_beside("serial0")
            names = {key: button.text() for button, key in feature._buttons.items()}
            assert names == {SCREEN: "Screen", "serial0": "Serial 1"}
            chooser = next(button for button, key in feature._buttons.items() if key == "serial0")
            chooser.menu().aboutToShow.emit()
            assert [action.text() for action in chooser.menu().actions() if action.isChecked()] == ["Serial 1"]
            assert text.isVisible()

    run(story())


def test_the_size_is_typed_for_the_guests_shell_and_said(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            feature = await open_page(world)
            text, wire = connected(feature)
            text.tell_size()
            frame = text.terminal.frame_shown
            assert wire.sent == f"stty rows {len(frame.rows)} cols {frame.cols}\r".encode()

    run(story())


def test_the_terminal_says_the_same_as_the_strip_when_the_machine_ends(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with ProgramWorld(tmp_path) as world:
            text, _wire = connected(await open_page(world))
            text.console.received(b"login:")
            crash = Situation(text="This machine is off.", detail="It stopped by a crash: its log on the host says why.")
            text._run_id = 7
            text.machine(crash, alive=False, run_id=-1)
            await until(lambda: any(crash.detail in row.text() for row in text.terminal.frame_shown.rows))
            assert crash.detail in text.strip.text

    run(story())
