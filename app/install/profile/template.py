"""Templates: a machine cleaned of what must be unique, and new machines from it or from any other one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.errors import Invalid
from app.i18n import _
from app.install.profile import identity
from app.install.profile.disks import Disk, Fate, Namer, Operation, Overlay, listed, place
from app.install.profile.identity import New
from app.xmldoc import Document
from app.xmldoc.diff import Difference, differences

_MARK = "metadata/hostelry:hostelry/hostelry:template"
_WRITABLE_BUSES = ("ide", "sata", "fdc")
_BASE = "metadata/hostelry:hostelry/hostelry:base"


@dataclass(frozen=True, slots=True)
class Template:
    """xml: the cleaned definition, marked, its disks read-only.  bases: the disks on which others will stand.
    notes: what people should know, as sentences."""

    xml: str
    bases: tuple[Disk, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clone:
    """xml: of the new machine.  operations: what is to be done on the host before it is defined.  changes: against the old
    definition.  macs: new ones by old.  notes: what people should know, as sentences."""

    xml: str
    uuid: str
    operations: tuple[Operation, ...]
    changes: tuple[Difference, ...]
    macs: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def clean(document: Document) -> Template:
    """A template of a machine's definition; the given document stays as it is.

    Its disks are read-only there where they can be: whoever starts the template cannot change what others stand on.
    """
    made = Document.parse(document.to_text())
    identity.forget(made)
    bases = tuple(disk for disk in listed(made) if disk.fate is Fate.COPY)
    notes = [_("Disks on the network are copied for every new machine.")] if any(not disk.linkable for disk in bases) else []
    if not _protect(made, bases):
        notes.append(_("Disks on IDE and SATA cannot be made read-only: the template must not be started."))
    made.set(f"{_MARK}/@disks", " ".join(disk.target for disk in bases))
    return Template(made.to_text(), bases, tuple(notes))


def _protect(document: Document, bases: tuple[Disk, ...]) -> bool:
    """Makes them read-only; False if one cannot be (QEMU has no such IDE disks, and libvirt refuses to define them)."""
    targets, all_ = {disk.target for disk in bases}, True
    for element in document.find_all("devices/disk"):
        if document.get("target/@dev", "", element) not in targets:
            continue
        if document.get("target/@bus", "", element) in _WRITABLE_BUSES:
            all_ = False
        else:
            document.insert("<readonly/>", "", element)
    return all_


def is_template(document: Document) -> bool:
    """Whether the definition is marked as a template."""
    return document.find(_MARK) is not None


def base(document: Document) -> tuple[str, str]:
    """(UUID, name) of the machine on whose disks this one stands; empty for one that stands for itself."""
    return document.get(f"{_BASE}/@uuid") or "", document.get(f"{_BASE}/@name") or ""


def fates(document: Document, *, linked: bool) -> dict[str, Fate]:
    """What becomes of each disk, by target, where the user says nothing: of a full or a linked clone."""
    own = (document.get(f"{_MARK}/@disks") or "").split()
    found = {}
    for disk in listed(document):
        usual = Fate.COPY if disk.target in own and disk.source else disk.fate  # they are read-only for the template's sake
        found[disk.target] = Fate.LINK if linked and usual is Fate.COPY and disk.linkable else usual
    return found


def make(document: Document, new: New, namer: Namer, *, chosen: Mapping[str, Fate]) -> Clone:
    """A new machine from a template or from an existing machine (its inactive definition).

    chosen: the fate of each disk, from ``fates``.  Raises ``Invalid`` for a link on what cannot be linked.
    """
    made = Document.parse(document.to_text())
    disks = listed(made)
    operations: list[Operation] = []
    for disk in disks:
        fate = chosen.get(disk.target, disk.fate)
        _demand(disk, fate)
        operation = place(made, disk, fate, namer)
        operations += [operation] if operation is not None else []
    notes = identity.renew(made, new)
    made.remove("metadata/hostelry:hostelry/hostelry:seed")
    made.remove(_MARK)
    made.remove(_BASE)
    notes += _relation(document, made, operations)
    _tidy(made)
    changes = tuple(differences(document, made))
    return Clone(made.to_text(), new.uuid, tuple(operations), changes, dict(new.macs), tuple(notes))


def _demand(disk: Disk, fate: Fate) -> None:
    if fate is Fate.LINK and not disk.linkable:
        what = _("The disk “{target}” cannot be linked.").format(target=disk.target)
        why = _("Only disks that are files, block devices or volumes can stand below another one.")
        raise Invalid(what, why=why, next_step=_("Let it be copied."))
    if fate is Fate.COPY and not disk.source:
        what = _("The drive “{target}” is empty.").format(target=disk.target)
        raise Invalid(what, why=_("There is nothing to copy."), next_step=_("Share it or leave it out."))


def _relation(old: Document, made: Document, operations: list[Operation]) -> list[str]:
    """Notes on whose disks it stands, so that they are not deleted or changed under it."""
    if not any(isinstance(operation, Overlay) for operation in operations):
        return []
    name = old.get("name", "") or ""
    made.set(f"{_BASE}/@name", name)
    if uuid := old.get("uuid"):
        made.set(f"{_BASE}/@uuid", uuid)
    if is_template(old):
        return []
    text = _("The disks of “{name}” must not change any more: it must not be started while the new machine exists.")
    return [text.format(name=name)]


def _tidy(document: Document) -> None:
    """Takes our element out when nothing is left in it."""
    holder = document.find("metadata/hostelry:hostelry")
    if holder is not None and len(holder) == 0:
        document.remove("metadata/hostelry:hostelry")
    metadata = document.find("metadata")
    if metadata is not None and len(metadata) == 0:
        document.remove("metadata")
