"""JPEG by libturbojpeg (libjpeg-turbo), decoded straight into the screen's memory.

Through ctypes on purpose: TurboJPEG's C interface (version 2.0 on) is small and stable across releases, it takes a row
pitch, so that no intermediate picture is needed, and ctypes lets other Python threads run meanwhile.  Without the library no
JPEG is asked for.
"""

from __future__ import annotations

import ctypes
from ctypes.util import find_library
from functools import cache

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas

TJPF_BGRX = 3
FAST_DCT = 2048
MAX_JPEG = (1 << 22) - 1
"""Tight's compact length has 22 bits."""


@cache
def library() -> ctypes.CDLL | None:
    """The library, or None where it is not installed."""
    for name in ("libturbojpeg.so.0", find_library("turbojpeg")):
        try:
            lib = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if lib is not None:
            return _declared(lib)
    return None


def _declared(lib: ctypes.CDLL) -> ctypes.CDLL:
    pointer, number = ctypes.c_void_p, ctypes.c_int
    int_out = ctypes.POINTER(ctypes.c_int)
    lib.tjInitDecompress.restype = pointer
    lib.tjInitDecompress.argtypes = ()
    lib.tjDestroy.argtypes = (pointer,)
    lib.tjDecompressHeader3.argtypes = (pointer, pointer, ctypes.c_ulong, int_out, int_out, int_out, int_out)
    lib.tjDecompress2.argtypes = (pointer, pointer, ctypes.c_ulong, pointer, number, number, number, number, number)
    lib.tjGetErrorStr2.argtypes = (pointer,)
    lib.tjGetErrorStr2.restype = ctypes.c_char_p
    lib.tjGetErrorCode.argtypes = (pointer,)
    return lib


class JpegDecoder:
    """One decompressor; the console's thread only."""

    def __init__(self) -> None:
        lib = library()
        if lib is None:
            raise problems.garbage("JPEG, which was not offered")
        self._lib = lib
        self._handle = lib.tjInitDecompress()

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self._lib.tjDestroy(self._handle)

    def addresses(self) -> tuple[int | None, ...]:
        """The decompressor and the functions of it that the decoders in C call (``hl_jpeg`` in native/decoders.h)."""
        functions = (self._lib.tjDecompressHeader3, self._lib.tjDecompress2, self._lib.tjGetErrorCode)
        return (self._handle, *(ctypes.cast(function, ctypes.c_void_p).value for function in functions))

    def draw(self, data: bytes | bytearray, canvas: Canvas, rect: Rect) -> None:
        """The picture must have exactly the rectangle's size, which is checked before a pixel is written."""
        source = (ctypes.c_char * len(data)).from_buffer_copy(data) if isinstance(data, bytes) else _view(data)
        if self._size(source, len(data)) != (rect.w, rect.h):
            raise problems.garbage("JPEG of another size than its rectangle")
        framebuffer = canvas.framebuffer
        target = (ctypes.c_char * len(framebuffer.pixels)).from_buffer(framebuffer.pixels)
        start = ctypes.addressof(target) + rect.y * framebuffer.stride + rect.x * 4
        failed = self._lib.tjDecompress2(
            self._handle, source, len(data), start, rect.w, framebuffer.stride, rect.h, TJPF_BGRX, FAST_DCT
        )
        # Code 0 is a warning (a picture cut short): what there was has been drawn.
        if failed and self._lib.tjGetErrorCode(self._handle) != 0:
            raise problems.garbage(f"JPEG: {self._lib.tjGetErrorStr2(self._handle)!r}")

    def _size(self, source: ctypes.Array[ctypes.c_char], length: int) -> tuple[int, int]:
        width, height, sampling, colours = (ctypes.c_int() for _ in range(4))
        failed = self._lib.tjDecompressHeader3(self._handle, source, length, width, height, sampling, colours)
        return (0, 0) if failed else (width.value, height.value)


def _view(data: bytearray) -> ctypes.Array[ctypes.c_char]:
    return (ctypes.c_char * len(data)).from_buffer(data)
