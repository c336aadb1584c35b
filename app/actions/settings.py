"""A machine's settings."""

from __future__ import annotations

from app.actions.action import Action, MenuPath
from app.actions.conditions import single
from app.actions.context import Context, Selection
from app.i18n import N_


async def open_settings(ctx: Context, selection: Selection) -> None:
    """The machine's tab with its settings; a console that is shown stays beside them."""
    for target in ctx.targets(selection):
        ctx.ui.open_settings(target.ref)


SETTINGS: tuple[Action, ...] = (
    Action(
        "domain.settings", N_("Settings…"), N_("See and change everything that the machine has (its domain XML)"),
        "preferences-system", MenuPath.MACHINE, 20, single(lambda _record: True, ""), open_settings, shortcut="Alt+Return",
    ),
)  # fmt: skip
