"""Actions of the list and its hosts: connect, disconnect, autostart, start the daemon, find out about KVM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.action import YES, Action, Enablement, MenuPath, no
from app.actions.bulk import Wording, start_job, tell
from app.actions.conditions import domains as applies
from app.actions.conditions import matching
from app.actions.context import Context, Notice, NoticeKind, Selection, Target
from app.errors import HostelryError
from app.i18n import N_, _, ngettext
from app.jobs.job import Job, JobState
from app.model.records import DomainRecord
from app.virt import domains

if TYPE_CHECKING:
    from app.hosts.host import Host


def _persistent(record: DomainRecord) -> bool:
    return record.persistent


def _autostarts(ctx: Context, selection: Selection) -> bool:
    seen = False
    for target in ctx.each(selection):
        if target.record.persistent and not target.record.autostart:
            return False
        seen = True
    return seen


async def _toggle_autostart(ctx: Context, selection: Selection) -> None:
    on = not _autostarts(ctx, selection)

    async def each(target: Target, _job: Job) -> str:
        await domains.set_autostart(target.host.session, target.record.uuid, on)
        return _("Starts with its host") if on else _("Does not start with its host")

    one = N_("Let “{name}” start with its host") if on else N_("Do not let “{name}” start with its host")
    words = Wording(
        one,
        lambda n: ngettext("Change autostart of {count} machine", "Change autostart of {count} machines", n),
        N_("Cannot change whether “{name}” starts with its host."),
    )
    await tell(ctx, start_job(ctx, words, matching(ctx, selection, _persistent), each))


def _can_connect(_ctx: Context, selection: Selection) -> Enablement:
    if not selection.hosts:
        return no(_("No host is selected"))
    if any(host.state.name in ("DISCONNECTED", "FAILED", "WAITING") for host in selection.hosts):
        return YES
    return no(_("“{host}” is connected").format(host=selection.hosts[0].label))


def _can_disconnect(_ctx: Context, selection: Selection) -> Enablement:
    if not selection.hosts:
        return no(_("No host is selected"))
    if any(host.state.name in ("CONNECTED", "CONNECTING", "WAITING") for host in selection.hosts):
        return YES
    return no(_("“{host}” is not connected").format(host=selection.hosts[0].label))


async def _connect(ctx: Context, selection: Selection) -> None:
    for host in selection.hosts:
        if host.state.name in ("DISCONNECTED", "FAILED", "WAITING"):
            await tell(ctx, _start_connecting(ctx, host))


def _start_connecting(ctx: Context, host: Host) -> Job:
    async def stop() -> None:
        host.session.cancel()

    async def work(job: Job) -> str:
        job.abort = stop
        await host.connect()
        return _("Connected")

    return ctx.jobs.run(_("Connect to “{host}”").format(host=host.label), work, subject=host.label, host_id=host.id)


async def _disconnect(ctx: Context, selection: Selection) -> None:
    for host in selection.hosts:
        try:
            await host.disconnect()
        except HostelryError as error:
            await ctx.ui.show_error(error)


def _can_probe(_ctx: Context, selection: Selection) -> Enablement:
    """Only a hypervisor that has KVM at all can be asked whether it works."""
    if len(selection.hosts) != 1:
        return no(_("Select one host"))
    host = selection.hosts[0]
    if host.state.name != "CONNECTED":
        return no(_("“{host}” is not connected").format(host=host.label))
    if host.record is not None and host.record.driver.upper() != "QEMU":
        return no(_("“{host}” is not a QEMU host").format(host=host.label))
    return YES


async def _probe(ctx: Context, selection: Selection) -> None:
    (host,) = selection.hosts

    async def work(job: Job) -> str:
        job.report(text=_("Starting a tiny machine with KVM"))
        accel = await host.probe_kvm()
        return accel.reason

    title = _("Find out whether KVM works on “{host}”").format(host=host.label)
    job = ctx.jobs.run(title, work, subject=host.label, host_id=host.id)
    if await tell(ctx, job) is JobState.DONE:
        ctx.ui.notify(Notice(job.result, NoticeKind.JOB_DONE, key=f"kvm {host.id}"))


LISTING: tuple[Action, ...] = (
    Action(
        "domain.autostart", N_("Start with the host"), N_("Start the machine when its host starts (virDomainSetAutostart)"),
        "system-run", MenuPath.DEFINITION, 100,
        applies(_persistent, N_("“{name}” is temporary: it is gone once it is off"), N_("All selected machines are temporary")),
        _toggle_autostart, is_on=_autostarts,
    ),
    Action(
        "host.connect", N_("Connect"), N_("Open the connection (virConnectOpenAuth)"),
        "network-connect", MenuPath.HOST, 100, _can_connect, _connect,
    ),
    Action(
        "host.disconnect", N_("Disconnect"), N_("Close the connection; machines go on running (virConnectClose)"),
        "network-disconnect", MenuPath.HOST, 110, _can_disconnect, _disconnect,
    ),
    Action(
        "host.probe-kvm", N_("Find out whether KVM works"),
        N_("Start a tiny machine with KVM for a second and look whether it runs"),
        "cpu", MenuPath.HOST, 200, _can_probe, _probe,
    ),
)  # fmt: skip
"""In menu order."""
