"""Taking back what waits for the next start: the definition says again what the running machine has."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy

from app.editing.added_live import is_added
from app.editing.deltas import WHOLE, Delta, DevicePair, device_pairs, within
from app.editing.pending import Pending, is_libvirts_own, path_of
from app.editing.places import at_place, place_of
from app.xmldoc.document import Document, Element
from app.xmldoc.indent import append_indented

_OF_THE_RUN = (
    "alias/@name", "backingStore", "source/@index", "source/@portid", "source/@bridge", "target/@state", "mirror",
)  # fmt: skip
"""What libvirt says of a device only while it runs."""


def take_back(document: Document, live: Document, wanted: Collection[Pending]) -> None:
    """Changes ``document`` (the definition, perhaps edited) so that each of ``wanted`` waits no more."""
    places = {(one.path, one.place) for one in wanted}
    for delta in list(within(live.root, document.root)):
        if (path_of(delta), place_of(delta.element)) in places:
            _value(document, document.root, live.root, delta)
    for two in device_pairs(live, document):
        if two.old is not None and two.new is not None:
            for delta in list(within(two.old, two.new)):
                path = path_of(delta)
                if (path, place_of(delta.element)) in places and not is_added(path, delta, live):
                    _value(document, two.new, two.old, delta)
        elif not is_libvirts_own(two):
            _whole(document, two, places)


def _value(document: Document, root: Element, live_root: Element, delta: Delta) -> None:
    """root, live_root: the device in both texts, or both documents' roots."""
    if delta.new is not None and delta.old is None and delta.attribute in ("", WHOLE):
        if delta.new.getparent() is not None:
            _remove(document, delta.new, root)
        return
    element = delta.new
    if element is None and delta.old is not None:
        inner = place_of(delta.old).removeprefix(place_of(live_root)).lstrip("/")
        if "{" in inner:
            return
        element = document.ensure(inner, root) if inner else root
    if element is None or delta.attribute == WHOLE:
        return
    if not delta.attribute:
        element.text = delta.before
    elif delta.before is None:
        element.attrib.pop(delta.attribute, "")
    else:
        element.set(delta.attribute, delta.before)


def _remove(document: Document, element: Element, root: Element) -> None:
    """With the elements around it that it leaves empty."""
    parent = element.getparent()
    document.remove_element(element)
    while parent is not None and parent is not root and not (len(parent) or parent.attrib or (parent.text or "").strip()):
        above = parent.getparent()
        document.remove_element(parent)
        parent = above


def _whole(document: Document, two: DevicePair, places: Collection[tuple[str, str]]) -> None:
    element = two.new if two.new is not None else two.old
    if element is None or (f"devices/{element.tag!s}", place_of(element)) not in places:
        return
    if two.new is not None:
        document.remove_element(two.new)
        return
    copy = deepcopy(element)
    copy.tail = None
    fresh = Document(copy, "")
    for path in _OF_THE_RUN:
        fresh.remove(path)
    fresh.remove("alias")
    if copy.tag == "interface":
        fresh.remove("target")
    devices = at_place(document, "devices")
    if devices is not None:
        append_indented(devices, copy)
