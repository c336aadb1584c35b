"""Devices of a host in words, each with the XML by which a machine gets it and the reason why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.sax.saxutils import quoteattr

from app.devices.offers import Named
from app.editing.known import usb_key
from app.i18n import _
from app.virt.host_devices import HostDevice


def names(devices: Iterable[HostDevice], users: dict[str, str]) -> dict[str, tuple[Named, ...]]:
    """For ``Offers.names``.  users: which other machine has a device, by ``known.device_key``."""
    kinds: dict[str, Callable[[HostDevice, dict[str, str]], Named | None]] = {
        "usb": _usb, "pci": _pci, "nvme": _nvme, "scsi": _scsi, "mdev": _mdev, "block-devices": _block,
    }  # fmt: skip
    found = list(devices)
    return {kind: tuple(named for one in found if (named := make(one, users)) is not None) for kind, make in kinds.items()}


def _used(users: dict[str, str], *keys: str) -> str:
    user = next((users[key] for key in keys if key in users), "")
    return _("“{name}” has it.").format(name=user) if user else ""


def _usb(device: HostDevice, users: dict[str, str]) -> Named | None:
    """By bus and device number, as two of a kind may be plugged in; ``usb_memory`` remembers them in other ways."""
    if device.kind != "usb_device" or not device.product_id:
        return None
    bus, number, port = device.number("bus"), device.number("device"), device.number("port")
    title = " ".join(part for part in (device.vendor, device.product) if part) or _("USB device")
    ids = f"{device.vendor_id.removeprefix('0x')}:{device.product_id.removeprefix('0x')}"
    words = _("{title} ({ids}), bus {bus}, port {port}").format(title=title, ids=ids, bus=bus, port=port or number)
    if device.serial:
        words = _("{device}, serial number {serial}").format(device=words, serial=device.serial)
    hub = _("A hub cannot be given to a machine.") if not port or "hub" in device.product.lower() else ""
    xml = (
        f"<vendor id={quoteattr(device.vendor_id)}/><product id={quoteattr(device.product_id)}/>"
        f"<address bus={quoteattr(bus)} device={quoteattr(number)}/>"
    )
    reason = hub or _used(users, usb_key(device.vendor_id, device.product_id), f"usb {bus}.{number}")
    return Named(f"{bus}.{number}", words, reason, xml)


def _address(device: HostDevice) -> str:
    numbers = [(name, int(device.number(name) or "0", 0)) for name in ("domain", "bus", "slot", "function")]
    widths = {"domain": 4, "bus": 2, "slot": 2, "function": 1}
    return "<address " + " ".join(f"{name}='0x{number:0{widths[name]}x}'" for name, number in numbers) + "/>"


def _pci(device: HostDevice, users: dict[str, str]) -> Named | None:
    if device.kind != "pci":
        return None
    address = device.pci_address
    title = " ".join(part for part in (device.vendor, device.product) if part) or _("PCI device")
    words = _("{address} {title}").format(address=address, title=title)
    if device.iommu_group is None:
        reason = _("The host's IOMMU is off, so that no PCI device can be given to a machine.")
    else:
        words = _("{device}, IOMMU group {group}").format(device=words, group=device.iommu_group)
        reason = _used(users, f"pci {address}") or _group_used(device, users)
    group = "" if device.iommu_group is None else str(device.iommu_group)
    return Named(address, words, reason, _address(device), group)


def _group_used(device: HostDevice, users: dict[str, str]) -> str:
    """Devices of one group can only go to one machine."""
    for address in device.iommu_addresses:
        if (user := users.get(f"pci {address}")) is not None:
            return _("“{name}” has {address} of the same IOMMU group.").format(name=user, address=address)
    return ""


def _nvme(device: HostDevice, users: dict[str, str]) -> Named | None:
    return _pci(device, users) if device.is_nvme else None


def _scsi(device: HostDevice, _users: dict[str, str]) -> Named | None:
    if device.kind != "scsi":
        return None
    host, bus, target, lun = (device.number(name) for name in ("host", "bus", "target", "lun"))
    words = _("SCSI device {host}:{bus}:{target}:{lun}").format(host=host, bus=bus, target=target, lun=lun)
    xml = f"<adapter name='scsi_host{host}'/><address bus='{bus}' target='{target}' unit='{lun}'/>"
    return Named(f"{host}:{bus}:{target}:{lun}", words, "", xml)


def _mdev(device: HostDevice, users: dict[str, str]) -> Named | None:
    if device.kind != "mdev" or not device.uuid:
        return None
    words = _("{type}, on {parent}").format(type=device.type_id or device.uuid, parent=device.parent)
    return Named(device.uuid, words, _used(users, f"mdev {device.uuid}"), f"<address uuid={quoteattr(device.uuid)}/>")


def _block(device: HostDevice, _users: dict[str, str]) -> Named | None:
    if device.kind != "storage" or not device.block:
        return None
    title = " ".join(part for part in (device.vendor, device.product) if part)
    return Named(device.block, _("{path}: {title}").format(path=device.block, title=title) if title else device.block)
