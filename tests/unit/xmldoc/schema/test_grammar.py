"""RELAX NG as a whole: each construct in a schema of its own, held against libxml2."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from lxml import etree

from app.errors import Invalid
from app.xmldoc.schema import Schema, load
from app.xmldoc.schema.faults import findings
from app.xmldoc.schema.places import places
from app.xmldoc.schema.validate import Validator

HEAD = "<grammar xmlns='http://relaxng.org/ns/structure/1.0' datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes' {more}>"


def write(folder: Path, name: str, body: str, more: str = "") -> Path:
    """A grammar as a file."""
    file = folder / f"{name}.rng"
    file.write_text(HEAD.format(more=more) + body + "</grammar>")
    return file


def agree(file: Path, documents: list[str]) -> list[bool]:
    """What the model says of the documents, which libxml2 has to say too."""
    schema, relaxng = Schema(file), etree.RelaxNG(file=str(file))
    roots = [etree.fromstring(xml) for xml in documents]
    said = [not list(findings(schema, root)) for root in roots]
    assert said == [bool(relaxng.validate(root)) for root in roots]
    return said


def test_includes_and_their_overrides(tmp_path: Path) -> None:
    write(tmp_path, "base", "<define name='x'><element name='old'><empty/></element></define><define name='y'><attribute name='y'/></define>")
    file = write(
        tmp_path, "top",
        "<start><element name='a'><ref name='x'/><ref name='y'/></element></start>"
        "<include href='base.rng'><define name='x'><element name='new'><empty/></element></define></include>",
    )  # fmt: skip
    assert agree(file, ["<a y='1'><new/></a>", "<a y='1'><old/></a>", "<a><new/></a>"]) == [True, False, False]
    assert places(Schema(file)) == {"a", "a/new", "a/@y"}


def test_definitions_are_combined(tmp_path: Path) -> None:
    either = "<define name='x' combine='choice'><element name='{0}'><empty/></element></define>"
    both = "<define name='z' combine='interleave'><element name='{0}'><empty/></element></define>"
    body = "<start><element name='a'><ref name='x'/><ref name='z'/></element></start>"
    file = write(tmp_path, "top", body + either.format("b") + either.format("c") + both.format("d") + both.format("e"))
    documents = ["<a><b/><d/><e/></a>", "<a><c/><e/><d/></a>", "<a><b/><c/><d/><e/></a>", "<a><b/><d/></a>", "<a><d/><b/><e/></a>"]
    assert agree(file, documents) == [True, True, False, False, False]


def test_nested_grammars(tmp_path: Path) -> None:
    inner = (
        "<grammar><start><ref name='x'/></start>"
        "<define name='x'><element name='in'><parentRef name='x'/></element></define></grammar>"
    )
    outer = "<start><element name='a'>{0}</element></start><define name='x'><element name='out'><empty/></element></define>"
    file = write(tmp_path, "top", outer.format(inner))
    assert agree(file, ["<a><in><out/></in></a>", "<a><in/></a>", "<a><out/></a>"]) == [True, False, False]


def test_other_files(tmp_path: Path) -> None:
    (tmp_path / "part.rng").write_text("<element name='part' xmlns='http://relaxng.org/ns/structure/1.0'><text/></element>")
    write(tmp_path, "whole", "<start><element name='whole'><empty/></element></start>")
    body = "<start><element name='a'><externalRef href='part.rng'/><externalRef href='whole.rng'/></element></start>"
    file = write(tmp_path, "top", body)
    assert agree(file, ["<a><part>x</part><whole/></a>", "<a><whole/><part/></a>", "<a/>"]) == [True, False, False]


def test_names(tmp_path: Path) -> None:
    any_of = "<element><choice><name>b</name><name>c</name></choice><empty/></element>"
    others = "<zeroOrMore><element><anyName><except><nsName ns='urn:no'/><nsName ns=''/></except></anyName><empty/></element></zeroOrMore>"
    file = write(tmp_path, "top", f"<start><element name='a'>{any_of}{others}</element></start>")
    documents = ["<a><b/></a>", "<a><c/><x xmlns='urn:x'/></a>", "<a><d/></a>", "<a><b/><x xmlns='urn:no'/></a>", "<a><b/><z/></a>"]
    assert agree(file, documents) == [True, True, False, False, False]
    assert places(Schema(file)) == {"a", "a/b", "a/c"}


def test_namespaces_are_inherited_by_elements_only(tmp_path: Path) -> None:
    body = "<start><element name='a'><attribute name='x'/><element name='b' ns=''><empty/></element></element></start>"
    file = write(tmp_path, "top", body, more="ns='urn:n'")
    assert agree(file, ["<a xmlns='urn:n' x='1'><b xmlns=''/></a>", "<a x='1'><b/></a>", "<n:a xmlns:n='urn:n' n:x='1'><b/></n:a>"]) == [
        True, False, False,
    ]  # fmt: skip


def test_texts(tmp_path: Path) -> None:
    words = "<list><data type='unsignedInt'/><zeroOrMore><choice><value>x</value><value>y</value></choice></zeroOrMore></list>"
    odd = "<element name='c'><data type='string'><except><value>bad</value></except></data></element>"
    file = write(tmp_path, "top", f"<start><element name='a'><attribute name='l'>{words}</attribute><mixed>{odd}</mixed></element></start>")
    documents = ["<a l='1 x y'>x<c>good</c>y</a>", "<a l='x'><c>good</c></a>", "<a l='1'><c>bad</c></a>", "<a l='7'><c/></a>"]
    assert agree(file, documents) == [True, False, False, True]


def test_order_and_repetition(tmp_path: Path) -> None:
    pair = "<oneOrMore><group><element name='k'><empty/></element><optional><element name='v'><empty/></element></optional></group></oneOrMore>"
    file = write(tmp_path, "top", f"<start><element name='a'>{pair}<element name='end'><empty/></element></element></start>")
    documents = ["<a><k/><v/><k/><end/></a>", "<a><k/><k/><v/><end/></a>", "<a><v/><k/><end/></a>", "<a><k/></a>", "<a><end/><k/></a>"]
    assert agree(file, documents) == [True, True, False, False, False]


def test_definitions_that_are_only_themselves(tmp_path: Path) -> None:
    body = "<start><element name='a'><ref name='x'/></element></start><define name='x'><choice><empty/><ref name='x'/></choice></define>"
    assert not list(findings(Schema(write(tmp_path, "top", body)), etree.fromstring("<a/>")))


def test_divisions_and_what_is_not_allowed(tmp_path: Path) -> None:
    never = "<define name='x'><optional><element name='never'><notAllowed/></element></optional></define>"
    body = f"<start><element name='a'><ref name='x'/></element></start><div>{never}</div>"
    file = write(tmp_path, "top", body)
    assert agree(file, ["<a/>", "<a><never/></a>"]) == [True, False]
    assert places(Schema(file)) == {"a"}


@pytest.mark.parametrize("text", ["<grammar", "<element xmlns='http://relaxng.org/ns/structure/1.0' name='a'/>"])
def test_no_grammar(tmp_path: Path, text: str) -> None:
    file = tmp_path / "top.rng"
    file.write_text(text)
    with pytest.raises(Invalid):
        Schema(file)


def test_many_threads_ask_at_once() -> None:
    file = load().file
    schema = Schema(file)
    found: list[frozenset[str]] = []
    problems: list[int] = []
    validator = Validator(schema)

    def work() -> None:
        found.append(places(schema))
        problems.append(len(validator.problems("<domain type='kvm'><x/></domain>")))

    threads = [threading.Thread(target=work) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [places(load())] * 6
    assert len(set(problems)) == 1
