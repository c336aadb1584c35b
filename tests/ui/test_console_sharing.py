"""What a console shares with its guest: clipboard, lights of the keyboard, sound; and what it says of its connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QMimeData, QObject, Signal
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.console.client import Features, Lights
from app.console.trust.guard import Vouched
from app.errors import HostelryError, Unsupported
from app.model.records import DomainRef
from app.settings import options
from app.settings.store import Settings
from app.signal import Signal as AppSignal
from tests.scripted_ui import ScriptedUi
from ui.console import lock_lights
from ui.console.clipboard import Clipboard
from ui.console.console_bar import ConsoleBar
from ui.console.desktop_locks import kernel_locks
from ui.console.feature import ConsoleFeature
from ui.console.guest_sound import GuestSound
from ui.console.lock_lights import KEYS, LockLights
from ui.console.protection import Protection


class Client:
    """As much of a client as shares something."""

    def __init__(self) -> None:
        self.features = Features(clipboard=True, clipboard_images=True, audio=True)
        self.cut_text: AppSignal[[str]] = AppSignal()
        self.cut_image: AppSignal[[bytes]] = AppSignal()
        self.leds_changed: AppSignal[[int]] = AppSignal()
        self.sound_failed: AppSignal[[HostelryError]] = AppSignal()
        self.trust_asked: AppSignal[[object]] = AppSignal()
        self.vouched = Vouched.NOBODY
        self.texts: list[str] = []
        self.pictures: list[bytes] = []
        self.heard: list[bool] = []
        self.microphone: list[bool] = []

    def send_text(self, text: str) -> None:
        self.texts.append(text)

    def send_image(self, png: bytes) -> None:
        self.pictures.append(png)

    def set_audio(self, heard: bool) -> None:
        self.heard.append(heard)

    def set_microphone(self, open_: bool) -> None:
        self.microphone.append(open_)

    def trust(self, yes: bool) -> None:
        raise AssertionError


class Display(QWidget):
    captured_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.captured = False
        self.sent: list[tuple[tuple[int, int], ...]] = []

    def send_keys(self, keys: tuple[tuple[int, int], ...]) -> None:
        self.sent.append(keys)

    def capture(self, captured: bool) -> None:
        self.captured = captured
        self.captured_changed.emit(captured)


class Console(QObject):
    """What features use of ``ConsoleView``."""

    class _Context:
        def __init__(self, folder: Path) -> None:
            self.settings = Settings(folder, folder)
            self.ui = ScriptedUi()

    class _Connector:
        client: Client | None = None
        connected = True

    ref = DomainRef("qemu:///system", "6c1d")

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.display = Display()
        self.ctx = self._Context(folder)
        self.connector = self._Connector()

    def connect_to(self, client: Client, *features: ConsoleFeature) -> None:
        self.connector.client = client
        for feature in features:
            feature.client_changed(client)  # type: ignore[arg-type]
            feature.live_changed(True)


@pytest.fixture
def console(qtbot: QtBot, tmp_path: Path) -> Iterator[Console]:
    made = Console(tmp_path)
    made.display.show()
    QGuiApplication.clipboard().clear()
    yield made
    made.display.close()
    QGuiApplication.clipboard().clear()


@pytest.fixture
def clipboard(console: Console) -> Iterator[Clipboard]:
    feature = Clipboard(console)  # type: ignore[arg-type]
    yield feature
    feature.end()


def copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def pasted() -> str:
    return QGuiApplication.clipboard().text()


def switch(feature: ConsoleFeature, text: str) -> QAction:
    return next(action for action in feature.findChildren(QAction) if text in action.text())


# Clipboard


def test_what_was_copied_here_is_offered_when_the_console_gets_the_keyboard(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    copy("мир")
    assert client.texts == []
    console.display.capture(True)
    assert client.texts == ["мир"]
    console.display.capture(False)
    console.display.capture(True)
    assert client.texts == ["мир", "мир"], "the guest's agent may have come meanwhile"
    copy("next")
    assert client.texts == ["мир", "мир", "next"]
    client.cut_text.emit("theirs")
    console.display.capture(False)
    console.display.capture(True)
    assert len(client.texts) == 3, "it would take away what was copied there"


def test_what_the_guest_copied_is_here_and_does_not_go_back(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    console.display.capture(True)
    client.cut_text.emit("漢字")
    assert pasted() == "漢字"
    console.display.capture(False)
    console.display.capture(True)
    assert client.texts == []
    copy("漢字 and more")
    client.cut_text.emit("漢字 and more")
    assert client.texts == ["漢字 and more"]


def test_a_hidden_console_changes_nothing_here(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    copy("mine")
    console.display.hide()
    client.cut_text.emit("evil")
    assert pasted() == "mine"


def test_switched_off_nothing_goes_either_way(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    switch(clipboard, "clipboard").setChecked(False)
    copy("mine")
    console.display.capture(True)
    client.cut_text.emit("theirs")
    assert client.texts == [] and pasted() == "mine"
    switch(clipboard, "clipboard").setChecked(True)
    assert client.texts == ["mine"]


def test_the_preference_says_how_a_console_begins(console: Console) -> None:
    console.ctx.settings.set(options.CONSOLE_CLIPBOARD, False)
    feature = Clipboard(console)  # type: ignore[arg-type]
    assert not switch(feature, "clipboard").isChecked()
    feature.end()


def test_a_text_of_many_megabytes_stays_here(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    copy("x" * (3 << 20))
    console.display.capture(True)
    assert client.texts == []


def test_another_connection_is_offered_it_anew(console: Console, clipboard: Clipboard) -> None:
    copy("again")
    console.display.capture(True)
    for client in (Client(), Client()):
        console.connect_to(client, clipboard)
        assert client.texts == ["again"]


def test_pictures_go_both_ways_and_not_in_circles(qtbot: QtBot, console: Console, clipboard: Clipboard) -> None:
    """On Qt's own loop, as reading and writing PNG is done aside."""
    import asyncio

    from ui.aio import cancel_everything, make_loop

    loop = make_loop(QGuiApplication.instance())  # type: ignore[arg-type]

    async def story() -> None:
        client = Client()
        console.connect_to(client, clipboard)
        image = QImage(6, 4, QImage.Format.Format_RGB32)
        image.fill(QColor("red"))
        data = QMimeData()
        data.setImageData(image)
        QGuiApplication.clipboard().setMimeData(data)
        console.display.capture(True)
        for _ in range(200):
            await asyncio.sleep(0.01)
            if client.pictures:
                break
        assert QImage.fromData(client.pictures[0]).size() == image.size()
        client.cut_image.emit(client.pictures[0])
        client.cut_image.emit(_png_of("blue"))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if QGuiApplication.clipboard().image().pixelColor(0, 0) == QColor("blue"):
                break
        else:
            raise AssertionError("not shown")
        await asyncio.sleep(0.05)
        console.display.capture(False)
        console.display.capture(True)
        await asyncio.sleep(0.05)
        assert len(client.pictures) == 1
        await cancel_everything()

    loop.run_until_complete(story())
    loop.close()
    asyncio.set_event_loop(None)


