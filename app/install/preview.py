"""The definition of a planned machine before anything is made: paths are those that its storage would get."""

from __future__ import annotations

from pathlib import PurePosixPath

from app.install import answering, placed
from app.install.choices import DiskKind, DiskPlan
from app.install.placed import PlacedDisk
from app.install.plan import Plan
from app.install.profile.disks import Fate, listed
from app.install.profile.template import fates
from app.install.sources.discs import LocalIso
from app.install.sources.machine import Clone
from app.install.storage_plan import STANDARD_PATH
from app.install.survey import Survey
from app.xmldoc import Document


def definition(plan: Plan, survey: Survey) -> str:
    """What would be defined, but for a seed's drive.  Calls no host."""
    source = plan.source or LocalIso(plan.medium)
    return answering.fitted(plan, source.definition(plan, survey, _disks(plan, survey)))


def _disks(plan: Plan, survey: Survey) -> tuple[PlacedDisk, ...]:
    if isinstance(plan.source, Clone):
        return _of_clone(plan, plan.source, survey)
    wanted = [disk for disk in (plan.disk.value, *plan.more_disks) if disk.kind is not DiskKind.NONE]
    stems = [plan.name.value, *(f"{plan.name.value}-disk{number}" for number in range(2, len(wanted) + 1))]
    return tuple(placed.of(disk, _place(disk, stem, survey)) for disk, stem in zip(wanted, stems, strict=False))


def _of_clone(plan: Plan, source: Clone, survey: Survey) -> tuple[PlacedDisk, ...]:
    doc = Document.parse(source.xml)
    chosen = fates(doc, linked=source.linked)
    count = sum(chosen[disk.target] in (Fate.COPY, Fate.LINK) for disk in listed(doc))
    stems = [plan.name.value, *(f"{plan.name.value}-disk{number}" for number in range(2, count + 1))][:count]
    return tuple(placed.of(plan.disk.value, _in_pool(plan.disk.value, stem, survey)) for stem in stems)


def _place(disk: DiskPlan, stem: str, survey: Survey) -> str:
    return disk.path if disk.kind is DiskKind.USE else _in_pool(disk, stem, survey)


def _in_pool(disk: DiskPlan, stem: str, survey: Survey) -> str:
    pool = next((pool for pool in survey.pools if pool.name == disk.pool), None)
    return str(PurePosixPath(pool.target_path if pool and pool.target_path else STANDARD_PATH) / f"{stem}.{disk.format}")
