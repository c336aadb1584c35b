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

GATHER_S = 0.2
"""Machines that were asked together are late together: they come into one question."""

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
    overdue = _Overdue(ctx)

    async def each(target: Target, job: Job) -> str:
        return await _Shutdown(ctx, target, job, overdue).work()

    # A guest that does not listen must not keep the next one from being asked.
    await tell(ctx, start_job(ctx, WORDS, targets, each, at_once=len(targets)))


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

    def __init__(self, ctx: Context, target: Target, job: Job, overdue: _Overdue) -> None:
        self._ctx, self._target, self._job, self._overdue = ctx, target, job, overdue
        self.tried: list[ShutdownMode] = []

    async def work(self) -> str:
        """Ends when the machine is off; cancelling it stops the waiting, not the guest."""
        self._job.left_behind.append(_("the request to “{name}”, which cannot be taken back").format(name=self.name))
        await self._ask(ShutdownMode.DEFAULT)
        off = asyncio.ensure_future(until(self._target, lambda record: not is_active(record)))
        try:
            return await self._watch(off)
        finally:
            off.cancel()

    @property
    def name(self) -> str:
        """The machine's."""
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
        question = asyncio.ensure_future(self._overdue.ask(self))
        try:
            both: set[asyncio.Future[None] | asyncio.Future[str | None]] = {off, question}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return question.result() if question.done() else None
        finally:
            question.cancel()

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
        self.tried.append(mode)
        self._job.report(text=_("Asked by {way}; waiting for the guest").format(way=_(TRIED[mode])))


class _Overdue:
    """The machines of one shutdown that have not gone in time: one question for all of them, not one each."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._waiting: dict[_Shutdown, asyncio.Future[str | None]] = {}
        self._question: asyncio.Task[None] | None = None

    async def ask(self, one: _Shutdown) -> str | None:
        """What the user wants to do about it, or None; cancelling it takes the machine out of the question."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._waiting[one] = answer
        self._renew()
        try:
            return await answer
        finally:
            self._waiting.pop(one, None)
            if not answer.done() or answer.cancelled():
                self._renew()

    def _renew(self) -> None:
        if self._question is not None:
            self._question.cancel()
        self._question = asyncio.ensure_future(self._put()) if self._waiting else None

    async def _put(self) -> None:
        await asyncio.sleep(GATHER_S)
        answer = await self._ctx.ui.offer(self._notice())
        for waiting in list(self._waiting.values()):
            if not waiting.done():
                waiting.set_result(answer)

    def _notice(self) -> Notice:
        names = [one.name for one in self._waiting]
        ways = ", ".join(_(TRIED[mode]) for mode in dict.fromkeys(mode for one in self._waiting for mode in one.tried))
        text = ngettext("{names} has not shut down yet.", "{count} machines have not shut down yet: {names}.", len(names))
        shown = ", ".join(f"“{name}”" for name in names[:5]) + (" …" if len(names) > 5 else "")
        detail = _("Asked by: {ways}. The guest may be busy, ask something on its screen, or ignore the request.")
        return Notice(text.format(names=shown, count=len(names)), NoticeKind.OFFER, detail.format(ways=ways), _ways_on())


def _ways_on() -> tuple[Offer, ...]:
    return (
        Offer("wait", _("Wait"), _("Asks again later")),
        Offer("agent", _("Send by guest agent"), _("Needs the QEMU guest agent in the guest")),
        Offer("acpi", _("Send by power button"), _("As if the machine's power button were pressed (ACPI)")),
        Offer("force", _("Force off"), _("What the guest has not written to its disks is lost"), danger=True),
    )