def _png_of(colour: str) -> bytes:
    image, buffer = QImage(6, 4, QImage.Format.Format_RGB32), QBuffer()
    image.fill(QColor(colour))
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


# Lights


@pytest.fixture
def lights(console: Console, monkeypatch: pytest.MonkeyPatch) -> LockLights:
    monkeypatch.setattr(lock_lights, "desktop_locks", lambda: Lights.CAPS)
    return LockLights(console)  # type: ignore[arg-type]


def test_lights_that_differ_are_tapped_when_the_guest_gets_the_keyboard(console: Console, lights: LockLights) -> None:
    client = Client()
    console.connect_to(client, lights)
    console.display.capture(True)
    assert console.display.sent == [], "nothing is known of the guest yet"
    client.leds_changed.emit(int(Lights.NUM))
    assert console.display.sent == [(KEYS[Lights.CAPS],), (KEYS[Lights.NUM],)]
    client.leds_changed.emit(int(Lights.CAPS))
    console.display.capture(False)
    console.display.capture(True)
    assert len(console.display.sent) == 2


def test_a_guest_without_lights_is_left_alone(qtbot: QtBot, console: Console, lights: LockLights) -> None:
    client = Client()
    console.connect_to(client, lights)
    client.leds_changed.emit(0)
    console.display.capture(True)
    assert len(console.display.sent) == 1
    lights._waiting.timeout.emit()
    lights._waiting.stop()
    console.display.capture(False)
    console.display.capture(True)
    assert len(console.display.sent) == 1


def test_lights_are_left_alone_if_the_user_wants_it(console: Console, lights: LockLights) -> None:
    console.ctx.settings.set(options.CONSOLE_LOCK_KEYS, False)
    client = Client()
    console.connect_to(client, lights)
    client.leds_changed.emit(0)
    console.display.capture(True)
    assert console.display.sent == []


