"""What set-up says to the person at the terminal, and asks."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

YES = frozenset({"", "y", "yes"})


class Stop(Exception):
    """Set-up cannot go on; the text is for people and ends in the next step. ``code`` is the exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """Writes a line to standard error (standard output belongs to the program)."""
    print(text, file=sys.stderr, flush=True)


def interactive() -> bool:
    """Whether there is somebody to ask: a terminal on both sides, and no CI."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def agree(question: str, *, yes: bool) -> bool:
    """Asks ``question``; the answer is yes without asking where ``yes`` is given or nobody can be asked."""
    if yes or not interactive():
        return True
    print(f"{question} [Y/n] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in YES


def quoted(command: Sequence[str]) -> str:
    """A command as one would type it."""
    import shlex  # noqa: PLC0415  kept off the way of a start that has nothing to say

    return shlex.join(command)
