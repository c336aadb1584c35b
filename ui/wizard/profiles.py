"""A profile on a machine that is still to be made."""

from __future__ import annotations

from dataclasses import replace

from app.i18n import _
from app.install.plan import Plan, Recommended
from app.install.profile.profile import Profile

_MEMORY = ("memory", "memory/@unit", "currentMemory", "currentMemory/@unit")


def without_sizes(plan: Plan, profile: Profile) -> Plan:
    """The plan with the profile's settings; its memory and processors go into their rows, where they can be changed."""
    values = {edit.path: edit.value for edit in profile.edits if not edit.each}
    name = profile.name if profile.own else _(profile.name)
    reason = _("From the profile “{name}”.").format(name=name)
    rest = tuple(edit for edit in profile.edits if edit.each or edit.path not in (*_MEMORY, "vcpu"))
    plan = replace(plan, profile=replace(profile, edits=rest))
    memory, vcpus = values.get("memory"), values.get("vcpu")
    if memory and values.get("memory/@unit", "KiB") == "KiB":
        plan = replace(plan, memory=Recommended(int(memory) >> 10, reason), chosen=plan.chosen | {"memory"})
    if vcpus:
        plan = replace(plan, vcpus=Recommended(int(vcpus), reason), chosen=plan.chosen | {"vcpus"})
    return plan
