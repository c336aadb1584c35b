"""The single differences between two texts of one machine, with the elements that they are on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.editing.matching import Pairs, pair, same
from app.xmldoc.document import Document, Element

WHOLE = "*"
"""The attribute's name where the element as a whole came or went."""


@dataclass(frozen=True, slots=True)
class Delta:
    """attribute: its name, "" for the text, WHOLE for an element.  old, new: the element in both texts; None: not there."""

    old: Element | None
    new: Element | None
    attribute: str
    before: str | None
    after: str | None

    @property
    def element(self) -> Element:
        """Where it is: in the new text if it is there."""
        found = self.new if self.new is not None else self.old
        assert found is not None  # noqa: S101 - one of them is there
        return found


@dataclass(frozen=True, slots=True)
class DevicePair:
    """A device in both texts, or in one of them."""

    old: Element | None
    new: Element | None


def device_pairs(old: Document, new: Document) -> list[DevicePair]:
    """Devices that differ, came or went; in the order of the new text, those that went last."""
    olds, news = _devices(old), _devices(new)
    if len(olds) == len(news) and all(same(one, other) for one, other in zip(olds, news, strict=True)):
        return []
    of_new = {after: before for before, after in _pairs(olds, news)}
    kept = set(of_new.values())
    found = [DevicePair(of_new.get(after), after) for after in news]
    found += [DevicePair(before, None) for before in olds if before not in kept]
    return [one for one in found if one.old is None or one.new is None or not same(one.old, one.new)]


def counterparts(old: Document, other: Document) -> dict[Element, Element]:
    """The devices of ``old`` in another text of the machine; those that are not there are left out."""
    return dict(_pairs(_devices(old), _devices(other)))


def _pairs(olds: list[Element], news: list[Element]) -> Pairs:
    """A device that keeps its place on the bus is the same, if it is still of its kind; else as ``pair`` finds."""
    places: dict[object, Element] = {key: one for one in olds if (key := _bus_place(one)) is not None}
    on_places = [(new, places.get(key)) for new in news if (key := _bus_place(new)) is not None]
    fixed = [(old, new) for new, old in on_places if old is not None and _one_kind(old, new)]
    done = {id(one) for two in fixed for one in two}
    rest = pair([one for one in olds if id(one) not in done], [one for one in news if id(one) not in done])
    return [*fixed, *rest]


def _bus_place(element: Element) -> object | None:
    address = element.find("address")
    if address is None or address.get("type") not in ("pci", "drive", "usb", "ccw", "virtio-serial"):
        return None
    kind = (element.tag, element.get("type") if element.tag in ("controller", "hostdev") else None)
    target = element.find("target")
    bus = target.get("bus") if target is not None else None
    return (*kind, bus, frozenset((str(a), str(b)) for a, b in address.attrib.items()))


def _one_kind(old: Element, new: Element) -> bool:
    """Another disk in the old one's place is another disk."""
    for path in ("target", "mac"):
        before, after = old.find(path), new.find(path)
        if old.tag in ("disk", "interface") and before is not None and after is not None:
            key = "dev" if path == "target" and old.tag == "disk" else "address" if path == "mac" else ""
            if key and before.get(key) != after.get(key):
                return False
    return True


def _devices(document: Document) -> list[Element]:
    parent = document.find("devices")
    return [] if parent is None else [one for one in parent if isinstance(one.tag, str)]


def within(old: Element | None, new: Element | None, *, devices: bool = False) -> Iterator[Delta]:
    """All differences below one element, down to single values; ``<devices>`` of the machine only if asked for."""
    if old is not None and new is not None and same(old, new):
        return
    yield from _values(old, new)
    olds = [one for one in old if isinstance(one.tag, str)] if old is not None else []
    news = [one for one in new if isinstance(one.tag, str)] if new is not None else []
    pairs = pair(olds, news)
    of_new = {after: before for before, after in pairs}
    kept = set(of_new.values())
    for after in news:
        if devices or after.tag != "devices":
            yield from within(of_new.get(after), after, devices=devices)
    for before in olds:
        if before not in kept and (devices or before.tag != "devices"):
            yield from within(before, None, devices=devices)


def _values(old: Element | None, new: Element | None) -> Iterator[Delta]:
    before, after = _attributes(old), _attributes(new)
    any_value = False
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            any_value = True
            yield Delta(old, new, name, before.get(name), after.get(name))
    texts = [(one.text or "").strip() if one is not None else "" for one in (old, new)]
    if texts[0] != texts[1]:
        any_value = True
        yield Delta(old, new, "", texts[0] if old is not None else None, texts[1] if new is not None else None)
    there = old if old is not None else new
    if not any_value and (old is None or new is None) and there is not None and not len(there):
        yield Delta(old, new, WHOLE, None if old is None else "", None if new is None else "")


def _attributes(element: Element | None) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()} if element is not None else {}
