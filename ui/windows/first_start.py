"""The first start: which host was chosen, why, and how to get the better one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions.context import Context, Notice, NoticeKind, Offer
from app.i18n import _
from app.settings import options
from app.virt.uris import suggested_label
from ui.aio import spawn
from ui.windows import repair
from ui.windows.connections import Connections

if TYPE_CHECKING:
    from app.virt.defaults import DefaultConnection


SYSTEM = "qemu:///system"


class FirstStart:
    """Says it once, in the window; no wizard."""

    def __init__(self, ctx: Context, connections: Connections) -> None:
        self._ctx, self._connections = ctx, connections

    def tell(self, choice: DefaultConnection | None) -> None:
        """Nothing for a program that is configured."""
        if choice is not None and not self._ctx.settings.get(options.FIRST_START_TOLD):
            spawn(self._tell(choice), self._connections, name="first start")

    async def _tell(self, choice: DefaultConnection) -> None:
        if not choice.better:
            self._ctx.ui.notify(Notice(_(choice.why), NoticeKind.HINT, key="first-start"))
            self._ctx.settings.set(options.FIRST_START_TOLD, True)
            return
        fine, start = Offer("fine", _("Understood")), Offer("start", _("Start the service"))
        offers = (start, fine) if choice.can_start_daemon else (fine,)
        notice = Notice(_(choice.why), NoticeKind.OFFER, _(choice.better), offers, "first-start")
        answer = await self._ctx.ui.offer(notice)
        if answer is not None:
            self._ctx.settings.set(options.FIRST_START_TOLD, True)
        if answer == "start":
            host = self._ctx.hosts.add(SYSTEM, label=_(suggested_label(SYSTEM)))
            repair.start_daemon(host, self._ctx)
