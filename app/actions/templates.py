"""Clones, templates and profiles: the declared actions; what they do is imported when one is used."""

from __future__ import annotations

from app.actions.action import Action, MenuPath
from app.actions.conditions import is_off, single
from app.actions.context import Context, Selection
from app.i18n import N_
from app.model.records import DomainRecord


def _off(record: DomainRecord) -> bool:
    return is_off(record) and record.persistent


def _lasting(record: DomainRecord) -> bool:
    return record.persistent


async def clone(ctx: Context, selection: Selection) -> None:
    """Whole or linked, under a new name."""
    from app.actions import cloning  # noqa: PLC0415 (installation is not needed at the program's start)

    await cloning.clone(ctx, selection)


async def save_as_template(ctx: Context, selection: Selection) -> None:
    """The machine itself, or a copy of it."""
    from app.actions import cloning  # noqa: PLC0415

    await cloning.save_as_template(ctx, selection)


async def apply_profile(ctx: Context, selection: Selection) -> None:
    """With the difference shown before."""
    from app.actions import profiling  # noqa: PLC0415

    await profiling.apply_profile(ctx, selection)


async def save_profile(ctx: Context, selection: Selection) -> None:
    """The machine's settings, for other machines."""
    from app.actions import profiling  # noqa: PLC0415

    await profiling.save_profile(ctx, selection)


_OFF = N_("“{name}” must be shut down first: disks that change cannot be copied")
_TEMPORARY = N_("“{name}” is temporary: it is gone once it is off")

TEMPLATES: tuple[Action, ...] = (
    Action(
        "domain.clone", N_("Clone…"), N_("Make a machine of this one: with copied disks, or with disks that stand on its own"),
        "edit-copy", MenuPath.DEFINITION, 300, single(_off, _OFF), clone,
    ),
    Action(
        "domain.template", N_("Save as template…"), N_("Clean it of what is unique, so that others can be made from it"),
        "document-save", MenuPath.DEFINITION, 310, single(_off, _OFF), save_as_template,
    ),
    Action(
        "domain.apply-profile", N_("Apply profile…"), N_("A named set of settings; the difference is shown before"),
        "dialog-ok-apply", MenuPath.DEFINITION, 320, single(_lasting, _TEMPORARY), apply_profile,
    ),
    Action(
        "domain.save-profile", N_("Save as profile…"), N_("Keep the settings of this machine for others"),
        "document-properties", MenuPath.DEFINITION, 330, single(_lasting, _TEMPORARY), save_profile,
    ),
)  # fmt: skip
"""In menu order."""
