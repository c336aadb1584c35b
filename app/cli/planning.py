"""From the options of the command line to a plan."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from app.errors import Invalid, NotFound
from app.hosts.host import Host
from app.i18n import _
from app.install import defaults, discs_of_host, networks, osinfo
from app.install.background import in_thread
from app.install.choices import Acceleration, DiskKind, DiskPlan, Firmware, Graphics, NetworkKind, NetworkPlan, Platform
from app.install.gather import gather, learn
from app.install.media import Medium, MediumKind, recognise
from app.install.osinfo import System
from app.install.plan import Plan
from app.install.seed.form import Form, User
from app.install.sizes import MIB, parse_size
from app.install.sources.discs import HostIso, LocalIso
from app.install.sources.images import CloudImage, DiskImage, HostImage
from app.install.sources.machine import Clone
from app.install.sources.plain import AContainer, DirectKernel, Nothing, Pxe, Tree
from app.install.sources.source import Source
from app.install.survey import HostDisc, Survey
from app.install.tree.boot import fetch_boot
from app.install.tree.find import find
from app.jobs.job import Job
from app.virt import domains, storage

_KINDS = {
    "network": NetworkKind.NETWORK,
    "bridge": NetworkKind.BRIDGE,
    "adapter": NetworkKind.DIRECT,
    "user": NetworkKind.USER,
    "none": NetworkKind.NONE,
}
_ACCELS = {"kvm": Acceleration.KVM, "emulation": Acceleration.EMULATION}


async def plan(host: Host, options: argparse.Namespace, job: Job) -> tuple[Plan, Survey]:
    """The machine that was asked for, on a connected host.  Raises ``HostelryError``; fetches an installer's kernel."""
    survey = await discs_of_host.find(host, await gather(host))
    system = await _system(options.os)
    accel = _ACCELS.get(options.accel) or survey.accel
    platform = _platform(options, survey)
    survey = await learn(host, survey, platform or Platform(), accel)
    source = await _source(host, options, survey, job)
    other = platform is not None or accel is not survey.accel
    made = defaults.recommend_source(source, survey, system, platform=platform, accel=accel if other else None)
    return _answered(made, options, survey), survey


def _platform(options: argparse.Namespace, survey: Survey) -> Platform | None:
    if options.container:
        offer = next((offer for offer in survey.offers if offer.os_type == "exe"), None)
        return Platform(offer.arch, "exe") if offer else None
    if not options.arch and not options.machine:
        return None
    arch = "" if options.arch == survey.arch else options.arch
    return Platform(arch, "hvm", options.machine)


async def _system(short_id: str) -> System | None:
    if not short_id:
        return None
    found = await in_thread(lambda: osinfo.by_short_id(short_id), timeout_s=20.0, what=_("The list of systems cannot be read."))
    if found is None:
        what = _("There is no system “{name}” in the database.").format(name=short_id)
        raise NotFound(what, next_step=_("Look for its short name with “osinfo-query os”."))
    return found


async def _source(host: Host, options: argparse.Namespace, survey: Survey, job: Job) -> Source:
    """What has to be looked at first; else what the words alone say."""
    if options.iso or options.image or options.cloud_image:
        return await _file(options)
    if options.url:
        return await _tree(options, survey, job)
    if options.clone or options.linked_clone:
        return await _clone(host, options)
    return await _volume(host, options.volume) if options.volume else _plain(options, survey)


def _plain(options: argparse.Namespace, survey: Survey) -> Source:
    if options.host_iso:
        return HostIso(next((disc for disc in survey.discs if disc.path == options.host_iso), HostDisc(options.host_iso)))
    if options.kernel:
        return DirectKernel(_absolute(options.kernel), _absolute(options.initrd), options.cmdline)
    if options.container:
        return AContainer(options.container, root=options.root)
    return Pxe() if options.pxe else Nothing()


def _absolute(name: str) -> str:
    return str(Path(name).absolute()) if name else ""


async def _file(options: argparse.Namespace) -> Source:
    medium = await recognise(_absolute(options.iso or options.image or options.cloud_image))
    if medium.kind is MediumKind.UNKNOWN:
        raise Invalid(_("“{name}” is no medium.").format(name=Path(medium.path).name), why=medium.problem)
    if options.cloud_image:
        return CloudImage(_disk(medium))
    return DiskImage(_disk(medium)) if options.image else LocalIso(medium)


def _disk(medium: Medium) -> Medium:
    if medium.kind is not MediumKind.DISK:
        what = _("“{name}” is no disk image.").format(name=Path(medium.path).name)
        raise Invalid(what, next_step=_("Name an ISO by --iso."))
    return medium


