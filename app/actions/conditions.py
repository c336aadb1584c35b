"""To which machines an action applies, and the sentence that says why not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from app.actions.action import YES, Enablement, no
from app.actions.context import Context, Selection, Target
from app.i18n import _, ngettext
from app.model.records import DomainRecord, DomainState

Test = Callable[[DomainRecord], bool]

ON = frozenset({DomainState.RUNNING, DomainState.BLOCKED})


def is_running(record: DomainRecord) -> bool:
    """Its processors run."""
    return record.state in ON


def is_active(record: DomainRecord) -> bool:
    """The hypervisor has it in memory, running or not."""
    return record.state not in (DomainState.SHUTOFF, DomainState.NOSTATE)


def is_off(record: DomainRecord) -> bool:
    """It can be started."""
    return record.state is DomainState.SHUTOFF


def is_paused(record: DomainRecord) -> bool:
    """It can be resumed."""
    return record.state is DomainState.PAUSED


def is_asleep(record: DomainRecord) -> bool:
    """The guest suspended itself to memory."""
    return record.state is DomainState.PMSUSPENDED


def connected(target: Target) -> bool:
    """Its host answers."""
    return target.host.state.name == "CONNECTED"


def domains(test: Test, one: str, none: str, *, online: bool = True) -> Callable[[Context, Selection], Enablement]:
    """Enablement of an action on the machines for which ``test`` is true.

    one: marked with N_, why a single machine is not such ("“{name}” is not running").
    none: marked with N_, the same of several ("None of the selected machines is running").
    """

    def can(ctx: Context, selection: Selection) -> Enablement:
        names: list[str] = []
        anywhere = False
        for target in ctx.each(selection):
            reachable = not online or connected(target)
            if reachable and test(target.record):
                return YES
            anywhere = anywhere or reachable
            names.append(target.record.name)
        if not names:
            return no(_("No machine is selected"))
        if not anywhere:
            return no(not_connected(ctx.targets(selection)))
        return no(_(one).format(name=names[0]) if len(names) == 1 else _(none))

    return can


def single(test: Test, one: str) -> Callable[[Context, Selection], Enablement]:
    """Enablement of an action that works on exactly one machine."""
    several = domains(test, one, one)

    def can(ctx: Context, selection: Selection) -> Enablement:
        if len(tuple(islice(ctx.each(selection), 2))) > 1:
            return no(_("This works on one machine at a time"))
        return several(ctx, selection)

    return can


def matching(ctx: Context, selection: Selection, test: Test) -> tuple[Target, ...]:
    """The selected machines to which an action applies."""
    return tuple(target for target in ctx.targets(selection) if connected(target) and test(target.record))


def not_connected(targets: tuple[Target, ...]) -> str:
    """Why nothing can be done to these machines: their hosts do not answer."""
    hosts = sorted({target.host.label or target.host.uri for target in targets})
    text = ngettext("“{host}” is not connected", "The hosts of these machines are not connected", len(hosts))
    return text.format(host=hosts[0])
