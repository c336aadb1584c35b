"""Starting this computer's libvirt service, where it is installed and does not run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.actions.action import YES, Action, Enablement, MenuPath, no
from app.actions.bulk import tell
from app.actions.context import Context, Selection
from app.i18n import N_, _
from app.jobs.job import Job
from app.virt import daemon

if TYPE_CHECKING:
    from app.hosts.host import Host


def can_start(_ctx: Context, selection: Selection) -> Enablement:
    """Only the system's service of this computer is started from here, and only while it is not connected."""
    if len(selection.hosts) != 1:
        return no(_("Select one host"))
    host = selection.hosts[0]
    if host.state.name == "CONNECTED":
        return no(_("“{host}” is connected").format(host=host.label))
    parts = urlsplit(host.uri)
    if parts.netloc or parts.path != "/system" or parts.scheme.startswith("test"):
        return no(_("“{host}” is not the system's libvirt of this computer").format(host=host.label))
    return YES


def start_service(ctx: Context, host: Host) -> Job:
    """Starts the service and then connects; as a job."""

    async def work(job: Job) -> str:
        job.report(text=_("Starting the service"))
        await daemon.start(await asyncio.to_thread(daemon.look))
        job.report(text=_("Connecting"))
        await host.connect()
        return _("The service runs, and “{host}” is connected").format(host=host.label)

    return ctx.jobs.run(_("Start the libvirt service"), work, subject=host.label, host_id=host.id)


async def start(ctx: Context, selection: Selection) -> None:
    """The action."""
    await tell(ctx, start_service(ctx, selection.hosts[0]))


SERVICE: tuple[Action, ...] = (
    Action(
        "host.start-service", N_("Start the libvirt service"),
        N_("Start libvirtd or virtqemud of this computer (systemctl start)"),
        "system-run", MenuPath.HOST, 120, can_start, start,
    ),
)  # fmt: skip
"""In menu order."""
