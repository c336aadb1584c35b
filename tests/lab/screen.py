"""A private X display with a real mouse and keyboard (XTEST), pictures of it, and drag-and-drop sources (XDND).

Everything that is done here reaches the program through the X server, as from a person.
"""

from __future__ import annotations

import array
import os
import shutil
import signal
import struct
import tempfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from Xlib import XK, X, display
from Xlib.error import XError
from Xlib.ext import xtest

from tests.lab.keeper import start_time
from tests.lab.nest import LabError, Nest, find_program, wait_for

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
"""x, y, width, height."""

NAMED_KEYS = {
    "enter": "Return",
    "esc": "Escape",
    "tab": "Tab",
    "space": "space",
    "backspace": "BackSpace",
    "delete": "Delete",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "pageup": "Prior",
    "pagedown": "Next",
    "ctrl": "Control_L",
    "shift": "Shift_L",
    "alt": "Alt_L",
    "super": "Super_L",
    "menu": "Menu",
}

CHARACTERS = {"\n": "Return", "\t": "Tab", " ": "space"}


@dataclass(frozen=True)
class Picture:
    """Pixels of a part of the screen, 32 bits each, 0xRRGGBB in the machine's order."""

    width: int
    height: int
    pixels: array.array[int]

    def colour(self, x: int, y: int) -> Colour:
        """The colour of one pixel."""
        value = self.pixels[y * self.width + x]
        return (value >> 16 & 255, value >> 8 & 255, value & 255)

    def share(self, colour: Colour) -> float:
        """Which part (0 to 1) of the picture has exactly this colour."""
        value = colour[0] << 16 | colour[1] << 8 | colour[2]
        return self.pixels.count(value) / max(1, len(self.pixels))

    def crop(self, box: Box) -> Picture:
        """A part of it."""
        x, y, width, height = box
        cut = array.array("I")
        for row in range(y, y + height):
            cut += self.pixels[row * self.width + x : row * self.width + x + width]
        return Picture(width, height, cut)

    def differing(self, other: Picture) -> int:
        """How many pixels differ from another picture of the same size."""
        return sum(a != b for a, b in zip(self.pixels, other.pixels, strict=True))

    def save(self, path: Path) -> Path:
        """Writes a PNG file."""
        rows = bytearray()
        for y in range(self.height):
            row = self.pixels[y * self.width : (y + 1) * self.width].tobytes()
            rgb = bytearray(3 * self.width)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b"\0" + rgb
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(rows), 3)) + _chunk(b"IEND", b"")
        )
        return path


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class Display:
    """An X server of its own with a small window manager (openbox, when it is installed; `manager=False`: none)."""

    def __init__(self, width: int = 1280, height: int = 800, *, manager: bool = True) -> None:
        self.width, self.height = width, height
        self._manager_wanted = manager
        self._nest = Nest("display")
        self.number = -1
        self._server = 0

    # -- life --

    def open(self) -> Self:
        """Starts the server."""
        try:
            self._nest.start_keeper()
            self._start_server()
            if self._manager_wanted and shutil.which("openbox"):
                self._start_manager()
        except BaseException:
            self.close()
            raise
        return self

    def _start_server(self) -> None:
        log = self._nest.root / "log/Xvfb.log"
        argv = [
            find_program("Xvfb"),
            "-displayfd",
            "1",
            "-screen",
            "0",
            f"{self.width}x{self.height}x24",
            "-nolisten",
            "tcp",
            "-noreset",
            "-dpi",
            "96",
        ]
        self._server = self._nest.spawn(argv, log=log)

        def told() -> str | None:
            if start_time(self._server) is None:
                raise LabError(f"Xvfb did not start: {log.read_text(errors='replace')}")
            return next(
                (
                    line
                    for line in log.read_text(errors="replace").splitlines(keepends=True)
                    if line.strip().isdigit() and line[-1] == "\n"
                ),
                None,
            )

        self.number = int(wait_for(told, "Xvfb"))
        self.x = display.Display(self.name)
        self.root = self.x.screen().root

    def _start_manager(self) -> None:
        folder = str(self._nest.root)
        env = os.environ | {"HOME": folder, "XDG_CACHE_HOME": folder, "XDG_CONFIG_HOME": folder, "DISPLAY": self.name}
        self._nest.spawn([find_program("openbox"), "--sm-disable"], env)
        atom = self.x.intern_atom("_NET_SUPPORTING_WM_CHECK")
        wait_for(lambda: self.root.get_full_property(atom, X.AnyPropertyType), "the window manager")

    def close(self) -> None:
        """Ends the server and all that it started."""
        if self.number >= 0 and hasattr(self, "x"):
            self.x.close()
        self._nest.close()
        self._remove_leftovers()

    def _remove_leftovers(self) -> None:
        """What Xvfb had no time to remove; not that of another server, which may have taken the number at once."""
        lock = Path(f"/tmp/.X{self.number}-lock")
        try:
            ours = int(lock.read_text()) == self._server
        except (OSError, ValueError):
            return
        if ours:
            Path(f"/tmp/.X11-unix/X{self.number}").unlink(missing_ok=True)
            lock.unlink(missing_ok=True)

    def end_server(self) -> None:
        """Takes the server away from whoever shows something on it, as a crash of it does."""
        self.x.close()
        del self.x
        os.kill(self._server, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The value of DISPLAY."""
        return f":{self.number}"

    @property
    def env(self) -> dict[str, str]:
        """What a program needs to show itself here."""
        return {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "GDK_BACKEND": "x11"}

    def popups(self) -> frozenset[int]:
        """The windows that are shown past the window manager: menus, lists of combo boxes, tooltips."""
        shown = set()
        for window in self.root.query_tree().children:
            try:
                about = window.get_attributes()
            except XError:  # it went meanwhile
                continue
            if about.override_redirect and about.map_state == X.IsViewable:
                shown.add(int(window.id))
        return frozenset(shown)

    # -- mouse --

    def move(self, x: int, y: int, *, steps: int = 1) -> None:
        """Moves the pointer, in one go or in steps as a hand does."""
        at = self.root.query_pointer()
        for step in range(1, steps + 1):
            self._fake(
                X.MotionNotify, 0, at.root_x + (x - at.root_x) * step // steps, at.root_y + (y - at.root_y) * step // steps
            )
            if steps > 1:
                time.sleep(0.01)

    def press(self, button: int = 1) -> None:
        """Presses a mouse button: 1 left, 2 middle, 3 right, 4 and 5 wheel."""
        self._fake(X.ButtonPress, button)

    def release(self, button: int = 1) -> None:
        """Releases it."""
        self._fake(X.ButtonRelease, button)

    def click(self, x: int, y: int, button: int = 1, *, times: int = 1) -> None:
        """Moves there and clicks."""
        self.move(x, y, steps=3)
        for _ in range(times):  # at a hand's pace: the window manager replays the first press after it has given the focus
            self.press(button)
            time.sleep(0.03)
            self.release(button)
            time.sleep(0.03)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drags with the left button."""
        self.move(*start, steps=3)
        self.press()
        self.move(*end, steps=12)
        self.release()

    def scroll(self, x: int, y: int, clicks: int) -> None:
        """Turns the wheel: positive down."""
        self.move(x, y)
        for _ in range(abs(clicks)):
            self.press(5 if clicks > 0 else 4)
            self.release(5 if clicks > 0 else 4)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self.x, kind, detail, x=x, y=y)
        self.x.sync()

    # -- keyboard --

    def key(self, chord: str) -> None:
        """Presses keys together: "enter", "ctrl+n", "ctrl+alt+delete", "F11"."""
        codes = [self._code(name)[0] for name in chord.split("+")]
        for code in codes:
            self._fake(X.KeyPress, code)
        for code in reversed(codes):
            self._fake(X.KeyRelease, code)

    def type_text(self, text: str, *, pause_s: float = 0.01) -> None:
        """Types text of the US keyboard."""
        for character in text:
            code, shifted = self._code(CHARACTERS.get(character, character))
            held = [self._code("shift")[0]] if shifted else []
            for one in (*held, code):
                self._fake(X.KeyPress, one)
            for one in (code, *held):
                self._fake(X.KeyRelease, one)
            time.sleep(pause_s)

    def _code(self, name: str) -> tuple[int, bool]:
        """Keycode of a key or character, and whether it needs Shift."""
        keysym = XK.string_to_keysym(NAMED_KEYS.get(name, name)) or (ord(name) if len(name) == 1 else 0)
        found = sorted(self.x.keysym_to_keycodes(keysym), key=lambda pair: pair[1])
        if not found:
            raise LabError(f"The keyboard has no key “{name}”.")
        code, index = found[0]
        return code, bool(index & 1)

    # -- pictures --

    def picture(self, box: Box | None = None) -> Picture:
        """What the screen shows, or a part of it (cut at its edges)."""
        x, y, width, height = box or (0, 0, self.width, self.height)
        left, top = max(0, x), max(0, y)
        width, height = min(x + width, self.width) - left, min(y + height, self.height) - top
        if width <= 0 or height <= 0:
            raise LabError(f"{box} is not on the screen ({self.width}x{self.height}).")
        image = self.root.get_image(left, top, width, height, X.ZPixmap, 0xFFFFFFFF)
        pixels = array.array("I", image.data)
        return Picture(width, height, array.array("I", (value & 0xFFFFFF for value in pixels)) if pixels[0] >> 24 else pixels)

    def wait_picture(
        self, check: Callable[[Picture], bool], what: str, *, box: Box | None = None, timeout_s: float = 20
    ) -> Picture:
        """Waits until the picture is as wanted; at the time-out the last picture is kept beside the error's text."""
        last: list[Picture] = []

        def good() -> Picture | None:
            last[:] = [self.picture(box)]
            return last[0] if check(last[0]) else None

        try:
            return wait_for(good, what, timeout_s, 0.1)
        except LabError as error:
            path = last[0].save(Path(tempfile.gettempdir()) / f"hostelry-last-{os.getpid()}.png")
            raise LabError(f"{error}; the screen then: {path}") from None

    def wait_colour(self, colour: Colour, share: float, what: str, *, box: Box | None = None, timeout_s: float = 20) -> Picture:
        """Waits until at least this part of the picture has the colour."""
        return self.wait_picture(lambda picture: picture.share(colour) >= share, what, box=box, timeout_s=timeout_s)
