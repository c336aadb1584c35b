"""Fuzz of the VNC client: ``python -m tests.fuzz.vnc --minutes 10``.

Honest sessions in every encoding are mutated (bits, lengths, pieces left out, repeated or swapped) and played, also to the
handshake.  What must hold: it ends, in a HostelryError; it never takes more memory than the screen's bound allows.
Unit tests run a short one (tests/unit/console/test_fuzz.py); what fails is written to ``--keep`` and printed.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import struct
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from app.console.vnc.clipboard import Flag, extended, packed
from app.console.vnc.protocol import Encoding
from app.errors import HostelryError
from tests.fuzz import encoders
from tests.fuzz.servers import NO_SECURITY, VERSION, play, raw, rectangle, server_init, update
from tests.fuzz.visits import play_handshake, secured_handshakes

WIDTH, HEIGHT = 96, 80
HANG_S = 20.0
MEMORY = 3 * 256 * 1024 * 1024
"""Two framebuffers of the largest size that is accepted, and as much again."""

INTERESTING = (
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff",
    b"\x7f\xff",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x00\x00\x00\x00",
)


def honest(seed: int = 1) -> list[bytes]:
    """Update messages, one encoding each, and all in a row."""
    values = np.random.default_rng(seed)
    few = values.choice(np.array([0, 0xFFFFFF, 0x3050A0, 0x112233], dtype=np.uint32), size=(HEIGHT, WIDTH))
    few[:40] = 0x202020
    many = values.integers(0, 1 << 24, size=(HEIGHT, WIDTH), dtype=np.uint32)
    alone = [
        _rect(encoding, encode(picture)) for picture in (few, many) for encoding, encode in _ways(lambda _name: encoders.Stream())
    ]
    streams = {name: encoders.Stream() for name in ("zlib", "copy", "palette", "gradient", "zrle")}
    joined = [_rect(encoding, encode(picture)) for picture in (few, many) for encoding, encode in _ways(streams.__getitem__)]
    news = [
        rectangle(1, 1, 8, 8, Encoding.CURSOR, bytes(8 * 8 * 4 + 8)), rectangle(1, 1, 4, 4, Encoding.ALPHA_CURSOR, bytes(4 + 64)),
        rectangle(0, 0, 120, 70, Encoding.DESKTOP_SIZE), raw(0, 0, 96, 70, b"abcd"),
        rectangle(0, 0, WIDTH, HEIGHT, Encoding.EXTENDED_DESKTOP_SIZE, b"\1\0\0\0" + bytes(16)),
        rectangle(0, 0, 0, 0, Encoding.DESKTOP_NAME, b"\0\0\0\3abc"), rectangle(2, 2, 30, 30, Encoding.COPYRECT, b"\0\5\0\6"),
    ]  # fmt: skip
    flow = [b"\x96", struct.pack(">B3xIB", 248, 1 << 31 | 3, 4) + b"abcd"]
    rest = [update(*news), *flow, b"\x02", b"\x03\0\0\0\0\0\0\4text", b"\1\0\0\0\0\1" + bytes(6), *extended_clipboard(), sound()]
    return [*map(update, alone), *rest, b"".join([*map(update, joined), *rest])]


def extended_clipboard() -> list[bytes]:
    """What the server can, that it has something, its question for ours, and a text."""
    flags = Flag.CAPS | Flag.TEXT | Flag.NOTIFY | Flag.REQUEST | Flag.PROVIDE | Flag.PEEK
    said = [(flags, b"\0\0\x10\0"), (Flag.NOTIFY | Flag.TEXT, b""), (Flag.REQUEST | Flag.TEXT, b""), (Flag.PEEK, b""),
            (Flag.PROVIDE | Flag.TEXT, packed("Grüße, мир"))]  # fmt: skip
    return [b"\3" + extended(number, data)[1:] for number, data in said]


def sound() -> bytes:
    """It begins, two pieces, it ends."""
    piece = b"\xff\1\0\2\0\0\0\x08" + bytes(8)
    return b"\xff\1\0\1" + piece + piece + b"\xff\1\0\0"


def _rect(encoding: int, data: bytes) -> bytes:
    return rectangle(0, 0, WIDTH, HEIGHT, encoding, data)


def _ways(stream: Callable[[str], encoders.Stream]) -> list[tuple[int, Callable[[encoders.Picture], bytes]]]:
    kinds = ("raw", "packed", "runs", "palette runs")
    return [
        (Encoding.RAW, encoders.as_raw), (Encoding.ZLIB, lambda p: encoders.zlib_raw(p, stream("zlib"))),
        (Encoding.HEXTILE, encoders.hextile), (Encoding.TIGHT, lambda p: encoders.tight_copy(p, stream("copy"))),
        (Encoding.TIGHT, lambda p: encoders.tight_palette((p & 0x30).astype(np.uint32), stream("palette"))),
        (Encoding.TIGHT, lambda p: encoders.tight_gradient(p, stream("gradient"))), (Encoding.TIGHT, encoders.tight_fill),
        (Encoding.TIGHT_PNG, encoders.tight_fill), (Encoding.TIGHT_PNG, lambda p: encoders.tight_png(png(p))),
        *((Encoding.ZRLE, lambda p, kind=kind: encoders.zrle(p, stream("zrle"), kind)) for kind in kinds),
    ]  # fmt: skip


def png(picture: encoders.Picture) -> bytes:
    """The simplest that there is: no filter, one chunk (PNG specification, 5 and 9)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = picture.shape
    rows = b"".join(b"\0" + encoders.as_rgb(picture[y : y + 1]) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def mutated(data: bytes, source: random.Random) -> bytes:
    """A few changes; most near the start, where lengths and kinds are."""
    out = bytearray(data)
    for _ in range(source.randint(1, 6)):
        at = int(len(out) * source.random() ** source.choice((1, 3, 6))) if out else 0
        kind = source.randrange(6)
        if kind == 0 and out:
            out[min(at, len(out) - 1)] ^= 1 << source.randrange(8)
        elif kind == 1:
            piece = source.choice(INTERESTING)
            out[at : at + len(piece)] = piece
        elif kind == 2:
            del out[at : at + source.choice((1, 2, 4, 100))]
        elif kind == 3:
            out[at:at] = out[at : at + source.choice((1, 12, 64))]
        elif kind == 4:
            out[at:at] = source.randbytes(source.choice((1, 4, 40)))
        else:
            del out[max(1, at) :]
    return bytes(out)


def run_one(data: bytes, step: int = 1 << 30) -> None:
    """A session, and the same bytes as a handshake's rest; anything but a HostelryError comes out."""
    error = play(data, WIDTH, HEIGHT, step).error
    assert isinstance(error, HostelryError)
    assert error.what and error.next_step


def run_handshake(data: bytes) -> None:
    """From the first byte."""
    play_handshake(data)


HANDSHAKES = (
    VERSION + NO_SECURITY + server_init(),
    VERSION + b"\x01\x02" + bytes(16) + b"\0\0\0\1\0\0\0\3bad",
    b"RFB 003.003\n\0\0\0\2" + bytes(16) + bytes(4) + server_init(),
)


def main() -> int:
    """Runs until the time is over; 1 if something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    options = parser.parse_args()
    source, corpus, greetings = random.Random(options.seed), honest(options.seed), (*HANDSHAKES, *secured_handshakes())
    tracemalloc.start()
    runs, end = 0, time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        data = mutated(source.choice(corpus), source)
        if _found(data, partial(run_one, data, source.choice((1 << 30, 1000, 7)))):
            _keep(options.keep, data)
            return 1
        greeting = mutated(source.choice(greetings), source)
        if _found(greeting, partial(run_handshake, greeting)):
            _keep(options.keep, greeting)
            return 1
        runs += 2
    print(f"{runs} sessions, seed {options.seed}: nothing found")
    return 0


def _found(data: bytes, run: Callable[[], None]) -> bool:
    faulthandler.dump_traceback_later(HANG_S, exit=True)
    tracemalloc.reset_peak()
    try:
        run()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        print(f"found: {error!r} with {data[:80]!r} ...", file=sys.stderr)
        return True
    finally:
        faulthandler.cancel_dump_traceback_later()
    peak = tracemalloc.get_traced_memory()[1]
    if peak > MEMORY:
        print(f"found: {peak >> 20} MiB taken", file=sys.stderr)
    return peak > MEMORY


def _keep(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{abs(hash(data)):016x}.bin"
    path.write_bytes(data)
    print(f"kept as {path}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
