"""What a page is about: one element of the edited document, found again whenever the document is another object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from app.devices import checks, values
from app.devices.description import Description, Field, Group
from app.devices.lookup import same_device
from app.devices.offers import Offers
from app.editing.places import at_place, place_of
from app.hosts.place import on_this_computer
from app.xmldoc.document import Document, Element

if TYPE_CHECKING:
    from app.hosts.host import Host


class Edited(Protocol):
    """What the forms need of an ``EditSession``; the page of a new device is about a sketch instead."""

    document: Document
    live: Document | None
    offers: Offers
    base: str
    broken: str
    read_only: bool
    host: Host

    def set(self, field: Field, at: Element, value: str | None) -> None:
        """One value, as one step."""

    def edit(self, label: str, change: Callable[[Document], object], *, merge_key: str = "") -> None:
        """Anything else, as one step."""


class Drafts:
    """Texts that make no value yet: the document cannot hold them, and they must not be lost when another page is shown."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], str] = {}

    def keep(self, at: Element, field: Field, text: str) -> None:
        """Until it is corrected or dropped."""
        self._texts[place_of(at), field.path] = text

    def drop(self, at: Element, field: Field) -> None:
        """It was corrected."""
        self._texts.pop((place_of(at), field.path), None)

    def text(self, at: Element, field: Field) -> str | None:
        """None if the document has what was typed."""
        return self._texts.get((place_of(at), field.path)) if self._texts else None

    def places(self) -> list[str]:
        """Places of the elements that have some, oldest first."""
        return [place for place, _path in self._texts]

    def faults(self) -> list[tuple[str, str]]:
        """Place of the element and path of the field of each, oldest first."""
        return list(self._texts)

    def drop_last(self) -> bool:
        """False if there was none."""
        if not self._texts:
            return False
        self._texts.popitem()
        return True

    def clear(self) -> None:
        """All were given up."""
        self._texts.clear()

    def __len__(self) -> int:
        return len(self._texts)


class BaseText:
    """The definition as libvirt has it, parsed once for each text."""

    def __init__(self) -> None:
        self._text, self._document = "", Document.parse("<domain/>")

    def of(self, session: Edited) -> Document | None:
        """None for a machine that is not defined yet."""
        if not session.base:
            return None
        if session.base != self._text:
            self._text, self._document = session.base, Document.parse(session.base)
        return self._document


class Subject:
    """An element that is described by ``description``; of a group the root.

    element: None once it is gone.  was, runs: the same in the definition as libvirt has it, and in the running machine.
    """

    def __init__(self, session: Edited, description: Description, element: Element, drafts: Drafts, base: BaseText) -> None:
        self.session, self.description, self.drafts = session, description, drafts
        self._base = base
        self._document = session.document
        self._place = place_of(element)
        self.element: Element | None = element
        self.was: Element | None = None
        self.runs: Element | None = None
        self.refresh()

    @property
    def document(self) -> Document:
        """The edited one, as it is now."""
        return self.session.document

    @property
    def offers(self) -> Offers:
        """What the host can give."""
        return self.session.offers

    @property
    def running(self) -> bool:
        """Whether it is part of a machine that runs."""
        return self.session.live is not None

    @property
    def locked(self) -> bool:
        """Nothing can be edited here: the XML tab's text is broken, or the host lets us only look."""
        return bool(self.session.broken) or self.session.read_only

    @property
    def is_here(self) -> bool:
        """Whether the host's files are this computer's."""
        return on_this_computer(self.session.host.uri, self.session.host.record)

    @property
    def base(self) -> Document | None:
        """The definition as libvirt has it."""
        return self._base.of(self.session)

    def refresh(self) -> None:
        """Finds everything again; call it when the session has changed."""
        document, live, base = self.session.document, self.session.live, self.base
        if isinstance(self.description, Group):
            self.element = document.root
            self.was = base.root if base is not None else None
            self.runs = live.root if live is not None else None
            return
        self.element = self._found(document)
        self._document = document
        element = self.element
        if element is None:
            self.was = self.runs = None
            return
        self._place = place_of(element)
        self.was = same_device(document, element, base) if base is not None else None
        self.runs = same_device(document, element, live) if live is not None else None

    def _found(self, document: Document) -> Element | None:
        element = self.element
        if element is None:
            return at_place(document, self._place)
        if document is self._document:
            return element if _attached(element, document) else None
        found = same_device(self._document, element, document)
        return found if found is not None else at_place(document, self._place)

    # one field

    def read(self, field: Field, at: Element) -> str | None:
        """Its value in the edited document."""
        return values.read(self.document, field, at)

    def before(self, field: Field) -> str | None:
        """Its value in the definition as libvirt has it."""
        base = self.base
        return values.read(base, field, self.was) if base is not None and self.was is not None else None

    def now(self, field: Field) -> str | None:
        """Its value in the running machine."""
        live = self.session.live
        return values.read(live, field, self.runs) if live is not None and self.runs is not None else None

    def problem(self, field: Field, value: str | None, at: Element) -> str:
        """What is wrong with a value, or ""."""
        return checks.problem(field, value, self.document, at, self.offers)


def _attached(element: Element, document: Document) -> bool:
    parent: Element | None = element
    while parent is not None:
        if parent is document.root:
            return True
        parent = parent.getparent()
    return False
