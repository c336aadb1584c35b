"""One machine being edited: its document with undo and redo, beside what libvirt has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.devices.description import Field
from app.devices.offers import Offers
from app.devices.values import write
from app.editing import reading
from app.editing.apply import Options, apply
from app.editing.difference_text import diff_text, differences, told
from app.editing.history import History
from app.editing.merge import Conflict, Merged, Side, merge, resolve
from app.editing.offers import learn, offers, with_taken
from app.editing.outcome import Outcome
from app.editing.pending import Pending, waiting
from app.editing.places import place_of
from app.editing.plan import Plan, plan
from app.editing.steps import Steps
from app.editing.take_back import take_back
from app.editing.watch import Watch
from app.errors import Cancelled, HostelryError, Invalid
from app.hosts.tasks import Tasks
from app.i18n import _
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.signal import Signal
from app.virt.texts import Texts
from app.xmldoc.diff import Difference
from app.xmldoc.document import Document, Element

if TYPE_CHECKING:
    from app.hosts.host import Host

TYPING = "text"
"""The key under which changes in the XML tab are joined."""


class EditSession:
    """See docs/architecture.md, app.editing.  On the event loop; everything but ``load``, ``reload`` and ``apply`` is immediate.

    document: what is edited; another object after undo, redo, reload and text edits: find elements again (``app.editing.places``,
    ``app.devices.lookup``).  live: how the machine runs; None when off.
    hosts: all that are known, for names and addresses that are taken there.  history: where replaced definitions are kept.
    base: the definition as libvirt has it.  broken: the XML tab's text while it does not parse; then only it can be edited.
    foreign: what another program changed meanwhile, in words, while there are edits here; ``merge`` takes it in.
    conflicts: what both changed, after ``merge``; ours holds until ``resolve``.  gone: the machine was removed.
    """

    def __init__(
        self, host: Host, ref: DomainRef, *, hosts: Iterable[Host] = (), history: History | None = None
    ) -> None:
        self.host = host
        self.ref = ref
        self.hosts = hosts
        self.history = history
        self.base = ""
        self.document = Document.parse("<domain/>")
        self.live: Document | None = None
        self.broken = ""
        self.persistent = True
        self.read_only = False
        self.gone = False
        self.offers = Offers()
        self.pending: tuple[Pending, ...] = ()
        self.foreign = ""
        self.changed: Signal[[]] = Signal()
        self.offers_changed: Signal[[]] = Signal()
        self._theirs = ""
        self._merged: Merged | None = None
        self._text = self.document.to_text()
        self._steps = Steps()
        self._live_text = ""
        self._parsed: tuple[str, Document] | None = None
        self._planned: tuple[tuple[str, str, Document | None], Plan] | None = None
        self._watch: Watch | None = None
        self._applying = False
        self._applied = False
        self._turn = 0
        self._offering = Tasks()

    @classmethod
    def for_new(cls, host: Host, xml: str, *, hosts: Iterable[Host] = ()) -> EditSession:
        """A machine that is not defined yet: ``base`` is "", and ``apply`` defines it.  Raises ``Invalid`` for what is no XML."""
        session = cls(host, DomainRef(host.id, ""), hosts=hosts)
        session._take_document(xml)
        return session

    # -- reading -------------------------------------------------------------------------------

    async def load(self) -> None:
        """Reads the machine and follows its changes until ``close``; raises ``HostelryError``."""
        await self._read()
        if self._watch is None:
            self._watch = Watch(self.host, self.ref.uuid, self._reread)
        self.changed.emit()
        self._offering.start(self._offer())

    async def _offer(self) -> None:
        self.offers = await offers(self.host, self.document, hosts=self.hosts, uuid=self.ref.uuid, active=self.live is not None)
        self.offers_changed.emit()
        if await learn(self.hosts):
            self.offers = with_taken(self.offers, self.host, self.hosts, self.ref.uuid)
            self.offers_changed.emit()

    def refresh_offers(self) -> None:
        """Asks the host again in the background: another architecture or machine type, or the host has changed."""
        self._offering.stop()
        self._offering.start(self._offer())

    async def reload(self) -> None:
        """Reads again.  What others changed is taken at once if nothing was edited here, else told by ``foreign``."""
        await self._read()
        self.changed.emit()

    async def _reread(self, removed: bool) -> None:
        if self._applying:
            return
        if removed:
            self.gone = True
            self.changed.emit()
            return
        before = (self.base, self._live_text, self.foreign, self.gone)
        await self._read(background=True)
        if before != (self.base, self._live_text, self.foreign, self.gone):
            self.changed.emit()

    async def _read(self, *, background: bool = False) -> None:
        turn = self._turn
        read = await reading.read(self.host.session, self.ref.uuid, background=background)
        base, cpus = self.base, self.host.record.cpus if self.host.record is not None else 0
        pending, foreign = await asyncio.to_thread(lambda: (waiting(read, cpus), told(base, read.base)))
        if turn == self._turn:  # else it was applied meanwhile, and what was read is old
            self.pending = pending
            self.take(read, foreign if base == self.base else None)

    def take(self, read: Texts, foreign: str | None = None) -> None:
        """What was read anew, by us or by ``apply``.  foreign: the differences in words, if somebody has them already."""
        self.gone = False
        self.persistent, self.read_only = read.persistent, not read.passwords
        if read.base == self.base or not self.edited or not self.base:
            if read.base != self.base:
                self.base = read.base
                self._take_document(read.base)
                if not self._applied:
                    self._steps.clear()
            self._applied = False
            self._theirs, self.foreign = "", ""
        else:
            self._theirs = read.base
            self.foreign = told(self.base, read.base) if foreign is None else foreign
        if read.live != self._live_text:
            self._live_text = read.live
            self.live = Document.parse(read.live) if read.live else None

    def _take_document(self, text: str) -> None:
        self.document = Document.parse(text)
        self._text = text
        self.broken = ""

    def close(self) -> None:
        """Stops following the machine."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._offering.stop()

    # -- editing -------------------------------------------------------------------------------

    @property
    def new(self) -> bool:
        """Not defined yet (``for_new``)."""
        return not self.ref.uuid

    @property
    def edited(self) -> bool:
        """Whether anything is to be applied."""
        return bool(self.broken) or self._text != self.base

    def edit(self, label: str, change: Callable[[Document], object], *, merge_key: str = "") -> None:
        """One step of undo.  label: translated, what undo will say.  merge_key: quick changes of one thing are one step.

        A change that raises leaves everything as it was.  Raises ``Invalid`` while the XML tab's text is broken.
        """
        self._demand_whole()
        before = self._text
        try:
            change(self.document)
        except BaseException:
            self._take_document(before)
            raise
        self._text = self.document.to_text()
        if self._text != before:
            self._steps.push(label, before, merge_key)
            self.changed.emit()

    def _demand_whole(self) -> None:
        if self.broken:
            what = _("The text of the definition is not valid XML at the moment.")
            raise Invalid(what, next_step=_("Correct it in the XML tab, or undo; then change settings here."))

    def set(self, field: Field, at: Element, value: str | None) -> None:
        """One field of ``at``, an element of ``document``; None: nothing is said any more."""
        label = _("Change “{setting}”").format(setting=_(field.label))
        self.edit(label, lambda document: write(document, field, at, value), merge_key=f"{place_of(at)} {field.path}")

    def set_text(self, text: str) -> None:
        """The whole document from the XML tab.  A text that does not parse is kept in ``broken``; the document stays."""
        if text == (self.broken or self._text):
            return
        try:
            parsed = Document.parse(text)
        except Invalid:
            self.broken = text
            self.changed.emit()
            return
        before, self.broken = self._text, ""
        if text != before:
            self._steps.push(_("Change the text"), before, TYPING)
        self.document, self._text = parsed, text
        self.changed.emit()

    def replace(self, label: str, text: str) -> None:
        """Another whole text, as one step; raises ``Invalid`` if it does not parse."""
        parsed = Document.parse(text)
        if text != self._text:
            self._steps.push(label, self._text)
        self.document, self._text, self.broken = parsed, text, ""
        self.changed.emit()

    @property
    def text(self) -> str:
        """What the XML tab shows: the document, or the broken text."""
        return self.broken or self._text

    @property
    def can_undo(self) -> str:
        """What undo would take back, in words; "" if nothing."""
        return _("Change the text") if self.broken else self._steps.can_undo

    @property
    def can_redo(self) -> str:
        """What redo would do again, in words; "" if nothing."""
        return "" if self.broken else self._steps.can_redo

    def undo(self) -> None:
        """Takes the last step back; of a broken text, the breaking of it."""
        if self.broken:
            self.broken = ""
            self.changed.emit()
        else:
            self._go(self._steps.undo(self._text))

    def redo(self) -> None:
        """Does again what was undone last."""
        if not self.broken:
            self._go(self._steps.redo(self._text))

    def _go(self, text: str | None) -> None:
        if text is not None:
            self._take_document(text)
            self.changed.emit()

    def revert(self) -> None:
        """Drops all edits, as one step that can be undone."""
        if not self.edited:
            return
        if self._text != self.base and self.base:
            self._steps.push(_("Revert all changes"), self._text)
            self._take_document(self.base)
        self.broken = ""
        self._merged = None
        self.changed.emit()

    # -- differences ---------------------------------------------------------------------------

    def differences(self) -> list[Difference]:
        """What ``apply`` would change in the definition; passwords are hidden."""
        return differences(self._base_document(), self.document)

    def diff_text(self) -> str:
        """The same as a unified diff; passwords are hidden."""
        return diff_text(self._base_document(), self.document)

    def _base_document(self) -> Document:
        """Only to be read: the same one until the base is another."""
        base = self.base or "<domain/>"
        if self._parsed is None or self._parsed[0] != base:
            self._parsed = base, Document.parse(base)
        return self._parsed[1]

    # -- changed by others ---------------------------------------------------------------------

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What was changed here and elsewhere, to different values, and is not decided yet."""
        return self._merged.conflicts if self._merged is not None else ()

    def merge(self) -> tuple[Conflict, ...]:
        """Takes in what others changed; where both changed the same, ours stays and a conflict is given.  Raises as ``edit``."""
        if not self._theirs:
            return self.conflicts
        self._demand_whole()
        base, theirs = self.base, self._theirs

        def onto(text: str) -> str:
            return merge(Document.parse(base), Document.parse(text), Document.parse(theirs)).document.to_text()

        merged = merge(Document.parse(base), self.document, Document.parse(theirs))
        self._steps.rebase(onto)
        self.base, self._theirs, self.foreign = theirs, "", ""
        self._merged = merged if merged.conflicts else None
        self._take_document(merged.document.to_text())
        self.changed.emit()
        return self.conflicts

    def resolve(self, conflict: Conflict, side: Side) -> None:
        """Decides one conflict; what was edited since stays.  Raises as ``edit``."""
        if self._merged is None:
            return
        self._demand_whole()
        decided = resolve(self._merged, conflict, side)
        text = merge(self._merged.document, self.document, decided.document).document.to_text()
        self._merged = decided if decided.conflicts else None
        before = self._text
        if text != before:
            self._steps.push(_("Decide a conflict"), before)
            self._take_document(text)
        self.changed.emit()

    def take_back(self, waiting: Iterable[Pending] | None = None) -> None:
        """An edit that makes the definition say again what the running machine has: of all that is pending, or of these."""
        live, wanted = self.live, tuple(self.pending if waiting is None else waiting)
        if live is not None and wanted:
            self.edit(_("Take back what waits for the next start"), lambda document: take_back(document, live, wanted))

    # -- applying ------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """What ``apply`` would do, in words."""
        key = (self.base, self._text, self.live)
        if self._planned is None or self._planned[0] != key:
            self._planned = key, plan(self._base_document(), Document.parse(self._text), self.live)
        return self._planned[1]

    async def apply(self, jobs: JobRunner, *, live: bool = True, validate: bool = True, force: bool = False) -> Outcome:
        """Defines, then changes the running machine, as a job.  What was refused stays as an edit here; raises nothing.

        live: False leaves the running machine alone.  validate: by our checks and libvirt's schema.  force: opens locked trays.
        """
        outcome = Outcome()

        async def work(job: Job) -> str:
            nonlocal outcome
            outcome = await apply(self, self.plan(), Options(live, validate, force), job)
            if outcome.error is not None:
                raise outcome.error.about(title_fails)
            return outcome.words()

        name = self.document.get("name") or ""
        title = (_("Define “{name}”") if self.new else _("Change “{name}”")).format(name=name)
        title_fails = (_("“{name}” was not defined.") if self.new else _("“{name}” was not changed.")).format(name=name)
        self._applying = True
        self._turn += 1
        try:
            job = jobs.run(title, work, subject=name, host_id=self.host.id)
            await job.wait()
            stopped = Cancelled(title_fails, why=_("It was stopped before.")) if job.state is JobState.CANCELLED else None
            outcome = replace(outcome, error=outcome.error or job.error or stopped)  # job.error: a mistake of this program
        finally:
            self._applying = False
            self._turn += 1
        await self._after(outcome)
        return outcome

    def defined(self, text: str) -> None:
        """libvirt took ``text``; undo brings back what was before, as an edit."""
        before, self.base = self.base, text
        self._merged = None
        self._applied = True
        self._steps.clear()
        self._steps.push(_("Apply the changes"), before)

    async def _after(self, outcome: Outcome) -> None:
        if outcome.uuid:
            self.ref = DomainRef(self.host.id, outcome.uuid)
            self.base = self._text
        self.host.reread(self.ref.uuid)
        try:
            if not self.new:
                await self.load()
                if not self.persistent:
                    self.merge()  # what took effect is in the machine's text now, what was refused stays an edit
        except HostelryError:
            self.changed.emit()  # the line is down: what happened meanwhile is read when it is up again
