"""Kinds of machine that a host offers: architecture, machine type and what runs the processors."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import N_, _
from app.install import arches
from app.install.choices import Acceleration, Platform
from app.install.survey import Offer, Survey

_TYPES = {
    "hvm": N_("{arch}"),
    "xen": N_("{arch}, paravirtualised (PV)"),
    "linux": N_("{arch}, paravirtualised (PV)"),
    "xenpvh": N_("{arch}, paravirtualised with hardware help (PVH)"),
    "exe": N_("Container, {arch}"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list: a kind of machine with what may run it, best first, and when to use it."""

    platform: Platform
    words: str
    accels: tuple[Acceleration, ...]
    reason: str
    machines: tuple[str, ...] = ()


def choices(survey: Survey) -> list[Choice]:
    """All that the host's capabilities list; its own architecture first."""
    return [_choice(offer, survey) for offer in survey.offers]


def _choice(offer: Offer, survey: Survey) -> Choice:
    own = offer.arch == survey.arch
    platform = Platform("" if own and offer.os_type == "hvm" else offer.arch, offer.os_type)
    words = _(_TYPES.get(offer.os_type, "{arch}")).format(arch=_(arches.find(offer.arch).words))
    accels = tuple(sorted(offer.accels, key=lambda accel: accel is Acceleration.EMULATION))
    if own and survey.accel in accels:
        accels = (survey.accel, *(accel for accel in accels if accel is not survey.accel))
    return Choice(platform, words, accels, reason(platform, accels[0], survey), _machines(offer))


def _machines(offer: Offer) -> tuple[str, ...]:
    """Names that stay: aliases and families; hundreds of versions are left out."""
    preferred = arches.find(offer.arch).machines
    return (*(name for name in preferred if name in offer.machines), *(name for name in offer.machines if name not in preferred))


def reason(platform: Platform, accel: Acceleration, survey: Survey) -> str:
    """When to use this kind."""
    own = platform.arch in ("", survey.arch)
    if platform.os_type == "exe":
        return _("Shares the host's kernel; starts at once and needs little memory.")
    if accel is Acceleration.EMULATION and not own:
        return _("Emulated: many times slower than this host's own kind, and good for trying things out.")
    if accel is Acceleration.EMULATION:
        return _("Emulated: many times slower than with hardware help.")
    return _("This host's own kind, at full speed.") if own else _("Runs on this host's processors.")
