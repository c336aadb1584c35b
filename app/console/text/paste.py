"""Text that is pasted: what is asked before, and how it is sent.  Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.console.text.modes import Modes

MOST = 1024 * 1024
"""Characters; more is no text for a console."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Paste:
    """lines: how many are in it.  controls: whether it has control characters, which may do what keys do.  too_long: refused."""

    text: str
    lines: int
    controls: bool
    too_long: bool

    def asks(self, modes: Modes) -> bool:
        """Whether the user is asked first: a shell runs each line at once, unless it has asked to be told of pastes."""
        return self.controls or (self.lines > 1 and not modes.bracketed_paste)


def look_at(text: str) -> Paste:
    """What there is to know before it is sent."""
    lines = len(text.rstrip("\r\n").splitlines()) + (1 if text.endswith(("\r", "\n")) else 0)
    return Paste(text, lines, bool(_CONTROL.search(text)), len(text) > MOST)


def pasted(paste: Paste, modes: Modes, *, controls: bool = False) -> bytes:
    """What is sent.  controls: with control characters; never with one that ends the guest's bracket around it."""
    text = paste.text if controls else _CONTROL.sub("", paste.text)
    text = text.replace("\r\n", "\r").replace("\n", "\r")
    data = text.encode("utf-8", "ignore")
    if not modes.bracketed_paste:
        return data
    # Shown and not removed: what is left around it could make another one.
    return b"\x1b[200~" + data.replace(b"\x1b[201~", b"^[[201~") + b"\x1b[201~"


def shown(text: str, most: int = 12) -> list[str]:
    """The first lines, with control characters made visible."""
    lines = text.splitlines()[:most]
    return ["".join(char if unicodedata.category(char)[0] != "C" else "�" for char in line)[:120] for line in lines]
