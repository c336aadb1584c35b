"""A libvirt document that is edited in place.

What the program does not know stays where it is, with its comments and blanks; a document that
was not edited (or whose edits were undone) comes back byte for byte.
"""

from __future__ import annotations

from lxml import etree

from app.errors import Invalid
from app.i18n import _
from app.xmldoc import paths
from app.xmldoc.indent import append_indented, insert_indented, remove_indented
from app.xmldoc.paths import Predicate, Step
from app.xmldoc.writer import Element, write, write_element

__all__ = ["Document", "Element"]


class Document:
    """``doc = Document.parse(xml)``, ``doc.set("memory", "1024")``, ``doc.to_text()``.

    Paths are those of ``app.xmldoc.paths``, relative to the root element or to ``at``.
    """

    def __init__(self, root: Element, source: str) -> None:
        self.root = root
        self._source = source
        self._baseline = write(root)

    @classmethod
    def parse(cls, source: str | bytes) -> Document:
        """Raises ``Invalid`` with line and column; entities, DTDs, the network and huge trees are refused."""
        data = _as_bytes(source)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            encoding="utf-8" if isinstance(source, str) else None,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise _syntax_error(error) from error
        encoding, doctype = _prologue(root)
        if doctype:
            raise Invalid(
                _("This XML cannot be used."),
                why=_("It has a document type declaration, which could make the program read other files."),
                next_step=_("Remove the <!DOCTYPE …> line."),
            )
        return cls(root, source if isinstance(source, str) else data.decode(encoding))

    @property
    def edited(self) -> bool:
        """Whether the content differs from what was parsed."""
        return write(self.root) != self._baseline

    def to_text(self) -> str:
        """The document; exactly the parsed text while nothing differs."""
        now = write(self.root)
        return self._source if now == self._baseline else now

    def find_all(self, path: str, at: Element | None = None) -> list[Element]:
        """The elements that ``path`` (without ``@``) names, in the document's order."""
        found = [self.root if at is None else at]
        for step in paths.parse(path).steps:
            found = [child for parent in found for child in _matching(parent, step)]
        return found

    def find(self, path: str, at: Element | None = None) -> Element | None:
        """The first of ``find_all``."""
        found = self.find_all(path, at)
        return found[0] if found else None

    def get(self, path: str, default: str | None = None, at: Element | None = None) -> str | None:
        """The attribute's value or the element's text (stripped), ``default`` if it is not there."""
        attribute = paths.parse(path).attribute
        element = self.find(path, at)
        if element is None:
            return default
        if attribute:
            value = element.get(paths.qualified(attribute))
            return default if value is None else str(value)
        return (element.text or "").strip()

    def set(self, path: str, value: str | None, at: Element | None = None) -> Element | None:
        """Sets an attribute or text, making the elements on the way; ``None`` removes it.

        An element that is made gets what its predicates ask for: ``disk[@device='cdrom']``.
        Raises ``Invalid`` for characters that XML cannot hold.
        """
        if value is None:
            self.remove(path, at)
            return None
        attribute = paths.parse(path).attribute
        element = self.ensure(path, at)
        try:
            if attribute:
                element.set(paths.qualified(attribute), value)
            elif (element.text or "").strip() != value or not len(element):
                element.text = (
                    value + (element.text or "") if _only_children(element) else _in_place_of(element.text or "", value)
                )
        except ValueError as error:
            raise Invalid(_("This text cannot be stored."), why=_("It has control characters."), raw=str(error)) from error
        return element

    def step(self, at: Element, step: Step) -> Element | None:
        """The first child of ``at`` that one step of a path names."""
        return next(iter(_matching(at, step)), None)

    def remove(self, path: str, at: Element | None = None) -> bool:
        """Removes the attribute, or the first element with its line; False if there was none."""
        attribute = paths.parse(path).attribute
        element = self.find(path, at)
        if element is None:
            return False
        if attribute:
            name = paths.qualified(attribute)
            there = name in element.attrib
            if there:
                del element.attrib[name]
            return there
        if element is self.root:
            raise ValueError("the root element stays")
        remove_indented(element)
        return True

    def remove_element(self, element: Element) -> None:
        """Removes ``element``, which must not be the root, with its line."""
        remove_indented(element)

    def insert(self, xml: str, parent: str = "devices", at: Element | None = None, before: Element | None = None) -> Element:
        """Adds the element ``xml`` into ``parent`` behind its last sibling of the same name, indented like it.

        before: the child of ``parent`` in front of which it has to stand instead.
        """
        base = self.root if at is None else at
        target = self.ensure(parent, base) if parent else base
        child = Document.parse(xml).root
        if before is None:
            append_indented(target, child)
        else:
            insert_indented(before, child)
        return child

    def ensure(self, path: str, at: Element | None = None) -> Element:
        """The element of ``path`` (an attribute at its end does not count), made with all on the way if it is not there."""
        base = self.root if at is None else at
        for step in paths.parse(path).steps:
            found = _matching(base, step)
            base = found[0] if found else _make(base, step)
        return base

    def fragment(self, element: Element) -> str:
        """One element as XML text, for libvirt's calls on a single device."""
        return write_element(element)


def _only_children(element: Element) -> bool:
    """Whether its text is but the blanks in front of its first child, which stay there."""
    return len(element) > 0 and not (element.text or "").strip()


def _in_place_of(old: str, value: str) -> str:
    """``value`` with the blanks that stood around the old text; a text without any is gone with its blanks."""
    core = old.strip()
    if not core or value != value.strip():
        return value
    before, _core, after = old.partition(core)
    return f"{before}{value}{after}"


def _as_bytes(source: str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.encode()
    except UnicodeEncodeError as error:
        raise Invalid(_("This is not valid XML."), why=_("It has characters that are no text."), raw=str(error)) from error


def _prologue(root: Element) -> tuple[str, str]:
    """Encoding and document type declaration."""
    info = root.getroottree().docinfo
    return getattr(info, "encoding", None) or "utf-8", getattr(info, "doctype", None) or ""


def _syntax_error(error: etree.XMLSyntaxError) -> Invalid:
    line, column = error.position
    where = _("Line {line}, column {column}.").format(line=line, column=column)
    return Invalid(_("This is not valid XML."), why=where, next_step=_("Correct the text there and try again."), raw=str(error))


def _matching(parent: Element, step: Step) -> list[Element]:
    """The children of ``parent`` that fit ``step``; the predicates apply one after the other, as in XPath."""
    found = list(parent.iterchildren(paths.qualified(step.name)))
    for predicate in step.predicates:
        if predicate.index:
            found = found[predicate.index - 1 : predicate.index]
        else:
            found = [element for element in found if _fits(element, predicate)]
    return found


def _fits(element: Element, predicate: Predicate) -> bool:
    name = paths.qualified(predicate.name)
    if predicate.attribute:
        return element.get(name) == predicate.value
    return any((child.text or "").strip() == predicate.value for child in element.iterchildren(name))


def _make(parent: Element, step: Step) -> Element:
    """A new element that fits ``step``."""
    prefix = step.name.partition(":")[0] if ":" in step.name else None
    child = etree.Element(paths.qualified(step.name), nsmap={prefix: paths.NAMESPACES[prefix]} if prefix else None)
    for predicate in step.predicates:
        if predicate.index:
            continue
        if predicate.attribute:
            child.set(paths.qualified(predicate.name), predicate.value)
        else:
            etree.SubElement(child, paths.qualified(predicate.name)).text = predicate.value
    append_indented(parent, child)
    return child
