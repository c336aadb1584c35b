"""Any bytes are a document or are refused in words; nothing outside of them is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.xmldoc.document import Document


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    for text in (data, b"<?xml version='1.0'?><a>" + data + b"</a>", b"<a " + data + b"/>"):
        try:
            document = Document.parse(text)
        except Invalid as error:
            assert error.what
            continue
        document.set("name", "value")
        assert Document.parse(document.to_text()).get("name") == "value"


@pytest.mark.parametrize(
    "named", ["utf-8", "UTF-16", "latin1", "EBCDIC-CP-US", "UTF-7", "HTML", "UCS-4", "shift_jis", "nonsense"]
)
@pytest.mark.parametrize("real", ["utf-8", "utf-16", "latin1", "utf-32"])
def test_any_encoding(named: str, real: str) -> None:
    try:
        Document.parse(f"<?xml version='1.0' encoding='{named}'?><a b='é'>ü</a>".encode(real)).to_text()
    except Invalid as error:
        assert error.what


def test_entities_files_and_bombs(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    bomb = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(20))
    for doctype, text in (
        (f"<!ENTITY x SYSTEM 'file://{tmp_path}/secret'>", "<a>&x;</a>"),
        (bomb, "<a>&l19;</a>"),
        (bomb, "<a b='&l19;'/>"),
    ):
        with pytest.raises(Invalid):
            Document.parse(f"<!DOCTYPE a [{doctype}]>{text}")
    with pytest.raises(Invalid):
        Document.parse("<a>" * 100_000)
