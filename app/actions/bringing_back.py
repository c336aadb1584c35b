"""A machine that was deleted comes back from the history of definitions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.actions.action import Action, Enablement, MenuPath, no
from app.actions.bulk import tell
from app.actions.context import Context, Notice, Selection
from app.actions.interface import Deleted
from app.editing import restore
from app.editing.history import Entry, History
from app.errors import HostelryError
from app.i18n import N_, _
from app.jobs.job import Job

if TYPE_CHECKING:
    from app.hosts.host import Host


def deleted(history: History, host: Host) -> list[Deleted]:
    """Machines of the history that the host does not have, those first that were kept last.  Reads files: call it in a thread."""
    gone = set(history.machines(host.id)) - set(host.inventory.domains)
    found = [Deleted(uuid, tuple(history.entries(host.id, uuid))) for uuid in gone]
    return sorted((one for one in found if one.entries), key=lambda one: one.entries[0].when, reverse=True)


async def bring_back(ctx: Context, selection: Selection) -> None:
    """Asks which one, and defines it."""
    host = selection.hosts[0]
    history = ctx.history or History(ctx.settings.state_folder / "history")
    try:
        found = await asyncio.to_thread(deleted, history, host)
    except OSError as error:
        ctx.ui.notify(Notice(_("The history cannot be read."), detail=error.strerror or ""))
        return
    if not found:
        ctx.ui.notify(Notice(_("No deleted machine of “{host}” is known.").format(host=host.label), key="bring-back"))
        return
    entry = await ctx.ui.show_deleted(found, history)
    if entry is not None:
        await define_again(ctx, host, history, entry)


async def define_again(ctx: Context, host: Host, history: History, entry: Entry) -> None:
    """As a task; what fails is shown."""
    try:
        xml = await asyncio.to_thread(history.read, entry)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return

    async def work(_job: Job) -> str:
        await restore.bring_back(host, xml)
        return _("“{name}” is back.").format(name=entry.name)

    await tell(ctx, ctx.jobs.run(_("Bring “{name}” back").format(name=entry.name), work, subject=entry.name, host_id=host.id))


def _can(_ctx: Context, selection: Selection) -> Enablement:
    if len(selection.hosts) != 1:
        return no(_("Select one host"))
    host = selection.hosts[0]
    if host.state.name != "CONNECTED":
        return no(_("“{host}” is not connected").format(host=host.label))
    return Enablement(True)


BRINGING_BACK: tuple[Action, ...] = (
    Action(
        "host.bring-back", N_("Bring back a deleted machine…"),
        N_("Define a machine of this host again, as the history has it (virDomainDefineXML)"),
        "edit-undo", MenuPath.HOST, 310, _can, bring_back,
    ),
)  # fmt: skip
