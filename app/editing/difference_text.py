"""The differences between two definitions, for people: in words and as a unified diff, without passwords."""

from __future__ import annotations

import difflib

from app.editing.passwords import hidden
from app.i18n import _
from app.xmldoc import diff
from app.xmldoc.diff import Difference
from app.xmldoc.document import Document


def differences(before: Document, after: Document) -> list[Difference]:
    """As ``app.xmldoc.diff``, with a dot for each password; a changed one has one dot more."""
    return diff.differences(hidden(before), hidden(after, before))


def told(before: str, after: str) -> str:
    """A line for each difference of two texts; nothing if there was none before."""
    if before in ("", after):
        return ""
    return "\n".join(one.words() for one in differences(Document.parse(before), Document.parse(after)))


def diff_text(before: Document, after: Document, names: tuple[str, str] | None = None) -> str:
    """A unified diff; "" if the texts are the same.  names: of both sides, for its first lines."""
    old, new = hidden(before).to_text(), hidden(after, before).to_text()
    first, second = names or (_("as it is"), _("as edited"))
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), first, second, lineterm="")
    return "\n".join(lines)
