"""Installation from a disc: a local ISO, an ISO in a pool of the host, a CD drive of the host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from app.i18n import _
from app.install import access, carriage, storage_plan
from app.install.bench import Bench
from app.install.media import Medium, MediumKind
from app.install.osinfo import GENERIC, System
from app.install.plan import DiskKind, DiskPlan, Plan, Problem, Recommended, Way
from app.install.sources.source import Source
from app.install.stage import Cd, From, Kernel, Stage
from app.install.survey import HostDisc, Survey


def disc_stage(plan: Plan, path: str, *, live: bool = False) -> Stage:
    """From the disk, and from the disc while the disk is empty: nothing has to be changed afterwards.

    A disk that has something on it already would start instead of the installer: there the disc comes first, and the
    machine is set right when it goes off.  The disc of a live system stays in.
    """
    full = plan.disk.value.kind in (DiskKind.USE, DiskKind.COPY, DiskKind.OVERLAY)
    if not path or not full or live:
        return Stage((Cd(path),))
    return Stage((Cd(path, eject=True),), (From.CD, From.DISK))


@dataclass(frozen=True, slots=True)
class LocalIso(Source):
    """An ISO on this computer; None: no medium at all, or one that is no ISO (its disk is the plan's)."""

    file: Medium | None = None

    @property
    def medium(self) -> Medium | None:
        return self.file

    @property
    def system(self) -> System:
        return self.file.system if self.file else GENERIC

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        return storage_plan.recommend(self.file, system, survey)

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        medium, delivery = plan.medium, plan.delivery
        if medium is None:
            return plan
        if delivery.way is Way.GRANT and delivery.access is not None:
            bench.job.report(text=_("Giving the hypervisor access to the medium"))
            await access.grant(delivery.access)
        if medium.kind is MediumKind.ISO and delivery.way is Way.COPY:
            path = await carriage.copy_to_pool(bench.session, medium.path, delivery.pool, bench.job, bench.made.add)
            return replace(plan, medium=replace(medium, path=path))
        return plan

    def stage(self, plan: Plan) -> Stage:
        medium = plan.medium
        if medium is None or medium.kind is not MediumKind.ISO:
            return Stage()
        return disc_stage(plan, medium.path, live=medium.live)


@dataclass(frozen=True, slots=True)
class ScriptedIso(LocalIso):
    """An ISO whose installer is started directly, as it takes its script in its initial file system only: kernel and initrd are
    files here, taken out of the ISO (``unattended.delivery``)."""

    kernel: str = ""
    initrd: str = ""
    arguments: str = ""
    carried: tuple[str, ...] = ()

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        plan = await LocalIso.prepare(self, bench, plan)
        paths = [await carriage.copy_anew(bench, path, plan.name.value) for path in (self.kernel, self.initrd)]
        return replace(plan, source=replace(self, kernel=paths[0], initrd=paths[1], carried=tuple(paths)))

    def stage(self, plan: Plan) -> Stage:
        path = plan.medium.path if plan.medium else ""
        kernel = Kernel(self.kernel, self.initrd, self.arguments)
        return Stage((Cd(path, eject=True),), kernel=kernel, temporary=self.carried, restarts=True)


@dataclass(frozen=True, slots=True)
class HostIso(Source):
    """A disc that is on the host already: an ISO in a pool, or what is in a CD drive."""

    disc: HostDisc
    known: System = field(default=GENERIC)
    live: bool = False

    @property
    def stem(self) -> str:
        return self.known.name.short_id or PurePosixPath(self.disc.path).stem

    @property
    def system(self) -> System:
        return self.known

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        known = {disc.path for disc in survey.discs}
        if known and self.disc.path not in known:
            text = _("{path} is not on the host any more. Choose another disc.").format(path=self.disc.path)
            return [Problem("medium", text)]
        if not self.disc.pool and survey.session:
            text = _(
                "Your machines may not read the drive {path} unless you belong to its group (often “cdrom”). Copy "
                "the disc to a file if it fails."
            )
            return [Problem("medium", text.format(path=self.disc.path), blocks=False)]
        return ()

    def stage(self, plan: Plan) -> Stage:
        return disc_stage(plan, self.disc.path, live=self.live)
