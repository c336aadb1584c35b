"""Secrets of a host: what opens encrypted volumes.  A value goes to the host and is never read back."""

from __future__ import annotations

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import CHANGE_S
from app.virt.session import Session


async def define(session: Session, text: str, value: bytes) -> str:
    """Makes a secret from its XML and sets its value; its UUID."""

    def work(conn: libvirt.virConnect) -> str:
        secret = conn.secretDefineXML(text, 0)
        try:
            secret.setValue(value, 0)
        except libvirt.libvirtError:
            secret.undefine()
            raise
        return str(secret.UUIDString())

    return await session.call(work, what=_("Cannot keep the disk's passphrase on the host."), timeout_s=CHANGE_S)


async def undefine(session: Session, uuid: str) -> None:
    """Forgets a secret; what is encrypted with it can be opened by its passphrase only."""
    what = _("Cannot remove the secret.")
    await session.call(lambda conn: conn.secretLookupByUUIDString(uuid).undefine(), what=what, timeout_s=CHANGE_S)
