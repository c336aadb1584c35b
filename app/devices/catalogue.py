"""Every device type and every group, in the order in which they are shown."""

from __future__ import annotations

from app.devices.description import Description, DeviceType, Group
from app.devices.types.watchdog import WATCHDOG
from app.xmldoc.document import Element

TYPES: tuple[DeviceType, ...] = (WATCHDOG,)
"""For one tag the narrower type comes first: the first that fits an element has it."""

GROUPS: tuple[Group, ...] = ()

ALL: tuple[Description, ...] = (*GROUPS, *TYPES)


def type_of(element: Element) -> DeviceType | None:
    """The type of an element below ``<devices>``; None for what has no form (the inspector shows it)."""
    return next((one for one in TYPES if one.fits(element)), None)
