"""Every encoding gives back the picture that was put in; the encoders are tests/fuzz/encoders.py."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.vnc.decoders.jpeg import library
from app.console.vnc.decoders.png import library as png_library
from app.console.vnc.protocol import Encoding
from tests.fuzz import encoders
from tests.fuzz.encoders import Picture, Stream
from tests.fuzz.servers import play, rectangle, update

pytestmark = pytest.mark.usefixtures("decoders")

Encode = Callable[[Picture, Stream], bytes]


def _zrle(kind: str) -> Encode:
    return lambda picture, stream: encoders.zrle(picture, stream, kind)


LOSSLESS: dict[str, tuple[int, Encode]] = {
    "zlib": (Encoding.ZLIB, encoders.zlib_raw),
    "hextile": (Encoding.HEXTILE, lambda picture, _stream: encoders.hextile(picture)),
    "tight copy": (Encoding.TIGHT, encoders.tight_copy),
    "tight palette": (Encoding.TIGHT, encoders.tight_palette),
    "tight gradient": (Encoding.TIGHT, encoders.tight_gradient),
    **{f"zrle {kind}": (Encoding.ZRLE, _zrle(kind))
       for kind in ("best", "raw", "packed", "runs", "palette runs")},
}  # fmt: skip


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Few colours in runs, as on screens, up to a bit more than one ZRLE tile."""
    width, height = draw(st.integers(1, 90)), draw(st.integers(1, 70))
    count = draw(st.sampled_from([1, 2, 3, 4, 5, 16, 17, 100, 200]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    palette = random.choice(1 << 24, size=count, replace=False)
    runs = random.integers(1, draw(st.sampled_from([2, 8, 700])), size=width * height)
    flat = np.repeat(palette[random.integers(0, count, size=len(runs))], runs)[: width * height]
    return flat.reshape(height, width).astype(np.uint32)


def shown(encoding: int, picture: Picture, *datas: bytes) -> Picture:
    """What is on the screen after these rectangles, one over the other at 3, 2."""
    height, width = picture.shape
    notes = play(b"".join(update(rectangle(3, 2, width, height, encoding, data)) for data in datas), 100, 80)
    assert len(notes.damage) == len(datas), notes.error and notes.error.raw
    screen: Picture = (np.frombuffer(notes.screen.pixels, dtype="<u4").reshape(80, 100) & 0xFFFFFF).astype(np.uint32)
    assert not screen[:2].any() and not screen[:, :3].any() and not screen[2 + height :].any()
    return screen[2 : 2 + height, 3 : 3 + width]


@pytest.mark.parametrize("way", LOSSLESS)
@settings(max_examples=40, deadline=None)
@given(picture=pictures())
def test_what_was_encoded_is_shown(way: str, picture: Picture) -> None:
    encoding, encode = LOSSLESS[way]
    stream = Stream()
    first = encode(np.zeros_like(picture), stream)
    assert np.array_equal(shown(encoding, picture, first, encode(picture, stream)), picture)


def test_tight_fill() -> None:
    picture = np.full((9, 7), 0x123456, dtype=np.uint32)
    assert np.array_equal(shown(Encoding.TIGHT, picture, encoders.tight_fill(picture)), picture)


def test_a_tight_stream_can_be_reset() -> None:
    picture = np.arange(200, dtype=np.uint32).reshape(10, 20)
    first, second = encoders.tight_copy(picture, Stream()), encoders.tight_copy(picture, Stream())
    again = bytes([second[0] | 1]) + second[1:]
    assert np.array_equal(shown(Encoding.TIGHT, picture, first, again), picture)


@pytest.mark.skipif(library() is None, reason="libturbojpeg is not installed, so JPEG is never asked for")
def test_tight_jpeg_is_close_to_the_original() -> None:
    rows, columns = np.mgrid[0:64, 0:80]
    picture = (rows * 3 << 16 | columns * 3 << 8 | 90).astype(np.uint32)
    drawn = shown(Encoding.TIGHT, picture, encoders.tight_jpeg(jpeg(picture)))
    wrong = np.abs(drawn.astype("<u4").view(np.uint8).astype(int) - picture.astype("<u4").view(np.uint8).astype(int))
    assert wrong.max() < 16


@pytest.mark.skipif(png_library() is None, reason="libpng is not installed, so TightPNG is never asked for")
def test_tight_png_is_the_original() -> None:
    rows, columns = np.mgrid[0:64, 0:80]
    picture = (rows * 3 << 16 | columns * 3 << 8 | 90).astype(np.uint32)
    assert np.array_equal(shown(Encoding.TIGHT_PNG, picture, encoders.tight_png(saved(picture, "PNG"))), picture)
    one = np.full((9, 7), 0x123456, dtype=np.uint32)
    assert np.array_equal(shown(Encoding.TIGHT_PNG, one, encoders.tight_fill(one)), one)


@pytest.mark.skipif(png_library() is None, reason="libpng is not installed, so TightPNG is never asked for")
def test_a_png_of_another_size_is_refused() -> None:
    picture = np.zeros((5, 5), dtype=np.uint32)
    notes = play(update(rectangle(0, 0, 4, 5, Encoding.TIGHT_PNG, encoders.tight_png(saved(picture, "PNG")))))
    assert notes.error is not None and "size" in str(notes.error.raw)


def jpeg(picture: Picture) -> bytes:
    """Good quality."""
    return saved(picture, "JPEG")


def saved(picture: Picture, form: str) -> bytes:
    """By Qt, which the program has anyway."""
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage

    data = encoders.as_raw(picture)
    image = QImage(data, picture.shape[1], picture.shape[0], picture.shape[1] * 4, QImage.Format.Format_RGB32)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form, 92)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
