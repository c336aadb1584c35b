"""The machine that the page is about: its source, the host as it is known, and what the user chose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.i18n import _
from app.install import check, defaults, networks
from app.install.background import in_thread
from app.install.choices import Acceleration, Platform
from app.install.media import Medium, MediumKind
from app.install.osinfo import System
from app.install.plan import Plan, Problem, Recommended
from app.install.sources.discs import LocalIso
from app.install.sources.images import CloudImage, DiskImage
from app.install.sources.plain import AContainer
from app.install.sources.source import Source
from app.install.survey import Survey

_PLAIN = (
    "delivery",
    "more_disks",
    "more_networks",
    "folders",
    "extra_cds",
    "seed",
    "virtio_ready",
    "autostart",
    "title",
    "profile",
)
"""What is no recommendation and stays whatever is recommended."""

_OF_THE_SOURCE = ("disk", "os", "platform", "accel")
"""Choices that were made for one source and start anew with another."""


class Draft:
    """No widgets and no waiting.  ``source`` is None while the user has not said enough about it: ``lacking`` says what."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.plan: Plan = defaults.recommend(None, survey)
        self.lacking = ""

    @property
    def source(self) -> Source:
        """Where the machine comes from."""
        return self.plan.source or LocalIso(self.plan.medium)

    def set_survey(self, survey: Survey, *, same: bool) -> None:
        """The host is known, or known better.  same: what was recommended of it before was not a guess."""
        self.survey = survey
        self.set_source(self.source, same=same)

    def set_source(self, source: Source, *, same: bool = False) -> None:
        """A fresh plan that keeps what the user chose.  same: it is still the same source."""
        old = self.plan
        chosen = {name: getattr(old, name) for name in old.chosen if same or name not in _OF_THE_SOURCE}
        system: System | None = chosen["os"].value if "os" in chosen else None
        platform, accel = self._platform(source, chosen)
        fresh = defaults.recommend_source(source, self.survey, system, platform=platform, accel=accel)
        if platform is None and accel is not None:
            chosen["accel"] = old.accel
        kept = {name: getattr(old, name) for name in _PLAIN if hasattr(old, name)}
        self.plan = replace(fresh, **{**kept, **chosen}, chosen=frozenset(chosen))

    def _platform(self, source: Source, chosen: dict[str, Any]) -> tuple[Platform | None, Acceleration | None]:
        """A container is another kind of machine than the host's usual one."""
        if isinstance(source, AContainer):
            offer = next((offer for offer in self.survey.offers if offer.os_type == "exe"), None)
            return (Platform(offer.arch, "exe"), offer.accels[0]) if offer else (None, None)
        platform = chosen["platform"].value if "platform" in chosen else None
        return platform, chosen["accel"].value if "accel" in chosen else None

    def choose(self, name: str, value: Any) -> None:
        """The user's answer to one row."""
        if name in _PLAIN:
            self.plan = replace(self.plan, **{name: value})
            return
        self.plan = self.plan.choose(name, value)
        if name == "network":
            reason = next((choice.reason for choice in networks.choices(self.survey) if choice.value == value), "")
            self.plan = replace(self.plan, network=Recommended(value, reason or networks.can_forward(self.survey)))
        if name == "disk":
            self.plan = replace(self.plan, disk=Recommended(value, self._reason_of_disk(value)))

    def _reason_of_disk(self, value: Any) -> str:
        source = self.plan.source
        ways = source.choices(self.survey) if isinstance(source, DiskImage) else []
        return next((way.reason for way in ways if way.value.kind is value.kind), _("Your choice."))

    def set_platform(self, platform: Platform, accel: Acceleration) -> None:
        """Another kind of machine, whose abilities the survey has."""
        self.plan = defaults.with_platform(self.plan, platform, accel, self.survey)

    async def set_system(self, os_id: str) -> None:
        """Another operating system; reads the database in a thread."""
        from app.install import osinfo  # noqa: PLC0415 (its database is loaded by the first who asks)

        what = _("The system's needs cannot be read.")
        system = await in_thread(lambda: osinfo.system(os_id), timeout_s=20.0, what=what)
        self.plan = defaults.with_system(self.plan, system, self.survey)

    def problems(self) -> list[Problem]:
        """Everything that is wrong, what blocks first."""
        found = check.problems(self.plan, self.survey)
        return [Problem("medium", self.lacking), *found] if self.lacking else found


def source_of(medium: Medium, wanted: str = "") -> Source:
    """The source that a recognised file is; wanted: "cloud" or "image" where the user said how to take a disk image."""
    if medium.kind is not MediumKind.DISK:
        return LocalIso(medium)
    cloud = wanted == "cloud" or (wanted != "image" and _looks_cloudy(medium.path))
    return CloudImage(medium) if cloud else DiskImage(medium)


def _looks_cloudy(path: str) -> bool:
    """By the names under which the distributions publish their cloud images."""
    name = path.rpartition("/")[2].lower()
    return any(
        mark in name for mark in ("cloudimg", "genericcloud", "nocloud", "cloud-base", "cloud_image", "-cloud.", "cloudinit")
    )
