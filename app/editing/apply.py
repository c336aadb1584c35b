"""Applying an edited document: the definition first and whole, then what the running machine can take, each on its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.editing import reading
from app.editing.blame import named, own_problem
from app.editing.deltas import WHOLE, counterparts
from app.editing.outcome import Fate, Outcome, Result
from app.editing.places import place_of
from app.editing.plan import Act, Change, Plan, Way
from app.editing.setters import Reach, setter
from app.editing.unplug import unplug
from app.errors import Busy, Denied, Disconnected, HostelryError, Invalid, NotFound
from app.i18n import _
from app.install import media_drive
from app.jobs.job import Job, JobRow, JobState
from app.virt import domains
from app.virt.session import Session
from app.xmldoc.diff import lost
from app.xmldoc.document import Document, Element

if TYPE_CHECKING:
    from app.editing.history import History
    from app.editing.session import EditSession


@dataclass(frozen=True, slots=True)
class Options:
    """live: also to the running machine.  validate: by our checks and libvirt's schema.  force: opens locked trays."""

    live: bool = True
    validate: bool = True
    force: bool = False


async def apply(edit: EditSession, plan: Plan, options: Options, job: Job) -> Outcome:
    """Never raises ``HostelryError``: it is in the outcome."""
    try:
        _demand_ready(edit)
        if options.validate and (found := own_problem(edit, plan)) is not None:
            return Outcome(error=found[0], suspect=found[1])
        if edit.new:
            return await _define_new(edit, options)
        work = _Applying(edit, plan, options, job)
        return await (work.persistent() if edit.persistent else work.transient())
    except HostelryError as error:
        return Outcome(error=error, suspect=await named(error, plan))


def _demand_ready(edit: EditSession) -> None:
    if edit.broken:
        raise Invalid(_("The definition is not valid XML."), next_step=_("Correct it in the XML tab."))
    if edit.conflicts:
        raise Busy(
            _("Not every conflict is decided."),
            why=edit.conflicts[0].words(),
            next_step=_("Choose one of the two values for each."),
        )
    if edit.read_only:
        raise Denied(
            _("This connection may only look."),
            why=_("Passwords of the definition cannot be read over it, and would be lost if it were written."),
            next_step=_("Connect to the host with the right to change machines."),
        )


async def _define_new(edit: EditSession, options: Options) -> Outcome:
    uuid = await domains.define(edit.host.session, edit.text, validate=options.validate)
    taken = await domains.xml(edit.host.session, uuid, inactive=True, secure=True)
    return Outcome(uuid=uuid, dropped=_dropped(edit.document, Document.parse(taken)))


