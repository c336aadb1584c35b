"""Pictures on an X server: drawn by X requests, and read back by them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from Xlib import X, display

Pixels = npt.NDArray[np.uint32]
STRIP = 16
"""Rows that fit into one PutImage."""


class XPainter:
    """A window over the whole screen of an X server, without a frame."""

    def __init__(self, name: str) -> None:
        self._display: Any = display.Display(name)
        self._screen = self._display.screen()
        self.width, self.height = self._screen.width_in_pixels, self._screen.height_in_pixels
        self._window = self._screen.root.create_window(
            0, 0, self.width, self.height, 0, self._screen.root_depth, X.InputOutput, X.CopyFromParent,
            override_redirect=1, background_pixel=0x202020)  # fmt: skip
        self._window.map()
        self._context = self._window.create_gc(foreground=0, graphics_exposures=0)
        self._display.sync()

    def close(self) -> None:
        """The window goes with the connection."""
        self._display.close()

    def put(self, x: int, y: int, pixels: Pixels) -> None:
        """Pixels as they are."""
        for top in range(0, pixels.shape[0], STRIP):
            strip = np.ascontiguousarray(pixels[top : top + STRIP], dtype="<u4")
            self._window.put_image(
                self._context, x, y + top, strip.shape[1], strip.shape[0], X.ZPixmap, self._screen.root_depth, 0, strip.tobytes()
            )
        self._display.sync()

    def fill(self, x: int, y: int, w: int, h: int, colour: int) -> None:
        """One colour."""
        self._context.change(foreground=colour)
        self._window.fill_rectangle(self._context, x, y, w, h)
        self._display.sync()

    def scroll(self, rows: int) -> None:
        """Everything up; below stays what was there."""
        self._window.copy_area(self._context, self._window, 0, rows, self.width, self.height - rows, 0, 0)
        self._display.sync()

    def picture(self) -> bytes:
        """What the screen shows: red, green, blue."""
        image = self._screen.root.get_image(0, 0, self.width, self.height, X.ZPixmap, 0xFFFFFFFF)
        pixels = np.frombuffer(image.data, dtype=np.uint8).reshape(self.height, self.width, 4)
        return pixels[..., 2::-1].tobytes()


def text_like(width: int, height: int, colours: int = 2) -> Pixels:
    """A few colours in short runs on a ground."""
    values = np.random.default_rng(colours)
    palette = values.integers(0, 1 << 24, size=colours, dtype=np.uint32)
    cells = values.choice(palette, size=(height // 4 + 1, width // 2 + 1), p=[0.7, *[0.3 / (colours - 1)] * (colours - 1)])
    return np.asarray(np.kron(cells, np.ones((4, 2), dtype=np.uint32))[:height, :width], dtype=np.uint32)


def photo_like(width: int, height: int) -> Pixels:
    """Soft, with grain."""
    values = np.random.default_rng(7)
    rows, columns = np.mgrid[0:height, 0:width]
    layers = [(rows * a + columns * b + values.integers(0, 6, size=(height, width))) % 256 for a, b in ((2, 1), (1, 2), (1, 1))]
    return np.asarray(layers[0] << 16 | layers[1] << 8 | layers[2], dtype=np.uint32)
