"""The gallery's pictures of what SPICE shares with a guest beside the clipboard: USB devices and a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMenu

from tests.ui.gallery import Studio, scene
from tests.ui.scenes_console import _page
from tests.ui.test_console_usb import CAMERA, STICK, Client
from ui.console.folder_dialog import FolderDialog
from ui.console.folder_menu import FolderShare
from ui.console.usb_menu import UsbDevices


@scene
async def console_usb(studio: Studio) -> None:
    console = _page(studio).console
    assert console is not None
    usb = next(feature for feature in console.features if isinstance(feature, UsbDevices))
    folder = next(feature for feature in console.features if isinstance(feature, FolderShare))
    menu = next(menu for menu in console.bar.findChildren(QMenu) if menu.title() == "USB devices")
    shared = console.bar.findChild(QMenu, "share-menu")
    assert shared is not None
    for name, client in (("devices", Client()), ("no-channel", Client(channels=False))):
        client.devices = [STICK.with_(connected=True), CAMERA]
        console.connector.client = client  # type: ignore[assignment]
        usb.client_changed(client)  # type: ignore[arg-type]
        folder.client_changed(client)  # type: ignore[arg-type]
        usb.fill(menu)
        menu.adjustSize()
        await studio.shoot(f"menu-usb-{name}", menu)
        shared.adjustSize()
        await studio.shoot(f"menu-sharing-spice-{name}", shared)
    folder.share(Path("/home/ada/For the guest"))
    shared.adjustSize()
    await studio.shoot("menu-sharing-folder", shared)
    folder.share(None)
    usb.client_changed(None)
    folder.client_changed(None)
    console.connector.client = None


@scene
async def folder_dialog(studio: Studio) -> None:
    dialog = FolderDialog(None, "/home/ada/For the guest")
    dialog.adjustSize()
    await studio.shoot("dialog-shared-folder", dialog)
    dialog.deleteLater()
