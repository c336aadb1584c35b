"""What one setting is: declared once, with its words, default and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One of several values; ``text`` is marked with ``N_``."""

    value: T
    text: str


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """``title`` and ``description`` are marked with ``N_``; an option without a title is in no dialog.

    group: the page it is on.  state: kept in state.json (where the window was) and not in
    settings.json (what the user chose).  minimum, maximum: for whole numbers; ``unit`` is shown after them.
    editor: what kind of value it is where its type does not tell; ``ui.dialogs.preferences`` has an editor for each.
    """

    key: str
    default: T
    title: str = ""
    description: str = ""
    group: str = ""
    choices: tuple[Choice[T], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    state: bool = False
    editor: str = ""

    def accept(self, raw: Any) -> T:
        """``raw`` from a file if it is of the right kind and within the limits, else the default."""
        if type(raw) is not type(self.default) and not (isinstance(self.default, float) and isinstance(raw, int)):
            return self.default
        if self.choices and raw not in [choice.value for choice in self.choices]:
            return self.default
        return cast(T, raw) if self._within(raw) else self.default

    def _within(self, number: Any) -> bool:
        if not isinstance(number, int):
            return True
        return (self.minimum is None or number >= self.minimum) and (self.maximum is None or number <= self.maximum)
