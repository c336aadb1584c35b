"""Conditions that hide what belongs to another kind of the same device."""

from __future__ import annotations

from app.devices.description import When
from app.i18n import N_


def only(path: str, *values: str | None, why: str = "") -> When:
    """Shown only while ``path`` has one of ``values``."""
    return When(path, values, why or N_("It belongs to another kind of this device."), hide=True)


def unless(path: str, *values: str | None, why: str = "") -> When:
    """Shown only while ``path`` has none of ``values``."""
    return When(path, values, why or N_("It belongs to another kind of this device."), negate=True, hide=True)
