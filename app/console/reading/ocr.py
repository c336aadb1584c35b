"""Reads any other picture of text by tesseract, a program of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

import numpy

from app.console.reading.grid import Pixels
from app.errors import Failed, Unsupported
from app.i18n import _

Grey = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]

LARGER = 3
"""Screens have 96 dots an inch, and tesseract was taught with 300."""

MOST_PIXELS = 24_000_000
"""Of the enlarged picture."""

LIMIT_S = 60.0
LANGUAGES = ("eng", "rus", "deu", "fra", "spa")
"""Those of these which are installed are looked for together."""


def program() -> str:
    """Where tesseract is; empty if it is not installed."""
    return shutil.which("tesseract") or ""


def read(pixels: Pixels) -> str:
    """The text in the picture.  Worker thread: takes seconds.  Raises Unsupported without tesseract, Failed if it fails."""
    tesseract = program()
    if not tesseract:
        raise Unsupported(
            _("The text cannot be read."),
            why=_("It is not written in a text console's font, and tesseract, which reads others, is not installed."),
            next_step=_("Install the package tesseract-ocr (Fedora and Arch: tesseract), then try again."),
        )
    image = prepared(pixels)
    head = f"P5 {image.shape[1]} {image.shape[0]} 255\n".encode()
    command = [tesseract, "stdin", "stdout", "--dpi", "300", "--psm", "6", "-l", _languages(tesseract)]
    return _run(command, head + image.tobytes()).strip()


def prepared(pixels: Pixels) -> Grey:
    """Grey, enlarged, dark on light."""
    channels = [(pixels >> shift & 0xFF).astype(numpy.float32) for shift in (16, 8, 0)]
    grey = 0.299 * channels[0] + 0.587 * channels[1] + 0.114 * channels[2]
    if grey.mean() < 128:
        grey = 255 - grey
    factor = LARGER if grey.size * LARGER**2 <= MOST_PIXELS else 1
    large: Grey = _enlarged(grey, factor).astype(numpy.uint8)
    return large


def _enlarged(grey: Any, factor: int) -> Any:
    """Smoothly, row by row and column by column."""
    for axis in (0, 1):
        side = grey.shape[axis]
        at = (numpy.arange(side * factor) + 0.5) / factor - 0.5
        low = numpy.clip(numpy.floor(at).astype(int), 0, side - 1)
        high = numpy.minimum(low + 1, side - 1)
        share = numpy.clip(at - low, 0, 1)
        share = share[:, None] if axis == 0 else share[None, :]
        grey = grey.take(low, axis) * (1 - share) + grey.take(high, axis) * share
    return grey


def _languages(tesseract: str) -> str:
    listed = _run([tesseract, "--list-langs"], b"").split()
    return "+".join(name for name in LANGUAGES if name in listed) or "eng"


def _run(command: list[str], data: bytes) -> str:
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LIMIT_S, check=False, env=_environment())
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise _failed(str(problem)) from problem
    if done.returncode:
        raise _failed(done.stderr.decode(errors="replace"))
    return done.stdout.decode(errors="replace")


def _environment() -> dict[str, str]:
    """One thread: with several tesseract is slower on small pictures, and the machine has other work."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1"}


def _failed(raw: str) -> Failed:
    return Failed(
        _("The text cannot be read."), why=_("The program tesseract failed."),
        next_step=_("Mark a smaller part of the screen, or look at the details."), raw=raw[:4000],
    )  # fmt: skip
