"""Replacing a text by another one with the smallest edit, so that cursor, scroll position and folds stay."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit


def replace_text(editor: QPlainTextEdit, text: str) -> None:
    """Changes what differs between the editor's text and ``text``; the cursor stays where it was if that is still there."""
    old = editor.toPlainText()
    if old == text:
        return
    start, end = differing(old, text)
    cursor = QTextCursor(editor.document())
    # Qt counts in UTF-16 units, Python in characters.
    cursor.setPosition(units(old, start))
    cursor.setPosition(units(old, len(old) - end), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text[start : len(text) - end])


def differing(old: str, new: str) -> tuple[int, int]:
    """How many characters are alike at the start, and at the end behind those."""
    most = min(len(old), len(new))
    start = next((place for place in range(most) if old[place] != new[place]), most)
    rest = most - start
    end = next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)
    return start, end


def units(text: str, characters: int) -> int:
    """How many UTF-16 units the first characters are."""
    if text.isascii():
        return characters
    return len(text[:characters].encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, position: int) -> int:
    """How many characters the first UTF-16 units are."""
    if text.isascii():
        return position
    return len(text.encode("utf-16-le", "surrogatepass")[: position * 2].decode("utf-16-le", "replace"))
