"""Shut down and start again: what waits for the next start takes effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.catalogue import action
from app.model.records import DomainState

if TYPE_CHECKING:
    from app.actions.context import Context, Selection


async def restart(ctx: Context, selection: Selection) -> None:
    """Asks the guest to shut down and starts it once it is off; a guest that does not is left to the user (see the action)."""
    import asyncio  # noqa: PLC0415

    await action("domain.shut-down").run(ctx, selection)
    for _second in range(300):
        targets = ctx.targets(selection)
        if not targets:
            return
        if targets[0].record.state is DomainState.SHUTOFF:
            await action("domain.start").run(ctx, selection)
            return
        await asyncio.sleep(1)
