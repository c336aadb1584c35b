"""USB devices and folders that a console shares with its guest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.console.client import ClientState, Features
from app.console.usb import UsbDevice
from app.errors import Busy, HostelryError
from app.model.records import DomainRef
from app.settings import options
from app.settings.store import Settings
from app.signal import Signal
from tests.scripted_ui import ScriptedUi
from tests.ui.conftest import Run
from ui.console.console_bar import ConsoleBar
from ui.console.folder_dialog import FolderDialog
from ui.console.folder_menu import FolderShare
from ui.console.usb_menu import UsbDevices

STICK = UsbDevice("0951:1666", "Kingston", "DataTraveler & Co", 1, 4)
CAMERA = UsbDevice("046d:0825", "Logitech", "Logitech Webcam", 1, 5, why_not="The machine's settings do not let this device in.")


class Client:
    """As much of a client as shares devices and folders."""

    def __init__(self, *, channels: bool = True) -> None:
        self.state = ClientState.CONNECTING
        self.features = Features(usb=channels, folder=channels)
        self.usb_changed: Signal[[]] = Signal()
        self.usb_failed: Signal[[HostelryError]] = Signal()
        self.usb_free = 2 if channels else 0
        self.devices = [STICK, CAMERA]
        self.refuses: HostelryError | None = None
        self.shared: list[tuple[Path | None, bool]] = []
        self.inserted: list[Path] = []

    def usb_devices(self) -> list[UsbDevice]:
        return list(self.devices)

    async def connect_usb(self, device: UsbDevice) -> None:
        if self.refuses is not None:
            raise self.refuses
        self._set(device, True)

    async def disconnect_usb(self, device: UsbDevice) -> None:
        self._set(device, False)

    async def insert_usb_cd(self, image: Path) -> UsbDevice:
        self.inserted.append(image)
        return STICK

    def share_folder(self, folder: Path | None, *, read_only: bool = True) -> None:
        self.shared.append((folder, read_only))

    def _set(self, device: UsbDevice, connected: bool) -> None:
        self.devices = [each.with_(connected=connected) if each.key == device.key else each for each in self.devices]
        self.usb_changed.emit()


class Console(QWidget):
    """What features use of ``ConsoleView``."""

    class _Context:
        def __init__(self, folder: Path) -> None:
            self.settings = Settings(folder, folder)
            self.ui = ScriptedUi()

    class _Connector:
        client: Client | None = None

    record = None
    ref = DomainRef("qemu:///system", "6c1d")

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.ctx = self._Context(folder)
        self.connector = self._Connector()

    def connect_to(self, client: Client, *features: UsbDevices | FolderShare) -> None:
        self.connector.client = client
        for feature in features:
            feature.client_changed(client)  # type: ignore[arg-type]
            feature.live_changed(True)


@pytest.fixture
def console(qtbot: QtBot, tmp_path: Path) -> Console:
    made = Console(tmp_path)
    qtbot.addWidget(made)
    return made


async def until(check: Callable[[], object]) -> None:
    for _turn in range(1000):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not happen")


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if action.text()}


class Usb:
    """The feature with its menu in a bar."""

    def __init__(self, console: Console, qtbot: QtBot) -> None:
        self.feature = UsbDevices(console)  # type: ignore[arg-type]
        self.bar = ConsoleBar()
        qtbot.addWidget(self.bar)
        self.feature.dress(self.bar)
        self.menu = next(menu for menu in self.bar.findChildren(QMenu) if menu.title() == "USB devices")

    def opened(self) -> dict[str, QAction]:
        self.menu.aboutToShow.emit()
        return entries(self.menu)


@pytest.fixture
def usb(console: Console, qtbot: QtBot) -> Usb:
    return Usb(console, qtbot)


def test_devices_are_given_and_taken_back(console: Console, usb: Usb, run: Run) -> None:
    async def story() -> None:
        client = Client()
        console.connect_to(client, usb.feature)
        stick = usb.opened()["Kingston DataTraveler && Co (0951:1666)"]
        assert stick.isEnabled() and not stick.isChecked()
        stick.trigger()
        await until(lambda: client.devices[0].connected)
        stick = usb.opened()["Kingston DataTraveler && Co (0951:1666)"]
        assert stick.isChecked()
        stick.trigger()
        await until(lambda: not client.devices[0].connected)

    run(story())


def test_what_stands_in_the_way_is_said(console: Console, usb: Usb, run: Run) -> None:
    async def story() -> None:
        client = Client()
        console.connect_to(client, usb.feature)
        camera = usb.opened()["Logitech Webcam (046d:0825)"]
        assert not camera.isEnabled()
        assert camera.toolTip() == CAMERA.why_not
        client.refuses = Busy("“Stick” was not connected to the guest.", why="It is mounted.", next_step="Unmount it.")
        usb.opened()["Kingston DataTraveler && Co (0951:1666)"].trigger()
        await until(lambda: console.ctx.ui.errors == [client.refuses])

    run(story())


def test_a_machine_without_channels_is_offered_one(console: Console, usb: Usb) -> None:
    console.connect_to(Client(channels=False), usb.feature)
    shown = usb.opened()
    assert "This machine has no USB channel" in shown
    assert "Add a USB channel" in shown
    assert "Insert a CD image…" not in shown


def test_a_console_without_usb_has_no_menu_of_it(console: Console, usb: Usb) -> None:
    assert not usb.menu.menuAction().isVisible()
    console.connect_to(Client(), usb.feature)
    assert usb.menu.menuAction().isVisible()


def test_a_remembered_device_connects_when_it_is_plugged_in_and_only_once(console: Console, usb: Usb, run: Run) -> None:
    async def story() -> None:
        client = Client()
        console.connect_to(client, usb.feature)
        usb.opened()
        inner = next(menu for menu in usb.menu.findChildren(QMenu) if menu.title() == "Connect whenever plugged in")
        entries(inner)["Kingston DataTraveler && Co (0951:1666)"].trigger()
        await until(lambda: client.devices[0].connected)
        usb.opened()["Kingston DataTraveler && Co (0951:1666)"].trigger()
        await until(lambda: not client.devices[0].connected)
        client.usb_changed.emit()
        assert not client.devices[0].connected  # taken back by hand
        client.devices = []
        client.usb_changed.emit()
        client.devices = [STICK.with_(address=9)]
        client.usb_changed.emit()
        await until(lambda: client.devices[0].connected)
        later = Client()
        console.connect_to(later, usb.feature)
        await until(lambda: later.devices[0].connected)
        assert console.ctx.settings.get(options.USB_REMEMBERED) == {"6c1d": {"0951:1666": STICK.name}}

    run(story())


def test_a_folder_is_shared_until_it_is_switched_off(console: Console, qtbot: QtBot, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        feature, bar, client = FolderShare(console), ConsoleBar(), Client()  # type: ignore[arg-type]
        qtbot.addWidget(bar)
        feature.dress(bar)
        console.connect_to(client, feature)
        menu = bar.findChild(QMenu, "share-menu")
        assert menu is not None
        entries(menu)["Share a folder…"].trigger()
        await until(lambda: bool(console.findChildren(FolderDialog)))
        dialog = console.findChildren(FolderDialog)[0]
        share = next(button for button in dialog.buttons.buttons() if button.text() == "Share")
        assert not share.isEnabled()
        dialog.path.setText(str(tmp_path))
        assert share.isEnabled()
        share.click()
        await until(lambda: client.shared == [(tmp_path, True)])
        again = Client()
        console.connect_to(again, feature)
        assert again.shared == [(tmp_path, True)]
        switch = entries(menu)[f"Sharing the folder “{tmp_path.name}”"]
        assert switch.isChecked()
        switch.trigger()
        assert again.shared[-1] == (None, True)
        assert not switch.isChecked()

    run(story())


def test_a_machine_without_the_folders_channel_says_so(console: Console, qtbot: QtBot) -> None:
    feature, bar = FolderShare(console), ConsoleBar()  # type: ignore[arg-type]
    qtbot.addWidget(bar)
    feature.dress(bar)
    console.connect_to(Client(channels=False), feature)
    switch = entries(bar.findChild(QMenu, "share-menu"))["Share a folder…"]  # type: ignore[arg-type]
    assert not switch.isEnabled()
    assert "org.spice-space.webdav.0" in switch.toolTip()


def test_the_folders_dialog_can_be_cancelled(qtbot: QtBot) -> None:
    dialog = FolderDialog(None, "~nobody-of-this-name/x")
    qtbot.addWidget(dialog)
    assert not dialog.folder.is_absolute()
    dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel).click()
    assert dialog.result() == 0
