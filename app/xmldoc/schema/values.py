"""What an attribute or a text may be, for people: listed values, types, or any text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from app.i18n import _
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.datatypes import DataType

_MANY = 12
"""Values that are listed in a sentence."""


@dataclass(frozen=True, slots=True)
class ValueInfo:
    """values: the listed ones; all there are if ``closed``.  types: data types of others.  free: any text."""

    values: tuple[str, ...] = ()
    types: tuple[DataType, ...] = ()
    free: bool = False
    leaves: tuple[p.Leaf, ...] = ()
    """The schema's patterns themselves."""
    nullable: bool = False
    """Whether it may be empty."""

    @property
    def closed(self) -> bool:
        """Whether one of ``values`` has to be taken."""
        return not self.free and not self.types and not any(isinstance(leaf, p.Words) for leaf in self.leaves)

    def allows(self, text: str) -> bool:
        """Whether ``text`` is legal."""
        if not text.strip() and self.nullable:
            return True
        return any(p.leaf_fits(leaf, text) for leaf in self.leaves)

    def words(self) -> str:
        """One phrase: "one of: a, b", "a whole number from 0 to 255"."""
        if self.free:
            return _("any text")
        phrases = list(dict.fromkeys(each.words() for each in self.types))
        if self.values:
            shown = ", ".join(self.values[:_MANY]) + (", …" if len(self.values) > _MANY else "")
            phrases.insert(0, _("one of: {values}").format(values=shown) if len(self.values) > 1 else f"“{shown}”")
        if not phrases:
            return _("text")
        return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), phrases)


def value_info(contents: Iterable[p.Pattern]) -> ValueInfo:
    """The union of what several insides of attributes or texts allow."""
    patterns = tuple(contents)
    leaves = tuple(dict.fromkeys(leaf for content in patterns for leaf in content.order if ("#", "") in leaf.keys_of))
    values = tuple(dict.fromkeys(leaf.text for leaf in leaves if isinstance(leaf, p.Value)))
    types = tuple(dict.fromkeys(leaf.type for leaf in leaves if isinstance(leaf, p.Data)))
    free = any(isinstance(leaf, p.Text) for leaf in leaves)
    return ValueInfo(values, types, free, leaves, any(content.nullable for content in patterns))
