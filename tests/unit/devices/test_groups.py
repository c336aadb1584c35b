"""The groups of settings: complete by libvirt's schema, said once, and their rows valid."""

import pytest

from app.devices.catalogue import GROUPS, TYPES
from app.devices.coverage import form_places
from app.devices.description import Description, Field, Kind, Table, items
from app.devices.groups.hyperv import RECOMMENDED
from app.devices.groups.memory import human
from app.devices.groups.overview import NOTES
from app.devices.values import read, write
from app.model.definition import with_notes
from app.xmldoc import paths
from app.xmldoc.document import Document
from app.xmldoc.schema import load
from app.xmldoc.schema.places import places
from app.xmldoc.schema.validate import Validator

BASE = """<domain type='{kind}'>
  <name>web</name>
  <memory unit='MiB'>512</memory>
  <vcpu>1</vcpu>
  <os>
    <type>{os}</type>
  </os>
  <clock offset='utc'/>
  <cpu>
    <numa>
      <cell id='7' memory='524288'/>
    </numa>
  </cpu>
</domain>
"""
FEWER = ("@type", "os/type/@arch", "os/nvram/@type")
"""Of these not all that the schema lists is of use: hypervisors that are gone, storage in which libvirt keeps no variables."""
ALL_TABLES = [(group, item) for group in GROUPS for item in items(group) if isinstance(item, Table)]


def fields(description: Description) -> list[Field]:
    found: list[Field] = []
    for item in items(description):
        found.extend([item] if isinstance(item, Field) else item.columns)
    return found


def test_every_setting_outside_the_devices_has_a_form() -> None:
    """But for network and other storage of UEFI's variables in all its detail, which the inspector has."""
    known = {place for place in places(load("domain")) if not place.startswith(("domain/devices", "domain/os/nvram/source/"))}
    assert known - form_places(GROUPS) == set()


@pytest.mark.parametrize("description", [*GROUPS, *TYPES], ids=lambda one: one.id)
def test_ids_and_paths_are_said_once_and_in_plain_words(description: Description) -> None:
    said = [item.path for item in items(description)]
    assert len(said) == len(set(said))
    for item in items(description):
        paths.parse(item.path)
        assert item.label
    for field in fields(description):
        assert field.label
        assert field.kind is not Kind.CHOICE or field.choices or field.offered or field.names
        values = [choice.value for choice in field.choices]
        assert len(values) == len(set(values))


def test_ids_are_unique() -> None:
    ids = [one.id for one in (*GROUPS, *TYPES)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("group", GROUPS, ids=lambda one: one.id)
def test_a_field_of_a_group_has_help(group: Description) -> None:
    assert [field.path for field in fields(group) if not field.help] == []


@pytest.mark.parametrize("group", GROUPS, ids=lambda one: one.id)
def test_choices_are_those_of_the_schema(group: Description) -> None:
    """Each closed list of the schema is offered whole; more is known only of newer versions."""
    schema = load("domain")
    for field in (item for item in items(group) if isinstance(item, Field) and item.kind is Kind.CHOICE and item.choices):
        steps = tuple(paths.qualified(step.name) for step in paths.parse(field.path).steps)
        node = schema.at(("domain", *steps))
        info = node.attribute(paths.parse(field.path).attribute) if paths.parse(field.path).attribute else node
        if info is None or not node.known:
            continue
        value = info.value if hasattr(info, "value") else info.text
        if value is not None and value.closed and field.path not in FEWER:
            assert set(value.values) <= {choice.value for choice in field.choices}, field.path


@pytest.mark.parametrize(
    ("group", "table"), ALL_TABLES, ids=lambda one: one.path.replace("/", ".") if isinstance(one, Table) else one.id
)
def test_a_new_row_is_valid(group: Description, table: Table) -> None:
    if not table.new:
        pytest.skip("its rows are added with what they are in")
    kind, os = {"container": ("lxc", "exe")}.get(group.id, ("kvm", "hvm"))
    document = Document.parse(BASE.format(kind=kind, os=os))
    parent = table.path.rpartition("/")[0]
    row = document.insert(table.new, parent)
    assert Validator(load("domain")).problems(document.to_text()) == [], document.to_text()
    assert document.find_all(table.path)[-1] is row
    for column in table.columns:
        assert column.required is False or read(document, column, row) is not None, column.path


def test_notes_are_where_they_have_always_been() -> None:
    """libvirt puts our namespace on the element that ``set_metadata`` hands it (virXMLInjectNamespace)."""
    document = Document.parse(BASE.format(kind="kvm", os="hvm"))
    write(document, NOTES, document.root, "Ask *Jane*.\nTwice.")
    element = document.find("metadata/hostelry:hostelry")
    assert element is not None
    uri = paths.NAMESPACES["hostelry"]
    stripped = Document.parse(with_notes("", "Ask *Jane*.\nTwice."))
    assert [child.tag for child in element] == [f"{{{uri}}}{child.tag}" for child in stripped.root]
    assert read(document, NOTES, document.root) == "Ask *Jane*.\nTwice."


def test_sizes_in_words() -> None:
    assert (human("4194304", "KiB"), human("1536", "MiB"), human("300", "KiB"), human("x", "KiB")) == (
        "4 GiB",
        "1.5 GiB",
        "300 KiB",
        "x",
    )


def test_summaries_of_an_empty_machine_are_words() -> None:
    document = Document.parse("<domain/>")
    assert all(group.summary(document, document.root) for group in GROUPS)


def test_the_recommended_for_windows_are_fields() -> None:
    said = {field.path for group in GROUPS if group.id == "hyperv" for field in fields(group)}
    assert {f"features/hyperv/{name}/@state" for name in RECOMMENDED} <= said
