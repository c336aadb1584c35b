"""What a network is called in lists."""

from __future__ import annotations

from app.i18n import _
from app.install.plan import NetworkKind, NetworkPlan


def network_words(plan: NetworkPlan) -> str:
    """In a few words, without ports."""
    if plan.kind is NetworkKind.NETWORK:
        text = _("Virtual network “{name}” (off)") if plan.start else _("Virtual network “{name}”")
        return text.format(name=plan.source)
    if plan.kind is NetworkKind.BRIDGE:
        return _("Bridge “{name}”").format(name=plan.source)
    if plan.kind is NetworkKind.DIRECT:
        return _("Adapter “{name}” (macvtap)").format(name=plan.source)
    return _("User mode") if plan.kind is NetworkKind.USER else _("No network")
