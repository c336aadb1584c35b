"""A value of a difference for people, without what is secret in it."""

from __future__ import annotations

from app.editing.declared import Setting
from app.editing.passwords import is_secret, shown
from app.editing.wording import value_words
from app.xmldoc.document import Document, Element


def spoken(setting: Setting | None, document: Document, element: Element | None, attribute: str, value: str | None) -> str:
    """As ``value_words``.  These words go into tasks, which are kept in a file."""
    if value is not None and is_secret(element, attribute):
        return shown(element, attribute, value) or ""
    return value_words(setting, document, value, attribute)
