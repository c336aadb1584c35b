"""Words for what a field says now, for summaries."""

from __future__ import annotations

from app.devices.description import Field
from app.devices.values import read
from app.i18n import _
from app.xmldoc.document import Document, Element


def word_of(field: Field, document: Document, at: Element) -> str:
    """The value's words, or the default's where nothing is said; a value without words as it is."""
    value = read(document, field, at)
    if value is None:
        value = field.default
    words = next((_(choice.words) for choice in field.choices if choice.value == value), "")
    return words or (_(value) if value == field.default else value)
