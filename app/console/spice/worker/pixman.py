"""Copies rectangles of pixels, by the library that SPICE's own one paints with: with the processor's widest instructions."""

from __future__ import annotations

import ctypes
from functools import lru_cache

X8R8G8B8, X1R5G5B5, R5G6B5 = 0x20020888, 0x10020555, 0x10020565
"""pixman_format_code_t: bits of a pixel, its kind, bits of alpha and the colours (pixman.h)."""

SOURCE = 1
"""PIXMAN_OP_SRC."""


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libpixman-1.so.0")
    create = library.pixman_image_create_bits
    create.restype = ctypes.c_void_p
    create.argtypes = [ctypes.c_uint32, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
    library.pixman_image_unref.argtypes = [ctypes.c_void_p]
    composite = library.pixman_image_composite32
    composite.restype = None
    composite.argtypes = (ctypes.c_int, *(ctypes.c_void_p,) * 3, *(ctypes.c_int32,) * 8)
    return library


class Image:
    """Pixels in memory of somebody else, who keeps it at least as long as copies are made."""

    def __init__(self, format_: int, width: int, height: int, address: int, stride: int) -> None:
        self.pointer = _library().pixman_image_create_bits(format_, width, height, address, stride)
        if not self.pointer:
            raise ValueError("pixels that cannot lie so")

    def __del__(self) -> None:
        if self.pointer:
            _library().pixman_image_unref(self.pointer)


def copy(source: Image, at: tuple[int, int], target: Image, to: tuple[int, int], size: tuple[int, int]) -> None:
    """One rectangle; what lies outside of either is left out."""
    _library().pixman_image_composite32(SOURCE, source.pointer, None, target.pointer, *at, 0, 0, *to, *size)
