"""USB devices of this computer for the guest: a menu of them, a CD image as a drive, and those that connect by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.actions.context import Notice
from app.console.capabilities import UsbRedirection
from app.console.client import ConsoleClient
from app.console.usb import UsbDevice
from app.errors import HostelryError
from app.i18n import _
from app.settings import options
from app.virt.live_devices import attach_device
from ui.aio import spawn
from ui.console.feature import ConsoleFeature
from ui.console.share_menu import share_menu
from ui.icons import icon
from ui.plain import tip

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar
    from ui.console.console_view import ConsoleView

REDIRDEV = "<redirdev bus='usb' type='spicevmc'/>"
MOST_MACHINES = 200
IMAGES = "CD (*.iso *.ISO *.img)"


class UsbDevices(ConsoleFeature):
    """A menu in every bar, made when it is opened; the library looks for devices only then, or for those that are remembered."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._client: UsbRedirection | None = None
        self._menus: list[QMenu] = []
        self._tried: set[str] = set()

    def dress(self, bar: ConsoleBar) -> None:
        """The menu of devices, in what is shared."""
        menu = QMenu(_("USB devices"), bar)
        menu.setIcon(icon("drive-removable-media-usb"))
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(partial(self.fill, menu))
        share_menu(bar).addMenu(menu)
        menu.menuAction().setVisible(self._client is not None)
        menu.destroyed.connect(partial(self._forget, menu))
        self._menus.append(menu)

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Devices belong to a connection: the old one has given its own back."""
        self._client = client if isinstance(client, UsbRedirection) else None
        self._tried.clear()
        if self._client is not None:
            self._client.usb_changed.connect(self._connect_remembered)
            self._client.usb_failed.connect(self._tell)
        for menu in self._menus:
            menu.menuAction().setVisible(self._client is not None)

    def live_changed(self, live: bool) -> None:
        """Now the machine's channels are known."""
        if live:
            self._connect_remembered()

    # The menu.

    def fill(self, menu: QMenu) -> None:
        """What is plugged in now."""
        menu.clear()
        client = self._client
        if client is None:
            return
        try:
            devices = client.usb_devices() if self._has_channels else []
            free = client.usb_free if self._has_channels else 0
        except HostelryError as error:
            self._say(menu, error.what, error.next_step)
            return
        for device in devices:
            menu.addAction(self._entry(menu, device))
        if self._has_channels and not devices:
            self._say(menu, _("No USB device is plugged in"))
        menu.addSeparator()
        if self._has_channels:
            cd = menu.addAction(icon("media-optical"), _("Insert a CD image…"))
            cd.setToolTip(_("The guest gets a USB CD drive with it; nothing is copied to the host"))
            cd.setEnabled(free > 0)
            cd.triggered.connect(lambda _checked=False: self._do(self._insert))
            self._add_remembered(menu, devices)
        if not free:
            self._offer_channel(menu)

    @property
    def _has_channels(self) -> bool:
        client = self.console.connector.client
        return client is not None and client.features.usb

    def _entry(self, menu: QMenu, device: UsbDevice) -> QAction:
        entry = QAction(f"{_plain(device.name)} ({device.ids})", menu)
        entry.setCheckable(True)
        entry.setChecked(device.connected)
        entry.setEnabled(device.connected or not device.why_not)
        entry.setToolTip(tip(device.why_not or (
            _("The guest has it; take it back") if device.connected else _("Give it to the guest"))))  # fmt: skip
        entry.triggered.connect(lambda checked: self._do(partial(self._switch, device, checked)))
        return entry

    def _add_remembered(self, menu: QMenu, devices: list[UsbDevice]) -> None:
        real = {device.ids: device.name for device in devices if not device.emulated} | self._remembered()
        if not real:
            return
        inner = menu.addMenu(_("Connect whenever plugged in"))
        inner.setToolTipsVisible(True)
        inner.setToolTip(_("While this screen is open; one that you take back stays here until it is plugged in again"))
        for ids, name in real.items():
            entry = inner.addAction(f"{_plain(name)} ({ids})")
            entry.setCheckable(True)
            entry.setChecked(ids in self._remembered())
            entry.toggled.connect(partial(self._remember, ids, name))

    def _offer_channel(self, menu: QMenu) -> None:
        self._say(menu, _("Every USB channel is in use") if self._has_channels else _("This machine has no USB channel"))
        add = menu.addAction(icon("list-add"), _("Add a USB channel"))
        add.setToolTip(_("A redirection device (redirdev) for one USB device, now and at each start"))
        add.triggered.connect(lambda _checked=False: self._do(self._add_channel))

    def _say(self, menu: QMenu, text: str, more: str = "") -> None:
        entry = menu.addAction(text)
        entry.setEnabled(False)
        entry.setToolTip(tip(more))

    def _forget(self, menu: QMenu) -> None:
        self._menus = [each for each in self._menus if each is not menu]

    # What is done.

    def _do(self, work: Callable[[], Any]) -> None:
        async def run() -> None:
            try:
                await work()
            except HostelryError as error:
                await self.console.ctx.ui.show_error(error)

        spawn(run(), self, name="console: USB")

    async def _switch(self, device: UsbDevice, connect: bool) -> None:
        if self._client is not None:
            self._tried.add(device.key)  # what the user took back stays here
            await (self._client.connect_usb if connect else self._client.disconnect_usb)(device)

    async def _insert(self) -> None:
        image = await self.console.ctx.ui.pick_file(_("CD image for the guest"), filters=(IMAGES, _("All files (*)")))
        if image is not None and self._client is not None:
            await self._client.insert_usb_cd(image)

    async def _add_channel(self) -> None:
        record = self.console.record
        config = record is None or record.persistent
        await attach_device(self.console.host.session, self.console.ref.uuid, REDIRDEV, live=True, config=config)
        self.console.ctx.ui.notify(Notice(_("The machine has one more USB channel."), key="console-usb"))

    # Those that are remembered.

    def _remembered(self) -> dict[str, str]:
        saved = self.console.ctx.settings.get(options.USB_REMEMBERED).get(self.console.ref.uuid, {})
        return {str(ids): str(name) for ids, name in saved.items()} if isinstance(saved, dict) else {}

    def _remember(self, ids: str, name: str, on: bool) -> None:
        settings, mine = self.console.ctx.settings, self._remembered()
        mine.pop(ids, None)
        if on:
            mine[ids] = name
        known = settings.get(options.USB_REMEMBERED)
        known.pop(self.console.ref.uuid, None)
        if mine:
            known[self.console.ref.uuid] = mine
        for old in list(known)[:-MOST_MACHINES]:
            del known[old]
        settings.set(options.USB_REMEMBERED, known)
        self._connect_remembered()

    def _connect_remembered(self) -> None:
        """Once for each time that a device is plugged in."""
        client, wanted = self._client, self._remembered()
        if client is None or not wanted or not self._has_channels:
            return
        try:
            devices = client.usb_devices()
        except HostelryError:
            return  # the menu says it
        self._tried &= {device.key for device in devices}
        for device in devices:
            if device.ids in wanted and not (device.emulated or device.connected or device.why_not or device.key in self._tried):
                self._tried.add(device.key)
                spawn(self._connect_quietly(client, device), self, name="console: remembered USB device")

    async def _connect_quietly(self, client: UsbRedirection, device: UsbDevice) -> None:
        try:
            await client.connect_usb(device)
        except HostelryError as error:
            self._tell(error)

    def _tell(self, error: HostelryError) -> None:
        self.console.ctx.ui.notify(Notice(error.what, detail=f"{error.why} {error.next_step}".strip(), key="console-usb"))


def _plain(text: str) -> str:
    """For a menu, where "&" marks a key."""
    return text.replace("&", "&&")