class _Applying:
    """One apply of a machine that exists."""

    def __init__(self, edit: EditSession, plan: Plan, options: Options, job: Job) -> None:
        self._edit, self._plan, self._options, self._job = edit, plan, options, job
        self._session: Session = edit.host.session
        self._uuid = edit.ref.uuid
        self._results: dict[int, Result] = {}
        self._rows: dict[int, JobRow] = {}
        self._lost: HostelryError | None = None
        self._refused: dict[str, HostelryError] = {}
        """Why a call failed that several changes share."""
        if len(plan.changes) > 1:
            self._rows = {id(change): JobRow(change.words) for change in plan.changes}
            job.rows = list(self._rows.values())

    async def persistent(self) -> Outcome:
        edit = self._edit
        await self._demand_same()
        await keep(edit.history, edit, edit.base)
        self._job.why_not_cancellable = _("The machine is being changed.")
        given = self._plan.new
        await self._define(given.to_text())
        edit.defined(given.to_text())
        taken = await self._taken()
        if taken is not None:
            with suppress(HostelryError):  # it is made already: a full disk here must not stand in anybody's way
                await keep(edit.history, edit, taken.to_text())
        wanted = self._plan.now if self._options.live else ()
        for change in wanted:
            await self._one(change, given, taken)
        for change in self._plan.changes:
            if id(change) not in self._results:
                self._settle(change, *_waiting(change, self._options))
        dropped = _dropped(given, taken) if taken is not None else ()
        return Outcome(tuple(self._results[id(change)] for change in self._plan.changes), dropped=dropped)

    async def transient(self) -> Outcome:
        """It has no definition: what cannot be done now is not done."""
        for change in self._plan.now:
            await self._one(change, self._plan.new, None)
        for change in self._plan.changes:
            if id(change) not in self._results:
                error = Invalid(
                    _("“{change}” needs a definition.").format(change=change.words),
                    why=_("The machine was started without one and is forgotten when it stops."),
                )
                self._settle(change, Fate.REFUSED, _("Refused"), error)
        return Outcome(tuple(self._results[id(change)] for change in self._plan.changes))

    async def _demand_same(self) -> None:
        """Never the last writer wins: it is told, and can be merged."""
        now = await reading.read(self._session, self._uuid)
        if now.base == self._edit.base:
            return
        self._edit.take(now)
        raise Busy(
            _("The definition was changed meanwhile."),
            why=_("Another program or user changed it while it was edited here, so nothing was done."),
            next_step=_("Merge both changes, then apply again."),
        )

    async def _define(self, text: str) -> None:
        """Another name first, as a definition does not change it; back again if the rest is refused."""
        before, after = self._plan.old.get("name") or "", self._plan.new.get("name") or ""
        if before != after:
            await domains.rename(self._session, self._uuid, after)
        try:
            await domains.define(self._session, text, validate=self._options.validate)
        except HostelryError:
            if before != after:
                await domains.rename(self._session, self._uuid, before)
            raise

    async def _taken(self) -> Document | None:
        """The definition as libvirt took it: with the addresses that it gave."""
        try:
            return Document.parse(await domains.xml(self._session, self._uuid, inactive=True, secure=True))
        except HostelryError as error:
            self._lost = error
            return None

    # -- the running machine -------------------------------------------------------------------

    async def _one(self, change: Change, given: Document, taken: Document | None) -> None:
        if self._lost is not None:
            self._settle(change, self._failed, _("Not tried: the connection was lost"), self._lost)
            return
        self._job.report(len(self._results) / max(1, len(self._plan.changes)), change.words)
        try:
            if change.act is Act.NOTHING and (refused := self._refused.get(change.call)) is not None:
                raise refused
            await self._do(change, given, taken)
        except HostelryError as error:
            self._lost = error if isinstance(error, Disconnected) else None
            if change.call:
                self._refused[change.call] = error
            self._settle(change, self._failed, str(error), error)
        else:
            self._settle(change, Fate.NOW, _("Took effect now"))

    @property
    def _failed(self) -> Fate:
        return Fate.NEXT if self._edit.persistent else Fate.REFUSED

    async def _do(self, change: Change, given: Document, taken: Document | None) -> None:
        session, uuid = self._session, self._uuid
        if change.act is Act.SET:
            call = setter(change.live_name)
            field = change.setting.field if change.setting is not None else None
            reach = Reach(session, uuid, change.live_name, given, self._plan.old, change.new, change.old, field)
            if call is not None:
                await call(reach)
        elif change.act is Act.ATTACH and change.new is not None:
            await self._attach(change.new, given, taken)
        elif change.act in (Act.DETACH, Act.UPDATE, Act.MEDIUM):
            live = Document.parse(await domains.xml(session, uuid, secure=True))
            await self._on_running(change, given, live)

    async def _attach(self, element: Element, given: Document, taken: Document | None) -> None:
        """As it is in the definition, so that it has the same address and MAC there; elsewhere if its place is taken."""
        mine = counterparts(given, taken).get(element) if taken is not None else None
        xml = taken.fragment(mine) if taken is not None and mine is not None else given.fragment(element)
        try:
            await domains.attach_device(self._session, self._uuid, xml, live=True, config=False)
        except HostelryError as error:
            address = None if mine is None else mine.find("address")
            if address is None or element.find("address") is not None or isinstance(error, Disconnected):
                raise
            await self._attach_anywhere(given.fragment(element), error)

    async def _attach_anywhere(self, xml: str, first: HostelryError) -> None:
        try:
            await domains.attach_device(self._session, self._uuid, xml, live=True, config=False)
        except Disconnected:
            raise
        except HostelryError:
            raise first from None

    async def _on_running(self, change: Change, given: Document, live: Document) -> None:
        there = counterparts(self._plan.old, live).get(change.old) if change.old is not None else None
        if there is None:
            if change.act is Act.DETACH:
                return
            raise NotFound(_("The running machine does not have this device."))
        if change.act is Act.DETACH:
            await unplug(self._session, self._uuid, live.fragment(there))
        elif change.new is not None and not (change.act is Act.MEDIUM and await self._medium(change.new, there, given)):
            changed = changed_live(change, live, there)
            await domains.update_device(self._session, self._uuid, changed, live=True, config=False, force=self._options.force)

    async def _medium(self, disk: Element, there: Element, given: Document) -> bool:
        """By the way that knows trays, for files; False for other sources."""
        path = given.get("source/@file", None, disk)
        source = given.find("source", disk)
        target = there.find("target")
        if target is None or there.get("device") != "cdrom" or (source is not None and path is None):
            return False
        name, force = str(target.get("dev")), self._options.force
        if path is None:
            await media_drive.eject(self._session, self._uuid, name, active=True, persistent=False, force=force)
        else:
            await media_drive.insert(
                self._session, self._uuid, path, active=True, persistent=False, target=name, force=force
            )  # fmt: skip
        return True

    def _settle(self, change: Change, fate: Fate, text: str, error: HostelryError | None = None) -> None:
        self._results[id(change)] = Result(change, fate, text, error)
        row = self._rows.get(id(change))
        if row is not None:
            row.state, row.text, row.error = (JobState.FAILED if error else JobState.DONE), text, error
            self._job.changed.emit(self._job)


