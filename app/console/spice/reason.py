"""An error of the library, as its process tells it."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """Of a ``GLib.Error``: whose kind it is, which one, and what it says (translated by the library, if at all)."""

    domain: str
    code: int
    message: str
