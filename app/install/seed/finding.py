"""What is wrong, or odd, in a seed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """field: of the form ("hostname", "users", "user-data" …).  text: a sentence.  blocks: cloud-init could not use it so.
    line, column: from 1, in a text; 0 where it is about no place."""

    field: str
    text: str
    blocks: bool = True
    line: int = 0
    column: int = 0
