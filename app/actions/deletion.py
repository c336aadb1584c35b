"""Deleting machines: the definition first, then the storage that was ticked, each with its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.actions.action import Action, MenuPath
from app.actions.bulk import Wording, names_of, start_job, tell
from app.actions.conditions import domains as applies
from app.actions.conditions import matching
from app.actions.context import Context, Notice, NoticeKind, Offer, Selection, Target
from app.actions.delete_plan import DeletePlan, DeleteRequest, MachinePlan, StorageItem, StorageKind
from app.actions.delete_survey import other_users, survey, users_of
from app.actions.shown import demand_same
from app.editing.history import History
from app.errors import Denied, Exists, Failed, HostelryError, NotFound
from app.i18n import N_, _, ngettext
from app.jobs.job import Job, JobState
from app.model.records import DomainRef
from app.virt import domains, storage
from app.virt.disk_use import Users

WORDS = Wording(
    N_("Delete “{name}”"),
    lambda n: ngettext("Delete {count} machine", "Delete {count} machines", n),
    N_("Cannot delete “{name}”."),
)
BRING_BACK = Wording(
    N_("Bring back “{name}”"),
    lambda n: ngettext("Bring back {count} machine", "Bring back {count} machines", n),
    N_("Cannot bring back “{name}”."),
)


async def delete(ctx: Context, selection: Selection) -> None:
    """Gathers, shows, asks, deletes; then offers to take it back while that is possible."""
    targets = matching(ctx, selection, lambda _record: True)
    plan = await _gather(ctx, targets)
    request = await ctx.ui.show_delete(plan) if plan is not None else None
    if request is None:
        return
    removed: dict[DomainRef, str] = {}
    state = await tell(ctx, start_deletion(ctx, request, removed))
    if state is JobState.DONE:
        await _offer_undo(ctx, request, removed)


async def _gather(ctx: Context, targets: Sequence[Target]) -> DeletePlan | None:
    """The plan; as a job, because a slow host may take its time and the user may give up."""
    plans: list[DeletePlan] = []

    async def work(job: Job) -> str:
        job.report(text=_("Looking for disks and who else uses them"))
        plans.append(await survey(targets))
        return _("Nothing was changed")

    subject = ", ".join(names_of(targets))
    await tell(ctx, ctx.jobs.run(_("Find out what belongs to {names}").format(names=subject), work, subject=subject))
    return plans[0] if plans else None


def start_deletion(ctx: Context, request: DeleteRequest, removed: dict[DomainRef, str] | None = None) -> Job:
    """Does what was asked for, as a job; nothing is asked any more.

    removed: gets the definitions with their passwords, for an undo; they are never written to a file.
    """
    plans = {machine.target.ref: machine for machine in request.plan.machines}
    gone = {machine.target.host.id: frozenset[str]() for machine in request.plan.machines}
    for machine in request.plan.machines:
        gone[machine.target.host.id] |= {machine.target.record.uuid}
    history = ctx.history or History(ctx.settings.state_folder / "history")
    done: set[str] = set()

    async def each(target: Target, job: Job) -> str:
        machine = plans[target.ref]
        deletion = _Deletion(machine, request.chosen(machine), history, job, gone[target.host.id], done)
        result = await deletion.work()
        if removed is not None:
            removed[target.ref] = deletion.secure
        return result

    return start_job(ctx, WORDS, [machine.target for machine in request.plan.machines], each)


@dataclass(slots=True)
class _Deletion:
    """One machine's way out.

    gone: all machines of this deletion, whose use of storage does not count.
    done: keys of storage that is deleted; a second try goes on from there.
    secure: the definition with its passwords, once it is removed.
    """

    machine: MachinePlan
    chosen: Sequence[StorageItem]
    history: History
    job: Job
    gone: frozenset[str]
    done: set[str]
    secure: str = ""

    async def work(self) -> str:
        """The definition first: a machine without disks is worse than disks without a machine."""
        record, host = self.machine.target.record, self.machine.target.host
        self.job.report(text=_("Keeping the definition in the history"))
        await asyncio.to_thread(self.history.keep, host.id, record.uuid, record.name, self.machine.xml)
        try:
            await self._look_again()
            await self._stop()
            await self._undefine()
        except NotFound:
            # Somebody else removed it, or this is the second try after its storage could not be deleted.
            pass
        return await self._delete_storage()

    async def _look_again(self) -> None:
        """Minutes may have passed in the dialog: what is removed must be what was shown there."""
        if self.machine.persistent:
            target = self.machine.target
            await demand_same(target, self.machine.xml)
            self.secure = await domains.xml(target.host.session, target.record.uuid, inactive=True, secure=True)

    async def _stop(self) -> None:
        """Forces it off if it runs now, whatever it did when the plan was made."""
        session, uuid = self.machine.target.host.session, self.machine.target.record.uuid
        records = await domains.read_records(session, [uuid])
        if records and records[0].active:
            self.job.report(text=_("Forcing it off"))
            await domains.destroy(session, uuid)

    async def _undefine(self) -> None:
        if not self.machine.persistent:
            return
        session, uuid = self.machine.target.host.session, self.machine.target.record.uuid
        self.job.report(text=_("Removing the definition"))
        left = await domains.leftovers(session, uuid)
        await domains.undefine(
            session,
            uuid,
            nvram=domains.Keep.REMOVE,
            tpm=domains.Keep.REMOVE,
            managed_save=left.managed_save,
            snapshots_metadata=bool(left.snapshots),
            checkpoints_metadata=bool(left.checkpoints),
        )

    async def _delete_storage(self) -> str:
        if not self.chosen:
            return _("Deleted; its storage was kept")
        self.job.left_behind = [item.path for item in self.chosen if item.key not in self.done]
        # Minutes may have passed in the dialog: a machine made since then may use what was ticked.
        users = await other_users(self.machine.target.host, self.gone)
        failed: list[tuple[StorageItem, HostelryError]] = []
        for number, item in enumerate(self.chosen):
            if item.key in self.done:
                continue
            self.job.report(number / len(self.chosen), _("Deleting “{path}”").format(path=item.path))
            try:
                await self._delete_one(item, users)
                self.done.add(item.key)
                self.job.left_behind.remove(item.path)
            except HostelryError as error:
                failed.append((item, error))
        return self._outcome(failed)

    async def _delete_one(self, item: StorageItem, users: Users) -> None:
        new_users = set(await users_of(self.machine.target.host, users, item.path)) - set(item.used_by)
        if new_users:
            raise Failed(
                _("“{path}” was kept.").format(path=item.path),
                why=_("Meanwhile it is used by {names}.").format(names=", ".join(sorted(new_users))),
            )
        if users.unchecked and item.tick:
            raise Failed(
                _("“{path}” was kept.").format(path=item.path),
                why=_("Not all machines could be asked whether they use it by now."),
            )
        if item.kind is StorageKind.VOLUME:
            await self._delete_volume(item)
        else:
            await asyncio.to_thread(_delete_file, Path(item.path))

    async def _delete_volume(self, item: StorageItem) -> None:
        try:
            await storage.delete_volume(self.machine.target.host.session, item.path)
        except NotFound as error:
            why = _("It is no longer in the pool “{pool}”, or the pool was stopped.").format(pool=item.pool)
            raise NotFound(error.what, why=why, next_step=_("Start the pool and try again."), raw=error.raw) from error

    def _outcome(self, failed: Sequence[tuple[StorageItem, HostelryError]]) -> str:
        count = len(self.chosen)
        if not failed:
            return ngettext("Deleted with {count} disk", "Deleted with {count} disks", count).format(count=count)
        text = ngettext(
            "“{name}” was removed, but {failed} of {count} disk could not be deleted.",
            "“{name}” was removed, but {failed} of {count} disks could not be deleted.",
            count,
        )
        raise Failed(
            text.format(name=self.machine.target.record.name, failed=len(failed), count=count),
            why=" ".join(f"{item.path}: {error.why or error.what}" for item, error in failed),
            next_step=_("“Try again” tries to delete what is left; or delete it in the storage pool by hand."),
            raw="\n".join(f"{item.path}: {error.raw or error}" for item, error in failed),
        )


def _delete_file(path: Path) -> None:
    """A plain file, not what a link points to."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        kind = Denied if isinstance(error, PermissionError) else Failed
        raise kind(_("Cannot delete “{path}”.").format(path=path), why=error.strerror or str(error), raw=str(error)) from error


