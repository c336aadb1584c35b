"""Fields read and write their own path, and nothing beside it."""

import pytest

from app.devices.checks import problem, why_not
from app.devices.choosing import options
from app.devices.cpuset import members, spell
from app.devices.description import Choice, Field, Kind, When
from app.devices.lookup import same_device
from app.devices.offers import Offers
from app.devices.shared.disk_kinds import place
from app.devices.types.watchdog import WATCHDOG
from app.devices.values import read, write
from app.xmldoc.document import Document

TEXT = """<domain type='kvm'>
  <!-- kept -->
  <memory unit='MiB'>512</memory>
  <unknown odd="1"/>
  <cpu/>
  <devices>
    <watchdog model='i6300esb' action='reset'/>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <driver iommu='on'/>
    </interface>
    <interface type='network'>
      <mac address='52:54:00:00:00:02'/>
    </interface>
  </devices>
</domain>
"""
MEMORY = Field("memory", "Memory", Kind.SIZE, has_unit=True)


def test_a_size_keeps_its_unit_where_it_fits() -> None:
    document = Document.parse(TEXT)
    assert read(document, MEMORY, document.root) == str(512 << 20)
    write(document, MEMORY, document.root, str(1 << 30))
    assert document.to_text() == TEXT.replace(">512<", ">1024<").replace('<unknown odd="1"/>', "<unknown odd='1'/>")
    write(document, MEMORY, document.root, str((1 << 30) + 1024))
    assert (document.get("memory"), document.get("memory/@unit")) == ("1048577", "KiB")


def test_writing_what_is_there_changes_nothing() -> None:
    document = Document.parse(TEXT)
    write(document, MEMORY, document.root, str(512 << 20))
    assert document.to_text() == TEXT


def test_what_a_value_alone_kept_goes_with_it_and_no_more() -> None:
    document = Document.parse(TEXT)
    card = document.find_all("devices/interface")[0]
    write(document, Field("driver/@iommu", "IOMMU", Kind.SWITCH, on="on", off="off"), card, None)
    assert document.find("driver", card) is None
    assert document.find("cpu") is not None
    write(document, Field("mac/@address", "MAC", Kind.MAC), card, None)
    assert document.find("mac", card) is None and document.get("@type", at=card) == "network"


def test_presence() -> None:
    document = Document.parse(TEXT)
    acpi = Field("features/acpi", "ACPI", Kind.PRESENCE)
    assert read(document, acpi, document.root) is None
    write(document, acpi, document.root, "yes")
    assert document.find("features/acpi") is not None
    write(document, acpi, document.root, None)
    assert document.find("features") is None


def test_what_the_path_asks_for_goes_with_the_value() -> None:
    """A <feature> with a name alone would be refused by libvirt."""
    document = Document.parse(TEXT)
    secure = Field("os/firmware/feature[@name='secure-boot']/@enabled", "Secure Boot", Kind.SWITCH)
    write(document, secure, document.root, "yes")
    write(document, secure, document.root, None)
    assert document.to_text() == TEXT


def test_a_size_that_is_none_is_brought_back_as_it_stood() -> None:
    document = Document.parse(TEXT.replace("unit='MiB'>512", "unit='parsec'>lots"))
    write(document, MEMORY, document.root, str(1 << 30))
    assert (document.get("memory"), document.get("memory/@unit")) == ("1048576", "KiB")
    write(document, MEMORY, document.root, "lots")
    assert document.get("memory") == "lots"


def test_a_text_beside_children_comes_and_goes_alone() -> None:
    text = "<rng>\n  <backend model='egd'>\n    <source mode='bind'/>\n  </backend>\n</rng>\n"
    document = Document.parse(text)
    backend = Field("backend", "File", Kind.PATH)
    write(document, backend, document.root, "/dev/random")
    assert document.get("backend") == "/dev/random"
    write(document, backend, document.root, None)
    assert document.to_text() == text


def test_a_mac_is_one_devices_alone() -> None:
    document = Document.parse(TEXT)
    first, _second = document.find_all("devices/interface")
    mac = Field("mac/@address", "MAC", Kind.MAC, taken="mac", distinct=True)
    offers = Offers(taken={"mac": {"52:54:00:00:00:09": "web"}})
    assert problem(mac, "52:54:00:00:00:01", document, first, offers) == ""
    assert "“web”" in problem(mac, "52:54:00:00:00:09", document, first, offers)
    assert "Another device" in problem(mac, "52:54:00:00:00:02", document, first, offers)
    assert problem(mac, "52:54:00:00:00", document, first, offers)
    assert "group" in problem(mac, "53:54:00:00:00:05", document, first, offers)


def test_the_machines_own_value_is_always_selectable() -> None:
    document = Document.parse(TEXT)
    watchdog = document.find("devices/watchdog")
    assert watchdog is not None
    field = Field(
        "@model", "Model", Kind.CHOICE, choices=(Choice("ib700", "ISA"), Choice("i6300esb", "PCI")), offered="watchdog/model"
    )
    found = options(field, document, watchdog, Offers(enums={"watchdog/model": ("itco",)}))
    assert [(one.value, bool(one.why_not)) for one in found] == [("ib700", True), ("i6300esb", False), ("itco", False)]


def test_conditions() -> None:
    document = Document.parse(TEXT)
    card = document.find_all("devices/interface")[0]
    assert why_not((When("/@type", ("kvm",)), When("@type", ("network",))), document, card) == ""
    assert why_not((When("@type", ("bridge",), "Only for bridges."),), document, card) == "Only for bridges."
    assert why_not((When("driver"), When("vlan", negate=True)), document, card) == ""
    assert why_not((When("driver/@name", (None, "vhost")),), document, card) == ""


@pytest.mark.parametrize(
    ("text", "cpus"), [("0-3,^2,8", {0, 1, 3, 8}), ("5", {5}), ("", None), ("3-1", None), ("a", None), ("^1", None)]
)
def test_processor_lists(text: str, cpus: set[int] | None) -> None:
    found = members(text)
    assert found == (None if cpus is None else frozenset(cpus))
    if found:
        assert members(spell(found)) == found


def test_a_device_is_found_again_by_its_key() -> None:
    document, other = Document.parse(TEXT), Document.parse(TEXT.replace("i6300esb", "ib700"))
    watchdog = document.find("devices/watchdog")
    assert watchdog is not None
    assert WATCHDOG.summary(document, watchdog) == "Intel 6300ESB (PCI): Reset it"
    assert same_device(document, watchdog, Document.parse(TEXT)) is not None
    assert same_device(document, watchdog, other) is None


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "<source protocol='https' name='/iso/debian.iso'><host name='www.example.org'/></source>",
            "https://www.example.org/iso/debian.iso",
        ),
        ("<source protocol='rbd' name='pool/image'/>", "rbd:pool/image"),
        ("<source file='/a.qcow2'/>", "/a.qcow2"),
        ("", ""),
    ],
)
def test_where_a_disk_is_reads_as_an_address(source: str, words: str) -> None:
    document = Document.parse(f"<domain><devices><disk>{source}</disk></devices></domain>")
    disk = document.find("devices/disk")
    assert disk is not None
    assert place(document, disk) == words
