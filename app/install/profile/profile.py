"""A profile: a named set of settings, put on a machine's definition with the difference shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.i18n import _
from app.xmldoc import Document, paths
from app.xmldoc.diff import Difference, differences

_FORBIDDEN = ("name", "uuid", "genid", "title", "metadata")
"""What makes a machine itself is no setting that others could share."""

_OWN_DEVICES = ("source", "mac", "address", "alias", "hostdev", "filesystem")

_PROGRAMS = ("emulator", "loader", "nvram", "kernel", "initrd", "dtb")
"""What is run or read from the host's files: a profile may come from somebody else."""


@dataclass(frozen=True, slots=True)
class Edit:
    """path: of ``app.xmldoc.paths``.  value: None removes what is there.  each: the path is below every element of that path
    ("devices/disk[@device='disk']"), and nothing is made where there is none.  kvm: it works with KVM only."""

    path: str
    value: str | None
    each: str = ""
    kvm: bool = False

    def problem(self) -> str:
        """Why it cannot be used, as a sentence; "" if it can.  A profile may come from somebody else's file."""
        try:
            steps = [*(paths.parse(self.each).steps if self.each else ()), *paths.parse(self.path).steps]
            for step in steps:
                paths.qualified(step.name)
        except (ValueError, KeyError):
            return _("“{path}” names no setting.").format(path=self.path)
        names = [step.name for step in steps]
        if not names or names[0] in _FORBIDDEN or (names[0] == "devices" and set(_OWN_DEVICES) & set(names)):
            return _("“{path}” belongs to one machine alone.").format(path=self.path)
        if set(_PROGRAMS) & set(names):
            return _("“{path}” names a file of the host, which no profile may.").format(path=self.path)
        if any(name.startswith("qemu:") for name in names):
            return _("“{path}” gives commands to QEMU, which no profile may.").format(path=self.path)
        return ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A device that is added where there is none at ``unless``.  Of built-in profiles only."""

    xml: str
    unless: str


@dataclass(frozen=True, slots=True)
class Profile:
    """id: made once, stays when the name changes.  name, tip: of built-in ones to be translated where they are shown.

    arches: for which it is made; empty: all.
    """

    id: str
    name: str
    tip: str = ""
    edits: tuple[Edit, ...] = ()
    additions: tuple[Addition, ...] = ()
    arches: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """document: a copy with the profile in it.  changes: what differs.  skipped: what was left out, as sentences."""

    document: Document
    changes: tuple[Difference, ...]
    skipped: tuple[str, ...] = field(default=())


def unfit(profile: Profile, document: Document) -> str:
    """Why the profile is not for that machine, as a sentence; "" if it is."""
    arch = document.get("os/type/@arch", "") or ""
    if profile.arches and arch and arch not in profile.arches:
        return _("This profile is for other architectures than {arch}.").format(arch=arch)
    if document.root.get("type") in ("lxc", "openvz", "vz") and not profile.own:
        return _("This profile is for whole machines, not for containers.")
    return ""


def apply(profile: Profile, document: Document) -> Applied:
    """Puts it on a copy; the given document stays as it is."""
    made = Document.parse(document.to_text())
    skipped: dict[str, None] = {}
    for edit in profile.edits:
        reason = edit.problem() or _unwanted(edit, document)
        if reason:
            skipped[reason] = None
        elif edit.each:
            for element in made.find_all(edit.each):
                made.set(edit.path, edit.value, element)
        else:
            _set(made, edit)
    for addition in profile.additions:
        if made.find(addition.unless) is None:
            made.insert(addition.xml)
    return Applied(made, tuple(differences(document, made)), tuple(skipped))


def _unwanted(edit: Edit, document: Document) -> str:
    """Why this machine does not get it, as a sentence; "" if it does."""
    if edit.kvm and document.root.get("type") != "kvm":
        return _("Some settings were left out, because they need KVM.")
    parts = edit.path.partition("/")[0]
    if parts in ("memory", "currentMemory", "vcpu") and document.find("cpu/numa") is not None:
        return _("Memory and processors stay as they are, because this machine divides them into NUMA cells.")
    return ""


def _set(document: Document, edit: Edit) -> None:
    before = document.get(edit.path)
    if before != edit.value:
        document.set(edit.path, edit.value)
    if edit.path == "vcpu" and edit.value and edit.value != before:
        _follow_processors(document, edit.value)
    if edit.path == "devices/video/model/@type" and edit.value != before:
        _forget_memory(document)


def _follow_processors(document: Document, count: str) -> None:
    """libvirt refuses a topology of another number: all become cores of one socket.  Processors that are off at the start and
    settings of single ones fit the old number only."""
    document.set("vcpu/@current", None)
    document.remove("vcpus")
    if document.find("cpu/topology") is None:
        return
    for name, value in (("sockets", "1"), ("dies", None), ("clusters", None), ("cores", count), ("threads", "1")):
        document.set(f"cpu/topology/@{name}", value)


def _forget_memory(document: Document) -> None:
    """Video memory is each model's own."""
    for name in ("ram", "vram", "vram64", "vgamem", "blob"):
        document.set(f"devices/video/model/@{name}", None)


def taken(document: Document, chosen: Iterable[str]) -> tuple[Edit, ...]:
    """Edits for the settings ``chosen`` (ids of ``settings.SETTINGS``) as this machine has them: the start of a profile of the
    user's own.  What the machine does not have becomes "remove it"."""
    from app.install.profile.settings import SETTINGS  # noqa: PLC0415 - it is made of edits' paths

    wanted = set(chosen)
    found: list[Edit] = []
    for setting in SETTINGS:
        if setting.id in wanted:
            values = {path: value for path in setting.paths if (value := document.get(path)) is not None}
            there = [Edit(path, value, kvm="hyperv" in path) for path, value in values.items()]
            found += there or [Edit(setting.remove, None)]
    return tuple(found)
