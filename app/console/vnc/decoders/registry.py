"""Which encodings are offered, best first, and who decodes them.

A decoder in another language plugs in here: one row, and only where it can be loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from app.console.vnc.decoders.base import Decoder
from app.console.vnc.native.library import library
from app.console.vnc.protocol import COMPRESS_LEVEL_0, JPEG_QUALITY_0, Encoding

MODULES: dict[int, tuple[str, str]] = {
    Encoding.RAW: ("raw", "RawDecoder"),
    Encoding.COPYRECT: ("copyrect", "CopyRectDecoder"),
    Encoding.HEXTILE: ("hextile", "HextileDecoder"),
    Encoding.ZLIB: ("zlib_raw", "ZlibDecoder"),
    Encoding.TIGHT: ("tight", "TightDecoder"),
    Encoding.ZRLE: ("zrle", "ZrleDecoder"),
    Encoding.TIGHT_PNG: ("tight_png", "TightPngDecoder"),
}

LOCAL = (Encoding.RAW, Encoding.COPYRECT)
"""Memory speed beats any compression when the server is on this machine (measured: docs/performance.md)."""

REMOTE = (
    Encoding.TIGHT,
    Encoding.ZRLE,
    Encoding.ZLIB,
    Encoding.TIGHT_PNG,
    Encoding.COPYRECT,
    Encoding.TRLE,
    Encoding.HEXTILE,
    Encoding.RAW,
)

ONLY_FAST = (Encoding.TRLE,)
"""Decoded by the library in C alone."""

PSEUDO = (
    Encoding.LAST_RECT,
    Encoding.DESKTOP_SIZE,
    Encoding.EXTENDED_DESKTOP_SIZE,
    Encoding.DESKTOP_NAME,
    Encoding.ALPHA_CURSOR,
    Encoding.CURSOR,
    Encoding.QEMU_EXTENDED_KEY,
    Encoding.QEMU_POINTER_MOTION,
    Encoding.QEMU_LED_STATE,
    Encoding.QEMU_AUDIO,
    Encoding.EXTENDED_CLIPBOARD,
    Encoding.FENCE,
    Encoding.CONTINUOUS_UPDATES,
)

JPEG_QUALITY = 8
COMPRESS_LEVEL = 2


def offered(*, local: bool, only: tuple[int, ...] = ()) -> list[int]:
    """What to put into SetEncodings; ``only`` replaces the choice of pixel encodings (tests, benchmarks)."""
    chosen: list[int] = list(only or (LOCAL if local else REMOTE))
    if library() is None:
        chosen = [encoding for encoding in chosen if encoding not in ONLY_FAST]
    if Encoding.TIGHT_PNG in chosen and not png_available():
        chosen.remove(Encoding.TIGHT_PNG)
    if Encoding.TIGHT in chosen or Encoding.TIGHT_PNG in chosen:
        chosen.append(COMPRESS_LEVEL_0 + COMPRESS_LEVEL)
        if jpeg_available():
            chosen.append(JPEG_QUALITY_0 + JPEG_QUALITY)
    return [*chosen, *PSEUDO]


def jpeg_available() -> bool:
    """Without the library we do not say a quality, and servers then send no JPEG."""
    from app.console.vnc.decoders.jpeg import library  # noqa: PLC0415 - loads a shared library

    return library() is not None


def png_available() -> bool:
    """Without the library TightPNG is not offered."""
    from app.console.vnc.decoders.png import library as png_library  # noqa: PLC0415 - loads a shared library

    return png_library() is not None


class Decoders:
    """The decoders of one connection, made when first used."""

    def __init__(self) -> None:
        self._made: dict[int, Decoder] = {}

    def get(self, encoding: int) -> Decoder | None:
        """None for an encoding that we do not know."""
        if encoding not in self._made:
            if encoding not in MODULES:
                return None
            module, name = MODULES[encoding]
            make: Callable[[], Decoder] = getattr(import_module(f"app.console.vnc.decoders.{module}"), name)
            self._made[encoding] = make()
        return self._made[encoding]
