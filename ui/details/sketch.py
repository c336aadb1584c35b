"""A device that is not in the machine yet, in a copy of its document: the forms edit it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.devices.description import Field
from app.devices.offers import Offers
from app.devices.values import write
from app.signal import Signal
from app.xmldoc.document import Document, Element

if TYPE_CHECKING:
    from app.hosts.host import Host


class Sketch:
    """See ``Edited``.  ``element`` is the new device."""

    def __init__(self, text: str, xml: str, offers: Offers, host: Host) -> None:
        self.document = Document.parse(text)
        self.live: Document | None = None
        self.offers = offers
        self.base = ""
        self.broken = ""
        self.read_only = False
        self.host = host
        self.changed: Signal[[]] = Signal()
        self.element: Element = self.document.insert(xml)

    def set(self, field: Field, at: Element, value: str | None) -> None:
        """At once; there is no undo before it is added."""
        write(self.document, field, at, value)
        self.changed.emit()

    def edit(self, _label: str, change: Callable[[Document], object], *, merge_key: str = "") -> None:
        """At once."""
        del merge_key
        change(self.document)
        self.changed.emit()

    def xml(self) -> str:
        """The device as it is now."""
        return self.document.fragment(self.element)
