"""The plan that an expert would write for a medium on a host, every value with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.i18n import _
from app.install import age, drivers, firmware, naming, networks, platforms
from app.install.media import Medium, MediumKind
from app.install.osinfo import GENERIC, System
from app.install.plan import Acceleration, DiskKind, DiskPlan, Graphics, Plan, Platform, Recommended
from app.install.sizes import GIB, MIB, format_size
from app.install.sources.discs import LocalIso
from app.install.sources.images import DiskImage
from app.install.sources.source import Source
from app.install.survey import Survey

_DESKTOP_MEMORY = 2 * GIB
_GENERIC_CPUS = 2
_LEAST_MEMORY = 64 * MIB
_KEEP_FREE = GIB // 2


def recommend(medium: Medium | None, survey: Survey, system: System | None = None) -> Plan:
    """The plan for ``medium`` (None: no medium) and its system, or for ``system`` where the user chose another."""
    if medium is not None and medium.kind is MediumKind.DISK:
        return recommend_source(DiskImage(medium), survey, system)
    return recommend_source(LocalIso(medium), survey, system)


def recommend_source(
    source: Source,
    survey: Survey,
    system: System | None = None,
    *,
    platform: Platform | None = None,
    accel: Acceleration | None = None,
) -> Plan:
    """The plan for any source; platform, accel: another kind of machine than the host's own."""
    medium = source.medium
    chosen = system or source.system
    run, reason = (accel, _("Your choice.")) if accel else (survey.accel, survey.accel_reason)
    kind = platform or _platform(survey, run)
    abilities = survey.at(kind, run)
    plan = Plan(
        name=Recommended(naming.derive(medium, survey.names, source.stem), _name_reason(medium)),
        os=Recommended(chosen, _os_reason(medium) if medium else source.system_reason),
        memory=memory(chosen, survey),
        vcpus=vcpus(chosen, replace(survey, accel=run)),
        disk=_fit(source.disk(chosen, survey), run),
        network=networks.recommend(survey),
        firmware=firmware.recommend(chosen, abilities),
        accel=Recommended(run, reason),
        medium=medium,
        source=source,
        platform=Recommended(kind, platforms.reason(kind, run, survey)),
        graphics=Recommended(Graphics.VNC, _("Shown in this window, also over slow lines.")),
        drivers=drivers.recommend(chosen, survey),
    )
    return source.adjust(plan, survey)


def _fit(disk: Recommended[DiskPlan], accel: Acceleration) -> Recommended[DiskPlan]:
    """bhyve and Virtuozzo's machines know no qcow2."""
    if disk.value.kind is DiskKind.NEW and accel in (Acceleration.BHYVE, Acceleration.VIRTUOZZO):
        return replace(disk, value=replace(disk.value, format="raw"))
    return disk


def _platform(survey: Survey, accel: Acceleration) -> Platform:
    """The host's own kind: a container where it has nothing else."""
    kinds = [offer for offer in survey.offers if accel in offer.accels]
    whole = not kinds or any(offer.os_type == "hvm" for offer in kinds)
    return Platform() if whole else Platform(os_type=kinds[0].os_type)


def with_system(plan: Plan, system: System, survey: Survey) -> Plan:
    """The plan for another system; what the user chose stays."""
    return _kept(plan, replace(_again(plan, survey, system), os=Recommended(system, _("Your choice."))), {"os"})


def with_platform(plan: Plan, platform: Platform, accel: Acceleration, survey: Survey) -> Plan:
    """The plan for another kind of machine, whose abilities were learnt (``gather.learn``); what the user chose stays."""
    system = plan.os.value if "os" in plan.chosen else None
    fresh = recommend_source(_source(plan), survey, system, platform=platform, accel=accel)
    kept = replace(plan, chosen=plan.chosen - {"firmware", "accel", "platform"})
    return _kept(kept, fresh, {"platform", "accel"})


def _source(plan: Plan) -> Source:
    return plan.source or LocalIso(plan.medium)


