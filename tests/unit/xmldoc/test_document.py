"""Documents come back untouched, and an edit changes only what it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.errors import Invalid
from app.xmldoc import Document

DOMAIN = """<domain type='kvm' id='3' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>Bob&apos;s</name>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/11"/>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit='KiB'>1048576</memory>
  <!-- kept -->
  <unknown kind="x&amp;y"/>
  <devices>
    <disk type='file' device='disk'>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <source file='/a.iso'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <interface type='user'/>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-foo'/>
  </qemu:commandline>
</domain>
"""
CDROM = "devices/disk[@device='cdrom']"


def test_unedited_is_byte_identical() -> None:
    doc = Document.parse(DOMAIN)
    assert doc.to_text() == DOMAIN
    assert not doc.edited


def test_setting_the_same_value_is_no_edit() -> None:
    doc = Document.parse(DOMAIN)
    doc.set(f"{CDROM}/source/@file", "/a.iso")
    doc.set("name", "Bob's")
    assert doc.to_text() == DOMAIN


def test_edit_changes_one_line() -> None:
    doc = Document.parse(DOMAIN)
    doc.set(f"{CDROM}/source/@file", "/it's.iso")
    expected = DOMAIN.replace("/a.iso", "/it&apos;s.iso").replace('kind="x&amp;y"', "kind='x&amp;y'")
    assert doc.to_text() == expected


def test_remove_takes_the_line() -> None:
    doc = Document.parse(DOMAIN.replace('"x&amp;y"', "'x'"))
    assert doc.remove(f"{CDROM}/source")
    assert doc.to_text() == DOMAIN.replace('"x&amp;y"', "'x'").replace("      <source file='/a.iso'/>\n", "")
    assert not doc.remove(f"{CDROM}/source")


def test_remove_last_child_and_undo() -> None:
    source = DOMAIN.replace('"x&amp;y"', "'x'")
    doc = Document.parse(source)
    doc.remove("devices/interface")
    assert doc.to_text() == source.replace("    <interface type='user'/>\n", "")
    doc.insert("<interface type='user'/>")
    assert doc.to_text() == source
    assert not doc.edited


def test_insert_stands_behind_its_like_with_indentation() -> None:
    source = DOMAIN.replace('"x&amp;y"', "'x'")
    doc = Document.parse(source)
    doc.insert("<disk type='file' device='floppy'><target dev='fda'/></disk>")
    new = "    <disk type='file' device='floppy'>\n      <target dev='fda'/>\n    </disk>\n"
    assert doc.to_text() == source.replace("    <interface", f"{new}    <interface")


def test_set_makes_what_is_missing() -> None:
    doc = Document.parse("<domain>\n  <name>a</name>\n</domain>\n")
    doc.set("devices/disk[@device='cdrom'][@type='file']/target/@dev", "sda")
    assert doc.to_text() == (
        "<domain>\n  <name>a</name>\n  <devices>\n    <disk device='cdrom' type='file'>\n"
        "      <target dev='sda'/>\n    </disk>\n  </devices>\n</domain>\n"
    )


def test_namespaced_paths() -> None:
    doc = Document.parse(DOMAIN)
    assert doc.get("qemu:commandline/qemu:arg/@value") == "-foo"
    assert doc.get("metadata/libosinfo:libosinfo/libosinfo:os/@id") == "http://debian.org/debian/11"
    doc.set("metadata/hostelry:machine/@tags", "a b")
    assert Document.parse(doc.to_text()).get("metadata/hostelry:machine/@tags") == "a b"


def test_get_default_and_index() -> None:
    doc = Document.parse(DOMAIN)
    assert doc.get("devices/disk[2]/target/@dev") == "sda"
    assert doc.get("devices/disk[3]/target/@dev", "none") == "none"
    assert doc.get("@id") == "3"


@pytest.mark.parametrize("text", ["", "<a>", "no xml", "<a>&unknown;</a>", "<a b='1' b='2'/>", "\ud800"])
def test_malformed_is_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        Document.parse(text)


def test_error_names_line_and_column() -> None:
    with pytest.raises(Invalid) as caught:
        Document.parse("<a>\n  <b></c>\n</a>")
    assert "Line 2" in caught.value.why


def test_entities_are_refused() -> None:
    with pytest.raises(Invalid):
        Document.parse('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')


def test_control_characters_are_refused() -> None:
    doc = Document.parse("<a><b/></a>")
    with pytest.raises(Invalid):
        doc.set("b", "\x01")


NAMES = st.sampled_from(["a", "b", "disk", "source", "x-1"])
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t\r"), max_size=8)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    """Any small tree with attributes, text, tails and comments."""
    element = etree.Element(draw(NAMES), draw(st.dictionaries(NAMES, TEXT, max_size=3)))
    element.text = draw(st.none() | TEXT)
    for child in draw(st.lists(trees(depth - 1), max_size=3)) if depth else []:
        element.append(child)
        child.tail = draw(st.none() | TEXT)
    return element


@given(trees())
def test_any_document_unedited_is_a_no_op(tree: etree._Element) -> None:
    text = etree.tostring(tree, encoding="unicode")
    assert Document.parse(text).to_text() == text


@given(trees(), TEXT)
def test_an_edit_keeps_everything_else(tree: etree._Element, value: str) -> None:
    doc = Document.parse(etree.tostring(tree, encoding="unicode"))
    doc.set("@edited", value)
    again = Document.parse(doc.to_text())
    assert again.get("@edited") == value
    again.root.attrib.pop("edited")
    assert etree.tostring(again.root, method="c14n") == etree.tostring(tree, method="c14n")


def test_a_child_in_an_element_with_a_value_leaves_the_value() -> None:
    text = "<rng>\n  <backend model='random'>/dev/urandom</backend>\n</rng>\n"
    document = Document.parse(text)
    document.set("backend/log/@file", "/tmp/x")
    assert document.get("backend") == "/dev/urandom"
    document.remove("backend/log")
    assert document.to_text() == text


def test_blanks_around_a_value_stay() -> None:
    document = Document.parse("<domain><vcpu> 2\n </vcpu><empty>  </empty></domain>")
    document.set("vcpu", "3")
    document.set("empty", "full")
    assert document.to_text() == "<domain><vcpu> 3\n </vcpu><empty>full</empty></domain>\n"
