"""PNG by libpng, decoded straight into the screen's memory.

Through ctypes, as with JPEG: libpng's "simplified API" (1.6 on) is four functions and one structure, made to stay the same, and
takes a row pitch.  The library is there wherever Qt draws text: fontconfig's FreeType needs it.
"""

from __future__ import annotations

import ctypes
from ctypes.util import find_library
from functools import cache

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas

BGRA = 0x13
VERSION = 1
MAX_PNG = (1 << 22) - 1
"""Tight's compact length has 22 bits."""


class Image(ctypes.Structure):
    """``png_image`` of png.h."""

    _fields_ = (
        ("opaque", ctypes.c_void_p), ("version", ctypes.c_uint32), ("width", ctypes.c_uint32), ("height", ctypes.c_uint32),
        ("format", ctypes.c_uint32), ("flags", ctypes.c_uint32), ("colormap_entries", ctypes.c_uint32),
        ("warning_or_error", ctypes.c_uint32), ("message", ctypes.c_char * 64),
    )  # fmt: skip


@cache
def library() -> ctypes.CDLL | None:
    """The library, or None where it is not installed."""
    for name in ("libpng16.so.16", find_library("png16")):
        try:
            lib = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if lib is not None:
            return _declared(lib)
    return None


def _declared(lib: ctypes.CDLL) -> ctypes.CDLL:
    pointer, image = ctypes.c_void_p, ctypes.POINTER(Image)
    lib.png_image_begin_read_from_memory.argtypes = (image, ctypes.c_char_p, ctypes.c_size_t)
    lib.png_image_finish_read.argtypes = (image, pointer, pointer, ctypes.c_int32, pointer)
    lib.png_image_free.argtypes = (image,)
    lib.png_image_free.restype = None
    return lib


def draw(data: bytes, canvas: Canvas, rect: Rect) -> None:
    """The picture must have exactly the rectangle's size, which is checked before a pixel is written."""
    lib = library()
    if lib is None:
        raise problems.garbage("PNG, which was not offered")
    image = Image(version=VERSION)
    try:
        if not lib.png_image_begin_read_from_memory(image, data, len(data)):
            raise problems.garbage(f"PNG: {image.message!r}")
        if (image.width, image.height) != (rect.w, rect.h):
            raise problems.garbage("PNG of another size than its rectangle")
        image.format = BGRA
        _finish(lib, image, canvas, rect)
    finally:
        lib.png_image_free(image)


def _finish(lib: ctypes.CDLL, image: Image, canvas: Canvas, rect: Rect) -> None:
    framebuffer = canvas.framebuffer
    target = (ctypes.c_char * len(framebuffer.pixels)).from_buffer(framebuffer.pixels)
    start = ctypes.addressof(target) + rect.y * framebuffer.stride + rect.x * 4
    if not lib.png_image_finish_read(image, None, start, framebuffer.stride, None):
        raise problems.garbage(f"PNG: {image.message!r}")
