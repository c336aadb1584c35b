"""Only the medium of a drive is changed."""

from __future__ import annotations

import pytest

from app.install import drives
from app.xmldoc import Document

MACHINE = """<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
  </os>
  <devices>
    <disk type='file' device='disk'>
      <target dev='sda' bus='sata'/>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw' cache='none'/>
      <source file='/old.iso' startupPolicy='optional' index='2'>
        <seclabel model='dac' relabel='no'/>
      </source>
      <backingStore/>
      <target dev='sdb' bus='sata' tray='open'/>
      <readonly/>
      <future attribute='kept'/>
    </disk>
    <controller type='usb' index='0' model='qemu-xhci'/>
  </devices>
</domain>
"""


def changed(path: str) -> str:
    doc = Document.parse(MACHINE)
    disk = drives.disk_of(doc, "sdb")
    assert disk is not None
    drives.put_medium(doc, disk, path)
    return doc.to_text()


def test_only_the_path_changes() -> None:
    assert changed("/new.iso") == MACHINE.replace("/old.iso", "/new.iso").replace(" index='2'", "")


def test_eject_takes_the_source_alone() -> None:
    text = changed("")
    assert "<source" not in text
    assert "<future attribute='kept'/>" in text
    assert "cache='none'" in text


def test_physical_drive() -> None:
    doc = Document.parse(changed("/dev/sr0"))
    assert doc.get("devices/disk[@device='cdrom']/@type") == "block"
    assert doc.get("devices/disk[@device='cdrom']/source/@dev") == "/dev/sr0"
    assert doc.get("devices/disk[@device='cdrom']/source/@file") is None


@pytest.mark.parametrize(
    ("controller", "bus"),
    [("<controller type='scsi' model='virtio-scsi'/>", "scsi"), ("", "usb")],
)
def test_new_drive_while_running(controller: str, bus: str) -> None:
    doc = Document.parse(MACHINE.replace("<controller", f"{controller}<controller", 1))
    xml = drives.new_drive_xml(doc, "/a & b.iso", running=True)
    assert xml is not None
    made = Document.parse(xml)
    assert (made.get("target/@bus"), made.get("target/@dev"), made.get("source/@file")) == (bus, "sdc", "/a & b.iso")


def test_no_new_drive_without_a_hot_bus() -> None:
    doc = Document.parse(MACHINE.replace("model='qemu-xhci'", "model='none'"))
    assert drives.new_drive_xml(doc, "/a.iso", running=True) is None
    later = drives.new_drive_xml(doc, "/a.iso", running=False)
    assert later is not None and "bus='sata'" in later
