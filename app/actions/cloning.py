"""Machines from machines: clones, and templates on which others stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.actions.bulk import Wording, start_job, tell
from app.actions.conditions import is_off, matching
from app.actions.context import Context, Notice, Offer, Question, Selection, Target
from app.actions.definition import keep_definition
from app.actions.shown import demand_same
from app.errors import HostelryError, Invalid
from app.i18n import N_, _, ngettext
from app.install import check, defaults, naming
from app.install.create import create
from app.install.gather import gather
from app.install.plan import Plan, Problem
from app.install.profile import template
from app.install.profile.disks import Disk, Fate, listed
from app.install.sources.machine import Clone
from app.jobs.job import Job, JobState
from app.model.records import DomainRef
from app.virt import domains
from app.xmldoc import Document
from app.xmldoc.indent import remove_indented

After = Callable[[DomainRef], Awaitable[None]]


async def clone(ctx: Context, selection: Selection) -> None:
    """Whole or linked, under a new name, with the disks that are wanted."""
    (target,) = matching(ctx, selection, is_off)
    text = await _read(ctx, target)
    if text is None:
        return
    linked = await _ask_way(ctx, target, Document.parse(text))
    name = await _ask_name(ctx, target) if linked is not None else None
    wanted = await _ask_disks(ctx, target, text) if name else None
    if linked is None or not name or wanted is None:
        return
    source = Clone(wanted, linked)
    job = _start(ctx, target, source, name)
    if await tell(ctx, job) is JobState.DONE:
        ctx.ui.notify(Notice(_("“{name}” was made from “{original}”.").format(name=name, original=target.record.name)))


async def _read(ctx: Context, target: Target) -> str | None:
    """The definition with passwords; None after an error, which was shown."""
    try:
        return await domains.xml(target.host.session, target.record.uuid, inactive=True, secure=True)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return None


async def _ask_way(ctx: Context, target: Target, document: Document) -> bool | None:
    """True: linked.  None: given up."""
    name = target.record.name
    offers = [
        Offer("full", _("Copy its disks"), _("Both machines are independent; takes as much space again")),
        Offer("linked", _("Link its disks"), _("Made at once: only changes are stored")),
    ]
    detail = _("“{name}” is a template: machines may stand on its disks.").format(name=name)
    if not template.is_template(document):
        detail = _("With linked disks “{name}” must not be started any more, for the new machine stands on them.").format(
            name=name
        )
    question = Question(_("Clone"), _("How shall “{name}” be cloned?").format(name=name), "", detail=detail)
    chosen = await ctx.ui.choose(question, offers)
    return None if chosen is None else chosen == "linked"


async def _ask_name(ctx: Context, target: Target) -> str | None:
    taken = {record.name for record in target.host.inventory.domains.values()}
    check_name: Callable[[str], str] = lambda name: naming.problem(name.strip(), frozenset(taken))  # noqa: E731
    label = _("Name of the new machine:")
    value = naming.unique(target.record.name, frozenset(taken))
    name = await ctx.ui.ask_text(_("Clone"), label, verb=_("Clone"), value=value, check=check_name)
    return name.strip() if name else None


async def _ask_disks(ctx: Context, target: Target, text: str) -> str | None:
    """The definition without the disks that are not wanted; asked for each beside the first.  None: given up."""
    document = Document.parse(text)
    fates = template.fates(document, linked=False)
    own = [disk for disk in listed(document) if fates[disk.target] is Fate.COPY]
    for disk in own[1:]:
        question = Question(
            _("Clone"),
            _("Shall the new machine have its own “{disk}”?").format(disk=disk.target),
            "",
            detail=disk.source,
        )
        offers = [Offer("yes", _("With this disk")), Offer("no", _("Without it"))]
        answer = await ctx.ui.choose(question, offers)
        if answer is None:
            return None
        if answer == "no":
            _drop(document, disk)
    return document.to_text()


def _drop(document: Document, disk: Disk) -> None:
    for element in document.find_all("devices/disk"):
        if document.get("target/@dev", "", element) == disk.target:
            remove_indented(element)


def _start(ctx: Context, target: Target, source: Clone, name: str, after: After | None = None) -> Job:
    """Makes the machine as a job; ``after`` goes on with it in the same job."""

    async def work(job: Job) -> str:
        survey = await gather(target.host)
        plan = defaults.recommend_source(source, survey).choose("name", name)
        _demand(check.problems(plan, survey), plan)
        ref = await create(target.host, plan, job, start=False)
        if after is not None:
            await after(ref)
        return _("“{name}” was made.").format(name=name)

    title = _("Clone “{name}” as “{new}”").format(name=target.record.name, new=name)
    return ctx.jobs.run(title, work, subject=name, host_id=target.host.id)


def _demand(problems: list[Problem], plan: Plan) -> None:
    """Raises for the first thing that stands in the way."""
    for problem in problems:
        if problem.blocks:
            raise Invalid(_("“{name}” cannot be made.").format(name=plan.name.value), why=problem.text)


# templates

_SAVE = Wording(
    N_("Save “{name}” as a template"),
    lambda n: ngettext("Save {count} template", "Save {count} templates", n),
    N_("Cannot make a template of “{name}”."),
)


async def save_as_template(ctx: Context, selection: Selection) -> None:
    """The machine itself becomes the template, or a copy of it does."""
    (target,) = matching(ctx, selection, is_off)
    text = await _read(ctx, target)
    if text is None:
        return
    made = template.clean(Document.parse(text))
    offers = [
        Offer("itself", _("Turn it into a template"), _("Its disks stay where they are and are not to change any more")),
        Offer("copy", _("Make a template of a copy"), _("The machine stays as it is; takes as much space again")),
    ]
    details = [_("What must be unique is taken out: UUID, MAC addresses, firmware settings."), *made.notes]
    name = target.record.name
    question = Question(_("Save as template"), _("Make a template of “{name}”?").format(name=name), "", detail=" ".join(details))
    chosen = await ctx.ui.choose(question, offers)
    if chosen == "itself":
        if await tell(ctx, _turn(ctx, target, text)) is JobState.DONE:
            ctx.ui.notify(Notice(_("“{name}” is a template now.").format(name=name)))
    elif chosen == "copy":
        await _copy_to_template(ctx, target, text)


def _turn(ctx: Context, target: Target, shown: str) -> Job:
    async def each(target: Target, _job: Job) -> str:
        await demand_same(target, shown, secure=True)
        await keep_definition(ctx, target)
        await domains.define(target.host.session, _marked(shown, target.record.uuid))
        return _("It is a template now")

    return start_job(ctx, _SAVE, [target], each)


def _marked(text: str, uuid: str) -> str:
    """The cleaned definition, still of the same machine."""
    document = Document.parse(template.clean(Document.parse(text)).xml)
    document.set("uuid", uuid)
    return document.to_text()


async def _copy_to_template(ctx: Context, target: Target, text: str) -> None:
    taken = frozenset(record.name for record in target.host.inventory.domains.values())
    value = naming.unique(f"{target.record.name}-template", taken)
    check_name: Callable[[str], str] = lambda name: naming.problem(name.strip(), taken)  # noqa: E731
    name = await ctx.ui.ask_text(_("Save as template"), _("Name of the template:"), verb=_("Save"), value=value, check=check_name)
    if not name:
        return

    async def turn(ref: DomainRef) -> None:
        made = await domains.xml(target.host.session, ref.uuid, inactive=True, secure=True)
        await domains.define(target.host.session, _marked(made, ref.uuid))

    if await tell(ctx, _start(ctx, target, Clone(text), name.strip(), turn)) is JobState.DONE:
        ctx.ui.notify(Notice(_("The template “{name}” was made.").format(name=name.strip())))
