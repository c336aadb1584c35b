"""A console's font: the picture of each character in cells of one size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Font:
    """width, height: of a cell in pixels; a ninth column is not looked at, as VGA repeats or leaves it.

    pictures: rows from the top, each of whole bytes with the leftmost pixel highest, and the character they show.
    """

    width: int
    height: int
    pictures: dict[bytes, str]

    @property
    def seen_width(self) -> int:
        """Pixels of a cell that pictures have."""
        return 8 if self.width == 9 else self.width
