"""Devices and secrets of a host."""

from __future__ import annotations

from app.i18n import _
from app.model.records import NodeDeviceRecord, SecretRecord
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_unsupported
from app.virt.session import Session


async def list_records(session: Session, capability: int = 0) -> list[NodeDeviceRecord]:
    """The host's devices (PCI, USB, network, storage ...); empty where the driver has none.

    The capabilities and the parent cost round trips for each device, so the list has names only: the
    prefix of a name tells the kind (``pci_``, ``usb_``, ``net_``, ``block_``); ``read`` brings one whole.
    """

    def work(conn: libvirt.virConnect) -> list[NodeDeviceRecord]:
        try:
            devices = conn.listAllDevices(capability)
        except libvirt.libvirtError as error:
            if not is_unsupported(error):
                raise
            return []
        return [NodeDeviceRecord(device.name()) for device in devices]

    return await session.call(work, what=_("Cannot list the host's devices."), timeout_s=READ_S, background=True)


async def read(session: Session, name: str) -> NodeDeviceRecord:
    """One device with its parent and capabilities."""

    def work(conn: libvirt.virConnect) -> NodeDeviceRecord:
        device = conn.nodeDeviceLookupByName(name)
        return NodeDeviceRecord(name, device.parent() or "", tuple(device.listCaps()))

    return await session.call(work, what=_("Cannot read the device."), timeout_s=READ_S)


async def xml(session: Session, name: str) -> str:
    """One device's XML."""
    return await session.call(
        lambda conn: conn.nodeDeviceLookupByName(name).XMLDesc(0), what=_("Cannot read the device."), timeout_s=READ_S
    )


async def list_secrets(session: Session) -> list[SecretRecord]:
    """The identities of the host's secrets, never a value; empty where the driver has none."""

    def work(conn: libvirt.virConnect) -> list[SecretRecord]:
        try:
            return [SecretRecord(secret.UUIDString(), secret.usageID()) for secret in conn.listAllSecrets()]
        except libvirt.libvirtError as error:
            if not is_unsupported(error):
                raise
            return []

    return await session.call(work, what=_("Cannot list the secrets."), timeout_s=READ_S, background=True)
