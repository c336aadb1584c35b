"""Devices of a host that a machine can be given: USB, PCI, SCSI, mediated, NVMe, drives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from app.i18n import _
from app.virt.binding import constant, libvirt
from app.virt.errors import is_lost, is_unsupported
from app.virt.safe_xml import parse
from app.virt.session import Session

LIST_S = 60.0
"""A round trip for each device."""

_KINDS = ("USB_DEV", "PCI_DEV", "SCSI", "SCSI_GENERIC", "MDEV", "STORAGE", "NET", "CCW_DEV")


@dataclass(frozen=True, slots=True)
class HostDevice:
    """kind: libvirt's capability: "usb_device", "pci", "scsi", "mdev", "storage", "net" ...  parent: its node device.

    numbers: of its place: "bus", "device", "port", "domain", "slot", "function", "host", "target", "lun".
    vendor_id, product_id: "0x1d6b".  serial: "" if it has none.  iommu: its group, and the PCI addresses in it.
    block: of a drive, its file: "/dev/sda".  is_nvme: a PCI device of that class.
    """

    name: str
    kind: str
    parent: str = ""
    vendor: str = ""
    product: str = ""
    vendor_id: str = ""
    product_id: str = ""
    serial: str = ""
    driver: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    iommu_group: int | None = None
    iommu_addresses: tuple[str, ...] = ()
    block: str = ""
    uuid: str = ""
    type_id: str = ""
    interface: str = ""
    pci_class: str = ""

    def number(self, name: str) -> str:
        """One of ``numbers``; "" if it has none of that name."""
        return dict(self.numbers).get(name, "")

    @property
    def is_nvme(self) -> bool:
        """The class of NVMe controllers."""
        return self.pci_class == "0x010802"

    @property
    def pci_address(self) -> str:
        """"0000:00:1f.2"; "" for other kinds."""
        return pci_address(dict(self.numbers)) if self.kind == "pci" else ""


def pci_address(numbers: dict[str, str]) -> str:
    """As Linux writes it, from numbers in decimal or hexadecimal notation (0x)."""
    domain, bus, slot, function = (int(numbers.get(part) or "0", 0) for part in ("domain", "bus", "slot", "function"))
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"


async def list_devices(session: Session) -> list[HostDevice]:
    """All of these kinds, whole; empty where the driver has none.  Costs a call for each device: keep what it gives."""
    return await session.call(_list, what=_("Cannot list the host's devices."), timeout_s=LIST_S, background=True)


def _list(conn: libvirt.virConnect) -> list[HostDevice]:
    flags = 0
    for kind in _KINDS:
        flags |= constant(f"VIR_CONNECT_LIST_NODE_DEVICES_CAP_{kind}")
    try:
        devices = conn.listAllDevices(flags)
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        return []
    return [found for text in _texts(devices) if (found := parse_device(text)) is not None]


def _texts(devices: list[libvirt.virNodeDevice]) -> Iterator[str]:
    for device in devices:
        try:
            yield device.XMLDesc(0)
        except libvirt.libvirtError as error:
            if is_lost(error):
                raise  # else it was unplugged between the listing and now


def parse_device(text: str) -> HostDevice | None:
    """A node device's XML; None for what is no such text."""
    try:
        root = parse(text)
    except ParseError:
        return None
    capability = root.find("capability")
    if capability is None:
        return None
    group = capability.find("iommuGroup")
    port = (root.findtext("path") or "").rpartition("/")[2]
    kind = capability.get("type") or ""
    return HostDevice(
        name=root.findtext("name") or "",
        kind=kind,
        parent=root.findtext("parent") or "",
        vendor=(capability.findtext("vendor") or "").strip(),
        product=(capability.findtext("product") or capability.findtext("model") or "").strip(),
        vendor_id=_attribute(capability, "vendor", "id"),
        product_id=_attribute(capability, "product", "id"),
        serial=(capability.findtext("serial") or "").strip(),
        driver=root.findtext("driver/name") or "",
        numbers=tuple(_numbers(capability, port if kind == "usb_device" else "")),
        iommu_group=int(group.get("number") or 0) if group is not None else None,
        iommu_addresses=tuple(pci_address(dict(address.attrib)) for address in group) if group is not None else (),
        block=capability.findtext("block") or "",
        uuid=capability.findtext("uuid") or "",
        type_id=_attribute(capability, "type", "id"),
        interface=capability.findtext("interface") or "",
        pci_class=capability.findtext("class") or "",
    )


def _numbers(capability: Element, port: str) -> Iterator[tuple[str, str]]:
    for name in ("domain", "bus", "device", "slot", "function", "host", "target", "lun"):
        if (value := capability.findtext(name)) is not None:
            yield name, value.strip()
    if "-" in port:
        yield "port", port.partition("-")[2]


def _attribute(element: Element, child: str, name: str) -> str:
    found = element.find(child)
    return (found.get(name) or "") if found is not None else ""
