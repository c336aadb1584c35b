"""Machines from a disk image that has a system on it already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.i18n import _
from app.install import access, convert, storage_plan
from app.install.bench import Bench
from app.install.media import Medium
from app.install.osinfo import System
from app.install.plan import DiskKind, DiskPlan, Plan, Problem, Recommended, Way
from app.install.sizes import GIB, format_size
from app.install.sources.source import Source
from app.install.stage import Cd, Stage
from app.install.survey import Survey


@dataclass(frozen=True, slots=True)
class DiskImage(Source):
    """An image of this computer: used in place, copied, converted, or as what a new overlay stands on."""

    image: Medium

    @property
    def medium(self) -> Medium | None:
        return self.image

    @property
    def system(self) -> System:
        return self.image.system

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        if self.image.format not in convert.WRITABLE:
            return _converted(self.image, survey)
        return storage_plan.recommend(self.image, system, survey)

    def choices(self, survey: Survey) -> list[Recommended[DiskPlan]]:
        """All ways of using it, the recommended one first, each with a line on when to use it."""
        first = self.disk(self.system, survey)
        ways = [self._in_place(survey), self._copied(survey), self._overlaid(survey)]
        others = [way for way in ways if way is not None and way.value.kind is not first.value.kind]
        return [first, *others]

    def _in_place(self, survey: Survey) -> Recommended[DiskPlan] | None:
        if not survey.local:
            return None
        plan = DiskPlan(DiskKind.USE, self.image.virtual_size, path=self.image.path, format=self.image.format)
        return Recommended(plan, _("The image itself; what the machine writes goes into this file."))

    def _copied(self, survey: Survey) -> Recommended[DiskPlan]:
        if self.image.format not in convert.WRITABLE:
            return _converted(self.image, survey)
        plan = DiskPlan(DiskKind.COPY, self.image.virtual_size, _pool(survey), self.image.path, self.image.format)
        return Recommended(plan, _("A copy; the image stays as it is."))

    def _overlaid(self, survey: Survey) -> Recommended[DiskPlan] | None:
        if not survey.local:
            return None
        source = self.image.format
        plan = DiskPlan(DiskKind.OVERLAY, self.image.virtual_size, _pool(survey), self.image.path, "qcow2", source)
        return Recommended(
            plan, _("Made at once: what the machine writes goes into a new file, and the image must stay where and as it is.")
        )

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        disk = plan.disk.value
        if disk.kind is DiskKind.COPY and disk.converts:
            reason = convert.why_not(disk.path, disk.source_format)
            return [Problem("disk", reason)] if reason else ()
        if disk.kind is DiskKind.OVERLAY and not survey.local:
            return [Problem("disk", _("The image is not on the host, so nothing there can stand on it. Choose a copy."))]
        if disk.kind is DiskKind.USE and disk.format not in convert.WRITABLE:
            text = _(
                "QEMU is slow and careful with “{format}” images, and cannot take snapshots of them. Better convert "
                "it: choose a copy."
            )
            return [Problem("disk", text.format(format=disk.format), blocks=False)]
        return ()

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        if plan.delivery.way is Way.GRANT and plan.delivery.access is not None:
            bench.job.report(text=_("Giving the hypervisor access to the medium"))
            await access.grant(plan.delivery.access)
        return plan


def _pool(survey: Survey) -> str:
    pool = storage_plan.best_pool(survey)
    return pool.name if pool else ""


def _converted(image: Medium, survey: Survey) -> Recommended[DiskPlan]:
    plan = DiskPlan(DiskKind.COPY, image.virtual_size, _pool(survey), image.path, "qcow2", image.format)
    reason = _("A copy in QEMU's own format, which is faster than “{format}” and can be snapshot; the image stays as it is.")
    return Recommended(plan, reason.format(format=image.format))


@dataclass(frozen=True, slots=True)
class CloudImage(DiskImage):
    """An image that sets itself up at its first start, by what it is told on a disc (the plan's ``seed``)."""

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        """A copy, as a cloud image is used for many machines, and larger, as it comes without room."""
        wanted = max(system.recommended.storage, 20 * GIB, self.image.virtual_size)
        form = self.image.format
        disk = DiskPlan(DiskKind.COPY, wanted, _pool(survey), self.image.path, "qcow2", "" if form == "qcow2" else form)
        reason = _(
            "A copy, made larger: the image has room for {size} only, and the system takes what it gets at its first start."
        )
        return Recommended(disk, reason.format(size=format_size(self.image.virtual_size)))

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        found = list(DiskImage.problems(self, plan, survey))
        if plan.seed is None:
            text = _(
                "A cloud image has no user and no password of its own: nobody can log in unless you fill in the first settings."
            )
            found.append(Problem("medium", text, blocks=False))
        return found


@dataclass(frozen=True, slots=True)
class HostImage(Source):
    """A volume of the host that has a system on it, or an empty one to be used as the disk.  form: its format."""

    path: str
    form: str = "qcow2"
    size: int = 0

    @property
    def stem(self) -> str:
        return Path(self.path).stem

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        plan = DiskPlan(DiskKind.USE, self.size, path=self.path, format=self.form, on_host=True)
        return Recommended(plan, _("The volume itself; what the machine writes goes into it."))

    def choices(self, survey: Survey) -> list[Recommended[DiskPlan]]:
        """The volume itself, a copy, or an overlay on it."""
        first = self.disk(self.system, survey)
        converted = self.form if self.form not in convert.WRITABLE else ""
        form = "qcow2" if converted else self.form
        copy = replace(first.value, kind=DiskKind.COPY, pool=_pool(survey), format=form, source_format=converted)
        over = replace(first.value, kind=DiskKind.OVERLAY, pool=_pool(survey), format="qcow2", source_format=self.form)
        return [
            first,
            Recommended(copy, _("A copy, made on the host; the volume stays as it is.")),
            Recommended(
                over, _("Made at once: what the machine writes goes into a new file, and the volume must stay as it is.")
            ),
        ]

    def stage(self, plan: Plan) -> Stage:
        return Stage((Cd(),))
