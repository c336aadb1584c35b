"""Start, pause, resume, reboot, reset, force off, wake up, save: what a power button and a lid would do."""

from __future__ import annotations

from app.actions.action import Action, MenuPath
from app.actions.bulk import Wording, hosts_of, names_of, start_job, tell
from app.actions.conditions import domains as applies
from app.actions.conditions import is_active, is_asleep, is_off, is_paused, is_running, matching
from app.actions.context import Context, Offer, Question, Selection, Target
from app.actions.definition import start_emulated
from app.actions.shutdown import shut_down
from app.errors import HostelryError
from app.i18n import N_, _, ngettext
from app.jobs.job import Job, JobState
from app.model.records import DomainRecord
from app.settings import options
from app.virt import domains

_NOT_OFF = N_("“{name}” is not off")
_NONE_OFF = N_("None of the selected machines is off")
_NOT_RUNNING = N_("“{name}” is not running")
_NONE_RUNNING = N_("None of the selected machines is running")


def _startable(record: DomainRecord) -> bool:
    return is_off(record) and record.persistent


def _savable(record: DomainRecord) -> bool:
    return (is_running(record) or is_paused(record)) and record.persistent


def _saved(record: DomainRecord) -> bool:
    return bool(record.managed_save) and is_off(record)


START_WORDS = Wording(
    N_("Start “{name}”"),
    lambda n: ngettext("Start {count} machine", "Start {count} machines", n),
    N_("Cannot start “{name}”."),
)


async def start_each(target: Target, job: Job) -> str:
    """Starts one machine."""
    job.report(text=_("Restoring its saved state") if target.record.managed_save else _("Starting"))
    await domains.start(target.host.session, target.record.uuid)
    return _("Started")


async def start(ctx: Context, selection: Selection) -> None:
    """Starts; for a single one that KVM keeps from starting, emulation is offered."""
    targets = matching(ctx, selection, _startable)
    job = start_job(ctx, START_WORDS, targets, start_each)
    if len(targets) == 1 and await job.wait() is JobState.FAILED and job.error is not None and _is_about_kvm(job.error):
        offers = (Offer("emulate", _("Start with emulation instead"), _("Slower, but it works")),)
        if await ctx.ui.show_error(job.error, offers) == "emulate":
            await start_emulated(ctx, Selection(domains=(targets[0].ref,)))
        return
    if await tell(ctx, job) is JobState.DONE and len(targets) == 1 and ctx.settings.get(options.OPEN_AFTER_START):
        ctx.ui.open_console(targets[0].ref)


def _is_about_kvm(error: HostelryError) -> bool:
    """QEMU: "failed to initialize kvm", "Could not access KVM kernel module"; libvirt: "... domain type kvm"."""
    return "kvm" in error.raw.lower()


