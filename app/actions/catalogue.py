"""All actions, in one list: the only place that knows every family."""

from __future__ import annotations

from app.actions.action import Action
from app.actions.bringing_back import BRINGING_BACK
from app.actions.console import CONSOLE
from app.actions.definition import DEFINITION
from app.actions.deletion import DELETION
from app.actions.lifecycle import LIFECYCLE
from app.actions.listing import LISTING
from app.actions.media import MEDIA
from app.actions.service import SERVICE
from app.actions.settings import SETTINGS
from app.actions.templates import TEMPLATES

ACTIONS: tuple[Action, ...] = (
    *CONSOLE, *SETTINGS, *LIFECYCLE, *MEDIA, *DEFINITION, *TEMPLATES, *BRINGING_BACK, *LISTING, *SERVICE, *DELETION,
)  # fmt: skip
"""Every action of the program; menus are made from this."""

_BY_ID = {action.id: action for action in ACTIONS}


def action(action_id: str) -> Action:
    """The action of this id; KeyError if there is none."""
    return _BY_ID[action_id]