def _dropped(given: Document, taken: Document) -> tuple[str, ...]:
    """What libvirt left out; an element that says nothing is no loss."""
    return tuple(place for place in lost(given, taken) if not _says_nothing(given, place))


def _says_nothing(given: Document, place: str) -> bool:
    if place not in _HOLDERS:
        return False
    found = given.root.findall(place)
    return bool(found) and not any(len(one) or one.attrib or (one.text or "").strip() for one in found)


_HOLDERS = frozenset(
    {"cputune", "memtune", "blkiotune", "numatune", "memoryBacking", "pm", "iothreadids", "metadata", "perf", "vcpus"}
)
"""Elements that only hold others."""


def _waiting(change: Change, options: Options) -> tuple[Fate, str]:
    if change.way is Way.OFF:
        return Fate.DEFINED, _("Saved")
    if change.way is Way.NOW and change.act is Act.NOTHING and options.live:
        return Fate.NOW, _("Took effect now")
    return Fate.NEXT, change.reason or _("Takes effect at the next start")


WHOLE_PARTS = ("source", "link", "filterref", "bandwidth", "boot", "vlan")
"""Elements of a device that libvirt takes as a whole: their parts depend on each other."""


def changed_live(change: Change, live: Document, there: Element) -> str:
    """The running device's XML with the changed settings in it, and with nothing else of the definition."""
    for delta in change.deltas:
        device = change.new if delta.new is not None else change.old
        inner = place_of(delta.element).removeprefix(place_of(device) if device is not None else "").lstrip("/")
        if "{" not in inner + delta.attribute:
            path = f"{inner}/@{delta.attribute}".lstrip("/") if delta.attribute not in ("", WHOLE) else inner
            if path:
                live.set(path, delta.after, there)
    for name in WHOLE_PARTS:
        _copy_whole(change, name, there, live)
    return live.fragment(there)


def _copy_whole(change: Change, name: str, there: Element, live: Document) -> None:
    if change.new is None or not any(_below(delta.element, name) for delta in change.deltas):
        return
    mine, running = change.new.find(name), there.find(name)
    if running is not None:
        live.remove_element(running)
    if mine is not None:
        there.append(deepcopy(mine))


def _below(element: Element, name: str) -> bool:
    """Whether it is the device's child of that name, or within."""
    steps = place_of(element).split("/")
    return len(steps) > 2 and steps[2].partition("[")[0] == name


async def keep(history: History | None, edit: EditSession, text: str) -> None:
    """Puts a definition into the history; raises, and then nothing may be replaced."""
    if history is not None:
        name = Document.parse(text).get("name") or ""
        await asyncio.to_thread(history.keep, edit.host.id, edit.ref.uuid, name, text)
