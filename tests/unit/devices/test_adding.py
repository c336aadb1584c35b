"""What a new device begins with: free names and addresses, the machine's buses, and the controllers it needs."""

from __future__ import annotations

import pytest

from app.devices import free
from app.devices.adding import bus, cd_bus, new_xml, unavailable
from app.devices.catalogue import TYPES
from app.devices.description import DeviceType, Variant
from app.devices.needs import needed_first, remarks
from app.devices.offers import Named, Offers
from app.xmldoc.document import Document

ROOT = "<controller type='pci' index='0' model='pcie-root'/>"
PORT = "<controller type='pci' index='1' model='pcie-root-port'/>"


def machine(inside: str = "", kind: str = "pc-q35-7.2", arch: str = "x86_64", more: str = "") -> Document:
    return Document.parse(
        f"<domain type='kvm'><name>my web</name><os><type arch='{arch}' machine='{kind}'>hvm</type></os>{more}<devices>{inside}</devices></domain>"
    )


def variant(identity: str) -> tuple[DeviceType, Variant]:
    return next((kind, one) for kind in TYPES for one in kind.variants if one.id == identity)


def made(identity: str, document: Document, offers: Offers | None = None, chosen: Named | None = None) -> str:
    return new_xml(variant(identity)[1], document, offers or Offers(), chosen)


def test_the_next_free_name_of_a_disk_is_by_its_bus() -> None:
    document = machine(
        "<disk><target dev='vda' bus='virtio'/></disk><disk><target dev='vdc' bus='virtio'/></disk><disk><target dev='sda' bus='usb'/></disk>"
    )
    assert "dev='vdb' bus='virtio'" in made("disk-file", document)
    assert "dev='sdb' bus='sata'" in made("cdrom", document)
    assert "dev='fda' bus='fdc'" in made("floppy", document)
    assert free.target(document, "ide") == "hda"


