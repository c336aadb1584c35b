"""Templates, full and linked clones: nothing is shared that must not be, nothing else is changed."""

from __future__ import annotations

import re
import uuid

import pytest

from app.errors import Invalid
from app.install.profile.disks import Copy, Disk, Fate, Overlay, beside, listed
from app.install.profile.identity import New, Serials, new_mac
from app.install.profile.template import Clone, base, clean, fates, is_template, make
from app.xmldoc import Document
from tests.unit.install.profile.machines import LINUX, faults

SOURCE = Document.parse(LINUX)


def clone(document: Document = SOURCE, *, linked: bool = False, new: New | None = None, **chosen: Fate) -> Clone:
    new = new or New("web-2")
    return make(document, new, beside(new.name, ["/pool/web.qcow2"], "/pool"), chosen=fates(document, linked=linked) | chosen)


def test_a_full_clone_shares_nothing_that_is_unique() -> None:
    made = clone()
    document = Document.parse(made.xml)
    assert faults(made.xml) == "" and SOURCE.to_text() == LINUX
    for text in ("11111111-2222", "aaaaaaaa-2222", "52:54:00:11:22:33", "52:54:00:11:22:34", "The web server", "web_VARS", "vnet3",
                 "portid", "5901", "/pool/web.qcow2", "/dev/vg/data", "domain-1-web", "address='5'"):  # fmt: skip
        assert text not in made.xml, text
    assert document.get("name") == "web-2" and document.get("uuid") == made.uuid == document.get("sysinfo/system/entry[@name='uuid']")
    assert uuid.UUID(made.uuid).version == 4
    assert document.get("os/nvram/@template") == "/usr/share/OVMF/OVMF_VARS_4M.fd" and document.get("os/nvram") == ""
    assert document.get("devices/serial/source/@path") == "/var/log/web-2.log"
    assert document.get("devices/graphics/@autoport") == "yes" and document.get("devices/vsock/cid/@auto") == "yes"
    assert document.find("devices/channel/source") is None or document.get("devices/channel/source/@path") is None


def test_its_disks_are_copied_and_its_cd_shared() -> None:
    made = clone()
    assert made.operations == (
        Copy("vda", "/pool/web.qcow2", "qcow2", "/pool/web-2.qcow2", "qcow2"),
        Copy("vdb", "/dev/vg/data", "raw", "/pool/web-2-vdb.img", "raw"),
    )
    disks = listed(Document.parse(made.xml))
    assert [(disk.source, disk.kind) for disk in disks] == [
        ("/pool/web-2.qcow2", "file"), ("/pool/web-2-vdb.img", "file"), ("/pool/debian.iso", "file"),
    ]  # fmt: skip


def test_a_linked_clone_stands_on_the_old_disks_and_says_so() -> None:
    made = clone(linked=True)
    assert made.operations == (
        Overlay("vda", "/pool/web.qcow2", "qcow2", "/pool/web-2.qcow2"),
        Overlay("vdb", "/dev/vg/data", "raw", "/pool/web-2-vdb.qcow2"),
    )
    document = Document.parse(made.xml)
    assert base(document) == ("11111111-2222-3333-4444-555555555555", "web") and faults(made.xml) == ""
    assert {disk.format for disk in listed(document) if disk.device == "disk"} == {"qcow2"}
    assert any("must not change" in note for note in made.notes) and any("BitLocker" in note for note in made.notes)
    assert base(Document.parse(clone().xml)) == ("", "")


def test_the_user_may_choose_for_each_disk() -> None:
    made = clone(linked=True, vda=Fate.COPY, vdb=Fate.DROP, sda=Fate.DROP)
    assert [type(each) for each in made.operations] == [Copy]
    assert [disk.target for disk in listed(Document.parse(made.xml))] == ["vda"] and faults(made.xml) == ""


def test_what_was_not_unique_stays_byte_for_byte() -> None:
    before, after = LINUX.splitlines(), clone(vda=Fate.SHARE, vdb=Fate.SHARE).xml.splitlines()
    kept = [line for line in before if line in after]
    assert len(kept) > len(before) - 16
    places = {change.place for change in clone().changes}
    assert "devices/memballoon/@model" not in places and {"name", "uuid", "title"} <= places


