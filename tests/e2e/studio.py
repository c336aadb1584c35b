"""Takes pictures of windows: cut to the window, always of the same size, as small PNG files."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtGui import QImage
from Xlib import X, protocol
from Xlib.error import XError
from Xlib.xobject.drawable import Window

from tests.lab.screen import Box, Display, Picture
from tests.lab.world import LabError, wait_for

MAIN_SIZE = (1280, 800)
MOST_BYTES = 250_000
"""A picture of the manual is smaller than that."""
STILL_S = 0.3
"""What does not change for so long has been painted."""


class Studio:
    """The windows of one display, and a folder for pictures of them."""

    def __init__(self, screen: Display, folder: Path) -> None:
        self._screen, self._folder = screen, folder
        self.taken: list[Path] = []

    def place(self, title: str, size: tuple[int, int] = MAIN_SIZE) -> None:
        """Gives the window with this title (or a part of it) the pictures' size."""
        window = wait_for(lambda: self._find(title), f"a window “{title}”")
        atom = self._screen.x.intern_atom("_NET_MOVERESIZE_WINDOW")
        flags = 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1  # x, y, width and height, from the top left corner
        event = protocol.event.ClientMessage(window=window, client_type=atom, data=(32, (flags, 0, 0, *size)))
        self._screen.root.send_event(event, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._screen.x.sync()
        wait_for(lambda: self._box(title)[2:] == size, f"“{title}” to be {size}")

    def take(self, name: str, title: str = "Hostelry", *, above: int = 0) -> Path:
        """A picture of the window with this title, once it stands still.  above: with so much of the screen over it, for a list
        that stands out of it."""
        x, y, width, height = self._box(title)
        box = (x, y - above, width, height + above)
        picture = self._still(box)
        path = self._folder / f"{name}.png"
        image = QImage(picture.pixels.tobytes(), picture.width, picture.height, picture.width * 4, QImage.Format.Format_RGB32)
        if not image.save(str(path), quality=1):  # 1: the smallest file
            raise LabError(f"{path} cannot be written.")
        if path.stat().st_size > MOST_BYTES:
            raise LabError(f"{path} has {path.stat().st_size} bytes, more than {MOST_BYTES}.")
        self.taken.append(path)
        return path

    def _still(self, box: Box, most_s: float = 5) -> Picture:
        """The picture, at the latest after ``most_s``: graphs and cursors move for ever."""
        until = time.monotonic() + most_s
        last = self._screen.picture(box)
        while time.monotonic() < until:
            time.sleep(STILL_S)
            now = self._screen.picture(box)
            if now.pixels == last.pixels:
                break
            last = now
        return last

    def _find(self, title: str) -> Window | None:
        """The newest managed window with this in its title, or None."""
        atom = self._screen.x.intern_atom
        listed = self._screen.root.get_full_property(atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
        found = None
        for number in listed.value if listed else ():
            window = self._screen.x.create_resource_object("window", number)
            try:
                name = window.get_full_property(atom("_NET_WM_NAME"), X.AnyPropertyType)
            except XError:  # it went meanwhile
                continue
            if name and title in bytes(name.value).decode(errors="replace"):
                found = window
        return found

    def _box(self, title: str) -> Box:
        """Where the inside of this window is on the screen."""
        window = wait_for(lambda: self._find(title), f"a window “{title}”")
        size = window.get_geometry()
        corner = self._screen.root.translate_coords(window, 0, 0)
        return (corner.x, corner.y, size.width, size.height)
