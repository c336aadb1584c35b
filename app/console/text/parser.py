"""From bytes to what a terminal is told, after ECMA-48 and xterm: text, controls, escape and control sequences, strings.

The longest sequence and string that is kept is bounded; what is longer or malformed is dropped as xterm drops it.
"""

from __future__ import annotations

import codecs
import re
from typing import Protocol

_TOKEN = re.compile(
    "([ -~\xa0-\U0010ffff]+)"  # 1 text
    "|\x1b\\[([<-?]?)([0-;]*)([ -/]*)([@-~])"  # 2 to 5: a control sequence: mark, parameters, intermediates, final
    "|([\x00-\x1a\x1c-\x1f\x7f])"  # 6 control
    "|\x1b([\\]PX^_])"  # 7 a string begins
    "|\x1b([ -/]*)([0-Z`-~=>])"  # 8, 9 an escape sequence
    "|([\x80-\x9f])"  # 10 control characters of 8 bits mean nothing in UTF-8
)
_TEXT, _FINAL, _CONTROL, _STRING, _ESCAPE, _EIGHT_BITS = 1, 5, 6, 7, 9, 10

_BEGUN = re.compile("\x1b(?:[ -/]*|\\[[0-?]*[ -/]*)\\Z")
_INSIDE = re.compile("(\x1b(?:\\[[0-?]*)?[ -/]*)([\x00-\x17\x19\x1c-\x1f\x7f])")
_END = re.compile("\x07|\x1b\\\\|\x18|\x1a|\x9c|\x1b(?=.)", re.DOTALL)

LONGEST_SEQUENCE = 1024
LONGEST_STRING = 4096


class Handler(Protocol):
    """Who is told."""

    def text(self, text: str) -> None: ...
    def control(self, character: str) -> None: ...
    def escape(self, intermediates: str, final: str) -> None: ...
    def csi(self, mark: str, parameters: str, intermediates: str, final: str) -> None: ...
    def string(self, kind: str, content: str) -> None:
        """``kind``: "]" for OSC, "P" for DCS, "X", "^" and "_" for those that nobody uses."""


class Parser:
    """Keeps what is incomplete until the next bytes."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._string = ""
        self._content = ""

    def feed(self, data: bytes) -> None:
        """All that ``data`` completes is told."""
        text = self._rest + self._decoder.decode(data)
        self._rest = ""
        at = self._go_on_with_string(text, 0) if self._string else 0
        handler, match = self._handler, _TOKEN.match
        while at < len(text):
            found = match(text, at)
            if found is None:
                text, at = self._odd(text, at)
                continue
            at = found.end()
            kind = found.lastindex
            if kind == _TEXT:
                handler.text(found.group(1))
            elif kind == _CONTROL:
                handler.control(found.group(6))
            elif kind == _FINAL:
                handler.csi(*found.group(2, 3, 4, 5))
            elif kind == _ESCAPE:
                handler.escape(*found.group(8, 9))
            elif kind == _STRING:
                self._string, self._content = found.group(7), ""
                at = self._go_on_with_string(text, at)

    def reset(self) -> None:
        """Forgets what is incomplete."""
        self._rest = self._string = self._content = ""

    def _odd(self, text: str, at: int) -> tuple[str, int]:
        """An escape that begins no whole sequence: wait for the rest, obey a control character inside it, or drop it."""
        if _BEGUN.match(text, at):
            if len(text) - at <= LONGEST_SEQUENCE:
                self._rest = text[at:]
            return "", 0
        inside = _INSIDE.match(text, at)
        if inside is not None:
            self._handler.control(inside.group(2))
            return inside.group(1)[:LONGEST_SEQUENCE] + text[inside.end() :], 0
        after = re.compile("\x1b(?:\\[[0-?]*[ -/]*|[ -/]*)[\x18\x1a]?").match(text, at)
        return text, max(after.end(), at + 1) if after is not None else at + 1

    def _go_on_with_string(self, text: str, at: int) -> int:
        """Reads a string up to its end; gives where reading goes on."""
        found = _END.search(text, at)
        while found is not None and found.group() == "\x07" and self._string != "]":
            found = _END.search(text, found.end())
        if found is None:
            cut = len(text) - 1 if text.endswith("\x1b") and len(text) > at else len(text)
            self._keep(text[at:cut])
            self._rest = text[cut:]
            return len(text)
        self._keep(text[at : found.start()])
        kind, content = self._string, self._content
        self._string = self._content = ""
        if found.group() in ("\x07", "\x1b\\", "\x9c") and len(content) <= LONGEST_STRING:
            self._handler.string(kind, content)
        return found.start() if found.group() == "\x1b" else found.end()

    def _keep(self, more: str) -> None:
        """One character above the bound says that it was too long."""
        self._content = (self._content + more[: LONGEST_STRING + 1])[: LONGEST_STRING + 1]
