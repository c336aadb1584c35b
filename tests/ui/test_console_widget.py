"""The painting widget and the connector, with our real client against scripted servers."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.console.client import ClientState, Credentials, Wake
from app.console.keys.chords import chord
from app.console.secrets.vault import Screen, Vault
from app.console.transport import Link
from app.console.vnc.client import VncClient
from app.console.vnc.password import response
from app.console.vnc.protocol import Encoding
from app.errors import AuthFailed, Disconnected, Failed
from tests.fuzz.servers import NO_SECURITY, VERSION, ScriptedServer, raw, rectangle, server_init, update
from tests.ui.passwords import NoStore
from ui.aio import cancel_everything, make_loop
from ui.console import connector as connector_module
from ui.console.access import Access
from ui.console.connector import Connector, client_opener
from ui.console.display_widget import DisplayWidget
from ui.console.geometry import ScaleMode
from ui.console.wake import QtWake

RED, BLUE = b"\0\0\xff\0", b"\xff\0\0\0"
GREETING = VERSION + NO_SECURITY + server_init()
PICTURE = update(raw(0, 0, 64, 48, RED), raw(10, 5, 1, 1, BLUE))
ABSOLUTE = update(rectangle(1, 0, 64, 48, Encoding.QEMU_POINTER_MOTION))


class Stage:
    """A window with a display and a line beside it."""

    def __init__(self, qtbot: QtBot, *parts: bytes | None) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.display, self.line = DisplayWidget(), QLineEdit()
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.display, 1)
        layout.addWidget(self.line)
        self.server = ScriptedServer(parts, hang_up=False)
        self.client = VncClient(self.server.client_socket, wake=QtWake(self.window), local=True)
        self.display.set_client(self.client)
        self.window.resize(256, 240)
        self.window.show()
        self.window.activateWindow()
        self.client.start()
        qtbot.waitUntil(lambda: self.client.state is ClientState.CONNECTED and self.display.picture.framebuffer is not None)
        qtbot.waitUntil(lambda: self.colour(0, 0) == QColor("red"))

    def colour(self, x: int, y: int) -> QColor:
        """What is painted over this guest pixel."""
        spot = self.display.picture.placement()
        assert spot is not None
        image = self.display.grab().toImage()
        return image.pixelColor(int(spot.x + (x + 0.5) * spot.scale), int(spot.y + (y + 0.5) * spot.scale))

    def close(self) -> None:
        self.window.hide()
        self.client.close()
        assert self.client.join(10)
        self.server.close()


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*parts: bytes | None) -> Stage:
        made.append(Stage(qtbot, *parts))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_guest_pixel_is_painted_where_it_belongs_in_every_size(stage: Callable[..., Stage]) -> None:
    on = stage(GREETING + PICTURE, None)
    on.display.set_smooth(False)
    for mode in ScaleMode:
        on.display.set_mode(mode)
        assert (on.colour(9, 5), on.colour(10, 5), on.colour(11, 5), on.colour(10, 6)) == (
            QColor("red"), QColor("blue"), QColor("red"), QColor("red"))  # fmt: skip


def test_only_the_damage_is_painted(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + PICTURE, None, update(raw(60, 40, 2, 2, BLUE)), None)
    painted: list[int] = []
    original = on.display.picture.paint

    def paint(painter: object, region: object, border: object) -> None:
        painted.append(region.boundingRect().width() * region.boundingRect().height())  # type: ignore[attr-defined]
        original(painter, region, border)  # type: ignore[arg-type]

    on.display.picture.paint = paint  # type: ignore[method-assign]
    QApplication.processEvents()
    painted.clear()
    on.server.go.set()
    qtbot.waitUntil(lambda: bool(painted))
    assert max(painted) < on.display.width() * on.display.height() / 4


def test_the_pointer_is_exact_at_every_scale(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + ABSOLUTE + PICTURE, None)
    qtbot.waitUntil(lambda: on.client.features.absolute_pointer)
    for size in ((256, 240), (331, 277), (700, 500)):
        on.window.resize(*size)
        spot = on.display.picture.placement()
        assert spot is not None
        place = QPoint(int(spot.x + 10.5 * spot.scale), int(spot.y + 5.5 * spot.scale))
        on.server.received.clear()
        QTest.mousePress(on.display, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseRelease(on.display, Qt.MouseButton.LeftButton, pos=place)
        qtbot.waitUntil(lambda: struct.pack(">BBHH", 5, 1, 10, 5) + struct.pack(">BBHH", 5, 0, 10, 5) in on.server.received)


def test_the_wheel_turns_in_the_guest(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + PICTURE, None)
    event = QWheelEvent(QPointF(100, 100), QPointF(100, 100), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(on.display, event)
    qtbot.waitUntil(lambda: sum(on.server.received[at : at + 2] == b"\x05\x10" for at in range(len(on.server.received))) == 2)


def test_a_finger_clicks_in_the_guest(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + ABSOLUTE + PICTURE, None)
    qtbot.waitUntil(lambda: on.client.features.absolute_pointer)
    spot = on.display.picture.placement()
    assert spot is not None
    place = QPoint(int(spot.x + 10.5 * spot.scale), int(spot.y + 5.5 * spot.scale))
    on.server.received.clear()
    device = QTest.createTouchDevice()
    QTest.touchEvent(on.display, device).press(0, place, on.display)
    QTest.touchEvent(on.display, device).release(0, place, on.display)
    qtbot.waitUntil(lambda: struct.pack(">BBHH", 5, 1, 10, 5) + struct.pack(">BBHH", 5, 0, 10, 5) in on.server.received)


def test_the_guest_gets_the_keys_and_the_window_its_shortcuts_back_after_release(
    stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    on = stage(GREETING + PICTURE, None)
    fired: list[int] = []
    shortcut = QShortcut(QKeySequence("Ctrl+W"), on.window)
    shortcut.activated.connect(lambda: fired.append(1))
    on.display.setFocus()
    qtbot.waitUntil(lambda: on.display.captured)
    QTest.keyClick(on.display, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(on.display, Qt.Key.Key_Tab)
    assert not fired and on.display.hasFocus()
    QTest.keyPress(on.display, Qt.Key.Key_Control)
    QTest.keyPress(on.display, Qt.Key.Key_Alt, Qt.KeyboardModifier.ControlModifier)
    QTest.keyRelease(on.display, Qt.Key.Key_Alt)
    QTest.keyRelease(on.display, Qt.Key.Key_Control)
    assert not on.display.captured
    QTest.keyClick(on.display, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert fired == [1]
    QTest.keyClick(on.display, Qt.Key.Key_Return)
    assert on.display.captured


def test_a_shortcut_that_stays_with_the_host_works_while_the_guest_has_the_keyboard(
    stage: Callable[..., Stage], qtbot: QtBot
) -> None:
    on = stage(GREETING + PICTURE, None)
    on.display.keyboard.host_shortcuts = (chord("Ctrl", "W"),)
    fired: list[int] = []
    QShortcut(QKeySequence("Ctrl+W"), on.window).activated.connect(lambda: fired.append(1))
    on.display.setFocus()
    qtbot.waitUntil(lambda: on.display.captured)
    QTest.keyClick(on.display, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert fired == [1] and on.display.captured
    assert struct.pack(">BBxxI", 4, 1, ord("w")) not in on.server.received


def test_no_key_stays_down_when_the_focus_goes(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + PICTURE, None)
    on.display.setFocus()
    qtbot.waitUntil(lambda: on.display.captured)
    QApplication.sendEvent(on.display, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier))
    on.line.setFocus()
    assert not on.display.captured
    qtbot.waitUntil(lambda: struct.pack(">BBxxI", 4, 0, 0xFFE1) in on.server.received)


def test_a_hidden_console_asks_for_nothing(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    on = stage(GREETING + PICTURE, None, PICTURE, PICTURE, b"\x02", None)
    request = struct.pack(">BBHHHH", 3, 1, 0, 0, 64, 48)
    qtbot.waitUntil(lambda: request in on.server.received)
    on.window.hide()
    on.server.received.clear()
    with qtbot.waitCallback() as rung:
        on.client.bell.connect(rung)
        on.server.go.set()
    assert request not in on.server.received
    on.window.show()
    qtbot.waitUntil(lambda: request in on.server.received)


def test_the_guests_cursor_is_scaled_with_its_screen(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    cursor = update(rectangle(1, 1, 4, 4, Encoding.CURSOR, RED * 16 + b"\xf0" * 4))
    on = stage(GREETING + PICTURE + cursor, None)
    qtbot.waitUntil(lambda: not on.display.cursor().pixmap().isNull())
    spot = on.display.picture.placement()
    assert spot is not None
    assert on.display.cursor().pixmap().width() == round(4 * spot.scale)


def test_a_screenshot_has_the_guests_own_size(stage: Callable[..., Stage]) -> None:
    shot = stage(GREETING + PICTURE, None).display.screenshot()
    assert (shot.width(), shot.height(), shot.pixelColor(10, 5)) == (64, 48, QColor("blue"))


# The connector


class Servers:
    """Gives out the links of scripted servers, one after the other."""

    def __init__(self, *scripts: tuple[bytes | None, ...]) -> None:
        self.servers = [ScriptedServer(script, hang_up=script[-1] is not None) for script in scripts]
        self.opened = 0

    async def open(self, wake: Wake, known: Credentials | None) -> VncClient:
        if self.opened == len(self.servers):
            raise Disconnected("nobody there", next_step="wait")
        self.opened += 1
        return VncClient(self.servers[self.opened - 1].client_socket, wake=wake, local=True, password=known.password if known else None)


@pytest.fixture
def connect(qapp: QApplication) -> Iterator[Callable[..., None]]:
    """Runs a story of a connector on Qt's loop."""
    loop = make_loop(qapp)

    def run(servers: Servers, *steps: Callable[[Connector], bool | None]) -> None:
        async def story() -> None:
            connector = Connector(servers.open, Access(Vault(NoStore()), Screen("u", "test:///")))
            connector.want(True)
            for step in steps:
                for _ in range(1500):
                    if step(connector) is not False:
                        break
                    await asyncio.sleep(0.01)
                else:
                    raise AssertionError(step)
            client = connector.client
            connector.end()
            await asyncio.sleep(0.05)
            assert client is None or client.join(10)  # type: ignore[attr-defined]
            await cancel_everything()

        loop.run_until_complete(story())
        for server in servers.servers:
            server.close()

    yield run
    loop.close()
    asyncio.set_event_loop(None)


