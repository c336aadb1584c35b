"""Text from pictures of screens: drawn here with the same fonts, cell by cell, and by hand-made console fonts."""

from __future__ import annotations

import gzip
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.framebuffer import Rect
from app.console.reading import grid, ocr, psf, reader
from app.console.reading.font import Font
from app.console.reading.vga import CP437, vga_fonts
from app.errors import Unsupported

FONTS = {(font.width, font.height): font for font in vga_fonts()}
LINES = ["GNU GRUB  version 2.06", "", "  Debian GNU/Linux | kernel 6.1 <~> MTVWXYZ", "│ ─ ┌ é ñ ß ░ root@box:~# _"]


def draw(lines: list[str], font: Font, *, ink: int = 0xAAAAAA, paper: int = 0, size: tuple[int, int] = (80, 25)) -> Any:
    """A screen of ``size`` cells."""
    pictures = {name: picture for picture, name in reversed(font.pictures.items())}
    screen = numpy.full((size[1] * font.height, size[0] * font.width), paper, numpy.uint32)
    for row, line in enumerate(lines):
        for column, name in enumerate(line):
            bits = numpy.unpackbits(numpy.frombuffer(pictures[name], numpy.uint8)).reshape(font.height, -1)[:, : font.seen_width]
            y, x = row * font.height, column * font.width
            screen[y : y + font.height, x : x + font.seen_width] = numpy.where(bits, ink, paper)
    return screen


def whole(screen: Any) -> Rect:
    return Rect(0, 0, screen.shape[1], screen.shape[0])


def as_picture(screen: Any) -> reader.Picture:
    return reader.Picture((screen | 0xFF000000).astype(numpy.uint32).tobytes(), screen.shape[1], screen.shape[0], screen.shape[1] * 4)


@pytest.mark.parametrize("cell", FONTS)
def test_every_line_is_read_as_it_stands(cell: tuple[int, int]) -> None:
    screen = draw(LINES, FONTS[cell])
    found = reader.read(as_picture(screen), whole(screen))
    assert found.exact and not found.unknown
    assert found.text.split("\n") == [line.rstrip() for line in LINES]


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=CP437[1:255], min_size=4, max_size=60).filter(lambda text: len(text.replace(" ", "")) >= 3))
def test_any_text_in_any_colours(text: str) -> None:
    font = FONTS[9, 16]
    screen = draw([text], font, ink=0x102030, paper=0xFFEE00)
    reading = grid.read_with(screen, whole(screen), font)
    # A full block is a cell of one colour, which cannot be told from a blank.
    expected = text.replace("█", " ").rstrip()
    assert reading.text == expected.strip("\n") or not expected


def test_only_what_is_marked_is_read_by_the_middle_of_cells() -> None:
    font = FONTS[8, 16]
    screen = draw(LINES, font)
    area = Rect(2 * 8 - 3, 2 * 16 - 5, 6 * 8, 16)
    assert grid.read_with(screen, area, font).text == "Debian"


def test_the_cursor_and_inverted_text_do_not_disturb() -> None:
    font = FONTS[9, 16]
    screen = draw(["prompt> x"], font)
    screen[14:16, 8 * 9 : 8 * 9 + 8] = 0xAAAAAA
    screen[16:32] = draw(["a menu"], font, ink=0, paper=0xAAAAAA)[:16]
    assert grid.read_with(screen, whole(screen), font).text == "prompt> x\na menu"


def test_a_character_of_another_font_is_named_and_a_photograph_is_not_read() -> None:
    font = FONTS[8, 16]
    screen = draw(["all but one letter here"], font)
    screen[0:16, 0:8] = numpy.random.default_rng(1).integers(0, 2, (16, 8)) * 0xAAAAAA
    reading = grid.read(screen, whole(screen), [font])
    assert reading is not None and reading.unknown == 1 and reading.text[0] == grid.UNKNOWN
    photograph = numpy.random.default_rng(2).integers(0, 1 << 24, (400, 720)).astype(numpy.uint32)
    assert grid.read(photograph, whole(photograph), vga_fonts()) is None


