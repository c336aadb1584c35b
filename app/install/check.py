"""What is wrong with a plan, field by field; warnings never block."""

from __future__ import annotations

from app.i18n import _
from app.install import firmware, naming
from app.install.media import MediumKind
from app.install.plan import DiskKind, DiskPlan, NetworkKind, Plan, Problem
from app.install.sizes import GIB, MIB, format_size
from app.install.survey import Survey


def problems(plan: Plan, survey: Survey) -> list[Problem]:
    """All problems, the blocking ones of a field before its warnings; no call to a host."""
    found = [*_name(plan, survey), *_medium(plan), *_memory(plan, survey), *_vcpus(plan, survey), *_disk(plan, survey)]
    return [*found, *_network(plan, survey), *_firmware(plan, survey)]


def _name(plan: Plan, survey: Survey) -> list[Problem]:
    text = naming.problem(plan.name.value, survey.names)
    return [Problem("name", text)] if text else []


def _medium(plan: Plan) -> list[Problem]:
    medium = plan.medium
    if medium is None:
        return []
    if medium.kind is MediumKind.UNKNOWN:
        return [Problem("medium", medium.problem)]
    return [Problem("medium", medium.warning, blocks=False)] if medium.warning else []


def _memory(plan: Plan, survey: Survey) -> list[Problem]:
    size, minimum = plan.memory_bytes, plan.system.minimum.memory
    if size < 4 * MIB:
        return [Problem("memory", _("A machine needs more memory than that."))]
    if survey.memory and size > survey.memory:
        return [Problem("memory", _("This host has {total} in all.").format(total=format_size(survey.memory)), blocks=False)]
    if minimum and size < minimum:
        text = _("{system} needs at least {minimum}.").format(system=_(plan.system.name.name), minimum=format_size(minimum))
        return [Problem("memory", text, blocks=False)]
    if survey.memory_free and size > survey.memory_free:
        return [
            Problem("memory", _("Only {free} are free on this host.").format(free=format_size(survey.memory_free)), blocks=False)
        ]
    return []


def _vcpus(plan: Plan, survey: Survey) -> list[Problem]:
    count, most = plan.vcpus.value, survey.of(plan.accel.value).max_vcpus
    if count < 1 or (most and count > most):
        return [Problem("vcpus", _("This hypervisor takes 1 to {most} processors.").format(most=most or 1))]
    if survey.cpus and count > survey.cpus:
        text = _("More than the {count} processors of this host makes the machine slower.").format(count=survey.cpus)
        return [Problem("vcpus", text, blocks=False)]
    if count < plan.system.minimum.cpus:
        text = _("{system} needs at least {count}.").format(system=_(plan.system.name.name), count=plan.system.minimum.cpus)
        return [Problem("vcpus", text, blocks=False)]
    return []


def _disk(plan: Plan, survey: Survey) -> list[Problem]:
    disk = plan.disk.value
    if disk.kind is DiskKind.NONE:
        return []
    if disk.kind is DiskKind.NEW and disk.size < MIB:
        return [Problem("disk", _("Give the disk a size, or choose “No disk”."))]
    if disk.kind is DiskKind.COPY and plan.medium is not None and plan.medium.backing_file:
        text = _("A copy of this image would lack the file that it stands on. Make one file of both with “qemu-img convert”.")
        return [Problem("disk", text)]
    return _room(disk, survey) or _too_small(plan, disk)


def _room(disk: DiskPlan, survey: Survey) -> list[Problem]:
    pool = next((pool for pool in survey.pools if pool.name == disk.pool), None)
    if pool is None or not pool.active or pool.available is None or disk.kind is DiskKind.USE:
        return []
    free = format_size(pool.available)
    if pool.available < 16 * MIB:
        return [
            Problem("disk", _("The pool “{pool}” is full ({free} free). Choose another pool.").format(pool=pool.name, free=free))
        ]
    if disk.size > pool.available:
        text = _("The pool “{pool}” has only {free} free; the machine stops when it has filled that.")
        return [Problem("disk", text.format(pool=pool.name, free=free), blocks=False)]
    return []


def _too_small(plan: Plan, disk: DiskPlan) -> list[Problem]:
    minimum = plan.system.minimum.storage
    if disk.kind is DiskKind.NEW and minimum >= GIB and disk.size < minimum:
        text = _("{system} needs at least {minimum}.").format(system=_(plan.system.name.name), minimum=format_size(minimum))
        return [Problem("disk", text, blocks=False)]
    return []


def _network(plan: Plan, survey: Survey) -> list[Problem]:
    network = plan.network.value
    known = {record.name for record in survey.networks}
    if network.kind is NetworkKind.NETWORK and network.source not in known:
        return [
            Problem("network", _("This host has no network “{name}” any more. Choose another one.").format(name=network.source))
        ]
    return []


def _firmware(plan: Plan, survey: Survey) -> list[Problem]:
    reason = firmware.why_not(plan.firmware.value, survey.of(plan.accel.value))
    return [Problem("firmware", reason)] if reason else []
