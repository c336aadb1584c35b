"""Where decoders draw: the framebuffer's memory, as rows of bytes or as a numpy array.

numpy is imported with the first decoder that needs it: a local console (raw) never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.console.framebuffer import Framebuffer, Rect

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint32]


class Canvas:
    """Draws into one framebuffer; every rectangle given to it lies within (the session checks)."""

    def __init__(self, framebuffer: Framebuffer) -> None:
        self.framebuffer = framebuffer
        self.width = framebuffer.width
        self.height = framebuffer.height
        self._bytes = memoryview(framebuffer.pixels)
        self._array: Pixels | None = None

    def area(self, rect: Rect) -> Pixels:
        """The rectangle as a view ``[row, column]`` of 32-bit pixels; writing to it draws."""
        if self._array is None:
            self._array = self._as_array()
        return self._array[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w]

    def row(self, rect: Rect, index: int) -> memoryview:
        """The bytes of one row of the rectangle."""
        start = (rect.y + index) * self.framebuffer.stride + rect.x * 4
        return self._bytes[start : start + rect.w * 4]

    def contiguous(self, rect: Rect) -> memoryview | None:
        """All bytes of the rectangle if its rows follow each other in memory, else None."""
        if rect.w * 4 != self.framebuffer.stride:
            return None
        start = rect.y * self.framebuffer.stride
        return self._bytes[start : start + rect.h * self.framebuffer.stride]

    def put(self, rect: Rect, data: memoryview) -> None:
        """Copies ``w*h*4`` bytes of our own pixel format."""
        target = self.contiguous(rect)
        if target is not None:
            target[:] = data
            return
        size = rect.w * 4
        for index in range(rect.h):
            self.row(rect, index)[:] = data[index * size : (index + 1) * size]

    def copy(self, source_x: int, source_y: int, rect: Rect) -> None:
        """Moves pixels within the screen; source and target may overlap."""
        size, stride = rect.w * 4, self.framebuffer.stride
        down = rect.y > source_y
        for index in range(rect.h - 1, -1, -1) if down else range(rect.h):
            start = (source_y + index) * stride + source_x * 4
            data = self._bytes[start : start + size]
            self.row(rect, index)[:] = data if rect.y != source_y else bytes(data)

    def _as_array(self) -> Pixels:
        import numpy as np  # noqa: PLC0415 - see the module's text

        flat = np.frombuffer(self.framebuffer.pixels, dtype="<u4", count=self.framebuffer.stride * self.height // 4)
        return flat.reshape(self.height, self.framebuffer.stride // 4)
