"""What every source of a machine answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.i18n import _
from app.install import storage_plan, storage_work
from app.install.media import Medium
from app.install.osinfo import GENERIC, System
from app.install.placed import PlacedDisk
from app.install.stage import Stage

if TYPE_CHECKING:
    from app.install.bench import Bench
    from app.install.plan import DiskPlan, Plan, Problem, Recommended
    from app.install.survey import Survey


@dataclass(frozen=True, slots=True)
class Source:
    """The plainest source; each kind says only what is different.  No method but ``prepare`` and ``disks`` calls a host."""

    @property
    def medium(self) -> Medium | None:
        """The local file, as it was recognised; None for what is none."""
        return None

    @property
    def stem(self) -> str:
        """What the machine is called after; "" for nothing in particular."""
        return ""

    @property
    def system(self) -> System:
        """The operating system, as far as it is known."""
        return GENERIC

    @property
    def system_reason(self) -> str:
        """Why this one."""
        if self.system is GENERIC:
            return _("Not recognised; generic settings fit most systems.")
        return _("As the source says.")

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        """The disk that the machine should get."""
        return storage_plan.recommend(None, system, survey)

    def adjust(self, plan: Plan, survey: Survey) -> Plan:
        """What else is different in a plan of this source; fields that the user chose are put back by the caller."""
        return plan

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        """What is wrong with it, each with what to do; the field is "medium"."""
        return ()

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        """Brings what the machine starts from within the host's reach; the plan with the paths that it has there."""
        return plan

    async def disks(self, bench: Bench, plan: Plan) -> tuple[PlacedDisk, ...]:
        """Makes the plan's disks."""
        return await storage_work.place_all(bench, plan)

    def stage(self, plan: Plan) -> Stage:
        """What the machine starts from while it is installed."""
        return Stage()

    def definition(self, plan: Plan, survey: Survey, disks: tuple[PlacedDisk, ...]) -> str:
        """The machine's XML as the installation begins."""
        from app.install.xml import domain_xml  # noqa: PLC0415 (it asks sources too)

        return domain_xml(plan, survey, disks=disks, stage=self.stage(plan))