async def _offer_undo(ctx: Context, request: DeleteRequest, removed: Mapping[DomainRef, str]) -> None:
    """“Undo” while all storage is still there; a machine that was temporary cannot come back."""
    machines = [machine for machine in request.plan.machines if machine.persistent]
    names = ", ".join(f"“{machine.target.record.name}”" for machine in request.plan.machines)
    text = ngettext("{names} was deleted.", "{names} were deleted.", len(request.plan.machines)).format(names=names)
    if request.storage or not machines:
        ctx.ui.notify(Notice(text, NoticeKind.HINT))
        return
    offers = (Offer("undo", _("Undo"), _("Defines it again")),)
    answer = await ctx.ui.offer(Notice(text, NoticeKind.HINT, _undo_detail(machines), offers))
    if answer == "undo":
        await tell(ctx, _bring_back(ctx, machines, removed))


def _undo_detail(machines: Sequence[MachinePlan]) -> str:
    """What is still there, and what an undo cannot bring back."""
    kept = _("Its storage is still there.") if any(machine.storage for machine in machines) else ""
    things = ", ".join(dict.fromkeys(thing for machine in machines for thing in machine.extras))
    gone = _("Not to be brought back: {things}.").format(things=things) if things else ""
    return f"{kept} {gone}".strip()


def _bring_back(ctx: Context, machines: Sequence[MachinePlan], removed: Mapping[DomainRef, str]) -> Job:
    texts = {machine.target.ref: machine for machine in machines}

    async def each(target: Target, _job: Job) -> str:
        machine = texts[target.ref]
        if await domains.read_records(target.host.session, [target.record.uuid]):
            raise Exists(_("A machine with the same UUID is there already."), next_step=_("Nothing was changed."))
        # Not validated: libvirt itself wrote it, and newer elements must not keep it from coming back.
        await domains.define(target.host.session, removed.get(target.ref) or machine.xml, validate=False)
        if target.record.autostart:
            await domains.set_autostart(target.host.session, target.record.uuid, True)
        if machine.extras:
            return _("It is back, but for: {things}").format(things=", ".join(machine.extras))
        return _("It is back")

    return start_job(ctx, BRING_BACK, [machine.target for machine in machines], each)


DELETION: tuple[Action, ...] = (
    Action(
        "domain.delete", N_("Delete…"), N_("Remove the machine, and the storage that you choose (virDomainUndefine)"),
        "edit-delete", MenuPath.MACHINE, 900,
        applies(lambda _record: True, "", ""), delete, shortcut="Del", danger=True,
    ),
)  # fmt: skip
"""In menu order."""