@pytest.mark.parametrize("area", [Rect(0, 0, 1, 1), Rect(5000, 5000, 10, 10), Rect(-50, -50, 20, 20), Rect(700, 390, 500, 500)])
def test_marks_at_and_beyond_the_edge(area: Rect) -> None:
    screen = draw(LINES, FONTS[9, 16])
    assert grid.read(screen, area, vga_fonts()) is None


# fonts of this computer


def psf1(pictures: list[bytes], names: list[str]) -> bytes:
    table = b"".join(name.encode("utf-16-le") + b"\xff\xff" for name in names)
    return psf.MAGIC_1 + bytes([2, 16]) + b"".join(pictures).ljust(256 * 16, b"\0") + table


def psf2(pictures: list[bytes], names: list[str], width: int, height: int) -> bytes:
    head = psf.MAGIC_2 + struct.pack("<7I", 0, 32, 1, len(pictures), len(pictures[0]), height, width)
    return head + b"".join(pictures) + b"".join(name.encode() + b"\xff" for name in names)


def test_console_fonts_of_both_versions(tmp_path: Path) -> None:
    rng = numpy.random.default_rng(3)
    narrow, wide = rng.bytes(16), bytes(byte & 0xF0 if at % 2 else byte for at, byte in enumerate(rng.bytes(44)))
    (tmp_path / "one.psf").write_bytes(psf1([narrow], ["Ж"]))
    (tmp_path / "two.psfu.gz").write_bytes(gzip.compress(psf2([wide], ["Щ"], 12, 22)))
    (tmp_path / "none.psf").write_bytes(b"\x72\xb5\x4a\x86" + b"\xff" * 40)
    (tmp_path / "cut.psf.gz").write_bytes(gzip.compress(b"x" * 1000)[:40])
    fonts = list(psf.installed_fonts((tmp_path, tmp_path / "missing")))
    assert [(font.width, font.height, font.pictures) for font in fonts] == [(8, 16, {narrow: "Ж"}), (12, 22, {wide: "Щ"})]
    screen = draw(["ЩЩЩЩ"], fonts[1], size=(20, 5))
    assert grid.read_with(screen, whole(screen), fonts[1]).text == "ЩЩЩЩ"


def test_the_font_that_knows_everything_wins_over_one_that_knows_most() -> None:
    usual = FONTS[8, 16]
    other = dict(usual.pictures)
    (shape,) = (shape for shape, name in usual.pictures.items() if name == "e")
    del other[shape]
    own = Font(8, 16, other | {bytes([*shape[:-1], 1]): "e"})
    screen = draw(["systemd started everything it was told"], own)
    partly = grid.read(screen, whole(screen), [usual])
    assert partly is None or partly.unknown
    found = grid.read(screen, whole(screen), [usual, own])
    assert found is not None and (found.text, found.unknown) == ("systemd started everything it was told", 0)


@given(st.binary(max_size=200))
def test_hostile_fonts_end_in_an_error_or_in_nothing(data: bytes) -> None:
    for magic in (psf.MAGIC_1, psf.MAGIC_2):
        try:
            psf.parse(magic + data)
        except (ValueError, struct.error, IndexError):
            continue


# everything else


def test_without_tesseract_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "program", lambda: "")
    with pytest.raises(Unsupported) as caught:
        ocr.read(numpy.zeros((30, 30), numpy.uint32))
    assert "tesseract" in caught.value.next_step


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_other_fonts_are_read_by_tesseract() -> None:
    screen = draw(["WARNING disk is almost full", "second line of text"], FONTS[8, 16], ink=0xE0E0E0, paper=0x102040, size=(40, 4))
    # Shifted off the grid, as text in a window is.
    shifted = numpy.full((screen.shape[0] + 21, screen.shape[1] + 13), 0x102040, numpy.uint32)
    shifted[11 : 11 + screen.shape[0], 5 : 5 + screen.shape[1]] = screen
    found = reader.read(as_picture(shifted), whole(shifted))
    assert not found.exact
    assert "almost full" in found.text and "second line" in found.text
