"""USB devices that a machine remembers."""

from __future__ import annotations

import pytest

from app.editing import usb_memory
from app.editing.host_device_names import names
from app.editing.usb_memory import By, UsbMemory, forget, memory_of, remember, remembered
from app.virt.host_devices import HostDevice, parse_device
from app.xmldoc.document import Document

XML = """<device>
  <name>usb_1_1_4</name><path>/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4</path><parent>usb_1_1</parent>
  <driver><name>usb</name></driver>
  <capability type='usb_device'><bus>1</bus><device>{device}</device>
    <product id='0xc52b'>Unifying Receiver</product><vendor id='0x046d'>Logitech, Inc.</vendor><serial>{serial}</serial></capability>
</device>"""
MACHINE = "<domain>\n  <name>a</name>\n  <devices>\n    <emulator>/q</emulator>\n  </devices>\n</domain>\n"


def device(number: int = 7, serial: str = "A1") -> HostDevice:
    found = parse_device(XML.format(device=number, serial=serial))
    assert found is not None
    return found


def test_a_device_is_read() -> None:
    one = device()
    assert (one.vendor_id, one.product_id, one.serial) == ("0x046d", "0xc52b", "A1")
    assert usb_memory.port_of(one) == "1-1.4"
    (named,) = names([one], {})["usb"]
    assert named.value == "1.7"
    assert "Logitech" in named.words
    assert "046d:c52b" in named.words
    assert named.why_not == ""
    assert names([one], {"usb 046d:c52b": "web"})["usb"][0].why_not


@pytest.mark.parametrize("by", list(By))
def test_remembering_and_forgetting_leaves_no_trace(by: By) -> None:
    document = Document.parse(MACHINE)
    memory = memory_of(device(), by)
    remember(document, memory)
    once = document.to_text()
    remember(document, memory)
    assert document.to_text() == once
    (found,) = remembered(Document.parse(once))
    assert found.by is by
    assert found.optional
    assert found.fits(device())
    forget(document, memory)
    assert remembered(document) == ()
    assert "c52b" not in document.to_text()


def test_by_product_is_libvirts_own_and_optional() -> None:
    document = Document.parse(MACHINE)
    remember(document, memory_of(device(), By.PRODUCT))
    assert document.get("devices/hostdev/source/@startupPolicy") == "optional"
    assert document.get("devices/hostdev/source/vendor/@id") == "0x046d"


def test_what_fits() -> None:
    other = HostDevice("x", "usb_device", vendor_id="0x1", product_id="0x2", serial="A1", numbers=(("bus", "1"), ("port", "1.4")))
    assert not memory_of(device(), By.SERIAL).fits(device(serial="B2"))
    assert not memory_of(device(), By.SERIAL).fits(other)
    assert memory_of(device(), By.PRODUCT).fits(device(serial="B2"))
    assert memory_of(device(), By.PORT).fits(other)
    assert not UsbMemory(By.SERIAL, "0x046d", "0xc52b").fits(device(serial=""))


def test_the_one_in_this_port_is_attached() -> None:
    live = Document.parse(f"<domain><devices>{usb_memory.device_xml(device(9))}</devices></domain>")
    assert usb_memory.has(live, device(9))
    assert not usb_memory.has(live, device(7))
