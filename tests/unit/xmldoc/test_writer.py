"""The quick way of writing gives, byte for byte, what the thorough one gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.xmldoc import writer
from app.xmldoc.writer import write, write_element

FILES = sorted((Path(__file__).parents[2] / "data" / "domains").glob("*.xml"))

NASTY = (
    """<a><b>x"y</b><c d="a'b&quot;&gt;"/><d e="&gt;&quot;">k</d><e>&#13;&gt;</e><f a="&#10;&#9;"/><g></g><h>"</h></a>""",
    "<a xmlns:x='u'><b xmlns:x='v'><x:c/></b><c xmlns:x='u'><d xmlns:x='u' x:k='1'/></c></a>",
    "<a xmlns='q'><b xmlns='' k='xmlns'/><c>xmlns</c><!--xmlns:--><metadata><z xmlns='p' k='1'/></metadata></a>",
    "<a xmlns:x='u'><x:metadata><x:c xmlns:y='k' y:z='1'>q</x:c></x:metadata><?pi 'x'?><b xml:lang='d' x:b='2'/></a>",
)


def _both(monkeypatch: pytest.MonkeyPatch, root: etree._Element) -> None:
    elements = list(root.iter(etree.Element))
    quick = [write(root), *map(write_element, elements)]
    with monkeypatch.context() as patched:
        patched.setattr(writer, "_quick", lambda *_args: None)
        assert quick == [write(root), *map(write_element, elements)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_corpus(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    _both(monkeypatch, etree.fromstring(path.read_bytes()))


@pytest.mark.parametrize("text", NASTY)
def test_what_lxml_writes_in_another_way(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    _both(monkeypatch, etree.fromstring(text))


TEXTS = st.text(st.sampled_from("a\"'<>& \n\t\r=é😀"), max_size=6)


@given(TEXTS, TEXTS, TEXTS)
def test_any_text(value: str, text: str, tail: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        root = etree.Element("a", b=value)
        child = etree.SubElement(root, "c", d=tail)
        child.text, child.tail = text, tail
        etree.SubElement(root, "e").text = "plain"
        _both(monkeypatch, root)
