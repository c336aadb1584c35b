"""A display on a Wayland compositor, with a keyboard and a mouse that it makes itself; tells on its output what the guest gets.

Run by ``test_wayland.py`` in a process of its own: Qt has one window system a process.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.console.client import Buttons, Features
from app.console.framebuffer import Framebuffer
from app.console.keys import xkb
from app.signal import Signal
from ui.aio import make_loop
from ui.console import wayland
from ui.console.display_widget import DisplayWidget
from ui.console.system_keys import native_wayland

SUPER, D, A, CTRL, ALT = 125, 32, 30, 29, 56
DEPRESSED = {SUPER: 64, CTRL: 4, ALT: 8}
BTN_LEFT = 0x110


class Guest:
    """A client that writes down what it gets."""

    def __init__(self) -> None:
        self.framebuffer = Framebuffer(640, 400)
        self.features = Features(scancodes=True)
        self.keys: list[tuple[int, bool]] = []
        self.motion = [0, 0]
        for name in ("resized", "damaged", "cursor_changed", "pointer_mode_changed"):
            setattr(self, name, Signal())

    def key(self, code: int, _sym: int, pressed: bool) -> None:
        self.keys.append((code, pressed))

    def pointer_relative(self, dx: int, dy: int, _buttons: Buttons) -> None:
        self.motion[0] += dx
        self.motion[1] += dy

    def pointer(self, _x: int, _y: int, _buttons: Buttons) -> None: ...
    def watch(self, _watched: bool) -> None: ...


class Hands:
    """A keyboard and a mouse, made by the compositor's protocols for that (wlr-virtual-pointer, virtual-keyboard)."""

    def __init__(self, connection: Any, seat: int) -> None:
        self._connection = connection
        protocols = wayland._protocols()
        keyboards = connection._managers["zwp_virtual_keyboard_manager_v1"]
        pointers = connection._managers["zwlr_virtual_pointer_manager_v1"]
        self._keyboard = connection._send(keyboards, 0, protocols["zwp_virtual_keyboard_v1"], seat, None)
        self._pointer = connection._send(pointers, 0, protocols["zwlr_virtual_pointer_v1"], seat, None)
        text = _keymap()
        with tempfile.TemporaryFile() as file:
            file.write(text)
            file.flush()
            self._say(self._keyboard, 0, 1, file.fileno(), len(text))

    def chord(self, *codes: int) -> None:
        held = 0
        for code, down in (*((code, 1) for code in codes), *((code, 0) for code in reversed(codes))):
            self._say(self._keyboard, 1, _now(), code, down)
            held = held | DEPRESSED.get(code, 0) if down else held & ~DEPRESSED.get(code, 0)
            self._say(self._keyboard, 2, held, 0, 0, 0)

    def move_to(self, x: int, y: int, width: int, height: int) -> None:
        self._say(self._pointer, 1, _now(), x, y, width, height)
        self._say(self._pointer, 4)

    def move(self, dx: int, dy: int) -> None:
        self._say(self._pointer, 0, _now(), (dx * 256) & 0xFFFFFFFF, (dy * 256) & 0xFFFFFFFF)
        self._say(self._pointer, 4)

    def click(self) -> None:
        for down in (1, 0):
            self._say(self._pointer, 2, _now(), BTN_LEFT, down)
            self._say(self._pointer, 4)

    def _say(self, proxy: int, opcode: int, *arguments: int) -> None:
        self._connection._send(proxy, opcode, None, *arguments)
        wayland._library().wl_display_flush(self._connection._display)


def _now() -> int:
    return int(time.monotonic() * 1000) & 0xFFFFFFFF


def _keymap() -> bytes:
    lib = xkb.library()
    lib.xkb_keymap_get_as_string.restype = ctypes.c_void_p
    lib.xkb_keymap_get_as_string.argtypes = [ctypes.c_void_p, ctypes.c_int]
    with xkb.Keymap("us") as keymap:
        return ctypes.string_at(lib.xkb_keymap_get_as_string(keymap._map, 1)) + b"\0"


def _teach() -> None:
    """Adds the two test protocols to those that the program knows."""
    seat, made = wayland._known("wl_seat_interface"), wayland._interface
    none = wayland._NONE
    keyboard = made("zwp_virtual_keyboard_v1", (
        ("keymap", "uhu", (none,) * 3), ("key", "uuu", (none,) * 3), ("modifiers", "uuuu", (none,) * 4), ("destroy", "", ())))
    pointer = made("zwlr_virtual_pointer_v1", (
        ("motion", "uff", (none,) * 3), ("motion_absolute", "uuuuu", (none,) * 5), ("button", "uuu", (none,) * 3),
        ("axis", "uuf", (none,) * 3), ("frame", "", ())))
    protocols = wayland._protocols()
    for each in (
        keyboard, pointer, made("zwp_virtual_keyboard_manager_v1", (("create_virtual_keyboard", "on", (seat, keyboard)),)),
        made("zwlr_virtual_pointer_manager_v1", (("create_virtual_pointer", "?on", (seat, pointer)), ("destroy", "", ()))),
    ):  # fmt: skip
        protocols[each.contents.name.decode()] = each


class Story:
    """What happens, and what came of it."""

    def __init__(self, told: Path) -> None:
        self.told, self.found = told, dict[str, Any]()
        self.guest, self.display = Guest(), DisplayWidget()
        self.display.set_client(self.guest)  # type: ignore[arg-type]
        self.display._on_resized(self.guest.framebuffer)
        self.display.resize(640, 400)
        self.display.show()

    async def tell(self) -> None:
        native = native_wayland()
        assert native is not None
        connection = wayland.connection(native.display())
        await asyncio.sleep(0.3)
        connection.dispatch()
        hands = Hands(connection, native.seat())
        await asyncio.sleep(0.5)
        self.display.set_live(True)
        self.display.setFocus()
        self.display.capture()
        await self._shortcut(hands, "not wanted")
        self.display.set_grab_system_keys(True)
        await asyncio.sleep(0.3)
        await self._shortcut(hands, "wanted")
        hands.chord(CTRL, ALT)
        await asyncio.sleep(0.3)
        self.found["captured after the release key"] = self.display.captured
        await self._shortcut(hands, "released")
        await self._pointer(hands)

    async def _shortcut(self, hands: Hands, name: str) -> None:
        self.told.unlink(missing_ok=True)
        self.guest.keys.clear()
        hands.chord(SUPER, D)
        await asyncio.sleep(0.7)
        self.found[name] = {"host": self.told.exists(), "guest": list(self.guest.keys)}

    async def _pointer(self, hands: Hands) -> None:
        self.guest.features = replace(self.guest.features, absolute_pointer=False)
        hands.move_to(400, 300, 1280, 800)
        await asyncio.sleep(0.2)
        hands.click()
        await asyncio.sleep(0.5)
        self.found["pointer captured"] = self.display.pointer_captured
        for _ in range(100):  # further than the screen is wide
            hands.move(20, -3)
            await asyncio.sleep(0.01)
        for _ in range(100):
            await asyncio.sleep(0.05 if self.guest.motion[0] < 900 else 0)
        self.found["motion"] = list(self.guest.motion)
        self.display.release()
        self.found["pointer released"] = not self.display.pointer_captured
        self.display.hide()


def main() -> None:
    """Argument: the file that the compositor makes at Super+D."""
    app = QApplication([])
    loop = make_loop(app)
    _teach()
    story = Story(Path(sys.argv[1]))
    loop.run_until_complete(story.tell())
    print(json.dumps(story.found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