def test_a_lost_connection_comes_back_by_itself(connect: Callable[..., None]) -> None:
    servers = Servers((GREETING + PICTURE,), (VERSION[:5],), (GREETING + PICTURE, None))
    connect(servers, lambda c: servers.opened == 3 and c.connected)


def test_a_server_that_is_gone_is_explained_and_the_button_tries_again(connect: Callable[..., None]) -> None:
    servers = Servers()
    connect(servers, lambda c: isinstance(c.problem, Disconnected), lambda c: c.reconnect(), lambda c: c.problem is not None)


def test_a_try_that_fails_late_does_not_end_those_that_were_begun_anew(connect: Callable[..., None]) -> None:
    class Late(Servers):
        """The first try hangs, as it does while a machine stops, and then fails."""

        hangs = asyncio.Event()
        tries = 0

        async def open(self, wake: Wake, known: Credentials | None) -> VncClient:
            self.tries += 1
            if self.tries == 1:
                await self.hangs.wait()
                raise Disconnected("it has stopped", next_step="wait")
            return await super().open(wake, known)

    servers = Late((GREETING + PICTURE, None))
    connect(
        servers, lambda _c: servers.tries == 1, lambda c: c.want(False), lambda c: c.want(True), lambda _c: servers.hangs.set(),
        lambda c: c.connected,
    )  # fmt: skip


