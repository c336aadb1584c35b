"""What an action is: declared once; menus, tool bar, shortcuts, palette and bulk work read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.actions.context import Context, Selection


@dataclass(frozen=True, slots=True)
class Enablement:
    """Whether an action can be used now; ``reason`` says why not, as a sentence for the tooltip."""

    enabled: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.enabled


YES = Enablement(True)


def no(reason: str) -> Enablement:
    """Disabled, and why (translated)."""
    return Enablement(False, reason)


class MenuPath(Enum):
    """Where an action stands in the menu bar; context menus show those of their kind in the same order."""

    MACHINE = "machine"
    SHUT_DOWN = "machine/shut-down"
    CONSOLE = "machine/console"
    MEDIA = "machine/media"
    DEFINITION = "machine/definition"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a user can do to a selection.

    id: never changes ("domain.start"); settings and shortcuts are kept under it.
    text, tip: marked with N_(); the tip has libvirt's term.  icon: freedesktop name.
    shortcut: Qt's portable text ("Ctrl+Return"), or empty.
    order: place in its menu; a new hundred begins a new group, drawn with a separator.
    can, do: enablement and effect.  is_on: for actions that are ticked; None for plain ones.
    in_toolbar: shown in the tool bar by default.  danger: may lose data; never a default button.
    """

    id: str
    text: str
    tip: str
    icon: str
    menu: MenuPath
    order: int
    can: Callable[[Context, Selection], Enablement]
    do: Callable[[Context, Selection], Awaitable[None]]
    shortcut: str = ""
    is_on: Callable[[Context, Selection], bool] | None = None
    in_toolbar: bool = False
    danger: bool = False

    def enablement(self, ctx: Context, selection: Selection) -> Enablement:
        """Computed from records alone: no call to a host, fast enough for each change of the selection."""
        return self.can(ctx, selection)

    async def run(self, ctx: Context, selection: Selection) -> None:
        """Does it to those of the selection to which it applies; asks first where that is due.

        Never raises HostelryError: what fails is shown through ``ctx.ui``.
        """
        if self.can(ctx, selection):
            await self.do(ctx, selection)

    def checked(self, ctx: Context, selection: Selection) -> bool:
        """True if it is a ticked action and its tick is set."""
        return self.is_on is not None and self.is_on(ctx, selection)
