"""USB devices of this desktop handed to the guest over SPICE's usbredir channels, one device on each.

The library finds devices, asks polkit for the right to open them (its helper spice-client-glib-usb-acl-helper) and speaks their
protocol.  It also emulates a CD drive over an image file, which needs no right and no upload.  Source: spice-gtk 0.42.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from app.console.spice.kinds import Kind
from app.console.spice.wire import MAX_ROWS, short
from app.console.spice.worker import glib
from app.console.spice.worker.files import reason

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection

FORMAT = "%s\t%s\t%s\t%d\t%d"
"""Manufacturer, product, "[1234:abcd]", bus and address."""

CD_TURNS, CD_TURN_S = 200, 0.01
"""So often, and in such steps, a new emulated drive is looked for."""


class Usb:
    """The library's manager is made when the machine has a channel for a device; then every change is told."""

    def __init__(self, connection: Connection) -> None:
        self._line, self._session = connection.line, connection.session
        self._manager: Any = None
        self._raws: list[Any] = []
        # What ``get_devices`` gave: PyGObject would give back a reference that the library did not give (0.42), and crash later.
        self._never_freed: list[Any] = []
        self._busy: set[str] = set()
        self._telling = False
        connection.on_channel(Kind.USBREDIR, lambda _channel: self._begin())
        self._line.on("usb", self._switch)
        self._line.on("usb_cd", self._insert_cd)

    def forget(self) -> None:
        """Holds nothing of the library's any more."""
        self._manager, self._raws = None, []

    def _begin(self) -> None:
        if self._manager is None:
            try:
                self._manager = glib.library().UsbDeviceManager.get(self._session)
            except glib.error() as error:
                self._line.tell("usb_unusable", short(error.message))
                return
            self._never_freed = self._manager.get_devices()
            self._raws = list(self._never_freed)
            glib.connect(self._manager, "device-added", self._on_plugged)
            glib.connect(self._manager, "device-removed", self._on_unplugged)
            glib.connect(self._manager, "notify::free-channels", lambda _manager, _property: self._tell_soon())
            for signal in ("device-error", "auto-connect-failed"):
                glib.connect(self._manager, signal, self._on_error)
        self._tell_soon()  # the manager counts the channel a moment later

    def _tell_soon(self) -> None:
        if not self._telling:
            self._telling = True
            glib.later(0, self._tell)

    def _tell(self) -> None:
        self._telling = False
        if self._manager is None:
            return
        rows = [self._row(raw) for raw in self._raws[:MAX_ROWS]]
        self._line.tell("usb", int(self._manager.props.free_channels), rows)

    def _row(self, raw: Any) -> list[Any]:
        ids, maker, product, bus, address = _described(raw)
        connected = bool(self._manager.is_device_connected(raw))
        why = ("", 0, "") if connected or _key(raw) in self._busy else self._hindrance(raw)
        emulated = bool(self._manager.is_device_shared_cd(raw))
        return [ids, maker, product, bus, address, connected, emulated, *why]

    def _hindrance(self, raw: Any) -> tuple[str, int, str]:
        try:
            self._manager.can_redirect_device(raw)
        except glib.error() as error:
            return reason(error)
        return reason(None)

    def _switch(self, call: int, key: str, on: bool) -> None:
        raw = next((raw for raw in self._raws if _key(raw) == key), None)
        if raw is None:
            self._ended(call, key, ("", 0, ""), done=False)
        elif on:
            self._call(call, raw, self._manager.connect_device_async, self._manager.connect_device_finish)
        elif self._manager.is_device_connected(raw):
            self._call(call, raw, self._manager.disconnect_device_async, self._manager.disconnect_device_finish)
        else:
            self._ended(call, key, reason(None), done=True)

    def _call(self, call: int, raw: Any, begin: Any, finish: Any) -> None:
        key = _key(raw)

        def ended(_manager: Any, result: Any, _data: object = None) -> None:
            self._busy.discard(key)
            try:
                finish(result)
            except glib.error() as error:
                self._ended(call, key, reason(error), done=False)
            else:
                self._ended(call, key, reason(None), done=True)

        self._busy.add(key)
        begin(raw, glib.gio().Cancellable(), ended)

    def _ended(self, call: int, key: str, why: tuple[str, int, str], *, done: bool) -> None:
        self._tell()  # so that the program has the device as it is now
        self._line.tell("usb_ended", call, done, key, *why)

    def _insert_cd(self, call: int, image: bytes) -> None:
        before = {_key(raw) for raw in self._raws}
        try:
            self._manager.create_shared_cd_device(os.fsdecode(image))
        except glib.error() as error:
            self._ended(call, "", reason(error), done=False)
        else:
            self._connect_new_cd(call, before, CD_TURNS)

    def _connect_new_cd(self, call: int, before: set[str], turns: int) -> None:
        """The library announces it a moment later."""
        for raw in self._raws:
            if self._manager.is_device_shared_cd(raw) and _key(raw) not in before:
                self._switch(call, _key(raw), True)
                return
        if turns:
            glib.later(CD_TURN_S, lambda: self._connect_new_cd(call, before, turns - 1))
        else:
            self._ended(call, "", ("", 0, "no device-added for the emulated drive"), done=False)

    def _on_plugged(self, _manager: Any, raw: Any) -> None:
        if raw not in self._raws:
            self._raws.append(raw)
        self._tell_soon()

    def _on_unplugged(self, _manager: Any, raw: Any) -> None:
        self._raws = [each for each in self._raws if each != raw]
        self._tell_soon()

    def _on_error(self, _manager: Any, raw: Any, error: Any) -> None:
        self._line.tell("usb_failed", _key(raw), *reason(error))
        self._tell_soon()


def _described(raw: Any) -> tuple[str, str, str, int, int]:
    """Vendor and product as "0951:1666", maker, name, bus, address."""
    names, ids, bus, address = (raw.get_description(FORMAT) or "\t\t\t0\t0").rsplit("\t", 3)
    maker, _tab, product = names.partition("\t")  # a device may have further ones in its name
    return short(ids.strip("[]")), short(maker.strip()), short(product.strip()), int(bus), int(address)


def _key(raw: Any) -> str:
    """As ``UsbDevice.key``."""
    ids, _maker, _product, bus, address = _described(raw)
    return f"{bus}-{address}-{ids}"