def test_a_password_is_asked_for_and_asked_again_when_wrong(connect: Callable[..., None]) -> None:
    challenge = bytes(range(16))
    refused = VERSION + b"\x01\x02" + challenge
    servers = Servers((refused, None, b"\0\0\0\1\0\0\0\3bad"), (refused, None, bytes(4) + server_init() + PICTURE, None))

    def enter(number: int, password: str) -> Callable[[Connector], bool | None]:
        def step(connector: Connector) -> bool | None:
            if not connector.access.asks and not isinstance(connector.problem, AuthFailed):
                return False
            connector.access.enter(Credentials(password=password), lasting=False)
            servers.servers[number].go.set()
            return None

        return step

    connect(
        servers,
        enter(0, "wrong"),
        lambda c: isinstance(c.problem, AuthFailed),
        enter(1, "sesame"),
        lambda c: c.connected,
    )
    assert response(challenge, "sesame") in bytes(servers.servers[1].received)


@pytest.mark.expects_errors
def test_what_nobody_expected_is_said_on_the_page_and_in_the_log(
    connect: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Servers):
        async def open(self, wake: Wake, known: Credentials | None) -> VncClient:
            raise ZeroDivisionError("a fault")

    def said(connector: Connector) -> bool:
        return connector.problem is not None and bool(connector.problem.next_step) and "a fault" in connector.problem.raw

    connect(Broken(), said)
    assert "ZeroDivisionError" in caplog.text


def test_a_client_that_cannot_be_made_leaves_no_open_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    here, _there = pair = socket.socketpair()

    async def answer(result: object) -> object:
        return result

    class Row:
        def make(self, _opening: object) -> None:
            raise Failed("The library is missing.")

    host = SimpleNamespace(session=None, uri="qemu:///system")
    xml = "<domain><devices><graphics type='vnc' port='5900'/></devices></domain>"
    for name, instead in (("connect", lambda *_args: answer(Link(here, True))), ("protocol", lambda _type: Row()),
                          ("is_here", lambda _host: answer(True))):  # fmt: skip
        monkeypatch.setattr(connector_module, name, instead)
    monkeypatch.setattr("app.virt.domains.xml", lambda *_args: answer(xml))
    with pytest.raises(Failed, match="library"):
        asyncio.run(client_opener(host, "u")(lambda _do: None, None))  # type: ignore[arg-type]
    assert here.fileno() == -1
    for end in pair:
        end.close()
