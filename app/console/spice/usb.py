"""USB devices of this desktop handed to the guest over SPICE's usbredir channels, one device on each.

The library's process finds the devices and asks polkit for the right to open them; it tells which there are with every change.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from pathlib import Path
from typing import Any

from app.console.protocols import Opening
from app.console.spice import usb_problems
from app.console.spice.base import SpiceBase
from app.console.spice.kinds import Kind
from app.console.spice.reason import Reason
from app.console.usb import UsbDevice, mounted_from
from app.errors import HostelryError
from app.signal import Signal


class UsbPart(SpiceBase):
    """``capabilities.UsbRedirection``."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self.usb_changed: Signal[[]] = Signal()
        self.usb_failed: Signal[[HostelryError]] = Signal()
        self.usb_free = 0
        self._usb_devices: list[UsbDevice] = []
        self._usb_unusable = ""
        self._usb_channels = False
        self._usb_calls: dict[int, tuple[str, asyncio.Future[str]]] = {}
        self._usb_numbers = itertools.count(1)
        connection = self.connection
        connection.on("channel", self._count_usb)
        connection.on("usb", self._on_devices)
        connection.on("usb_unusable", self._on_unusable)
        connection.on("usb_ended", self._on_usb_ended)
        connection.on("usb_failed", self._on_usb_failed)
        self._usb_end = connection.ended.connect(self._end_usb)

    def usb_devices(self) -> list[UsbDevice]:
        """Those that are plugged in here, with what stands in the way; raises HostelryError where USB cannot be used."""
        if self._usb_unusable:
            raise usb_problems.unusable(self._usb_unusable)
        return list(self._usb_devices)

    async def connect_usb(self, device: UsbDevice) -> None:
        """Takes it from this desktop and gives it to the guest; polkit may ask.  Raises HostelryError."""
        self._demand_plugged(device)
        if mounts := await asyncio.to_thread(mounted_from, device.bus, device.address):
            raise usb_problems.mounted(device, mounts)
        await self._usb_call("usb", device.key, True, name=device.name)

    async def disconnect_usb(self, device: UsbDevice) -> None:
        """Gives it back to this desktop."""
        self._demand_plugged(device)
        await self._usb_call("usb", device.key, False, name=device.name)

    async def insert_usb_cd(self, image: Path) -> UsbDevice:
        """Gives the guest a CD drive with this image in it; the image stays here.  Raises HostelryError."""
        if not self.usb_free:
            raise usb_problems.no_channel(image.name, has_some=self._usb_channels)
        await asyncio.to_thread(usb_problems.demand_image, image)
        key = await self._usb_call("usb_cd", name=image.name, payload=os.fsencode(image))
        found = self._known(key)
        if found is None:
            raise usb_problems.unplugged(image.name)
        return found

    # Inside.

    def _known(self, key: str) -> UsbDevice | None:
        return next((each for each in self._usb_devices if each.key == key), None)

    def _demand_plugged(self, device: UsbDevice) -> None:
        if self._known(device.key) is None:
            raise usb_problems.unplugged(device.name)

    async def _usb_call(self, order: str, *values: object, name: str, payload: bytes = b"") -> str:
        """The device's key; raises HostelryError."""
        number = next(self._usb_numbers)
        done: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._usb_calls[number] = name, done
        self.connection.tell(order, number, *values, payload=payload)
        try:
            return await done
        finally:
            del self._usb_calls[number]
            self.usb_changed.emit()

    def _count_usb(self, kind: int) -> None:
        self._usb_channels = self._usb_channels or kind == Kind.USBREDIR

    def _on_devices(self, free: int, rows: list[list[Any]]) -> None:
        self.usb_free = max(free, 0)
        self._usb_devices = [_device(row) for row in rows]
        self.offer(usb=True)
        self.usb_changed.emit()

    def _on_unusable(self, detail: str) -> None:
        self._usb_unusable = detail or "no USB"
        self.offer(usb=True)
        self.usb_changed.emit()

    def _on_usb_ended(self, number: int, done: bool, key: str, *told: Any) -> None:
        reason = Reason(*told)
        name, waiting = self._usb_calls.get(number, ("", None))
        if waiting is None or waiting.done():
            return
        if done:
            waiting.set_result(key)
        elif reason.message:
            waiting.set_exception(usb_problems.explain(reason, name))
        else:
            waiting.set_exception(usb_problems.unplugged(name))

    def _on_usb_failed(self, key: str, domain: str, code: int, message: str) -> None:
        device = self._known(key)
        name = device.name if device is not None else key
        self.usb_failed.emit(usb_problems.explain(Reason(domain, code, message), name))

    def _end_usb(self, _error: object) -> None:
        for name, waiting in self._usb_calls.values():
            if not waiting.done():
                waiting.set_exception(usb_problems.connection_lost(name))
        self.usb_free, self._usb_devices, self._usb_channels = 0, [], False


def _device(row: list[Any]) -> UsbDevice:
    """As in ``wire.USB_ROW``; what stands in the way, in words."""
    ids, maker, product, bus, address, connected, emulated, *told = row
    device, reason = UsbDevice(ids, maker, product, bus, address, connected=connected, emulated=emulated), Reason(*told)
    return device.with_(why_not=usb_problems.explain(reason, device.name).why if reason.message else "")
