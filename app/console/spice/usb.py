"""USB devices of this desktop handed to the guest over SPICE's usbredir channels, one device on each.

The library finds devices, asks polkit for the right to open them (its helper spice-client-glib-usb-acl-helper) and speaks their
protocol.  It also emulates a CD drive over an image file, which needs no right and no upload.  Source: spice-gtk 0.42.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.console.protocols import Opening
from app.console.spice import glib, usb_problems
from app.console.spice.base import SpiceBase
from app.console.spice.glib import Kind
from app.console.usb import UsbDevice, mounted_from
from app.errors import HostelryError
from app.signal import Signal

FORMAT = "%s\t%s\t%s\t%d\t%d"
"""Manufacturer, product, "[1234:abcd]", bus and address."""

_never_freed: list[Any] = []
"""What ``get_devices`` gave: PyGObject would give back a reference that the library did not give (0.42), and crash later."""


class UsbPart(SpiceBase):
    """``capabilities.UsbRedirection``.  The library's manager is made when devices are first asked for."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.usb_changed: Signal[[]] = Signal()
        self.usb_failed: Signal[[HostelryError]] = Signal()
        self._manager: Any = None
        self._usb_ends: list[Callable[[], None]] = []
        self._usb_busy: set[str] = set()
        self._usb_channels = 0
        self._raws: list[Any] = []
        self.on_channel(Kind.USBREDIR, self._count_usb)
        self.connection.ended.connect(lambda _error: self._end_usb())

    @property
    def usb_free(self) -> int:
        """How many further devices the machine takes."""
        return int(self._usb_manager().props.free_channels) if self._usb_channels else 0

    def usb_devices(self) -> list[UsbDevice]:
        """Those that are plugged in here, with what stands in the way; raises HostelryError where USB cannot be used."""
        self._usb_manager()
        return [self._described(raw) for raw in self._raws]

    async def connect_usb(self, device: UsbDevice) -> None:
        """Takes it from this desktop and gives it to the guest; polkit may ask.  Raises HostelryError."""
        manager, raw = self._usb_manager(), self._raw(device)
        if mounts := await asyncio.to_thread(mounted_from, device.bus, device.address):
            raise usb_problems.mounted(device, mounts)
        await self._usb_call(device, manager.connect_device_async, manager.connect_device_finish, raw)

    async def disconnect_usb(self, device: UsbDevice) -> None:
        """Gives it back to this desktop."""
        manager, raw = self._usb_manager(), self._raw(device)
        if manager.is_device_connected(raw):
            await self._usb_call(device, manager.disconnect_device_async, manager.disconnect_device_finish, raw)

    async def insert_usb_cd(self, image: Path) -> UsbDevice:
        """Gives the guest a CD drive with this image in it; the image stays here.  Raises HostelryError."""
        manager = self._usb_manager()
        if not manager.props.free_channels:
            raise usb_problems.no_channel(image.name, has_some=self._usb_channels > 0)
        await asyncio.to_thread(usb_problems.demand_image, image)
        before = {device.key for device in self.usb_devices()}
        try:
            manager.create_shared_cd_device(str(image))
        except glib.error() as error:
            raise usb_problems.explain(error, image.name) from error
        device = await self._new_cd(before)
        await self.connect_usb(device)
        return self._now(device)

    # Inside.

    def _usb_manager(self) -> Any:
        if self._manager is None:
            try:
                self._manager = glib.library().UsbDeviceManager.get(self.session)
            except glib.error() as error:
                raise usb_problems.unusable(str(error.message)) from error
            self._raws = list(self._manager.get_devices())
            _never_freed.extend(self._raws)
            self._usb_ends.append(glib.connect(self._manager, "device-added", self._on_plugged))
            self._usb_ends.append(glib.connect(self._manager, "device-removed", self._on_unplugged))
            for signal in ("device-error", "auto-connect-failed"):
                self._usb_ends.append(glib.connect(self._manager, signal, self._on_usb_error))
        return self._manager

    def _described(self, raw: Any) -> UsbDevice:
        names, ids, bus, address = (raw.get_description(FORMAT) or "\t\t\t0\t0").rsplit("\t", 3)
        maker, _tab, product = names.partition("\t")  # a device may have further ones in its name
        connected = self._manager.is_device_connected(raw)
        device = UsbDevice(ids.strip("[]"), maker.strip(), product.strip(), int(bus), int(address), connected=connected,
                           emulated=bool(self._manager.is_device_shared_cd(raw)))  # fmt: skip
        return device.with_(why_not="" if connected else self._why_not(raw, device))

    def _why_not(self, raw: Any, device: UsbDevice) -> str:
        if device.key in self._usb_busy:
            return ""
        try:
            self._manager.can_redirect_device(raw)
        except glib.error() as error:
            return usb_problems.explain(error, device.name).why
        return ""

    def _raw(self, device: UsbDevice) -> Any:
        self._usb_manager()
        for raw in self._raws:
            if self._described(raw).key == device.key:
                return raw
        raise usb_problems.unplugged(device.name)

    def _now(self, device: UsbDevice) -> UsbDevice:
        return next((each for each in self.usb_devices() if each.key == device.key), device)

    async def _new_cd(self, before: set[str]) -> UsbDevice:
        """The library announces it a moment later."""
        for _turn in range(200):
            for device in self.usb_devices():
                if device.emulated and device.key not in before:
                    return device
            await asyncio.sleep(0.01)
        raise usb_problems.unusable("no device-added for the emulated drive")

    async def _usb_call(self, device: UsbDevice, begin: Any, finish: Any, raw: Any) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def ended(_manager: Any, result: Any, _data: object = None) -> None:
            try:
                finish(result)
            except glib.error() as error:
                if not done.done():
                    done.set_exception(usb_problems.explain(error, device.name))
            else:
                if not done.done():
                    done.set_result(None)

        cancel = glib.gio().Cancellable()
        self._usb_busy.add(device.key)
        try:
            begin(raw, cancel, ended)
            await done
        finally:
            cancel.cancel()
            self._usb_busy.discard(device.key)
            self.usb_changed.emit()

    def _on_plugged(self, _manager: Any, raw: Any) -> None:
        if raw not in self._raws:
            self._raws.append(raw)
        self.usb_changed.emit()

    def _on_unplugged(self, _manager: Any, raw: Any) -> None:
        self._raws = [each for each in self._raws if each != raw]
        self.usb_changed.emit()

    def _on_usb_error(self, _manager: Any, raw: Any, error: Any) -> None:
        self.usb_failed.emit(usb_problems.explain(error, self._described(raw).name))
        self.usb_changed.emit()

    def _count_usb(self, _channel: Any) -> None:
        self._usb_channels += 1
        self.offer(usb=True)

    def _end_usb(self) -> None:
        for end in self._usb_ends:
            end()
        self._manager, self._raws, self._usb_channels = None, [], 0
