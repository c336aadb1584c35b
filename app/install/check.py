"""What is wrong with a plan, field by field; warnings never block."""

from __future__ import annotations

from app.i18n import _
from app.install import firmware, naming
from app.install.media import MediumKind
from app.install.plan import Acceleration, DiskKind, DiskPlan, NetworkKind, NetworkPlan, Plan, Problem
from app.install.sizes import GIB, MIB, format_size
from app.install.survey import Abilities, Survey


def problems(plan: Plan, survey: Survey) -> list[Problem]:
    """All problems, the blocking ones of a field before its warnings; no call to a host."""
    source = plan.source.problems(plan, survey) if plan.source is not None else ()
    found = [*_name(plan, survey), *_medium(plan), *source, *_memory(plan, survey), *_vcpus(plan, survey), *_disk(plan, survey)]
    found += [*_network(plan, survey), *_firmware(plan, survey), *_platform(plan, survey), *_folders(plan, survey)]
    return sorted(found, key=lambda problem: not problem.blocks)


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
    count, most = plan.vcpus.value, _abilities(plan, survey).max_vcpus
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
    if disk.passphrase and disk.kind is not DiskKind.NEW:
        return [Problem("disk", _("Only a new disk can be encrypted here. Choose a new disk, or leave the passphrase empty."))]
    if disk.kind is DiskKind.COPY and plan.medium is not None and plan.medium.backing_file and not disk.converts:
        text = _("A copy of this image would lack the file that it stands on. Make one file of both with “qemu-img convert”.")
        return [Problem("disk", text)]
    return _gone(disk, survey) or _room(disk, survey) or _too_small(plan, disk)


def _gone(disk: DiskPlan, survey: Survey) -> list[Problem]:
    if disk.kind is DiskKind.USE or not disk.pool or not survey.pools or any(pool.name == disk.pool for pool in survey.pools):
        return []
    return [Problem("disk", _("This host has no pool “{pool}” any more. Choose another one.").format(pool=disk.pool))]


def _room(disk: DiskPlan, survey: Survey) -> list[Problem]:
    pool = next((pool for pool in survey.pools if pool.name == disk.pool), None)
    if pool is None or not pool.active or pool.available is None or disk.kind is DiskKind.USE:
        return []
    free = format_size(pool.available)
    if pool.available < 16 * MIB:
        return [
            Problem("disk", _("The pool “{pool}” is full ({free} free). Choose another pool.").format(pool=pool.name, free=free))
        ]
    if disk.preallocate and disk.size > pool.available:
        text = _(
            "The pool “{pool}” has only {free} free, and the disk is to take all of its size at once. Make it "
            "smaller, or let it grow."
        )
        return [Problem("disk", text.format(pool=pool.name, free=free))]
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
    found = []
    known = {record.name: record for record in survey.networks}
    for network in (plan.network.value, *plan.more_networks):
        record = known.get(network.source)
        if network.kind is NetworkKind.NETWORK and record is None:
            text = _("This host has no network “{name}” any more. Choose another one.").format(name=network.source)
            found.append(Problem("network", text))
        elif network.kind is NetworkKind.NETWORK and record is not None and not record.active:
            text = _("The network “{name}” is off; it will be started with the machine.").format(name=network.source)
            found.append(Problem("network", text, blocks=False))
        elif network.kind is NetworkKind.USER:
            found += _forwards(network, survey)
    return found


def _forwards(network: NetworkPlan, survey: Survey) -> list[Problem]:
    """Of the table of ports."""
    seen: set[tuple[str, str, int]] = set()
    for forward in network.forwards:
        if not (0 < forward.host_port < 65536 and 0 < forward.guest_port < 65536) or forward.protocol not in ("tcp", "udp"):
            return [Problem("network", _("A port is a number from 1 to 65535, for tcp or udp. Correct the table of ports."))]
        key = (forward.protocol, forward.address, forward.host_port)
        if key in seen:
            text = _("The host's port {port} is in the table twice. Give each line a port of its own.")
            return [Problem("network", text.format(port=forward.host_port))]
        seen.add(key)
    low = next((forward.host_port for forward in network.forwards if forward.host_port < 1024), 0)
    if low and survey.session:
        text = _(
            "Without special rights the host's ports below 1024 cannot be used. Take another one instead of "
            "{port}, such as {other}."
        )
        return [Problem("network", text.format(port=low, other=low + 8000), blocks=False)]
    return []


def _firmware(plan: Plan, survey: Survey) -> list[Problem]:
    abilities = _abilities(plan, survey)
    if plan.accel.value not in (Acceleration.KVM, Acceleration.EMULATION, Acceleration.HVF):
        return []
    reason = firmware.why_not(plan.firmware.value, abilities)
    return [Problem("firmware", reason)] if reason else []


def _platform(plan: Plan, survey: Survey) -> list[Problem]:
    platform, accel = plan.platform.value, plan.accel.value
    offer = survey.offer(platform)
    if survey.offers and offer is None:
        text = _(
            "This host has no emulator for {arch}. Install its package there (often qemu-system-…), or choose "
            "another kind of machine."
        )
        return [Problem("platform", text.format(arch=platform.arch or survey.arch))]
    if offer is not None and accel not in offer.accels:
        return [Problem("accel", _("This host cannot run machines of this kind so. Choose another acceleration."))]
    if platform.os_type == "xenpvh" and (plan.source is None or plan.source.stage(plan).kernel is None):
        text = _("A PVH machine starts from a kernel only. Choose “Linux kernel” as its source, or a fully virtualised machine.")
        return [Problem("platform", text)]
    medium = plan.medium
    if medium is not None and medium.arch and not _runs(medium.arch, platform.arch or survey.arch):
        text = _("This medium is for {arch} machines. Choose that architecture, or another medium.").format(arch=medium.arch)
        return [Problem("platform", text, blocks=False)]
    return []


def _runs(medium: str, machine: str) -> bool:
    """Whether a medium of one architecture starts on a machine of another: 32-bit PC systems on 64-bit PCs; libosinfo calls
    a medium of all architectures "all"."""
    old = ("i686", "i386", "x86_32")
    return (
        not machine
        or medium in (machine, "all")
        or (machine == "x86_64" and medium in old)
        or (machine == "i686" and medium in old)
    )


def _folders(plan: Plan, survey: Survey) -> list[Problem]:
    tags = [folder.tag for folder in plan.folders]
    if any(not folder.path.startswith("/") or not folder.tag for folder in plan.folders):
        return [Problem("folders", _("A shared folder needs its whole path on the host and a name for the guest."))]
    if len(set(tags)) < len(tags):
        return [Problem("folders", _("Two shared folders have the same name for the guest. Give each its own."))]
    sources = _abilities(plan, survey).memory_sources
    if plan.folders and sources and "memfd" not in sources:
        return [Problem("folders", _("This host cannot share a machine's memory, which shared folders need."))]
    return []


def _abilities(plan: Plan, survey: Survey) -> Abilities:
    return survey.at(plan.platform.value, plan.accel.value)