def test_the_bar_names_the_guests_lights(qtbot: QtBot, console: Console, lights: LockLights) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    lights.dress(bar)
    client = Client()
    console.connect_to(client, lights)
    client.leds_changed.emit(int(Lights.CAPS | Lights.NUM))
    label = lights._labels[0][1]
    assert label.text() == "Caps Lock, Num Lock" and not label.isHidden()
    client.leds_changed.emit(0)
    assert label.isHidden()


def test_the_kernels_lights(tmp_path: Path) -> None:
    assert kernel_locks(tmp_path) is None
    for name, value in (("input3::capslock", "0"), ("input3::numlock", "1"), ("input9::capslock", "1"), ("tpacpi::power", "1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "brightness").write_text(f"{value}\n")
    assert kernel_locks(tmp_path) == Lights.CAPS | Lights.NUM


# Sound


def test_sound_is_on_and_the_microphone_off(console: Console) -> None:
    feature, client = GuestSound(console), Client()  # type: ignore[arg-type]
    console.connect_to(client, feature)
    assert client.heard == [True] and True not in client.microphone
    assert not switch(feature, "microphone").isVisible(), "VNC has none"
    switch(feature, "sound").setChecked(False)
    assert client.heard == [True, False]


def test_a_new_connection_never_finds_the_microphone_open(console: Console) -> None:
    feature, client = GuestSound(console), Client()  # type: ignore[arg-type]
    client.features = Features(audio=True, microphone=True)
    console.connect_to(client, feature)
    switch(feature, "microphone").setChecked(True)
    assert client.microphone == [True]
    console.connect_to(another := Client(), feature)
    assert True not in another.microphone and not switch(feature, "microphone").isChecked()


def test_what_is_missing_for_sound_is_said(console: Console) -> None:
    feature, client = GuestSound(console), Client()  # type: ignore[arg-type]
    console.connect_to(client, feature)
    client.sound_failed.emit(Unsupported("No sound.", next_step="Install it."))
    assert not switch(feature, "sound").isChecked()
    assert console.ctx.ui.notices[-1].detail == "Install it."


# Protection


@pytest.mark.parametrize(("vouched", "words"), [
    (Vouched.NOBODY, "Not encrypted"), (Vouched.ANONYMOUS, "Server not verified"), (Vouched.USER, "Encrypted"),
    (Vouched.AUTHORITY, "Encrypted"), (Vouched.LINK, "")])  # fmt: skip
def test_the_bar_says_how_the_connection_is_protected(qtbot: QtBot, console: Console, vouched: Vouched, words: str) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    feature, client = Protection(console), Client()  # type: ignore[arg-type]
    feature.dress(bar)
    client.vouched = vouched
    console.connect_to(client, feature)
    button = feature._buttons[0][1]
    assert button.isHidden() is (words == "")
    assert button.text() == words
    assert not words or button.toolTip()


def test_features_share_one_menu(qtbot: QtBot, console: Console, clipboard: Clipboard) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    sound = GuestSound(console)  # type: ignore[arg-type]
    before = len(bar.findChildren(QToolButton))
    clipboard.dress(bar)
    sound.dress(bar)
    assert len(bar.findChildren(QToolButton)) == before + 1
    menu = bar.findChild(QMenu, "share-menu")
    assert menu is not None and len(menu.actions()) == 3


def test_sound_is_as_it_was_chosen_for_the_machine(console: Console) -> None:
    sound = GuestSound(console)  # type: ignore[arg-type]
    client = Client()
    console.connect_to(client, sound)
    sound._sound.trigger()
    assert client.heard == [True, False]
    later = Client()
    console.connect_to(later, GuestSound(console))  # type: ignore[arg-type]
    assert later.heard == [False]
    client.sound_failed.emit(Unsupported("No sound here."))
    console.ref = DomainRef("qemu:///system", "another")
    other = Client()
    console.connect_to(other, GuestSound(console))  # type: ignore[arg-type]
    assert other.heard == [True]


def test_a_protocol_that_asks_the_guest_is_told_of_the_switch(console: Console, clipboard: Clipboard) -> None:
    class Asking(Client):
        def __init__(self) -> None:
            super().__init__()
            self.taken: list[bool] = []

        def take_clipboard(self, taken: bool) -> None:
            self.taken.append(taken)

    client = Asking()
    console.connect_to(client, clipboard)
    copy("offered")
    console.display.capture(True)
    clipboard._switch.trigger()
    clipboard._switch.trigger()
    assert client.taken == [True, False, True]
    assert client.texts == ["offered", "offered"]
