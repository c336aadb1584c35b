"""Making the planned machine: storage, definition, start; and cleaning up when that fails half-way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import Cancelled, Exists, HostelryError, NotFound
from app.hosts.host import Host
from app.i18n import _
from app.install import access, naming, pools, same_copy, xml
from app.install.gather import gather
from app.install.media import MediumKind
from app.install.plan import DiskKind, DiskPlan, NetworkKind, Plan, Way
from app.install.pools import NewVolume
from app.install.survey import Survey
from app.jobs.job import Job
from app.model.records import DomainRef
from app.virt import domains, networks, storage
from app.virt.session import Session

Undo = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Made:
    """What exists now and did not before; taken back in reverse order."""

    job: Job
    things: list[tuple[str, Undo]] = field(default_factory=list)

    def add(self, words: str, undo: Undo) -> None:
        self.things.append((words, undo))
        self.job.left_behind.append(words)

    def keep(self) -> None:
        """The machine is there: nothing is left over, everything is in use."""
        self.things.clear()
        self.job.left_behind.clear()

    async def take_back(self) -> None:
        """Removes what can be removed; what cannot stays named in the job."""
        while self.things:
            words, undo = self.things.pop()
            try:
                await undo()
            except HostelryError:
                continue
            if words in self.job.left_behind:
                self.job.left_behind.remove(words)


async def create(host: Host, plan: Plan, job: Job, *, start: bool = True) -> DomainRef:
    """Makes the machine and starts it; the job's text says what is done.

    Raises what failed, after taking back what had been made (files of the user are never touched); what could not be
    taken back is in ``job.left_behind``.  Cancelling does the same.
    """
    made = _Made(job)
    try:
        return await _create(host, plan, job, made, start)
    except (HostelryError, asyncio.CancelledError):
        job.report(text=_("Cleaning up"))
        await asyncio.shield(made.take_back())
        raise


async def _create(host: Host, plan: Plan, job: Job, made: _Made, start: bool) -> DomainRef:
    session = host.session
    job.report(text=_("Preparing"))
    survey = await gather(host)
    _demand_name(plan, survey)
    plan = await _deliver(session, plan, job, made)
    disk_path = await _disk(session, plan, job, made)
    await _network(session, plan, job)
    _stop_point(job)
    job.report(text=_("Defining the machine"))
    uuid = await domains.define(session, xml.domain_xml(plan, survey, disk_path=disk_path))
    made.add(_("the machine “{name}”").format(name=plan.name.value), lambda: _undefine(session, uuid))
    if start:
        _stop_point(job)
        job.report(text=_("Starting"))
        await _start(session, uuid, plan)
    made.keep()
    return DomainRef(host.id, uuid)


def _stop_point(job: Job) -> None:
    """Between two steps: an upload's abort may have come too late to raise there."""
    if job.state.name == "CANCELLING":
        raise Cancelled(_("Making the machine was stopped."))


def _demand_name(plan: Plan, survey: Survey) -> None:
    text = naming.problem(plan.name.value, survey.names)
    if text:
        what = _("The machine “{name}” cannot be made.").format(name=plan.name.value)
        raise Exists(what, why=text, next_step=_("Choose another name."))


async def _deliver(session: Session, plan: Plan, job: Job, made: _Made) -> Plan:
    """Brings an ISO within the hypervisor's reach; the plan with the path that it has there."""
    medium, delivery = plan.medium, plan.delivery
    if medium is None:
        return plan
    if delivery.way is Way.GRANT and delivery.access is not None:
        job.report(text=_("Giving the hypervisor access to the medium"))
        await access.grant(delivery.access)
    if medium.kind is MediumKind.ISO and delivery.way is Way.COPY:
        path = await copy_to_pool(session, medium.path, delivery.pool, job, made.add)
        return replace(plan, medium=replace(medium, path=path))
    return plan


