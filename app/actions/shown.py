"""What the user was shown of a definition, and whether it is still so when it is acted upon (never the last writer wins)."""

from __future__ import annotations

from app.actions.context import Target
from app.errors import Busy
from app.i18n import _
from app.virt import domains


async def demand_same(target: Target, shown: str, *, secure: bool = False) -> None:
    """Raises Busy if the definition of the next start is not ``shown`` any more, NotFound if it is gone.

    secure: ``shown`` was read with passwords.
    """
    now = await domains.xml(target.host.session, target.record.uuid, inactive=target.record.persistent, secure=secure)
    if now != shown:
        raise Busy(
            _("The definition of “{name}” was changed meanwhile.").format(name=target.record.name),
            why=_("Another program or user changed it after it was shown to you, so nothing was done."),
            next_step=_("Choose the action again, and look at it as it is now."),
        )
