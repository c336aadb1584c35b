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
from app.install.sources.source import Source
from app.install.survey import Survey
from app.xmldoc import Document, Element
from app.xmldoc.indent import remove_indented


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
        disks = _disks(Document.parse(self.xml))
        path = disks[0].path if disks else ""
        if not path:
            return Recommended(DiskPlan(DiskKind.NONE), _("The original has no disk of its own."))
        pool = storage_plan.best_pool(survey)
        kind = DiskKind.OVERLAY if self.linked else DiskKind.COPY
        form = "qcow2" if self.linked else disks[0].format
        plan = DiskPlan(kind, 0, pool.name if pool else "", path, form, disks[0].format if self.linked else "", on_host=True)
        if self.linked:
            return Recommended(plan, _("Made at once; the original's disks must not change any more, so keep it as a template."))
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
        network = [
            disk
            for disk in Document.parse(self.xml).find_all("devices/disk[@type='network']")
            if disk.get("device") in (None, "disk")
        ]
        if network:
            text = _(
                "“{name}” has a disk in the network, which cannot be copied here. Copy it by its own means and "
                "choose “existing volume”."
            )
            found.append(Problem("disk", text.format(name=self.name)))
        return found

    async def disks(self, bench: Bench, plan: Plan) -> tuple[PlacedDisk, ...]:
        """Of each of the original's own disks, in their order."""
        done = []
        for number, disk in enumerate(_disks(Document.parse(self.xml))):
            kind = DiskKind.OVERLAY if self.linked else DiskKind.COPY
            form = "qcow2" if self.linked else disk.format
            one = DiskPlan(kind, 0, plan.disk.value.pool, disk.path, form, disk.format if self.linked else "", on_host=True)
            stem = plan.name.value if number == 0 else f"{plan.name.value}-disk{number + 1}"
            if not self.linked:
                await pools.refresh_holding(bench.session, str(PurePosixPath(disk.path).parent))
            done.append(await storage_work.place(bench, one, stem))
            bench.stop_point()
        return tuple(done)

    def definition(self, plan: Plan, survey: Survey, disks: tuple[PlacedDisk, ...]) -> str:
        """The original's, edited: what must be unique is left out, so that libvirt makes it anew; the rest stays as it is."""
        doc = Document.parse(self.xml)
        doc.set("name", plan.name.value)
        _renew(doc)
        if plan.memory.value != _mib(doc):
            doc.set("memory", str(plan.memory.value))
            doc.set("memory/@unit", "MiB")
            doc.remove("currentMemory")
        if str(plan.vcpus.value) != doc.get("vcpu"):
            doc.set("vcpu", str(plan.vcpus.value))
            doc.remove("vcpu/@current")
            doc.remove("cpu/topology")
        own = [element for element in doc.find_all("devices/disk") if _own(doc, element)]
        for element, disk in zip(own, disks, strict=True):
            _point_at(doc, element, disk)
        return doc.to_text()


def _mib(doc: Document) -> int:
    """Memory in MiB; libvirt writes KiB."""
    factor = {"b": 0, "bytes": 0, "KiB": 10, "k": 10, "MiB": 20, "M": 20, "GiB": 30, "G": 30}.get(
        doc.get("memory/@unit", "KiB") or "KiB", 10
    )
    return (int(doc.get("memory", "0") or 0) << factor) >> 20


def _own(doc: Document, disk: Element) -> bool:
    """A disk with the machine's own data: not a disc, not shared, not write-protected."""
    if disk.get("device") not in (None, "disk") or disk.get("type") not in ("file", "block"):
        return False
    return doc.find("shareable", at=disk) is None and doc.find("readonly", at=disk) is None


def _disks(doc: Document) -> list[PlacedDisk]:
    found = []
    for disk in doc.find_all("devices/disk"):
        path = doc.get("source/@file", at=disk) or doc.get("source/@dev", at=disk) or ""
        if path and _own(doc, disk):
            found.append(PlacedDisk(path, doc.get("driver/@type", "raw", at=disk) or "raw"))
    return found


def _renew(doc: Document) -> None:
    """UUID, addresses of network cards, the firmware's variables, sockets, fixed ports, and notes of its installation."""
    doc.remove("uuid")
    if doc.find("genid") is not None:
        doc.set("genid", "")
    if doc.find("os/nvram") is not None:
        doc.remove("os/nvram")
    note = finish.read(doc)
    if note is not None:
        finish.apply(doc, note)
    for card in doc.find_all("devices/interface"):
        doc.remove("mac", at=card)
        doc.remove("target", at=card)
    for channel in doc.find_all("devices/channel[@type='unix']"):
        doc.remove("source", at=channel)
    for screen in doc.find_all("devices/graphics"):
        _renew_screen(doc, screen)
    for label in doc.find_all("seclabel[@type='dynamic']"):
        remove_indented(label)


def _renew_screen(doc: Document, screen: Element) -> None:
    if screen.get("port", "-1") not in ("-1", "0"):
        screen.set("port", "-1")
        screen.set("autoport", "yes")
    for name in ("socket", "tlsPort"):
        if name in screen.attrib:
            del screen.attrib[name]
    for listen in doc.find_all("listen[@type='socket']", at=screen):
        if "socket" in listen.attrib:
            del listen.attrib["socket"]


def _point_at(doc: Document, disk: Element, placed: PlacedDisk) -> None:
    doc.remove("source", at=disk)
    doc.remove("backingStore", at=disk)
    doc.remove("mirror", at=disk)
    doc.set("driver/@type", placed.format, at=disk)
    disk.set("type", "block" if placed.block else "file")
    doc.set("source/@dev" if placed.block else "source/@file", placed.path, at=disk)