def _again(plan: Plan, survey: Survey, system: System) -> Plan:
    own = plan.platform.value == Platform()
    accel = plan.accel.value if "accel" in plan.chosen or not own else None
    return recommend_source(_source(plan), survey, system, platform=None if own else plan.platform.value, accel=accel)


def _kept(old: Plan, fresh: Plan, more: set[str]) -> Plan:
    """``fresh`` with the user's choices, and with what is no recommendation at all."""
    kept: dict[str, Any] = {name: getattr(old, name) for name in old.chosen if name not in more}
    for name in (
        "name",
        "delivery",
        "more_disks",
        "more_networks",
        "folders",
        "extra_cds",
        "seed",
        "profile",
        "virtio_ready",
        "autostart",
        "title",
    ):
        kept[name] = getattr(old, name)
    return replace(fresh, **kept, chosen=old.chosen | more)


def memory(system: System, survey: Survey) -> Recommended[int]:
    """MiB: what the system's makers recommend, at most half of the host, and not more than is free while that is enough."""
    target, reason = _wanted_memory(system)
    minimum, share, free = system.minimum.memory, survey.memory // 2, survey.memory_free - _KEEP_FREE
    if share and target > share:
        target = max(share, min(minimum, survey.memory), _LEAST_MEMORY)
        reason = _("Half of this host's {total}.").format(total=format_size(survey.memory))
    if survey.memory_free and target > free >= max(minimum, _LEAST_MEMORY):
        target = free
        reason = _("What is free on this host now ({free}).").format(free=format_size(survey.memory_free))
    return Recommended(max(target, _LEAST_MEMORY) // MIB // 64 * 64, reason)


def _wanted_memory(system: System) -> tuple[int, str]:
    name, minimum, wanted = _(system.name.name), system.minimum.memory, system.recommended.memory
    if wanted and minimum:
        text = _("{system} needs {minimum}, recommended {recommended}.")
        reason = text.format(system=name, minimum=format_size(minimum), recommended=format_size(wanted))
        if wanted < _DESKTOP_MEMORY and minimum >= _DESKTOP_MEMORY // 4 and age.modern(system):
            return _DESKTOP_MEMORY, reason + " " + _("{size} leave room for a desktop.").format(size=format_size(_DESKTOP_MEMORY))
        return wanted, reason
    if minimum:
        target = minimum * 2 if minimum < 4 * GIB else minimum
        return target, _("{system} needs at least {minimum}.").format(system=name, minimum=format_size(minimum))
    target = age.usual_memory(system)
    return target, _("{size} are a usual choice for a system like this.").format(size=format_size(target))


def vcpus(system: System, survey: Survey) -> Recommended[int]:
    """What is recommended, at least two where the host has more, at most the host's processors."""
    wanted = system.recommended.cpus or max(system.minimum.cpus, _GENERIC_CPUS)
    if age.old(system):
        return Recommended(1, _("Systems of that time use one."))
    if survey.accel is Acceleration.EMULATION and survey.cpus <= wanted and system.minimum.cpus < 2:
        return Recommended(1, _("Emulated processors are slow; one leaves room for the other work of this host."))
    most = max(1, survey.cpus)
    if wanted >= most:
        return Recommended(
            most, _("All {count} processors of this host.").format(count=most) if most > 1 else _("This host has one.")
        )
    return Recommended(wanted, _("This host has {count}.").format(count=survey.cpus))


def _name_reason(medium: Medium | None) -> str:
    return _("From the medium; free on this host.") if medium else _("Free on this host.")


def _os_reason(medium: Medium | None) -> str:
    if medium is None:
        return _("Without a medium it is not known; choose it for fitting hardware.")
    if medium.kind is MediumKind.DISK:
        return (
            _("Guessed by the file's name.")
            if medium.system is not GENERIC
            else _("Not recognised; generic settings fit most systems.")
        )
    if medium.exact:
        return _("Recognised from the medium.")
    if medium.system is GENERIC:
        return _("Not recognised; generic settings fit most systems.")
    return _("Newer than this computer's database of systems; settings of its nearest relative.")