async def copy_to_pool(
    session: Session, path: str, pool_name: str, job: Job, note: Callable[[str, Undo], None], *, form: str = "raw", stem: str = ""
) -> str:
    """Uploads the local file into a pool and gives its path on the host.  An ISO of the same name and size that is there
    already is taken as it is.  ``note`` is told of the new volume as soon as it exists."""
    size = await asyncio.to_thread(_size, path)
    pool = await pools.ready(session, pool_name, job)
    source = Path(path)
    if form == "raw" and not stem:
        for volume in await storage.list_volumes(session, pool.uuid, formats=False):
            if volume.name == source.name and volume.capacity == size and await same_copy.is_whole(session, volume.path, path):
                return volume.path
    pools.demand_room(pool, size)
    volume = await pools.make_volume(session, pool, stem or source.stem, NewVolume(source.suffix or ".img", form, size))
    words = _("the file {path}").format(path=volume.path)
    note(words, lambda: storage.delete_volume(session, volume.path))
    job.report(0.0, _("Copying “{name}” to the pool “{pool}”").format(name=source.name, pool=pool.name))
    try:
        await storage.upload(session, path, volume.path, job)
    except (HostelryError, asyncio.CancelledError):
        await asyncio.shield(_drop_piece(session, volume.path, job, words))
        raise
    return volume.path


async def _drop_piece(session: Session, volume_path: str, job: Job, words: str) -> None:
    """Half a copy is of no use to anybody; where it cannot be deleted, the job names it."""
    with contextlib.suppress(HostelryError):
        await storage.delete_volume(session, volume_path)
        if words in job.left_behind:
            job.left_behind.remove(words)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError as error:
        raise NotFound(
            _("“{name}” is not there any more.").format(name=Path(path).name),
            next_step=_("Choose the file again."),
            raw=str(error),
        ) from error


async def _disk(session: Session, plan: Plan, job: Job, made: _Made) -> str:
    """The path of the machine's disk on the host; "" without one."""
    disk = plan.disk.value
    if disk.kind is DiskKind.NONE:
        return ""
    if disk.kind is DiskKind.USE:
        return disk.path
    if disk.kind is DiskKind.COPY:
        return await copy_to_pool(session, disk.path, disk.pool, job, made.add, form=disk.format, stem=plan.name.value)
    return await _new_disk(session, plan.name.value, disk, job, made)


async def _new_disk(session: Session, name: str, disk: DiskPlan, job: Job, made: _Made) -> str:
    pool = await pools.ready(session, disk.pool, job)
    pools.demand_room(pool, 0)
    job.report(text=_("Making the disk in the pool “{pool}”").format(pool=pool.name))
    volume = await pools.make_volume(session, pool, name, NewVolume(f".{disk.format}", disk.format, disk.size))
    made.add(_("the file {path}").format(path=volume.path), lambda: storage.delete_volume(session, volume.path))
    return volume.path


async def _network(session: Session, plan: Plan, job: Job) -> None:
    """Starts the chosen network if it is off."""
    network = plan.network.value
    if network.kind is not NetworkKind.NETWORK:
        return
    record = next((record for record in await networks.list_records(session) if record.name == network.source), None)
    if record is None:
        raise NotFound(
            _("The network “{name}” is not there any more.").format(name=network.source), next_step=_("Choose another network.")
        )
    if not record.active:
        job.report(text=_("Starting the network “{name}”").format(name=network.source))
        await networks.start(session, record.uuid)


async def _start(session: Session, uuid: str, plan: Plan) -> None:
    try:
        await domains.start(session, uuid)
    except HostelryError as error:
        raise error.about(_("The machine “{name}” was made but does not start.").format(name=plan.name.value)) from error


async def _undefine(session: Session, uuid: str) -> None:
    """The definition of a machine that never ran, with the firmware's variables."""
    await domains.undefine(session, uuid, nvram=domains.Keep.REMOVE, tpm=domains.Keep.REMOVE)
