"""Changing devices of a guest, now, at its next start, or both."""

from __future__ import annotations

from app.i18n import _
from app.virt.binding import constant, libvirt
from app.virt.domain_call import CHANGE_S, on_domain
from app.virt.session import Session


def _flags(live: bool, config: bool) -> int:
    flags = libvirt.VIR_DOMAIN_AFFECT_LIVE if live else 0
    return flags | (libvirt.VIR_DOMAIN_AFFECT_CONFIG if config else 0)


async def attach_device(session: Session, uuid: str, xml: str, *, live: bool, config: bool) -> None:
    """Adds a device.  live: to the running guest; config: to its definition."""
    what = _("Cannot add the device.")
    await on_domain(session, uuid, what, lambda domain: domain.attachDeviceFlags(xml, _flags(live, config)))


async def detach_device(session: Session, uuid: str, xml: str, *, live: bool, config: bool) -> None:
    """Asks for a device to be removed; from a running guest it is gone when the DEVICE_REMOVED event comes."""
    what = _("Cannot remove the device.")
    await on_domain(session, uuid, what, lambda domain: domain.detachDeviceFlags(xml, _flags(live, config)))


async def update_device(session: Session, uuid: str, xml: str, *, live: bool, config: bool, force: bool = False) -> None:
    """Changes a device.  force: opens the tray of a drive that the guest has locked.

    A medium that the guest holds makes this wait 5 s, then ``Busy`` is raised.
    """
    what = _("Cannot change the device.")

    def work(domain: libvirt.virDomain) -> None:
        flags = _flags(live, config) | (constant("VIR_DOMAIN_DEVICE_MODIFY_FORCE", 4) if force else 0)
        domain.updateDeviceFlags(xml, flags)

    await on_domain(session, uuid, what, work, timeout_s=CHANGE_S)
