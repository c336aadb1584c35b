"""Shut down and start again: what waits for the next start takes effect."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.actions.catalogue import action
from app.actions.context import Notice, NoticeKind
from app.i18n import _
from app.jobs.job import JobState
from app.model.records import DomainState

if TYPE_CHECKING:
    from app.actions.context import Context, Selection, Target

WAIT_S = 300.0
"""For the machine to be seen off once its shutting down has ended."""
LOOK_S = 0.2


async def restart(ctx: Context, selection: Selection, *, wait_s: float | None = None) -> bool:
    """Asks the guest to shut down and starts it once it is off.  Whether it came to that; if not, the user is told."""
    before = len(ctx.jobs.jobs)
    await action("domain.shut-down").run(ctx, selection)
    asked = ctx.jobs.jobs[before:]
    if asked and all(job.state is JobState.DONE for job in asked) and await _off(ctx, selection, wait_s or WAIT_S):
        await action("domain.start").run(ctx, selection)
        return True
    for target in ctx.targets(selection):
        ctx.ui.notify(_given_up(target))
    return False


async def _off(ctx: Context, selection: Selection, wait_s: float) -> bool:
    """False if it still runs after a long while, or is gone."""
    try:
        async with asyncio.timeout(wait_s):
            while targets := list(ctx.targets(selection)):
                if targets[0].record.state is DomainState.SHUTOFF:
                    return True
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        pass
    return False


def _given_up(target: Target) -> Notice:
    return Notice(
        _("“{name}” was not started again, as it did not shut down.").format(name=target.record.name),
        NoticeKind.JOB_FAILED,
        detail=_("Its changes wait until its next start. Shut it down from inside, or force it off."),
        key=f"restart {target.record.uuid}",
    )
