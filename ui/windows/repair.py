"""What a host that is not connected says, and the buttons that help: by the cause of its error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.errors import AuthFailed, Cancelled, Disconnected, HostelryError
from app.i18n import _
from app.jobs.job import Job
from ui.aio import spawn

if TYPE_CHECKING:
    from app.actions.context import Context
    from app.hosts.host import Host

SYSTEM = "qemu:///system"

Button = tuple[str, str, Callable[[], object]]


def headline(host: Host) -> tuple[str, str]:
    """Title and text."""
    name, error = host.state.name, host.error
    if name == "CONNECTING":
        return _("Connecting to “{host}”…").format(host=host.label), host.uri
    if name == "WAITING":
        title = _("“{host}” is away. Trying again soon.").format(host=host.label)
        return title, _words(error)
    if error is None or isinstance(error, Cancelled):
        return _("“{host}” is not connected.").format(host=host.label), host.uri
    return error.what, _words(error)


def _words(error: HostelryError | None) -> str:
    return "\n".join(part for part in (error.why, error.next_step) if part) if error is not None else ""


def buttons_for(host: Host, ctx: Context, owner: QWidget) -> tuple[Button, ...]:
    """Icon, text and effect; the likeliest repair first."""
    if host.state.name == "CONNECTING":
        return (("process-stop", _("Cancel"), host.session.cancel),)
    again: Button = ("view-refresh", _("Try again"), lambda: spawn(connect(host), owner, name="connect"))
    found = [again]
    error = host.error
    if isinstance(error, Disconnected) and host.uri == SYSTEM:
        found.insert(0, ("system-run", _("Start the service"), lambda: start_daemon(host, ctx)))
    if host.state.name == "WAITING":
        return (*found, ("process-stop", _("Stop trying"), host.session.cancel))
    if isinstance(error, HostelryError) and error.raw:
        found.append(("dialog-information", _("Details…"), lambda: spawn(_details(ctx, error), owner, name="details")))
    if isinstance(error, AuthFailed):
        found[0] = ("dialog-password", _("Sign in again"), again[2])
    return tuple(found)


async def _details(ctx: Context, error: HostelryError) -> None:
    await ctx.ui.show_error(error)


async def connect(host: Host) -> None:
    """Connects; why it failed is shown where the host is shown, so nothing is raised."""
    try:
        await host.connect()
    except HostelryError:
        return


def start_daemon(host: Host, ctx: Context) -> Job:
    """Starts the local libvirt service as a job, then connects."""
    from app.actions.service import start_service  # noqa: PLC0415 (the list is shown before actions are imported)

    return start_service(ctx, host)