async def _start_paused(ctx: Context, selection: Selection) -> None:
    async def each(target: Target, job: Job) -> str:
        job.report(text=_("Starting"))
        await domains.start(target.host.session, target.record.uuid, paused=True)
        return _("Started and paused")

    words = Wording(
        N_("Start “{name}” paused"),
        lambda n: ngettext("Start {count} machine paused", "Start {count} machines paused", n),
        N_("Cannot start “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, matching(ctx, selection, _startable), each))


async def _resume(ctx: Context, selection: Selection) -> None:
    async def each(target: Target, _job: Job) -> str:
        await domains.resume(target.host.session, target.record.uuid)
        return _("Resumed")

    words = Wording(
        N_("Resume “{name}”"),
        lambda n: ngettext("Resume {count} machine", "Resume {count} machines", n),
        N_("Cannot resume “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, matching(ctx, selection, is_paused), each))


async def _pause(ctx: Context, selection: Selection) -> None:
    async def each(target: Target, _job: Job) -> str:
        await domains.suspend(target.host.session, target.record.uuid)
        return _("Paused")

    words = Wording(
        N_("Pause “{name}”"),
        lambda n: ngettext("Pause {count} machine", "Pause {count} machines", n),
        N_("Cannot pause “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, matching(ctx, selection, is_running), each))


async def _wake_up(ctx: Context, selection: Selection) -> None:
    async def each(target: Target, _job: Job) -> str:
        await domains.wake_up(target.host.session, target.record.uuid)
        return _("Woken up")

    words = Wording(
        N_("Wake up “{name}”"),
        lambda n: ngettext("Wake up {count} machine", "Wake up {count} machines", n),
        N_("Cannot wake up “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, matching(ctx, selection, is_asleep), each))


async def _reboot(ctx: Context, selection: Selection) -> None:
    targets = matching(ctx, selection, is_running)
    title = ngettext("Reboot {count} machine?", "Reboot {count} machines?", len(targets))
    if not await _several_agreed(ctx, targets, title, _("Reboot")):
        return

    async def each(target: Target, _job: Job) -> str:
        await domains.reboot(target.host.session, target.record.uuid)
        return _("The guest was asked to reboot")

    words = Wording(
        N_("Reboot “{name}”"),
        lambda n: ngettext("Reboot {count} machine", "Reboot {count} machines", n),
        N_("Cannot reboot “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, targets, each))


async def _reset(ctx: Context, selection: Selection) -> None:
    targets = matching(ctx, selection, is_active)
    one = N_("Reset “{name}” without warning it?")
    many = ngettext("Reset {count} machine without warning it?", "Reset {count} machines without warning them?", len(targets))
    detail = _("It is like pressing the reset button: what the guest has not written to its disks is lost.")
    if not await _danger_agreed(ctx, targets, (one, many), detail, _("Reset")):
        return

    async def each(target: Target, _job: Job) -> str:
        await domains.reset(target.host.session, target.record.uuid)
        return _("Reset")

    words = Wording(
        N_("Reset “{name}”"),
        lambda n: ngettext("Reset {count} machine", "Reset {count} machines", n),
        N_("Cannot reset “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, targets, each))


async def _force_off(ctx: Context, selection: Selection) -> None:
    targets = matching(ctx, selection, is_active)
    one = N_("Force off “{name}”?")
    many = ngettext("Force off {count} machine?", "Force off {count} machines?", len(targets))
    detail = _("It is like pulling the plug: what the guest has not written to its disks is lost.")
    asked = ctx.settings.get(options.CONFIRM_FORCE_OFF) or len(targets) > 1
    key = options.CONFIRM_FORCE_OFF.key
    if asked and not await _danger_agreed(ctx, targets, (one, many), detail, _("Force off"), remember=key):
        return

    async def each(target: Target, _job: Job) -> str:
        await domains.destroy(target.host.session, target.record.uuid)
        return _("Forced off")

    words = Wording(
        N_("Force off “{name}”"),
        lambda n: ngettext("Force off {count} machine", "Force off {count} machines", n),
        N_("Cannot force off “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, targets, each))


async def _save(ctx: Context, selection: Selection) -> None:
    async def each(target: Target, job: Job) -> str:
        job.report(text=_("Writing its memory to the host's disk"))
        await domains.managed_save(target.host.session, target.record.uuid, job)
        return _("Saved; the next start goes on from here")

    words = Wording(
        N_("Save “{name}”"),
        lambda n: ngettext("Save {count} machine", "Save {count} machines", n),
        N_("Cannot save “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, matching(ctx, selection, _savable), each))


async def _discard_saved(ctx: Context, selection: Selection) -> None:
    targets = matching(ctx, selection, _saved)
    one = N_("Discard the saved state of “{name}”?")
    many = ngettext("Discard the saved state of {count} machine?", "Discard the saved states of {count} machines?", len(targets))
    detail = _("The next start boots from the disks, as after a power cut; open programs and unsaved work are lost.")
    if not await _danger_agreed(ctx, targets, (one, many), detail, _("Discard")):
        return

    async def each(target: Target, _job: Job) -> str:
        await domains.remove_managed_save(target.host.session, target.record.uuid)
        return _("Saved state discarded")

    words = Wording(
        N_("Discard the saved state of “{name}”"),
        lambda n: ngettext("Discard the saved state of {count} machine", "Discard the saved states of {count} machines", n),
        N_("Cannot discard the saved state of “{name}”."),
    )
    await tell(ctx, start_job(ctx, words, targets, each))


async def _several_agreed(ctx: Context, targets: tuple[Target, ...], text: str, verb: str) -> bool:
    """One machine needs no question; several are counted and listed."""
    if len(targets) < 2:
        return bool(targets)
    return await ctx.ui.confirm(Question(verb, text.format(count=len(targets)), verb, items=names_of(targets)))


async def _danger_agreed(
    ctx: Context, targets: tuple[Target, ...], texts: tuple[str, str], detail: str, verb: str, *, remember: str = ""
) -> bool:
    """Asks explicitly; the list of names when there are several."""
    one, many = texts
    single = len(targets) == 1
    text = _(one).format(name=targets[0].record.name) if single else many.format(count=len(targets), hosts=len(hosts_of(targets)))
    items = () if single else names_of(targets)
    question = Question(verb, text, verb, detail=detail, items=items, danger=True, remember=remember if single else "")
    return await ctx.ui.confirm(question)


LIFECYCLE: tuple[Action, ...] = (
    Action(
        "domain.start", N_("Start"), N_("Start the machine, or restore its saved state (virDomainCreate)"),
        "media-playback-start", MenuPath.MACHINE, 100, applies(_startable, _NOT_OFF, _NONE_OFF), start,
        shortcut="Ctrl+Shift+S", in_toolbar=True,
    ),
    Action(
        "domain.resume", N_("Resume"), N_("Let a paused machine go on (virDomainResume)"),
        "media-playback-start", MenuPath.MACHINE, 110,
        applies(is_paused, N_("“{name}” is not paused"), N_("None of the selected machines is paused")), _resume,
        in_toolbar=True,
    ),
    Action(
        "domain.pause", N_("Pause"), N_("Stop the processors of the machine; it stays in memory (virDomainSuspend)"),
        "media-playback-pause", MenuPath.MACHINE, 120, applies(is_running, _NOT_RUNNING, _NONE_RUNNING), _pause,
        shortcut="Ctrl+Shift+P", in_toolbar=True,
    ),
    Action(
        "domain.shut-down", N_("Shut down"), N_("Ask the guest to shut down (virDomainShutdown)"),
        "system-shutdown", MenuPath.MACHINE, 130, applies(is_running, _NOT_RUNNING, _NONE_RUNNING), shut_down,
        shortcut="Ctrl+Shift+D", in_toolbar=True,
    ),
    Action(
        "domain.start-paused", N_("Start paused"), N_("Start the machine with its processors stopped (VIR_DOMAIN_START_PAUSED)"),
        "media-playback-pause", MenuPath.SHUT_DOWN, 100, applies(_startable, _NOT_OFF, _NONE_OFF), _start_paused,
    ),
    Action(
        "domain.reboot", N_("Reboot"), N_("Ask the guest to restart (virDomainReboot)"),
        "system-reboot", MenuPath.SHUT_DOWN, 200, applies(is_running, _NOT_RUNNING, _NONE_RUNNING), _reboot,
        shortcut="Ctrl+Shift+R",
    ),
    Action(
        "domain.reset", N_("Reset"), N_("Press the reset button: the guest is not asked (virDomainReset)"),
        "view-refresh", MenuPath.SHUT_DOWN, 210, applies(is_active, _NOT_RUNNING, _NONE_RUNNING), _reset, danger=True,
    ),
    Action(
        "domain.force-off", N_("Force off"), N_("Pull the plug: the guest is not asked (virDomainDestroy)"),
        "process-stop", MenuPath.SHUT_DOWN, 220, applies(is_active, _NOT_RUNNING, _NONE_RUNNING), _force_off,
        shortcut="Ctrl+Shift+F", danger=True,
    ),
    Action(
        "domain.wake-up", N_("Wake up"), N_("Wake a guest that sleeps (virDomainPMWakeup)"),
        "system-suspend", MenuPath.SHUT_DOWN, 230,
        applies(is_asleep, N_("“{name}” is not asleep"), N_("None of the selected machines is asleep")), _wake_up,
    ),
    Action(
        "domain.save", N_("Save"), N_("Write the memory to disk and stop; the next start goes on there (virDomainManagedSave)"),
        "document-save", MenuPath.SHUT_DOWN, 300,
        applies(_savable, _NOT_RUNNING, N_("None of the selected machines runs or can be saved")), _save,
    ),
    Action(
        "domain.discard-saved", N_("Discard saved state"), N_("The next start boots afresh (virDomainManagedSaveRemove)"),
        "edit-clear", MenuPath.SHUT_DOWN, 310,
        applies(_saved, N_("“{name}” has no saved state"), N_("None of the selected machines has a saved state")),
        _discard_saved, danger=True,
    ),
)  # fmt: skip
"""In menu order."""
