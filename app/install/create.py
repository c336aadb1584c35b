"""Making the planned machine: storage, definition, start; and cleaning up when that fails half-way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.errors import Exists, HostelryError, NotFound
from app.hosts.host import Host
from app.i18n import _
from app.install import answering, naming, seeding
from app.install.bench import Bench
from app.install.carriage import copy_to_pool
from app.install.gather import gather, learn
from app.install.made import Made, to_its_end
from app.install.plan import NetworkKind, Plan
from app.install.sources.discs import LocalIso
from app.install.survey import Survey
from app.jobs.job import Job
from app.model.records import DomainRef
from app.virt import domains, networks
from app.virt.session import Session

__all__ = ["copy_to_pool", "create"]


async def create(host: Host, plan: Plan, job: Job, *, start: bool = True) -> DomainRef:
    """Makes the machine and starts it; the job's text says what is done.

    Raises what failed, after taking back what had been made (files of the user are never touched); what could not be
    taken back is in ``job.left_behind``.  Cancelling does the same.
    """
    made = Made(job)
    try:
        return await _create(host, plan, job, made, start)
    except BaseException:  # a mistake of this program leaves nothing behind either
        job.report(text=_("Cleaning up"))
        await asyncio.shield(made.take_back())
        raise


async def _create(host: Host, plan: Plan, job: Job, made: Made, start: bool) -> DomainRef:
    session = host.session
    job.report(text=_("Preparing"))
    survey = await learn(host, await gather(host), plan.platform.value, plan.accel.value)
    _demand_name(plan, survey)
    source = plan.source or LocalIso(plan.medium)
    bench = Bench(host, survey, job, made)
    plan = await source.prepare(bench, plan)
    bench.stop_point()
    plan = await answering.attach(bench, plan)
    disks = await source.disks(bench, plan)
    await _networks(session, plan, job)
    bench.stop_point()
    source = plan.source or LocalIso(plan.medium)
    definition = await seeding.attach(bench, plan, answering.fitted(plan, source.definition(plan, survey, disks)))
    bench.stop_point()
    job.report(text=_("Defining the machine"))
    words = _("the machine “{name}”").format(name=plan.name.value)
    uuid = await to_its_end(
        domains.define(session, definition), lambda uuid: made.add(words, lambda: _remove(session, uuid), uses=True)
    )
    if plan.autostart:
        await domains.set_autostart(session, uuid, True)
    if start:
        bench.stop_point()
        job.report(text=_("Starting"))
        await _start(session, uuid, plan)
    made.keep()
    return DomainRef(host.id, uuid)


def _demand_name(plan: Plan, survey: Survey) -> None:
    text = naming.problem(plan.name.value, survey.names)
    if text:
        what = _("The machine “{name}” cannot be made.").format(name=plan.name.value)
        raise Exists(what, why=text, next_step=_("Choose another name."))


async def _networks(session: Session, plan: Plan, job: Job) -> None:
    """Starts the chosen networks that are off."""
    names = [network.source for network in (plan.network.value, *plan.more_networks) if network.kind is NetworkKind.NETWORK]
    if not names:
        return
    records = {record.name: record for record in await networks.list_records(session)}
    for name in names:
        record = records.get(name)
        if record is None:
            what = _("The network “{name}” is not there any more.").format(name=name)
            raise NotFound(what, next_step=_("Choose another network."))
        if not record.active:
            job.report(text=_("Starting the network “{name}”").format(name=name))
            await networks.start(session, record.uuid)
            records[name] = replace(record, active=True)


async def _start(session: Session, uuid: str, plan: Plan) -> None:
    try:
        await to_its_end(domains.start(session, uuid), lambda _started: None)
    except HostelryError as error:
        raise error.about(_("The machine “{name}” was made but does not start.").format(name=plan.name.value)) from error


async def _remove(session: Session, uuid: str) -> None:
    """The definition with the firmware's variables; the machine may run although its start was not seen to succeed."""
    records = await domains.read_records(session, [uuid])
    if records and records[0].active:
        await domains.destroy(session, uuid)
    await domains.undefine(session, uuid, nvram=domains.Keep.REMOVE, tpm=domains.Keep.REMOVE)
