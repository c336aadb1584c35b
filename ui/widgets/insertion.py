"""A file for a running machine's CD drive: looked at first, as a disk image goes into a new machine instead."""

from __future__ import annotations

from pathlib import Path

from app.actions.context import Context, Target
from app.actions.interface import Offer
from app.actions.media import eject_drive, insert_file
from app.errors import HostelryError, Invalid
from app.i18n import _
from app.install.media import Medium, MediumKind, recognise
from app.model.records import DomainRef

NEW_MACHINE = "new-machine"


async def put_in(ctx: Context, ref: DomainRef, path: str, *, target: str = "") -> None:
    """Inserts the file into the drive ``target``, or the best one; asks where something stands in the way; shows errors."""
    machine = _machine(ctx, ref)
    if machine is None:
        return
    try:
        medium = await recognise(path)
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    if medium.kind is MediumKind.ISO:
        await insert_file(ctx, machine, Path(path), target)
    else:
        await _no_iso(ctx, machine, medium)


async def take_out(ctx: Context, ref: DomainRef, target: str) -> None:
    """Ejects the drive ``target``; offers force when the guest has locked it."""
    machine = _machine(ctx, ref)
    if machine is not None:
        await eject_drive(ctx, machine, target)


def _machine(ctx: Context, ref: DomainRef) -> Target | None:
    record = ctx.hosts.domain(ref)
    return Target(ctx.hosts.get(ref.host_id), record) if record is not None else None


async def _no_iso(ctx: Context, machine: Target, medium: Medium) -> None:
    """A disk image is no CD, but a machine can be made from it."""
    names = {"name": Path(medium.path).name, "machine": machine.record.name}
    what = _("“{name}” cannot be put into the CD drive of “{machine}”.").format(**names)
    if medium.kind is MediumKind.UNKNOWN:
        await ctx.ui.show_error(Invalid(what, why=medium.problem))
        return
    error = Invalid(what, why=_("It is a disk image and no ISO."), next_step=_("A new machine can be made from it."))
    if await ctx.ui.show_error(error, [Offer(NEW_MACHINE, _("New machine…"))]) == NEW_MACHINE:
        from ui.widgets.drop import open_wizard  # noqa: PLC0415 - they call each other

        open_wizard(ctx, machine.host, medium.path)
