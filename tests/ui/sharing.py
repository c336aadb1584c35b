"""A console page of which only what its features use is real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.console.client import Features
from app.console.trust.guard import Vouched
from app.errors import HostelryError
from app.model.records import DomainRef
from app.settings.store import Settings
from app.signal import Signal as AppSignal
from tests.scripted_ui import ScriptedUi
from ui.console.clipboard import Clipboard
from ui.console.feature import ConsoleFeature


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
        protocol, private = "vnc", False

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
