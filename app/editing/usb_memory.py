"""USB devices of the host that a machine is to get whenever they are there: by product, by serial number, or by port.

libvirt itself finds a device by product (a ``<hostdev>`` with vendor and product, left out at the start when it is missing).
By serial number or port it cannot; those are noted in our ``<metadata>``, and the program plugs them in while it runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import quoteattr

from app.editing.known import usb_key
from app.i18n import N_, _
from app.virt import domains
from app.virt.host_devices import HostDevice
from app.virt.session import Session
from app.xmldoc.document import Document, Element
from app.xmldoc.paths import NAMESPACES

_PLACE = "metadata/hostelry:hostelry/hostelry:usb"


class By(Enum):
    """What a device is known by."""

    PRODUCT = "product"
    SERIAL = "serial"
    PORT = "port"


BY_WORDS: dict[By, str] = {
    By.PRODUCT: N_("any device of this product"),
    By.SERIAL: N_("the device with this serial number"),
    By.PORT: N_("whatever is plugged into this port"),
}


@dataclass(frozen=True, slots=True)
class UsbMemory:
    """vendor, product: "0x046d".  port: bus and port: "1-1.4".  title: for people.  Only what ``by`` needs must be there."""

    by: By
    vendor: str = ""
    product: str = ""
    serial: str = ""
    port: str = ""
    title: str = ""
    optional: bool = True

    def fits(self, device: HostDevice) -> bool:
        """Whether ``device`` is the one."""
        if device.kind != "usb_device":
            return False
        if self.by is By.PORT:
            return bool(self.port) and self.port == port_of(device)
        alike = bool(self.vendor) and usb_key(self.vendor, self.product) == usb_key(device.vendor_id, device.product_id)
        return alike and (self.by is By.PRODUCT or (bool(self.serial) and self.serial == device.serial))


def port_of(device: HostDevice) -> str:
    """As Linux names it: "1-1.4"; "" for a root hub."""
    return f"{int(device.number('bus') or 0)}-{device.number('port')}" if device.number("port") else ""


def memory_of(device: HostDevice, by: By, *, optional: bool = True) -> UsbMemory:
    """How to remember a device that is there now."""
    title = " ".join(part for part in (device.vendor, device.product) if part)
    return UsbMemory(by, device.vendor_id, device.product_id, device.serial, port_of(device), title, optional)


def remembered(document: Document) -> tuple[UsbMemory, ...]:
    """All of a machine: those of the definition that go by product, then those of our notes."""
    by_product = [
        UsbMemory(
            By.PRODUCT,
            document.get("source/vendor/@id", "", one) or "",
            document.get("source/product/@id", "", one) or "",
            optional=document.get("source/@startupPolicy", None, one) == "optional",
        )
        for one in _hostdevs(document)
        if document.find("source/vendor", one) is not None and document.find("source/address", one) is None
    ]
    return (*by_product, *(_noted(one) for one in document.find_all(_PLACE) if one.get("by") in ("serial", "port")))


def _noted(element: Element) -> UsbMemory:
    by = By(element.get("by"))
    texts = {name: str(element.get(name) or "") for name in ("vendor", "product", "serial", "port", "title")}
    return UsbMemory(by, **texts, optional=element.get("optional") != "no")


def remember(document: Document, memory: UsbMemory) -> None:
    """Notes it in the document; nothing if it is noted already."""
    if any(_same(memory, one) for one in remembered(document)):
        return
    if memory.by is By.PRODUCT:
        policy = " startupPolicy='optional'" if memory.optional else ""
        document.insert(
            f"<hostdev mode='subsystem' type='usb' managed='yes'><source{policy}><vendor id={quoteattr(memory.vendor)}/>"
            f"<product id={quoteattr(memory.product)}/></source></hostdev>"
        )
        return
    attributes = " ".join(
        f"{name}={quoteattr(value)}"
        for name, value in (
            ("by", memory.by.value), ("vendor", memory.vendor), ("product", memory.product), ("serial", memory.serial),
            ("port", memory.port), ("title", memory.title), ("optional", "yes" if memory.optional else "no"),
        )
        if value
    )  # fmt: skip
    document.insert(f"<hostelry:usb xmlns:hostelry='{NAMESPACES['hostelry']}' {attributes}/>", "metadata/hostelry:hostelry")


def forget(document: Document, memory: UsbMemory) -> None:
    """Takes it out of the document again."""
    for one in document.find_all(_PLACE):
        if one.get("by") in ("serial", "port") and _same(memory, _noted(one)):
            document.remove_element(one)
    for one in _hostdevs(document) if memory.by is By.PRODUCT else ():
        vendor, product = document.get("source/vendor/@id", "", one), document.get("source/product/@id", "", one)
        if vendor and usb_key(vendor, product or "") == usb_key(memory.vendor, memory.product):
            document.remove_element(one)


def _same(one: UsbMemory, other: UsbMemory) -> bool:
    def key(memory: UsbMemory) -> tuple[By, str]:
        if memory.by is By.PORT:
            return memory.by, memory.port
        product = usb_key(memory.vendor, memory.product)
        return memory.by, product if memory.by is By.PRODUCT else f"{product} {memory.serial}"

    return key(one) == key(other)


def _hostdevs(document: Document) -> list[Element]:
    return [one for one in document.find_all("devices/hostdev") if one.get("type") == "usb"]


# -- the running machine ---------------------------------------------------------------------------


def device_xml(device: HostDevice) -> str:
    """The device that is in this port now, and no other of its product."""
    return (
        "<hostdev mode='subsystem' type='usb' managed='yes'><source>"
        f"<vendor id={quoteattr(device.vendor_id)}/><product id={quoteattr(device.product_id)}/>"
        f"<address bus='{int(device.number('bus') or 0)}' device='{int(device.number('device') or 0)}'/></source></hostdev>"
    )


def has(live: Document, device: HostDevice) -> bool:
    """Whether the running machine has it."""
    place = (int(device.number("bus") or 0), int(device.number("device") or 0))
    addresses = [address for one in _hostdevs(live) if (address := live.find("source/address", one)) is not None]
    return any((int(one.get("bus") or 0), int(one.get("device") or 0)) == place for one in addresses)


async def attach(session: Session, uuid: str, device: HostDevice) -> None:
    """Plugs it into the running machine, until it stops."""
    await domains.attach_device(session, uuid, device_xml(device), live=True, config=False)


async def detach(session: Session, uuid: str, device: HostDevice) -> None:
    """Takes it out of the running machine; the host has it again."""
    await domains.detach_device(session, uuid, device_xml(device), live=True, config=False)


async def tend(session: Session, uuid: str, devices: Iterable[HostDevice]) -> list[str]:
    """Plugs in what the running machine remembers by serial number or port, is there, and is not in it; their titles."""
    live = Document.parse(await domains.xml(session, uuid))
    done: list[str] = []
    for memory in remembered(live):
        found = next((one for one in devices if memory.fits(one)), None) if memory.by is not By.PRODUCT else None
        if found is not None and not has(live, found):
            await attach(session, uuid, found)
            done.append(memory.title or found.product or _("USB device"))
    return done
