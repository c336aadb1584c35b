"""Both texts of a guest at one moment: its definition and how it runs."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S, on_domain
from app.virt.session import Session


@dataclass(frozen=True, slots=True)
class Texts:
    """base: the definition of the next start.  live: the running guest's, "" when off.

    passwords: False where the connection may not read them; then the definition must not be written back.
    """

    base: str
    live: str = ""
    persistent: bool = True
    passwords: bool = True


async def read(session: Session, uuid: str, *, background: bool = False) -> Texts:
    """Raises ``NotFound`` if the guest is gone.  Of a transient guest libvirt gives a definition too: what could start anew."""
    return await on_domain(
        session, uuid, _("Cannot read the machine's description."), _read, timeout_s=READ_S, background=background
    )


def _read(domain: libvirt.virDomain) -> Texts:
    persistent = bool(domain.isPersistent())
    secure = libvirt.VIR_DOMAIN_XML_SECURE
    try:
        base = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE | secure)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (libvirt.VIR_ERR_OPERATION_DENIED, libvirt.VIR_ERR_ACCESS_DENIED):
            raise
        secure = 0
        base = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
    live = domain.XMLDesc(secure) if domain.isActive() else ""
    return Texts(base, live, persistent, bool(secure))
