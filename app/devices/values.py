"""Reading and writing the value of a field, in the document and nowhere else.

A value is the text in the document (of a SIZE: bytes, as a whole number), or None where nothing is said.
"""

from __future__ import annotations

from app.devices.description import Field, Kind
from app.devices.units import from_bytes, to_bytes
from app.xmldoc import paths
from app.xmldoc.document import Document, Element
from app.xmldoc.paths import Step


def read(document: Document, field: Field, at: Element) -> str | None:
    """The value, None if nothing is said.  A size that makes no number is given as it stands."""
    if field.kind is Kind.PRESENCE:
        return "yes" if document.find(field.path, at) is not None else None
    text = document.get(field.path, None, at)
    if text is None or (text == "" and not paths.parse(field.path).attribute):
        return None
    if field.kind is not Kind.SIZE:
        return text
    size = to_bytes(text, _unit(document, field, at))
    return text if size is None else str(size)


def write(document: Document, field: Field, at: Element, value: str | None) -> None:
    """Sets or removes exactly this value, and what it alone kept there: an element that loses its last content goes too.

    Raises ``Invalid`` for characters that XML cannot hold.
    """
    if value == read(document, field, at):
        return
    if value is None:
        _remove(document, field, at)
    elif field.kind is Kind.PRESENCE:
        document.ensure(field.path, at)
    elif field.kind is Kind.SIZE:
        _write_size(document, field, at, value)
    else:
        document.set(field.path, value, at)


def _write_size(document: Document, field: Field, at: Element, value: str) -> None:
    if not value.isdecimal():  # what stood there and was no size, brought back
        document.set(field.path, value, at)
        return
    number, unit = from_bytes(int(value), _unit(document, field, at), fixed=not field.has_unit)
    document.set(field.path, number, at)
    if field.has_unit and unit != _unit(document, field, at):
        document.set(_unit_path(field), unit, at)


def _unit(document: Document, field: Field, at: Element) -> str:
    return (document.get(_unit_path(field), None, at) if field.has_unit else None) or field.scale


def _unit_path(field: Field) -> str:
    """``memory`` -> ``memory/@unit``; ``target/size/@value`` -> ``target/size/@unit``."""
    holder = field.path.rpartition("/@")[0] if paths.parse(field.path).attribute else field.path
    return f"{holder}/@unit" if holder else "@unit"


def _remove(document: Document, field: Field, at: Element) -> None:
    parsed = paths.parse(field.path)
    chain = _chain(document, field.path, at)
    if len(chain) <= len(parsed.steps):  # something on the way is not there
        return
    if parsed.attribute:
        document.remove(field.path, at)
        if field.has_unit:
            document.remove(_unit_path(field), at)
    elif not parsed.steps:  # the row's own text
        at.text = None
    elif len(chain[-1]) and field.kind is not Kind.PRESENCE:  # what stands beside the text stays
        document.set(field.path, "", at)
    else:
        document.remove_element(chain.pop())
    _prune(document, chain, parsed.steps)


def _chain(document: Document, path: str, at: Element) -> list[Element]:
    """``at`` and the elements on the way, as far as they are there."""
    chain = [at]
    for step in paths.parse(path).steps:
        found = document.step(chain[-1], step)
        if found is None:
            break
        chain.append(found)
    return chain


def _prune(document: Document, chain: list[Element], steps: tuple[Step, ...]) -> None:
    """Takes away elements of the way that say nothing any more but what the path asks of them, the last first."""
    for element, step in reversed(list(zip(chain[1:], steps, strict=False))):
        asked = {paths.qualified(one.name) for one in step.predicates if one.attribute}
        if len(element) or not set(element.attrib) <= asked or (element.text or "").strip():
            return
        document.remove_element(element)
