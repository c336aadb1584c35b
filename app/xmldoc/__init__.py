"""XML documents that are edited in place: what the program does not know survives."""

from app.xmldoc.document import Document, Element

__all__ = ["Document", "Element"]
