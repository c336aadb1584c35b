"""How many columns a character takes: by Unicode's tables in the standard library."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SIMPLE = re.compile(
    "[ -~\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u21ff\u2500-\u25fc]*"
)
"""Text of which each character takes one column: Latin, Greek, Cyrillic, punctuation, arrows, frames."""


@lru_cache(maxsize=4096)
def width(character: str) -> int:
    """0 for what combines with the character before, 2 for wide ones, else 1; what is ambiguous counts as narrow."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
