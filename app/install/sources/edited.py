"""A source whose definition was edited before the machine was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from app.install import answering
from app.install.bench import Bench
from app.install.media import Medium
from app.install.osinfo import System
from app.install.placed import PlacedDisk
from app.install.plan import DiskPlan, Plan, Problem, Recommended
from app.install.profile.profile import Profile
from app.install.sources.source import Source
from app.install.stage import Stage
from app.install.survey import Survey


@dataclass(frozen=True, slots=True)
class Edited(Source):
    """inner: the source as it was chosen; it makes the storage.  combine: puts the edits on the definition in which all paths
    are real.  profile: the plan's, which is applied before the edits and so not again after them."""

    inner: Source
    combine: Callable[[str], str]
    profile: Profile | None = field(default=None)

    @property
    def medium(self) -> Medium | None:
        return self.inner.medium

    @property
    def stem(self) -> str:
        return self.inner.stem

    @property
    def system(self) -> System:
        return self.inner.system

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        return self.inner.disk(system, survey)

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        return self.inner.problems(replace(plan, source=self.inner), survey)

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        made = await self.inner.prepare(bench, replace(plan, source=self.inner))
        return replace(made, source=replace(self, inner=made.source or self.inner))

    async def disks(self, bench: Bench, plan: Plan) -> tuple[PlacedDisk, ...]:
        return await self.inner.disks(bench, replace(plan, source=self.inner))

    def stage(self, plan: Plan) -> Stage:
        return self.inner.stage(replace(plan, source=self.inner))

    def definition(self, plan: Plan, survey: Survey, disks: tuple[PlacedDisk, ...]) -> str:
        own = replace(plan, source=self.inner, profile=self.profile)
        return self.combine(answering.fitted(own, self.inner.definition(own, survey, disks)))