def test_names_of_disks_go_on_after_z() -> None:
    disks = "".join(f"<disk><target dev='vd{letter}'/></disk>" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert free.target(machine(disks), "virtio") == "vdaa"
    assert free.target(machine(f"{disks}<disk><target dev='vdaa'/></disk>"), "virtio") == "vdab"


def test_an_address_is_new_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter([b"\x00\x00\x01", b"\x00\x00\x02", b"\x00\x00\x03"])
    monkeypatch.setattr("secrets.token_bytes", lambda _count: next(given))
    document = machine("<interface><mac address='52:54:00:00:00:01'/></interface>")
    assert free.mac(document, Offers(taken={"mac": {"52:54:00:00:00:02": "db"}})) == "52:54:00:00:00:03"


@pytest.mark.parametrize(
    ("kind", "arch", "listed", "disk", "cd"),
    [
        ("pc-q35-7.2", "x86_64", None, "virtio", "sata"),
        ("pc-i440fx-7.2", "x86_64", None, "virtio", "ide"),
        ("virt-7.2", "aarch64", None, "virtio", "scsi"),
        ("isapc", "x86_64", None, "ide", "ide"),
        ("pc-q35-7.2", "x86_64", ("scsi", "usb"), "scsi", "scsi"),
    ],
)
def test_buses_fit_the_machine(kind: str, arch: str, listed: tuple[str, ...] | None, disk: str, cd: str) -> None:
    offers = Offers(enums={} if listed is None else {"disk/bus": listed})
    document = machine(kind=kind, arch=arch)
    assert (bus(document, offers), cd_bus(document, offers)) == (disk, cd)


def test_what_the_host_has_is_named_unless_it_cannot_be_used() -> None:
    offers = Offers(
        names={"networks": (Named("lab", why_not="It is not active."), Named("office")), "pools": (Named("a"), Named("default"))}
    )
    assert "network='office'" in made("interface-network", machine(), offers)
    assert "network='default'" in made("interface-network", machine())
    assert "pool='default'" in made("disk-volume", machine(), offers)


def test_names_of_the_machine_are_safe_in_files() -> None:
    document = Document.parse("<domain><name>../a 'b' &lt;ü&gt;</name><devices/></domain>")
    xml = made("serial-file", document)
    assert Document.parse(xml).get("source/@path") == "/var/log/libvirt/serial-a-b.log"


def test_a_new_image_is_none_that_a_disk_has() -> None:
    document = machine("<disk><source file='/var/lib/libvirt/images/my-web-disk1.qcow2'/></disk>")
    taken = Offers(taken={"disk": {"/var/lib/libvirt/images/my-web-disk2.qcow2": "other"}})
    assert "/var/lib/libvirt/images/my-web-disk3.qcow2" in made("disk-file", document, taken)


def test_the_chosen_device_of_the_host_stands_in_the_source() -> None:
    chosen = Named("1", xml="<vendor id='0x046d'/><product id='0xc52b'/>")
    assert "<source><vendor id='0x046d'/>" in made("hostdev-usb", machine(), chosen=chosen)
    offers = Offers(names={"usb": (Named("0", why_not="In use.", xml="<a/>"), chosen)})
    assert "0x046d" in made("hostdev-usb", machine(), offers)
    assert "0x0000" in made("hostdev-usb", machine())


def test_what_cannot_be_added_says_why() -> None:
    kind, one = variant("rng")
    assert not unavailable(kind, one, machine(), Offers())
    assert not unavailable(kind, one, machine(), Offers(enums={"rng/backendModel": ("random",)}))
    assert unavailable(kind, one, machine(), Offers(enums={"rng/backendModel": ("egd",)}))
    kind, one = variant("vsock")
    assert unavailable(kind, one, machine("<vsock/>"), Offers())
    kind, one = variant("pstore")
    assert "10.6" in unavailable(kind, one, machine(), Offers(libvirt=(9, 0, 0)))
    assert not unavailable(kind, one, machine(), Offers(libvirt=(10, 6, 0)))
    kind, one = variant("hostdev-misc")
    assert unavailable(kind, one, machine(), Offers(driver="QEMU")) and not unavailable(
        kind, one, machine(), Offers(driver="LXC")
    )


def test_controllers_come_first_where_they_are_missing() -> None:
    scsi = "<disk><target dev='sda' bus='scsi'/></disk>"
    assert needed_first(scsi, machine(), Offers()) == ("<controller type='scsi' model='virtio-scsi'/>",)
    assert needed_first(scsi, machine("<controller type='scsi'/>"), Offers()) == ()
    assert needed_first("<input type='tablet' bus='usb'/>", machine("<controller type='usb' model='none'/>"), Offers()) != ()
    assert needed_first("<smartcard mode='host'/>", machine(), Offers()) == ("<controller type='ccid'/>",)
    assert needed_first("<rng model='virtio'/>", machine(), Offers()) == ()


def test_a_controller_gets_a_port_of_its_own_unless_one_is_free() -> None:
    scsi = "<disk><target dev='sda' bus='scsi'/></disk>"
    used = f"{ROOT}{PORT}<rng><address type='pci' bus='0x01' slot='0'/></rng>"
    assert needed_first(scsi, machine(used), Offers())[0] == "<controller type='pci' model='pcie-root-port'/>"
    assert len(needed_first(scsi, machine(ROOT + PORT), Offers())) == 1
    assert len(needed_first(scsi, machine(used), Offers(active=True))) == 1


def test_what_else_is_needed_is_said() -> None:
    shared = "<memoryBacking><access mode='shared'/></memoryBacking>"
    folder = made("filesystem-virtiofs", machine())
    assert remarks(folder, machine(), Offers()) and not remarks(folder, machine(more=shared), Offers())
    module = made("memory-dimm", machine())
    assert remarks(module, machine(), Offers())
    assert not remarks(module, machine(more="<maxMemory slots='4'>8388608</maxMemory>"), Offers())
    card = made("interface-network", machine())
    used = f"{ROOT}{PORT}<rng><address type='pci' bus='0x01' slot='0'/></rng>"
    assert remarks(card, machine(used), Offers(active=True)) and not remarks(card, machine(used), Offers())
    assert not remarks(card, machine(ROOT + PORT), Offers(active=True))
