"""What the processor model that a machine asks for has on its host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.errors import HostelryError
from app.i18n import _
from app.virt import capabilities, cpu_features
from app.xmldoc.document import Document

if TYPE_CHECKING:
    from app.hosts.host import Host


@dataclass(frozen=True, slots=True)
class Features:
    """known: whether the names are all that the model has.  why: a sentence where they are not."""

    names: frozenset[str] = frozenset()
    known: bool = False
    why: str = ""


async def of_model(host: Host, document: Document) -> Features:
    """Of a named model by libvirt's table; of the host's own processor by its capabilities.  Never raises."""
    try:
        return await _of_model(host, document)
    except HostelryError as error:
        return Features(why=str(error))


async def _of_model(host: Host, document: Document) -> Features:
    mode, model = document.get("cpu/@mode"), document.get("cpu/model")
    whole = await capabilities.host_capabilities(host.session)
    arch = document.get("os/type/@arch") or whole.arch
    if mode in (None, "custom"):
        if not model:
            return Features(why=_("The hypervisor chooses the model."))
        found = await cpu_features.of_model(host.session, arch, model)
        return Features(found, True) if found else Features(why=_("This host does not tell what the model has."))
    if arch != whole.arch or not whole.cpu_model:
        return Features(why=_("This host does not tell what its processor has."))
    found = await cpu_features.of_model(host.session, arch, whole.cpu_model)
    return Features(found | whole.cpu_features, True)
