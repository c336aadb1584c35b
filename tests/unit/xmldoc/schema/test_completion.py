"""What is offered while a definition is typed; the cursor is at "|"."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.xmldoc.schema.completion import Completions, complete
from app.xmldoc.schema.folding import breadcrumb, fold_ranges
from app.xmldoc.schema.tokens import read
from tests.unit.xmldoc.schema.machines import ODD, SCHEMA, big

HEAD = "<domain type='kvm'>\n  <devices>\n    "
TAIL = "\n  </devices>\n</domain>\n"


def at(text: str) -> tuple[Completions, str]:
    """What is offered, and the text without the cursor."""
    offset = text.index("|")
    plain = text.replace("|", "", 1)
    return complete(SCHEMA, plain, offset), plain


def labels(text: str) -> list[str]:
    """What is offered."""
    return [item.label for item in at(text)[0].items]


def taken(text: str, label: str) -> str:
    """The text after an item was chosen, with the cursor."""
    found, plain = at(text)
    item = next(each for each in found.items if each.label == label)
    before = plain[: found.start] + item.insert[: item.caret] + "|"
    return before + item.insert[item.caret :] + plain[text.index("|") :]


def test_elements_behind_the_bracket() -> None:
    found = labels(f"{HEAD}<|{TAIL}")
    assert {"disk", "interface", "hostdev"} <= set(found)
    assert not {"name", "kernel"} & set(found)
    assert labels(f"{HEAD}<inter|{TAIL}") == ["interface"]


def test_an_element_comes_with_what_it_requires() -> None:
    assert taken(f"{HEAD}<inter|{TAIL}", "interface") == f"{HEAD}<interface type='|'></interface>{TAIL}"
    assert taken("<domain><devices><disk><tar|", "target") == "<domain><devices><disk><target dev='|'/>"
    assert taken("<domain><na|", "name") == "<domain><name>|</name>"


def test_only_the_name_of_a_tag_that_is_there() -> None:
    assert taken(f"{HEAD}<dis| type='file'></disk>{TAIL}", "disk") == f"{HEAD}<disk| type='file'></disk>{TAIL}"


def test_what_is_there_is_left_out() -> None:
    disk = f"{HEAD}<disk type='file'><target dev='vda'/><|</disk>{TAIL}"
    assert "target" not in labels(disk)
    assert "source" in labels(disk)
    assert "disk" in labels(f"{HEAD}<disk type='file'/><|{TAIL}")
    after = f"{HEAD}<disk type='file'><|<target dev='vda'/></disk>{TAIL}"
    assert "target" not in labels(after)


def test_the_type_narrows() -> None:
    assert "dev" in labels(f"{HEAD}<disk type='block'><source |/></disk>{TAIL}")
    assert "file" not in labels(f"{HEAD}<disk type='block'><source |/></disk>{TAIL}")
    assert {"file"} <= set(labels(f"{HEAD}<disk type='file'><source |/></disk>{TAIL}"))


def test_attributes() -> None:
    assert taken(f"{HEAD}<disk ty|>{TAIL}", "type") == f"{HEAD}<disk type='|'>{TAIL}"
    assert "type" not in labels(f"{HEAD}<disk type='file' |>{TAIL}")
    assert labels(f"{HEAD}<disk dev|='disk'>{TAIL}") == ["device"]
    assert taken(f"{HEAD}<disk dev|='disk'>{TAIL}", "device") == f"{HEAD}<disk device|='disk'>{TAIL}"
    assert labels(f"{HEAD}<interface |{TAIL}")[0] == "type"


@pytest.mark.parametrize("rest", ["'/>", "", "\n", " device='disk'>", "'>", "><target dev='vda'/></disk>"])
def test_values(rest: str) -> None:
    assert labels(f"{HEAD}<disk type='|{rest}{TAIL}") == ["file", "block", "dir", "network", "volume", "nvme", "vhostuser"]
    assert labels(f"{HEAD}<disk type='net|{rest}{TAIL}") == ["network"]


def test_a_value_without_quotes_gets_them() -> None:
    assert taken(f"{HEAD}<disk type=|{TAIL}", "file") == f"{HEAD}<disk type='file'|{TAIL}"


def test_values_go_with_the_rest() -> None:
    assert set(labels(f"{HEAD}<disk type='|' device='lun'/>{TAIL}")) == {"block", "network", "volume"}


def test_texts() -> None:
    assert {"hvm", "exe"} <= set(labels("<domain type='kvm'><os><type>|</type></os></domain>"))
    assert labels("<domain type='kvm'><os><type>hv|</type></os></domain>") == ["hvm"]
    assert labels("<domain><on_crash>\n  re|\n</on_crash>") == ["restart", "rename-restart"]


def test_elements_where_no_bracket_is_yet() -> None:
    assert taken(f"{HEAD}|{TAIL}", "input") == f"{HEAD}<input type='|'></input>{TAIL}"
    assert labels(f"{HEAD}words |{TAIL}") == []


def test_end_tags() -> None:
    assert taken(f"{HEAD}<disk>\n</|{TAIL}", "</disk>") == f"{HEAD}<disk>\n</disk>|{TAIL}"
    assert taken(f"{HEAD}<disk>\n</di|>{TAIL}", "</disk>") == f"{HEAD}<disk>\n</disk|>{TAIL}"
    assert "</disk>" in labels(f"{HEAD}<disk><|")


def test_the_root() -> None:
    assert taken("<|", "domain") == "<domain type='|'></domain>"
    assert labels("|") == ["domain"]


def test_namespaces() -> None:
    assert "qemu:commandline" in labels("<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><|</domain>")
    assert labels("<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline><|</q:commandline></domain>") == [
        "qemu:arg", "qemu:env", "</q:commandline>",
    ][:2]  # fmt: skip


@pytest.mark.parametrize("text", ["<domain><!-- <| --></domain>", "<domain><![CDATA[ <| ]]></domain>", "<?xml |?>", "<nonsense><|"])
def test_nothing_is_offered(text: str) -> None:
    assert [each for each in labels(text) if not each.startswith("</")] == []


def test_folds() -> None:
    folds = fold_ranges(ODD)
    assert [(fold.first_line, fold.last_line, fold.name) for fold in folds] == [
        (0, 20, "domain"), (3, 5, "metadata"), (7, 9, "os"), (11, 19, "devices"), (13, 17, "disk"),
    ]  # fmt: skip
    assert [fold.name for fold in fold_ranges("<a>\n<b>\n\n</a>\n")] == ["a", "b"]


def test_breadcrumb() -> None:
    offset = ODD.index("file='/a")
    assert [crumb.name for crumb in breadcrumb(ODD, offset)] == ["domain", "devices", "disk", "source"]
    assert [crumb.name for crumb in breadcrumb(ODD, ODD.index("<!-- the disk"))] == ["domain", "devices"]
    assert breadcrumb(ODD, 0) == []
    assert ODD[breadcrumb(ODD, offset)[2].start :].startswith("<disk")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="<>/=\"'! a:bdiskty?-[]&;\n\0", max_size=40)), st.integers(0, 400), st.integers(-5, 400))
def test_no_text_is_too_strange(typed: str, place: int, offset: int) -> None:
    for text in (typed, ODD[:place] + typed + ODD[place:], ODD[:place] + typed):
        found = complete(SCHEMA, text, offset)
        assert 0 <= found.start <= max(0, min(offset, len(text)))
        assert all(0 <= item.caret <= len(item.insert) for item in found.items)
        for fold in fold_ranges(text):
            assert 0 <= fold.first_line < fold.last_line <= text.count("\n")
        breadcrumb(text, offset)


def test_all_places_of_a_real_text() -> None:
    text = big(1)
    for offset in range(len(text) + 1):
        complete(SCHEMA, text, offset)
        complete(SCHEMA, text[:offset], offset)


def test_each_tag_has_its_place() -> None:
    tree = read(ODD)
    assert all(ODD.startswith(f"<{tag.name}", tag.start) and tag.end > tag.start for tag in tree.tags)
    disk = next(tag for tag in tree.tags if tag.name == "disk")
    assert [ODD[each.value_start : each.value_end] for each in disk.attributes] == ["file", "disk"]
    assert ODD[disk.close : disk.end] == "</disk>"