async def _tree(options: argparse.Namespace, survey: Survey, job: Job) -> Source:
    tree = await find(options.url, options.arch or survey.arch)
    boot = await fetch_boot(tree, job)
    known = await in_thread(lambda: osinfo.system(tree.os_id), timeout_s=20.0, what="") if tree.os_id else None
    arguments = " ".join(text for text in (tree.arguments, options.cmdline) if text)
    return Tree(tree.url, str(boot.kernel.path), str(boot.initrd.path), arguments, known)


async def _clone(host: Host, options: argparse.Namespace) -> Source:
    name = options.clone or options.linked_clone
    record = next((record for record in await domains.list_states(host.session) if record.name == name), None)
    if record is None:
        what = _("There is no machine “{name}” on this host.").format(name=name)
        raise NotFound(what, next_step=_("Check the name, or the connection."))
    text = await domains.xml(host.session, record.uuid, inactive=True, secure=True)
    return Clone(text, bool(options.linked_clone), record.active)


async def _volume(host: Host, path: str) -> Source:
    volume = await storage.volume_by_path(host.session, path)
    if volume is None:
        raise NotFound(_("No pool of the host has {path}.").format(path=path), next_step=_("Check the path, or start its pool."))
    return HostImage(volume.path, volume.format or "raw", volume.capacity)


def _answered(made: Plan, options: argparse.Namespace, survey: Survey) -> Plan:
    """With everything that was said."""
    if options.name:
        made = made.choose("name", options.name)
    if options.memory:
        made = made.choose("memory", max(1, parse_size(options.memory, unit=MIB) // MIB))
    if options.vcpus:
        made = made.choose("vcpus", options.vcpus)
    made = made.choose("disk", _disk_plan(made, options, survey)).choose("network", _network(made, options, survey))
    if options.firmware:
        made = made.choose("firmware", Firmware(options.firmware))
    if options.graphics:
        made = made.choose("graphics", Graphics(options.graphics))
    return replace(made, autostart=options.autostart, seed=_seed(made, options))


def _disk_plan(made: Plan, options: argparse.Namespace, survey: Survey) -> DiskPlan:
    disk = made.disk.value
    if isinstance(made.source, DiskImage | HostImage) and options.way:
        ways = {way.value.kind.value: way.value for way in made.source.choices(survey)}
        if options.way not in ways:
            raise Invalid(_("This image cannot be used so on this host."), next_step=_("Leave --way out."))
        disk = ways[options.way]
    if options.disk == "none":
        return DiskPlan(DiskKind.NONE)
    if options.disk:
        kind = DiskKind.NEW if disk.kind is DiskKind.NONE else disk.kind
        disk = replace(disk, kind=kind, size=parse_size(options.disk))
    if options.format and disk.kind is DiskKind.COPY and not disk.source_format:
        disk = replace(disk, source_format=disk.format)
    return replace(disk, pool=options.pool or disk.pool, format=options.format or disk.format)


def _network(made: Plan, options: argparse.Namespace, survey: Survey) -> NetworkPlan:
    if not options.network and not options.forward:
        return made.network.value
    kind, _colon, name = (options.network or "user").partition(":")
    if kind not in _KINDS or (kind in ("network", "bridge", "adapter")) != bool(name):
        what = _("“{text}” is no network.").format(text=options.network)
        raise Invalid(what, next_step=_("Write network:NAME, bridge:NAME, adapter:NAME, user or none."))
    if kind != "user" and options.forward:
        raise Invalid(
            _("Ports are forwarded into user mode networks only."), next_step=_("Use --network user, or leave --forward out.")
        )
    if kind == "user":
        return networks.user_mode(survey, tuple(networks.parse_forward(text) for text in options.forward))
    off = any(record.name == name and not record.active for record in survey.networks)
    return NetworkPlan(_KINDS[kind], name, start=kind == "network" and off)


def _seed(made: Plan, options: argparse.Namespace) -> Form | None:
    if not options.cloud_image:
        return None
    try:
        keys = tuple(line for name in options.ssh_key for line in Path(name).read_text().splitlines() if line.strip())
    except OSError as error:
        raise NotFound(
            _("The public key cannot be read."), next_step=_("Check the path after --ssh-key."), raw=str(error)
        ) from error
    users = (User(options.user, keys=keys),) if options.user else ()
    return Form(
        hostname=options.hostname or made.name.value,
        users=users,
        default_user=not users,
        default_user_keys=() if users else keys,
        packages=tuple(options.package),
        commands=tuple(options.run),
    )
