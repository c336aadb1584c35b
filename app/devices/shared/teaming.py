"""Two network cards that the guest sees as one, so that a machine with a card of the host can migrate (formatdomain, "
""teaming")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, When
from app.devices.shared.conditions import only
from app.i18n import N_


def teaming(*when: When) -> tuple[Field, ...]:
    """The fields below ``teaming``."""
    return (
        Field(
            "teaming/@type",
            N_("Part in a pair of cards"),
            Kind.CHOICE,
            N_("The guest joins both cards; the temporary one is unplugged while the machine migrates."),
            (Choice("persistent", N_("The card that stays")), Choice("transient", N_("The card that is unplugged"))),
            when=when,
            words="failover bonding migration",
        ),
        Field(
            "teaming/@persistent",
            N_("Alias of the card that stays"),
            Kind.TEXT,
            help=N_("The one that the other card of the pair has."),
            when=(*when, only("teaming/@type", "transient")),
        ),
    )
