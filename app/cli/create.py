"""``hostelry create``: a machine made from a shell, by the same code and with the same recommendations as in the window."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
from pathlib import PurePosixPath

from app.cli import options as command_line
from app.cli import planning, virt_install
from app.errors import Cancelled, HostelryError, Invalid, TimedOut
from app.hosts.host import Host
from app.i18n import _
from app.install import check, placed
from app.install.choices import DiskKind, DiskPlan
from app.install.create import create
from app.install.plan import Plan
from app.install.sources.discs import LocalIso
from app.install.storage_plan import STANDARD_PATH
from app.install.survey import Survey
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.virt import defaults
from app.virt.kvm import Accel

_FACTS_S = 60.0


def main(arguments: list[str]) -> int:
    """Runs the command; 0 when the machine is made, 1 when it could not be, 130 when it was stopped by Ctrl+C."""
    options = command_line.parser().parse_args(arguments)
    try:
        return asyncio.run(_main(options))
    except KeyboardInterrupt:
        return 130


async def _main(options: argparse.Namespace) -> int:
    host = Host(options.connect or defaults.choose().uri)
    runner = JobRunner()
    try:
        return await _work(host, options, runner)
    except HostelryError as error:
        _complain(error)
        return 1
    finally:
        await runner.close()
        await host.disconnect()


def _complain(error: HostelryError) -> None:
    print(" ".join(part for part in (error.what, error.why, error.next_step) if part), file=sys.stderr)  # noqa: T201


async def _work(host: Host, options: argparse.Namespace, runner: JobRunner) -> int:
    await _connect(host)
    shown = Job("create")
    shown.changed.connect(_Progress())
    plan, survey = await planning.plan(host, options, shown)
    _check(plan, survey)
    if options.dry_run:
        _print(plan, survey, host.uri)
        return 0

    async def work(job: Job) -> str:
        job.changed.connect(_Progress())
        await create(host, plan, job, start=options.start)
        return _("“{name}” was made.").format(name=plan.name.value)

    job = runner.run(_("Make the machine “{name}”").format(name=plan.name.value), work)
    try:
        state = await job.wait()
    except asyncio.CancelledError:  # Ctrl+C: half-made storage is taken back first
        runner.cancel(job)
        await job.wait()
        raise
    return _tell(job, state)


def _tell(job: Job, state: JobState) -> int:
    for thing in job.left_behind:
        print(_("Left behind: {thing}").format(thing=thing), file=sys.stderr)  # noqa: T201
    if state is JobState.DONE:
        print(job.result)  # noqa: T201
        return 0
    _complain(job.error or Cancelled(_("Making the machine was stopped.")))
    return 1


class _Progress:
    """The job's steps, one a line; each is said once."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, job: Job) -> None:
        if job.text and job.text != self._said:
            self._said = job.text
            print(job.text, file=sys.stderr)  # noqa: T201


async def _connect(host: Host) -> None:
    """Connected, with the lists read, and with what runs its machines known."""
    known = asyncio.Event()
    unknown = Accel.unknown().reason
    host.changed.connect(lambda _host: known.set() if host.record is not None and host.accel.reason != unknown else None)
    await host.connect()
    try:
        async with asyncio.timeout(_FACTS_S):
            await known.wait()
    except TimeoutError:
        what = _("“{uri}” did not answer in time.").format(uri=host.uri)
        raise TimedOut(what, next_step=_("Try again later.")) from None
    await host.refresh()


def _check(plan: Plan, survey: Survey) -> None:
    """Warnings are said; the first thing that stands in the way ends it."""
    for problem in check.problems(plan, survey):
        if problem.blocks:
            raise Invalid(_("The machine “{name}” cannot be made.").format(name=plan.name.value), why=problem.text)
        print(_("Note: {text}").format(text=problem.text), file=sys.stderr)  # noqa: T201


def _print(plan: Plan, survey: Survey, uri: str) -> None:
    source = plan.source or LocalIso(plan.medium)
    wanted = [disk for disk in (plan.disk.value, *plan.more_disks) if disk.kind is not DiskKind.NONE]
    disks = tuple(placed.of(disk, _place(disk, plan.name.value, survey)) for disk in wanted)
    print(source.definition(plan, survey, disks))  # noqa: T201
    print("# " + shlex.join(virt_install.command(plan, survey, uri)))  # noqa: T201


def _place(disk: DiskPlan, name: str, survey: Survey) -> str:
    """Where the disk would lie."""
    if disk.kind is DiskKind.USE:
        return disk.path
    pool = next((pool for pool in survey.pools if pool.name == disk.pool), None)
    return str(PurePosixPath(pool.target_path if pool and pool.target_path else STANDARD_PATH) / f"{name}.{disk.format}")
