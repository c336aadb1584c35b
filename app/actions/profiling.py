"""Profiles put on machines, and made of them."""

from __future__ import annotations

import asyncio

from app.actions.bulk import Wording, start_job, tell
from app.actions.conditions import is_active, matching
from app.actions.context import Context, Notice, Offer, Question, Selection, Target
from app.actions.definition import keep_definition
from app.actions.shown import demand_same
from app.errors import HostelryError
from app.i18n import N_, _, ngettext
from app.install.profile import profile as profiles
from app.install.profile.profile import Applied, Profile
from app.install.profile.settings import SETTINGS
from app.install.profile.store import ProfileStore
from app.jobs.job import Job, JobState
from app.model.records import DomainRecord
from app.virt import domains
from app.xmldoc import Document

_APPLY = Wording(
    N_("Apply a profile to “{name}”"),
    lambda n: ngettext("Apply a profile to {count} machine", "Apply a profile to {count} machines", n),
    N_("Cannot apply the profile to “{name}”."),
)


async def apply_profile(ctx: Context, selection: Selection) -> None:
    """Which one; then the difference is shown, and only then it is put on the definition."""
    (target,) = matching(ctx, selection, _lasting)
    try:
        text = await domains.xml(target.host.session, target.record.uuid, inactive=True, secure=True)
        known = await asyncio.to_thread(lambda: ProfileStore().all())
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    document = Document.parse(text)
    chosen = await _choose(ctx, target, [one for one in known if not profiles.unfit(one, document)])
    if chosen is None:
        return
    applied = profiles.apply(chosen, document)
    if not applied.changes:
        ctx.ui.notify(Notice(_("“{name}” is like that already.").format(name=target.record.name)))
        return
    if not await _confirm(ctx, target, chosen, applied):
        return
    if await tell(ctx, _start(ctx, target, text, applied)) is JobState.DONE:
        ctx.ui.notify(Notice(_("The profile was applied to “{name}”.").format(name=target.record.name)))


def _lasting(record: DomainRecord) -> bool:
    return record.persistent


def _name(profile: Profile) -> str:
    return profile.name if profile.own else _(profile.name)


async def _choose(ctx: Context, target: Target, known: list[Profile]) -> Profile | None:
    offers = [Offer(one.id, _name(one), one.tip if one.own else _(one.tip)) for one in known]
    text = _("Which profile shall “{name}” get?").format(name=target.record.name)
    detail = _("The changes are shown before anything is done.")
    chosen = await ctx.ui.choose(Question(_("Apply profile"), text, "", detail=detail), offers)
    return next((one for one in known if one.id == chosen), None)


async def _confirm(ctx: Context, target: Target, profile: Profile, applied: Applied) -> bool:
    """With every change in words."""
    details = [*applied.skipped, _("The old definition is kept in the history.")]
    if is_active(target.record):
        details.append(_("The machine runs: the change takes effect once it has been shut down."))
    text = _("Apply the profile “{profile}” to “{name}”?").format(profile=_name(profile), name=target.record.name)
    items = tuple(change.words() for change in applied.changes)
    return await ctx.ui.confirm(Question(_("Apply profile"), text, _("Apply"), detail=" ".join(details), items=items))


def _start(ctx: Context, target: Target, shown: str, applied: Applied) -> Job:
    async def each(target: Target, _job: Job) -> str:
        await demand_same(target, shown, secure=True)
        await keep_definition(ctx, target)
        await domains.define(target.host.session, applied.document.to_text())
        return _("Applied")

    return start_job(ctx, _APPLY, [target], each)


async def save_profile(ctx: Context, selection: Selection) -> None:
    """The machine's settings that others may share, under a name."""
    (target,) = matching(ctx, selection, _lasting)
    try:
        text = await domains.xml(target.host.session, target.record.uuid, inactive=True)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    document = Document.parse(text)
    there = [setting for setting in SETTINGS if any(document.get(path) is not None for path in setting.paths)]
    label = _("Name of the profile with these settings of “{name}”: {settings}.").format(
        name=target.record.name, settings=", ".join(_(setting.name) for setting in there)
    )
    name = await ctx.ui.ask_text(_("Save as profile"), label, verb=_("Save"))
    if not name:
        return
    edits = profiles.taken(document, [setting.id for setting in there])
    try:
        await asyncio.to_thread(lambda: ProfileStore().add(name, edits))
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    ctx.ui.notify(Notice(_("The profile “{name}” was saved.").format(name=name)))
