"""Tags, attributes, values and comments in colours, line by line."""

from __future__ import annotations

import re
from enum import IntEnum

from PySide6.QtGui import QFont, QPalette, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ui.xml.colours import colours_of
from ui.xml.text_change import units


class Inside(IntEnum):
    """What a line ends in the middle of."""

    TEXT = -1
    COMMENT = 1
    TAG = 2
    DOUBLE = 3
    SINGLE = 4


_TAG = re.compile(r"</?[A-Za-z_][\w.:-]*|/?>")
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w.:-]*(?=\s*=)")
_CLOSE = re.compile(r"[/?]?>")
_QUOTES = {'"': Inside.DOUBLE, "'": Inside.SINGLE}
_CLOSERS = {Inside.DOUBLE: '"', Inside.SINGLE: "'", Inside.COMMENT: "-->"}


class XmlHighlighter(QSyntaxHighlighter):
    """Follows ``set_palette``.  A line is looked at once, so that a long document costs its changed lines only."""

    def __init__(self, document: QTextDocument, palette: QPalette) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_palette(palette, again=False)

    def set_palette(self, palette: QPalette, *, again: bool = True) -> None:
        """Takes new colours."""
        colours = colours_of(palette)
        for name in ("tag", "attribute", "value", "comment"):
            self._formats[name] = QTextCharFormat()
            self._formats[name].setForeground(getattr(colours, name))
        self._formats["tag"].setFontWeight(QFont.Weight.DemiBold)
        self._formats["comment"].setFontItalic(True)
        if again:
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        state = Inside(self.previousBlockState()) if self.previousBlockState() in set(Inside) else Inside.TEXT
        place = 0
        while place < len(text):
            state, place = self._step(text, place, state)
        self.setCurrentBlockState(state)

    def _colour(self, text: str, start: int, end: int, name: str) -> None:
        first = units(text, start)
        self.setFormat(first, units(text, end) - first, self._formats[name])

    def _step(self, text: str, place: int, state: Inside) -> tuple[Inside, int]:
        """Colours the next piece; what follows it, and from where."""
        if state in _CLOSERS:
            return self._rest(text, place, state)
        if state is Inside.TAG:
            return self._in_tag(text, place)
        begin = text.find("<", place)
        if begin < 0:
            return Inside.TEXT, len(text)
        if text.startswith("<!--", begin):
            return self._rest(text, begin, Inside.COMMENT)
        match = _TAG.match(text, begin)
        if match is None:
            return Inside.TEXT, begin + 1
        self._colour(text, begin, match.end(), "tag")
        return Inside.TAG, match.end()

    def _rest(self, text: str, place: int, state: Inside) -> tuple[Inside, int]:
        """A comment or a quoted value up to its end, which may be in a later line."""
        name = "comment" if state is Inside.COMMENT else "value"
        closer = _CLOSERS[state]
        end = text.find(closer, place)
        stop = len(text) if end < 0 else end + len(closer)
        self._colour(text, place, stop, name)
        if end < 0:
            return state, stop
        return (Inside.TEXT if state is Inside.COMMENT else Inside.TAG), stop

    def _in_tag(self, text: str, place: int) -> tuple[Inside, int]:
        if text[place] in _QUOTES:
            self._colour(text, place, place + 1, "value")
            return _QUOTES[text[place]], place + 1
        if close := _CLOSE.match(text, place):
            self._colour(text, place, close.end(), "tag")
            return Inside.TEXT, close.end()
        if text[place] == "<":
            return Inside.TEXT, place
        if name := _ATTRIBUTE.match(text, place):
            self._colour(text, place, name.end(), "attribute")
            return Inside.TAG, name.end()
        return Inside.TAG, place + 1
