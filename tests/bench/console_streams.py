"""Recorded-like VNC sessions in full HD: scrolling text and changing photos, in each encoding.

Each frame is one FramebufferUpdate that replaces the whole screen, cut into rectangles as TigerVNC's server and QEMU do
(at most 65,536 pixels a Tight rectangle).  Encoded by tests/fuzz/encoders.py, always the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from app.console.vnc.protocol import Encoding
from tests.fuzz import encoders
from tests.fuzz.encoders import Picture
from tests.fuzz.servers import rectangle, update

WIDTH, HEIGHT = 1920, 1080
LINE = 18
DISTINCT = 12
"""Different pictures; they repeat, but zlib streams go on."""

COLOURS = ("#d0d0d0", "#7fb069", "#e6aa68", "#6ea4bf", "#d0d0d0")


def text_pictures() -> list[Picture]:
    """A terminal full of text in a few colours, one line further in each picture; no smoothing, as on a text console."""
    image = QImage(WIDTH, HEIGHT + DISTINCT * LINE, QImage.Format.Format_RGB32)
    image.fill(QColor("#101010"))
    painter = QPainter(image)
    font = QFont("monospace", 10)
    font.setStyleStrategy(QFont.StyleStrategy.NoAntialias)
    painter.setFont(font)
    words = np.random.default_rng(1)
    for number in range(image.height() // LINE):
        painter.setPen(QColor(COLOURS[number % len(COLOURS)]))
        text = " ".join("".join(chr(97 + int(c)) for c in words.integers(0, 26, size=words.integers(2, 10))) for _ in range(30))
        painter.drawText(8, (number + 1) * LINE - 4, f"{number:06d} {text}"[: int(words.integers(40, 230))])
    painter.end()
    whole = _pixels(image)
    return [whole[n * LINE : n * LINE + HEIGHT] for n in range(DISTINCT)]


def photo_pictures() -> list[Picture]:
    """Soft shapes with grain, each frame another place of a larger picture."""
    values = np.random.default_rng(2)
    rows, columns = np.mgrid[0 : HEIGHT + 8 * DISTINCT, 0 : WIDTH + 8 * DISTINCT].astype(np.float32)
    layers = []
    for phase in (0.0, 2.1, 4.2):
        wave = np.sin(rows / 90 + phase) + np.cos(columns / 130 - phase) + np.sin((rows + columns) / 50)
        layers.append((128 + 36 * wave + values.normal(0, 4, size=rows.shape)).clip(0, 255).astype(np.uint32))
    whole = layers[0] << 16 | layers[1] << 8 | layers[2]
    return [np.ascontiguousarray(whole[8 * n : 8 * n + HEIGHT, 8 * n : 8 * n + WIDTH]) for n in range(DISTINCT)]


def _pixels(image: QImage) -> Picture:
    pixels = np.frombuffer(image.constBits(), dtype="<u4").reshape(image.height(), image.width())
    return (pixels & 0xFFFFFF).astype(np.uint32)


def _bands(picture: Picture, encoding: int, encode: Callable[[Picture], bytes], height: int) -> bytes:
    parts = [
        rectangle(0, y, WIDTH, min(height, HEIGHT - y), encoding, encode(picture[y : y + height]))
        for y in range(0, HEIGHT, height)
    ]
    return update(*parts)


def _blocks(picture: Picture, encode: Callable[[Picture], bytes], side: int) -> bytes:
    parts = []
    for y in range(0, HEIGHT, side):
        for x in range(0, WIDTH, side):
            piece = picture[y : y + side, x : x + side]
            parts.append(rectangle(x, y, piece.shape[1], piece.shape[0], Encoding.TIGHT, encode(piece)))
    return update(*parts)


def jpeg(picture: Picture) -> bytes:
    """Quality 85, by Qt."""
    height, width = picture.shape
    image = QImage(encoders.as_raw(picture), width, height, width * 4, QImage.Format.Format_RGB32)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 85)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _stream(encoding: str, pictures: list[Picture]) -> Callable[[Picture], bytes]:
    stream = encoders.Stream()
    ways: dict[str, Callable[[Picture], bytes]] = {
        "raw": lambda p: _bands(p, Encoding.RAW, encoders.as_raw, HEIGHT),
        "zlib": lambda p: _bands(p, Encoding.ZLIB, lambda b: encoders.zlib_raw(b, stream), HEIGHT),
        "tight": lambda p: _bands(p, Encoding.TIGHT, lambda b: encoders.tight_palette(b, stream), 32),
        "tight-jpeg": lambda p: _blocks(p, lambda b: encoders.tight_jpeg(jpeg(b)), 256),
        "zrle": lambda p: _bands(p, Encoding.ZRLE, lambda b: encoders.zrle(b, stream, _tile_kind(pictures)), HEIGHT),
        "hextile": lambda p: _bands(p, Encoding.HEXTILE, encoders.hextile, HEIGHT),
    }
    return ways[encoding]


def _tile_kind(pictures: list[Picture]) -> str:
    """Text fits palettes, photos do not."""
    return "packed" if len(np.unique(pictures[0][:64, :640])) <= 16 else "raw"


SESSIONS: dict[str, tuple[str, Callable[[], list[Picture]]]] = {
    "raw, text": ("raw", text_pictures),
    "zlib, text": ("zlib", text_pictures),
    "Tight, text": ("tight", text_pictures),
    "Tight+JPEG, photos": ("tight-jpeg", photo_pictures),
    "ZRLE, text": ("zrle", text_pictures),
    "ZRLE, photos": ("zrle", photo_pictures),
    "hextile, text": ("hextile", text_pictures),
}

ENCODINGS = {"raw": Encoding.RAW, "zlib": Encoding.ZLIB, "tight": Encoding.TIGHT, "tight-jpeg": Encoding.TIGHT,
             "zrle": Encoding.ZRLE, "hextile": Encoding.HEXTILE}  # fmt: skip


def frames(session: str, count: int) -> Iterator[bytes]:
    """``count`` update messages."""
    encoding, make = SESSIONS[session]
    pictures = make()
    encode = _stream(encoding, pictures)
    stateless = encoding in ("raw", "tight-jpeg", "hextile")
    cache: dict[int, bytes] = {}
    for number in range(count):
        place = number % DISTINCT
        if not stateless or place not in cache:
            cache[place] = encode(pictures[place])
        yield cache[place]
