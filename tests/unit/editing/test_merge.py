"""Three-way merge: laws over generated texts, and the cases that people meet."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.editing.matching import canonical
from app.editing.merge import Side, merge, resolve
from app.xmldoc.document import Document

_KEYED = ("disk", "interface", "channel")


@st.composite
def machines(draw: st.DrawFn) -> str:
    """A small definition: settings, devices with and without keys, comments, foreign elements."""
    lines = ["<domain type='kvm'>", f"  <name>{draw(st.sampled_from('ab'))}</name>"]
    if draw(st.booleans()):
        lines.append(f"  <memory unit='{draw(st.sampled_from(['KiB', 'MiB']))}'>{draw(st.integers(1, 3))}</memory>")
    if draw(st.booleans()):
        lines.append(f"  <!-- {draw(st.sampled_from(['one', 'two']))} -->")
    if draw(st.booleans()):
        lines.append(f"  <x:note xmlns:x='urn:x' a='{draw(st.integers(1, 2))}'/>")
    lines.append("  <devices>")
    for dev in draw(st.lists(st.sampled_from(["vda", "vdb", "vdc"]), unique=True)):
        source = draw(st.sampled_from(["", "<source file='/a'/>", "<source file='/b'/>"]))
        lines.append(f"    <disk device='{draw(st.sampled_from(['disk', 'cdrom']))}'>{source}<target dev='{dev}'/></disk>")
    for _number in range(draw(st.integers(0, 2))):
        lines.append(f"    <input type='{draw(st.sampled_from(['tablet', 'mouse']))}' bus='usb'/>")
    return "\n".join([*lines, "  </devices>", "</domain>", ""])


def _unordered(document: Document) -> object:
    def of(element: etree._Element) -> object:
        attributes = sorted(map(str, element.attrib.items()))
        return (str(element.tag), attributes, (element.text or "").strip(), sorted((of(child) for child in element), key=repr))

    return of(document.root)


@given(machines(), machines())
def test_what_only_one_side_changed_is_taken_byte_for_byte(base: str, other: str) -> None:
    b, o = Document.parse(base), Document.parse(other)
    ours = merge(b, o, Document.parse(base))
    theirs = merge(b, Document.parse(base), o)
    assert ours.document.to_text() == other
    assert theirs.document.to_text() == other
    assert ours.conflicts == theirs.conflicts == ()


@given(machines(), machines())
def test_the_same_change_on_both_sides_is_no_conflict(base: str, other: str) -> None:
    merged = merge(Document.parse(base), Document.parse(other), Document.parse(other))
    assert canonical(merged.document.root) == canonical(Document.parse(other).root)
    assert merged.conflicts == ()


@given(machines(), machines(), machines())
def test_inputs_stay_and_every_conflict_can_be_decided_either_way(base: str, ours: str, theirs: str) -> None:
    b, o, t = map(Document.parse, (base, ours, theirs))
    merged = merge(b, o, t)
    assert (b.to_text(), o.to_text(), t.to_text()) == (base, ours, theirs)
    Document.parse(merged.document.to_text())
    sides: tuple[Side, Side] = ("ours", "theirs")
    for side in sides:
        decided = merged
        while decided.conflicts:
            left = len(decided.conflicts)
            decided = resolve(decided, decided.conflicts[0], side)
            assert len(decided.conflicts) < left
        if side == "ours":
            assert decided.document.to_text() == merged.document.to_text()


_EDITS: tuple[Callable[[Document], object], ...] = (
    lambda document: document.set("memory", "77"),
    lambda document: document.set("title", "new"),
    lambda document: document.insert("<disk><target dev='sdx'/></disk>"),
    lambda document: document.remove("devices/disk[target='none']"),
    lambda document: document.set("os/type", "hvm"),
    lambda document: document.insert("<watchdog model='ib700'/>"),
)
"""Each on another place."""


@given(machines(), st.permutations(range(len(_EDITS))), st.integers(0, len(_EDITS)))
def test_disjoint_edits_commute_and_none_is_lost(base: str, order: list[int], cut: int) -> None:
    sides = [Document.parse(base), Document.parse(base)]
    for place, number in enumerate(order):
        _EDITS[number](sides[place < cut])
    b = Document.parse(base)
    one, other = merge(b, sides[0], sides[1]), merge(b, sides[1], sides[0])
    assert one.conflicts == other.conflicts == ()
    assert _unordered(one.document) == _unordered(other.document)
    both = Document.parse(base)
    for edit in _EDITS:
        edit(both)
    assert _unordered(one.document) == _unordered(both)


_BASE = """<domain>
  <name>web</name>
  <memory>1</memory>
  <devices>
    <disk><source file='/a'/><target dev='vda'/></disk>
    <disk><source file='/b'/><target dev='vdb'/></disk>
  </devices>
</domain>
"""


def test_a_comment_and_an_unknown_element_come_through() -> None:
    ours = _BASE.replace("  <memory>", "  <!-- of the database -->\n  <memory>").replace(
        "<target dev='vda'/>", "<target dev='vda'/><x:y xmlns:x='urn:x'/>"
    )
    theirs = _BASE.replace(">web<", ">db<").replace("/b", "/c")
    merged = merge(Document.parse(_BASE), Document.parse(ours), Document.parse(theirs))
    text = merged.document.to_text()
    assert merged.conflicts == ()
    assert text == ours.replace(">web<", ">db<").replace("/b", "/c")


def test_a_device_that_one_removed_and_the_other_changed_is_asked_about() -> None:
    ours = _BASE.replace("/b", "/c")
    theirs = _BASE.replace("    <disk><source file='/b'/><target dev='vdb'/></disk>\n", "").replace(">1<", ">2<")
    merged = merge(Document.parse(_BASE), Document.parse(ours), Document.parse(theirs))
    (conflict,) = merged.conflicts
    assert conflict.place == "devices/disk[vdb]"
    assert "/c" in (conflict.ours or "")
    assert conflict.theirs is None
    assert "dev='vdb'" in merged.document.to_text()
    assert resolve(merged, conflict, "theirs").document.to_text() == theirs


def test_passwords_do_not_show_in_a_conflict() -> None:
    base = "<domain><devices><graphics passwd='secret0'/></devices></domain>"
    first, second, third = (Document.parse(base.replace("0", number)) for number in "012")
    merged = merge(first, second, third)
    (conflict,) = merged.conflicts
    assert "secret" not in conflict.words()
    assert merged.document.get("devices/graphics/@passwd") == "secret1"


def test_a_new_order_is_kept() -> None:
    base = "<domain><name>a</name><os><boot dev='hd'/><boot dev='cdrom'/><boot dev='network'/></os></domain>"
    ours = base.replace("<boot dev='hd'/><boot dev='cdrom'/>", "<boot dev='cdrom'/><boot dev='hd'/>")
    theirs = base.replace("<os>", "<os firmware='efi'>")
    merged = merge(Document.parse(base), Document.parse(ours), Document.parse(theirs))
    assert merged.document.to_text().strip() == ours.replace("<os>", "<os firmware='efi'>")
