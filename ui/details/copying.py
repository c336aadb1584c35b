"""A second device like one that is there."""

from __future__ import annotations

from app.devices.description import Field, Kind, items
from app.devices.values import write
from app.xmldoc.document import Document, Element
from ui.details.entries import description_of
from ui.details.fields.making import new_mac

OWN = ("alias", "address")
"""What libvirt gives to each device anew."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def duplicate(document: Document, element: Element) -> Element:
    """Behind it; with a MAC and a name of its own and without what libvirt gives."""
    made = document.insert(document.fragment(element))
    for name in OWN:
        for child in made.findall(name):
            document.remove_element(child)
    for field in items(description_of(element)):
        if isinstance(field, Field) and field.kind is Kind.MAC and document.get(field.path, None, made) is not None:
            write(document, field, made, new_mac())
    target = made.find("target")
    if made.tag == "disk" and target is not None:
        target.set("dev", next_target(document, str(target.get("dev", "vda"))))
    for child in made.findall("boot"):
        document.remove_element(child)
    return made


def next_target(document: Document, like: str) -> str:
    """The first free name of the same kind: "vdb"."""
    stem = like[:2]
    taken = {str(one.get("dev")) for one in document.find_all("devices/disk/target")}
    names = (f"{stem}{first}{second}" for first in ("", *_LETTERS) for second in _LETTERS)
    return next((name for name in names if name not in taken), like)
