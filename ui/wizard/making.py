"""The job that makes the machine, and what comes after it: the console, or the error on the page."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from app.actions.context import Context
from app.hosts.host import Host
from app.i18n import _
from app.install import recent
from app.install.create import create
from app.install.plan import Plan
from app.install.unattended import use
from app.install.unattended.use import Wish
from app.jobs.job import Job, JobState
from app.model.records import DomainRef
from ui.aio import spawn


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made.  wish: an installation without questions.  settings: its settings are opened afterwards."""

    plan: Plan
    start: bool
    wish: Wish | None = None
    settings: bool = False


class Asker(Protocol):
    """The window that asked for it; it may be closed before the end."""

    def job_failed(self, job: Job) -> None:
        """The page stays as it was, with what went wrong."""


def run(ctx: Context, host: Host, order: Order, asker: Asker) -> Job:
    """Starts the job; its end is seen to whatever becomes of the window."""
    made: list[DomainRef] = []
    name = order.plan.name.value

    async def work(job: Job) -> str:
        made.append(await _make(host, order, job))
        return _("“{name}” was made.").format(name=name)

    job = ctx.jobs.run(_("Make the machine “{name}”").format(name=name), work, subject=name, host_id=host.id)
    spawn(_finish(ctx, job, order, made, asker), ctx.jobs)
    return job


async def _make(host: Host, order: Order, job: Job) -> DomainRef:
    """Answers for the installer are on this computer only as long as it takes to bring them to the host."""
    if order.wish is None:
        return await create(host, order.plan, job, start=order.start)
    prepared = await use.prepare(order.plan, order.wish)
    try:
        return await create(host, prepared.plan, job, start=order.start)
    finally:
        for path in prepared.files:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(path.unlink, missing_ok=True)


async def _finish(ctx: Context, job: Job, order: Order, made: list[DomainRef], asker: Asker) -> None:
    """After the job: console and recent media, or the error on the page, or in a message if the page is closed."""
    state = await job.wait()
    if state is JobState.DONE and made:
        if order.plan.medium is not None:
            recent.remember(ctx.settings, order.plan.medium.path)
        if is_open(asker) and isinstance(asker, QDialog):
            asker.accept()
        if order.start:
            ctx.ui.open_console(made[0])
        elif order.settings:
            ctx.ui.open_settings(made[0])
    elif is_open(asker):
        asker.job_failed(job)
    elif job.error is not None and state is JobState.FAILED:
        await ctx.ui.show_error(job.error)


def is_open(window: object) -> bool:
    """Whether it is still there and seen."""
    return isinstance(window, QDialog) and isValid(window) and window.isVisible()
