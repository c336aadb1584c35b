"""What a dropped file becomes: on the window or a host a new machine, on a machine the medium in its CD drive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.actions.context import Context, Notice, NoticeKind, Question
from app.actions.interface import Offer
from app.errors import NotFound
from app.hosts.host import Host
from app.i18n import _
from app.model.records import DomainRef
from app.virt.session import SessionState
from ui.aio import spawn
from ui.widgets.insertion import put_in
from ui.wizard.new_machine import NewMachineDialog

DropTarget = DomainRef | Host | None
"""A machine; a host; or free space of the window."""


def handle_files(ctx: Context, target: DropTarget, paths: Sequence[str | Path]) -> None:
    """Called on every drop of local files, and for files from the command line.  Returns at once; errors are shown."""
    files = [str(path) for path in paths]
    if files:
        spawn(_handle(ctx, target, files), ctx.jobs, name="dropped files")


async def _handle(ctx: Context, target: DropTarget, files: list[str]) -> None:
    if len(files) > 1:
        text = _("One file at a time: only “{name}” is used.").format(name=Path(files[0]).name)
        ctx.ui.notify(Notice(text, NoticeKind.HINT, key="drop"))
    if isinstance(target, DomainRef):
        await put_in(ctx, target, files[0])
        return
    host = target or await _host(ctx)
    if host is not None:
        open_wizard(ctx, host, files[0])


def open_wizard(ctx: Context, host: Host, path: str | Path | None = None) -> NewMachineDialog:
    """The New machine page over the window that is in front."""
    dialog = NewMachineDialog(ctx, host, path, QApplication.activeWindow())
    dialog.open()
    return dialog


async def _host(ctx: Context) -> Host | None:
    """The only connected host, or the one that the user chooses."""
    hosts = [host for host in ctx.hosts.hosts if host.state is SessionState.CONNECTED]
    if not hosts:
        await ctx.ui.show_error(
            NotFound(_("There is no host for a new machine."), next_step=_("Connect to a host first, then drop the file again."))
        )
        return None
    if len(hosts) == 1:
        return hosts[0]
    question = Question(_("New machine"), _("On which host shall the machine be made?"), "")
    chosen = await ctx.ui.choose(question, [Offer(host.id, host.label, host.uri) for host in hosts])
    return next((host for host in hosts if host.id == chosen), None)