@pytest.mark.parametrize("serials", list(Serials))
def test_serial_numbers_are_kept_or_renewed(serials: Serials) -> None:
    document = Document.parse(clone(new=New("b", serials=serials)).xml)
    kept = serials is Serials.KEEP
    assert (document.get("devices/disk/serial") == "D1") is kept
    assert (document.get("sysinfo/system/entry[@name='serial']") == "S1") is kept


def test_a_template_is_clean_marked_and_cannot_be_written() -> None:
    template = clean(SOURCE)
    document = Document.parse(template.xml)
    assert is_template(document) and not is_template(SOURCE) and faults(template.xml) == ""
    for path in ("uuid", "genid", "title", "devices/interface/mac"):
        assert document.find(path) is None, path
    assert [disk.target for disk in template.bases] == ["vda", "vdb"]
    assert all(disk.readonly for disk in listed(document))
    assert "debian.org/debian/11" in template.xml


def test_a_template_whose_disks_cannot_be_read_only_says_so() -> None:
    template = clean(Document.parse(LINUX.replace("dev='vda' bus='virtio'", "dev='sdb' bus='sata'")))
    disks = {disk.target: disk.readonly for disk in listed(Document.parse(template.xml))}
    assert disks == {"sdb": False, "vdb": True, "sda": True} and any("must not be started" in note for note in template.notes)
    assert fates(Document.parse(template.xml), linked=True)["sdb"] is Fate.LINK
    assert clean(SOURCE).notes == ()


def test_machines_from_a_template_can_write_and_are_no_templates() -> None:
    template = Document.parse(clean(SOURCE).xml)
    for linked, kind in ((True, Overlay), (False, Copy)):
        made = clone(template, linked=linked)
        document = Document.parse(made.xml)
        assert [type(each) for each in made.operations] == [kind, kind]
        assert not is_template(document) and faults(made.xml) == ""
        assert [disk.readonly for disk in listed(document)] == [False, False, True]
        macs = {document.get("mac/@address", "", each) for each in document.find_all("devices/interface")}
        assert len(macs) == 2 and "" not in macs
        assert not any("must not change" in note for note in made.notes)
        assert base(document)[1] == ("web" if linked else "")


def test_disks_that_cannot_be_linked_are_copied_by_themselves_and_refused_on_demand() -> None:
    network = LINUX.replace(
        "<disk type='file' device='disk'>", "<disk type='network' device='disk'>"
    ).replace("<source file='/pool/web.qcow2'/>", "<source protocol='rbd' name='pool/web'/>")
    document = Document.parse(network)
    assert fates(document, linked=True)["vda"] is Fate.COPY
    with pytest.raises(Invalid):
        clone(document, vda=Fate.LINK)
    assert clean(document).notes


def test_an_empty_drive_is_shared_and_not_copied() -> None:
    document = Document.parse(LINUX.replace("<source file='/pool/debian.iso'/>", ""))
    assert fates(document, linked=True)["sda"] is Fate.SHARE
    with pytest.raises(Invalid):
        clone(document, sda=Fate.COPY)


def test_new_files_take_no_name_that_is_taken() -> None:
    disk = Disk("vda", "disk", "file", "/pool/web.qcow2", "qcow2", Fate.COPY)
    namer = beside("web-2", ["/pool/web-2.qcow2", "/pool/web-2-vda.qcow2"])
    assert [namer(disk, ".qcow2") for _number in range(2)] == ["/pool/web-2-vda-2.qcow2", "/pool/web-2-vda-3.qcow2"]


def test_addresses_are_of_the_hypervisors_range_and_free() -> None:
    assert re.fullmatch(r"52:54:00(:[0-9a-f]{2}){3}", new_mac("kvm", []))
    assert new_mac("xen", []).startswith("00:16:3e:")
    made = clone()
    assert set(made.macs) == {"52:54:00:11:22:33", "52:54:00:11:22:34"} and len(set(made.macs.values())) == 2
    document = Document.parse(made.xml)
    assert [document.get("mac/@address", "", each) for each in document.find_all("devices/interface")] == list(made.macs.values())


def test_firmware_that_libvirt_chooses_is_chosen_again() -> None:
    xml = re.sub(r"<loader.*</nvram>", "<nvram>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram>", LINUX, flags=re.S)
    made = clone(Document.parse(xml.replace("<os>", "<os firmware='efi'>")))
    assert Document.parse(made.xml).find("os/nvram") is None and any("boot entries" in note for note in made.notes)
