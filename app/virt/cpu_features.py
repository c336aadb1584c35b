"""What a named processor model has, by libvirt's own table of models."""

from __future__ import annotations

from weakref import WeakKeyDictionary
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.domain_call import READ_S
from app.virt.errors import is_lost
from app.virt.safe_xml import parse
from app.virt.session import Session

_cache: WeakKeyDictionary[Session, dict[tuple[str, str], frozenset[str]]] = WeakKeyDictionary()


async def of_model(session: Session, arch: str, model: str) -> frozenset[str]:
    """Read once a connection; empty where the driver does not tell (it knows x86 best)."""
    known = _cache.setdefault(session, {})
    if (arch, model) not in known:
        what = _("Cannot read what the processor model “{name}” has.").format(name=model)
        known[arch, model] = await session.call(
            lambda conn: _features(conn, arch, model), what=what, timeout_s=READ_S, background=True
        )
    return known[arch, model]


def _features(conn: libvirt.virConnect, arch: str, model: str) -> frozenset[str]:
    """The baseline of one model is the model, spelt out."""
    xml = f"<cpu><arch>{escape(arch)}</arch><model>{escape(model)}</model></cpu>"
    try:
        text = conn.baselineCPU([xml], libvirt.VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES)
    except libvirt.libvirtError as error:
        if is_lost(error):
            raise
        return frozenset()
    return parse_features(text)


def parse_features(text: str) -> frozenset[str]:
    """Names in a ``<cpu>`` that the guest gets."""
    try:
        root = parse(text)
    except ParseError:
        return frozenset()
    found = [one for one in root.findall("feature") if one.get("policy") not in ("disable", "forbid")]
    return frozenset(name for one in found if (name := one.get("name")))
