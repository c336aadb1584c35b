"""A machine made of another one: a whole copy, or one that stands on its disks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from app.i18n import _
from app.install import finish, pools, storage_plan, storage_work
from app.install.bench import Bench
from app.install.osinfo import System
from app.install.placed import PlacedDisk
from app.install.plan import DiskKind, DiskPlan, Plan, Problem, Recommended
from app.install.profile import template
from app.install.profile.disks import Disk, Fate, listed
from app.install.profile.identity import New
from app.install.sources.source import Source
from app.install.survey import Survey
from app.xmldoc import Document


@dataclass(frozen=True, slots=True)
class Clone(Source):
    """xml: the original's definition (inactive, secure).  linked: new disks stand on the original's, which must then never
    run again.  running: the original runs now, so that its disks change while they are read."""

    xml: str
    linked: bool = False
    running: bool = False

    @property
    def name(self) -> str:
        """Of the original."""
        return Document.parse(self.xml).get("name") or ""

    @property
    def stem(self) -> str:
        return self.name

    @property
    def system_reason(self) -> str:
        return _("As the original.")

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        """The first disk stands for all; ``disks`` does the same with each."""
        own = _renewed(Document.parse(self.xml), linked=self.linked)
        if not own:
            return Recommended(DiskPlan(DiskKind.NONE), _("The original has no disk of its own."))
        pool = storage_plan.best_pool(survey)
        plan = _planned(*own[0], pool.name if pool else "")
        if self.linked:
            reason = _("Made at once; the original's disks must not change any more, so keep it as a template.")
            return Recommended(plan, reason)
        return Recommended(plan, _("A copy of each disk; discs and shared disks are used as they are."))

    def adjust(self, plan: Plan, survey: Survey) -> Plan:
        """Memory and processors are the original's."""
        doc = Document.parse(self.xml)
        memory = _mib(doc)
        vcpus = int(doc.get("vcpu", "1") or 1)
        reason = _("As the original.")
        return replace(plan, memory=Recommended(memory, reason), vcpus=Recommended(vcpus, reason))

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        found = []
        if self.running:
            found.append(
                Problem(
                    "medium",
                    _("“{name}” runs. Shut it down first: a copy of disks that change is broken.").format(name=self.name),
                )
            )
        fixed = [
            disk for disk, _fate in _renewed(Document.parse(self.xml), linked=self.linked) if disk.kind not in ("file", "block")
        ]
        if fixed:
            text = _(
                "The disk “{disk}” of “{name}” is no file of the host and cannot be copied here. Copy it by the "
                "means of its storage."
            )
            found.append(Problem("disk", text.format(disk=fixed[0].target, name=self.name)))
        return found

    async def disks(self, bench: Bench, plan: Plan) -> tuple[PlacedDisk, ...]:
        """Of each of the original's own disks, in their order."""
        done = []
        for number, (disk, fate) in enumerate(_renewed(Document.parse(self.xml), linked=self.linked)):
            one = _planned(disk, fate, plan.disk.value.pool)
            stem = plan.name.value if number == 0 else f"{plan.name.value}-disk{number + 1}"
            if fate is Fate.COPY:
                await pools.refresh_holding(bench.session, str(PurePosixPath(disk.source).parent))
            done.append(await storage_work.place(bench, one, stem))
            bench.stop_point()
        return tuple(done)

    def definition(self, plan: Plan, survey: Survey, disks: tuple[PlacedDisk, ...]) -> str:
        """The original's, edited: what two machines must not share is renewed, the rest stays as it is."""
        doc = Document.parse(self.xml)
        fates = template.fates(doc, linked=self.linked)
        targets = [disk.target for disk, _fate in _renewed(doc, linked=self.linked)]
        paths = {target: disk.path for target, disk in zip(targets, disks, strict=True)}
        made = template.make(doc, New(plan.name.value), lambda disk, _suffix: paths[disk.target], chosen=fates)
        doc = Document.parse(made.xml)
        note = finish.read(doc)
        if note is not None:
            finish.apply(doc, note)
        _resize(doc, plan)
        return doc.to_text()


def _renewed(doc: Document, *, linked: bool) -> list[tuple[Disk, Fate]]:
    """The disks that the new machine gets for itself, and how."""
    fates = template.fates(doc, linked=linked)
    return [(disk, fates[disk.target]) for disk in listed(doc) if fates[disk.target] in (Fate.COPY, Fate.LINK)]


def _planned(disk: Disk, fate: Fate, pool: str) -> DiskPlan:
    if fate is Fate.LINK:
        return DiskPlan(DiskKind.OVERLAY, 0, pool, disk.source, "qcow2", disk.format, on_host=True)
    form = "qcow2" if disk.format == "qcow2" else "raw"
    return DiskPlan(DiskKind.COPY, 0, pool, disk.source, form, on_host=True)


def _mib(doc: Document) -> int:
    """Memory in MiB; libvirt writes KiB."""
    unit = doc.get("memory/@unit", "KiB") or "KiB"
    shift = {"b": 0, "bytes": 0, "MiB": 20, "M": 20, "GiB": 30, "G": 30}.get(unit, 10)
    return (int(doc.get("memory", "0") or 0) << shift) >> 20


def _resize(doc: Document, plan: Plan) -> None:
    """Memory and processors, where the user wants others than the original's."""
    if plan.memory.value != _mib(doc):
        doc.set("memory", str(plan.memory.value))
        doc.set("memory/@unit", "MiB")
        doc.remove("currentMemory")
    if str(plan.vcpus.value) != doc.get("vcpu"):
        doc.set("vcpu", str(plan.vcpus.value))
        doc.remove("vcpu/@current")
        doc.remove("cpu/topology")
