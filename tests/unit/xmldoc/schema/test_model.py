"""What the schema says of elements, narrowed by what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from app.errors import NotFound
from app.xmldoc.schema import Node, load
from app.xmldoc.schema.folder import VARIABLE
from app.xmldoc.schema.places import places, walk

SCHEMA = load()


def node(xml: str, path: str = ".") -> Node:
    """The node of an element in ``xml``, a device or a whole domain."""
    root = etree.fromstring(xml)
    found = root.find(path)
    assert found is not None
    return SCHEMA.at(found, () if root.tag == "domain" else ("domain", "devices"))


def fitting(of: Node) -> set[str]:
    """Attributes with "@" and children that may be there now."""
    return {f"@{info.name}" for info in of.attributes if info.fits} | {info.name for info in of.elements if info.fits}


def test_by_path_everything_is_possible() -> None:
    disk = SCHEMA.at(("domain", "devices", "disk"))
    kind = disk.attribute("type")
    assert kind is not None
    assert kind.value.closed
    assert set(kind.value.values) == {"file", "block", "dir", "network", "volume", "nvme", "vhostuser"}
    assert {"file", "dev", "protocol", "pool"} <= {info.name for info in SCHEMA.at(("domain", "devices", "disk", "source")).attributes}


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("file", {"@file", "@startupPolicy"}, {"@dev", "@protocol", "@pool", "host"}),
        ("block", {"@dev"}, {"@file", "@protocol", "@pool", "host"}),
        ("network", {"@protocol", "host"}, {"@file", "@dev", "@pool"}),
        ("volume", {"@pool", "@volume"}, {"@file", "@dev", "@protocol", "host"}),
    ],
)
def test_the_type_of_a_disk_chooses_its_source(kind: str, has: set[str], lacks: set[str]) -> None:
    found = fitting(node(f"<disk type='{kind}'><source/><target dev='vda'/></disk>", "source"))
    assert has <= found
    assert not lacks & found


def test_what_does_not_fit_says_why() -> None:
    source = node("<disk type='network'><source protocol='rbd'/></disk>", "source")
    file = source.attribute("file")
    assert file is not None
    assert not file.fits
    assert file.reason == "Not with protocol='rbd'."
    source = node("<disk type='block'><source/></disk>", "source")
    file = source.attribute("file")
    assert file is not None
    assert file.reason == "Not with type='block' in <disk>."


def test_an_own_value_does_not_hide_the_others() -> None:
    protocol = node("<disk type='network'><source protocol='rbd'/></disk>", "source").attribute("protocol")
    assert protocol is not None
    assert {"rbd", "nbd", "iscsi", "https"} <= set(protocol.now.values)


def test_a_child_excludes_what_contradicts_it() -> None:
    kind = node("<disk><source dev='/dev/sda'/><target dev='vda'/></disk>").attribute("type")
    assert kind is not None
    assert kind.now.values == ("block",)
    assert len(kind.value.values) == 7


def test_lun_needs_a_device() -> None:
    disk = node("<disk device='lun'/>")
    kind = disk.attribute("type")
    assert kind is not None
    assert set(kind.now.values) == {"block", "network", "volume"}
    assert "@rawio" in fitting(disk)
    assert "@rawio" not in fitting(node("<disk device='cdrom'/>"))


def test_required_and_repeatable() -> None:
    disk = node("<disk type='file'/>")
    target = disk.child("target")
    assert target is not None
    assert target.required
    assert not target.repeatable
    devices = node("<domain type='kvm'><devices/></domain>", "devices").child("disk")
    assert devices is not None
    assert devices.repeatable
    assert not devices.required
    dev = node("<disk type='file'><target/></disk>", "target").attribute("dev")
    assert dev is not None
    assert dev.required


def test_what_is_there_and_not_repeatable_does_not_fit_again() -> None:
    target = node("<disk type='file'><target dev='vda'/></disk>").child("target")
    assert target is not None
    assert not target.fits
    assert target.present == 1
    assert target.reason == "It is there already, and may be there only once."


def test_the_kind_of_a_host_device() -> None:
    pci = node("<hostdev mode='subsystem' type='pci'><source><address/></source></hostdev>", "source/address")
    usb = node("<hostdev mode='subsystem' type='usb'><source><address/></source></hostdev>", "source/address")
    assert {"@domain", "@slot", "@function"} <= fitting(pci)
    assert {"@bus", "@device"} == fitting(usb)


def test_namespaces_have_their_prefix() -> None:
    root = node("<domain type='kvm'/>")
    commandline = root.child("qemu:commandline")
    assert commandline is not None
    assert commandline.tag == "{http://libvirt.org/schemas/domain/qemu/1.0}commandline"
    assert "qemu:arg" in fitting(SCHEMA.at(("domain", "qemu:commandline")))


def test_anything_goes_in_metadata() -> None:
    xml = "<domain type='kvm'><metadata><a:b xmlns:a='urn:x'><c/></a:b></metadata></domain>"
    assert node(xml, "metadata").any
    assert node(xml, "metadata/{urn:x}b").known
    assert not node("<domain type='kvm'><nonsense/></domain>", "nonsense").known


def test_an_element_within_itself_ends() -> None:
    xml = "<disk type='file'>" + "<backingStore type='file'>" * 30 + "</backingStore>" * 30 + "</disk>"
    store = node(xml, "/".join(["backingStore"] * 30))
    assert store.known
    assert "backingStore" in fitting(store)


def test_values_in_words() -> None:
    port = SCHEMA.at(("domain", "devices", "graphics")).attribute("port")
    cdrom = SCHEMA.at(("domain", "devices", "disk", "target")).attribute("tray")
    index = SCHEMA.at(("domain", "vcpu")).text
    assert port is not None and cdrom is not None and index is not None
    assert cdrom.value.words() == "one of: open, closed"
    assert "whole number" in index.words()
    assert port.value.allows("-1")


def test_where_it_is_said() -> None:
    disk = SCHEMA.at(("domain", "devices")).child("disk")
    assert disk is not None
    assert disk.where[0].file == "domaincommon.rng"
    assert disk.where[0].define == "disk"
    assert disk.where[0].line > 100


def test_all_places() -> None:
    found = places(SCHEMA)
    assert {"domain", "domain/devices/disk/source/@file", "domain/qemu:commandline/qemu:arg/@value"} <= found
    assert "domain/devices/disk/backingStore/backingStore" in found
    assert "domain/devices/disk/backingStore/backingStore/backingStore" not in found
    assert len(found) > 2000
    assert all(place.patterns for place in walk(SCHEMA))


@pytest.mark.parametrize("kind", ["network", "storagepool", "storagevol", "nwfilter", "domainsnapshot", "nodedev", "interface"])
def test_other_schemas(kind: str) -> None:
    assert len(places(load(kind))) > 20


def test_no_schemas_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound) as caught:
        load("domain", tmp_path)
    assert "libvirt" in caught.value.next_step
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(NotFound):
        load("domain")
