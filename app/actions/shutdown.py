"""Shutting down: the guest is asked, may ignore it, and then the user decides what next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from app.actions.bulk import Wording, hosts_of, names_of, start_job, tell
from app.actions.conditions import is_active, is_running, matching
from app.actions.context import Context, Notice, NoticeKind, Offer, Question, Selection, Target
from app.actions.waiting import until
from app.errors import HostelryError
from app.i18n import N_, _, ngettext
from app.jobs.job import Job
from app.settings import options
from app.virt import domains
from app.virt.domains import ShutdownMode

WORDS = Wording(
    N_("Shut down “{name}”"),
    lambda n: ngettext("Shut down {count} machine", "Shut down {count} machines", n),
    N_("Cannot shut down “{name}”."),
)

TRIED: dict[ShutdownMode, str] = {
    ShutdownMode.DEFAULT: N_("the host's default way"),
    ShutdownMode.ACPI: N_("the power button (ACPI)"),
    ShutdownMode.AGENT: N_("the guest agent"),
}
"""How the guest was asked, in words that follow “by”."""


async def shut_down(ctx: Context, selection: Selection) -> None:
    """Asks the guests; each job lasts until its machine is off, and offers more after a while."""
    targets = matching(ctx, selection, is_running)
    if len(targets) > 1 and not await _agreed(ctx, targets):
        return
    await tell(ctx, start_job(ctx, WORDS, targets, lambda target, job: _Shutdown(ctx, target, job).work()))


async def _agreed(ctx: Context, targets: Sequence[Target]) -> bool:
    hosts = len(hosts_of(targets))
    text = ngettext("Shut down {count} machine?", "Shut down {count} machines?", len(targets)).format(count=len(targets))
    if hosts > 1:
        # Two counts in one sentence: the plural form is that of the hosts, machines being many in any case.
        text = ngettext("Shut down {count} machines on {hosts} host?", "Shut down {count} machines on {hosts} hosts?", hosts)
        text = text.format(count=len(targets), hosts=hosts)
    return await ctx.ui.confirm(Question(_("Shut down"), text, _("Shut down"), items=names_of(targets)))


class _Shutdown:
    """One machine's shutdown, from the first request until it is off."""

    def __init__(self, ctx: Context, target: Target, job: Job) -> None:
        self._ctx, self._target, self._job = ctx, target, job
        self._tried: list[ShutdownMode] = []

    async def work(self) -> str:
        """Ends when the machine is off; cancelling it stops the waiting, not the guest."""
        self._job.left_behind.append(_("the request to “{name}”, which cannot be taken back").format(name=self._name))
        await self._ask(ShutdownMode.DEFAULT)
        off = asyncio.ensure_future(until(self._target, lambda record: not is_active(record)))
        try:
            return await self._watch(off)
        finally:
            off.cancel()

    @property
    def _name(self) -> str:
        return self._target.record.name

    async def _watch(self, off: asyncio.Future[None]) -> str:
        wait_s = self._ctx.settings.get(options.SHUTDOWN_WAIT)
        while True:
            done, _pending = await asyncio.wait({off}, timeout=wait_s)
            if done:
                off.result()
                break
            answer = await self._offer(off)
            if answer is not None:
                await self._go_on(answer)
        self._job.left_behind.clear()
        return _("It is off")

    async def _offer(self, off: asyncio.Future[None]) -> str | None:
        """Asks what next; the question goes away by itself when the machine is off."""
        question = asyncio.ensure_future(self._ctx.ui.offer(self._notice()))
        try:
            both: set[asyncio.Future[None] | asyncio.Future[str | None]] = {off, question}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return question.result() if question.done() else None
        finally:
            question.cancel()

    def _notice(self) -> Notice:
        ways = ", ".join(_(TRIED[mode]) for mode in self._tried)
        detail = _("It was asked by: {ways}. The guest may be busy, ask something on its screen, or ignore the request.")
        return Notice(
            _("“{name}” has not shut down yet.").format(name=self._name),
            NoticeKind.OFFER,
            detail.format(ways=ways),
            (
                Offer("wait", _("Wait"), _("Asks again later")),
                Offer("agent", _("Send by guest agent"), _("Needs the QEMU guest agent in the guest")),
                Offer("acpi", _("Send by power button"), _("As if the machine's power button were pressed (ACPI)")),
                Offer("force", _("Force off"), _("What the guest has not written to its disks is lost"), danger=True),
            ),
            key=f"shutdown {self._target.host.id} {self._target.record.uuid}",
        )

    async def _go_on(self, answer: str) -> None:
        if answer == "force":
            await domains.destroy(self._target.host.session, self._target.record.uuid)
        elif answer in ("agent", "acpi"):
            try:
                await self._ask(ShutdownMode.AGENT if answer == "agent" else ShutdownMode.ACPI)
            except HostelryError as error:
                # The machine still runs and the other ways are still open: the job goes on.
                await self._ctx.ui.show_error(error)

    async def _ask(self, mode: ShutdownMode) -> None:
        await domains.shutdown(self._target.host.session, self._target.record.uuid, mode)
        self._tried.append(mode)
        self._job.report(text=_("Asked by {way}; waiting for the guest").format(way=_(TRIED[mode])))

