"""What is changed when an installation is over, as our own note in the definition's metadata.

The note stands in the machine itself, so that it is not forgotten by a restart of this program, and travels with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from app.install.stage import Cd, Stage
from app.xmldoc import Document, Element
from app.xmldoc.indent import remove_indented
from app.xmldoc.paths import NAMESPACES, qualified

ANSWERS = "hostelry-answers-"
"""What the files of unattended installations are called (``unattended.delivery``): others in removed drives are the user's."""

PREFIX = "install"
NAMESPACE = NAMESPACES[PREFIX]
_NOTE = f"metadata/{PREFIX}:{PREFIX}"


@dataclass(frozen=True, slots=True)
class Note:
    """kernel: direct boot is dropped.  eject, remove: names of CD drives.  disk_first: the disk leads the boot order.
    restart: the machine is started again when its installer has ended.  files: on the host, to be deleted."""

    kernel: bool = False
    eject: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    disk_first: bool = False
    restart: bool = False
    files: tuple[str, ...] = ()


def marker(stage: Stage, cds: list[tuple[Cd, str]]) -> Element:
    """The note for ``stage``, whose drives have these names."""
    holder = Document.parse("<metadata/>").root
    note: Element = holder.makeelement(qualified(f"{PREFIX}:{PREFIX}"), nsmap={PREFIX: NAMESPACE})
    if stage.kernel is not None and not stage.kernel.stays:
        note.set("kernel", "drop")
    eject = [name for cd, name in cds if cd.eject and not cd.remove]
    remove = [name for cd, name in cds if cd.remove]
    for key, names in (("eject", eject), ("remove", remove)):
        if names:
            note.set(key, " ".join(names))
    if stage.boot and stage.boot[0].value != "disk":
        note.set("boot", "disk")
    if stage.restarts:
        note.set("restart", "yes")
    answers = [cd.path for cd, _name in cds if cd.remove and PurePosixPath(cd.path).name.startswith(ANSWERS)]
    for path in (*stage.temporary, *answers):
        child = note.makeelement(qualified(f"{PREFIX}:file"))
        child.text = path
        note.append(child)
    return note


def read(doc: Document) -> Note | None:
    """The note of a definition; None if there is nothing to do."""
    found = doc.find(_NOTE)
    if found is None:
        return None
    return Note(
        kernel=found.get("kernel") == "drop",
        eject=tuple((found.get("eject") or "").split()),
        remove=tuple((found.get("remove") or "").split()),
        disk_first=found.get("boot") == "disk",
        restart=found.get("restart") == "yes",
        files=tuple((child.text or "").strip() for child in doc.find_all(f"{PREFIX}:file", at=found)),
    )


def final(text: str) -> str:
    """The definition as it is after the installation; the same text if it has no note."""
    doc = Document.parse(text)
    note = read(doc)
    if note is not None:
        apply(doc, note)
    return doc.to_text()


def apply(doc: Document, note: Note) -> None:
    """Changes the definition in place and takes the note out; everything else stays as the user may have changed it."""
    if note.kernel:
        for name in ("kernel", "initrd", "cmdline", "dtb"):
            doc.remove(f"os/{name}")
    if note.restart:
        doc.set("on_reboot", "restart")
    for name in note.eject:
        _eject(doc, name)
    for name in note.remove:
        _remove(doc, name)
    if note.disk_first:
        _put_disk_first(doc)
    doc.remove(_NOTE)
    metadata = doc.find("metadata")
    if metadata is not None and len(metadata) == 0:
        doc.remove("metadata")


def deletable(doc: Document, note: Note) -> list[str]:
    """Of the files named by the note, those that are ours: what the machine starts from now, and answers in drives that go.
    Whoever may edit a definition may write any path into it."""
    drives = [_drive(doc, name) for name in note.remove]
    sources = {doc.get("source/@file", "", at=drive) or "" for drive in drives if drive is not None}
    answers = {path for path in sources if PurePosixPath(path).name.startswith(ANSWERS)}
    used = {doc.get("os/kernel"), doc.get("os/initrd"), *answers}
    return [path for path in note.files if path in used]


def _drive(doc: Document, name: str) -> Element | None:
    drives = [*doc.find_all("devices/disk[@device='cdrom']"), *doc.find_all("devices/disk[@device='floppy']")]
    return next((disk for disk in drives if doc.get("target/@dev", at=disk) == name), None)


def _eject(doc: Document, name: str) -> None:
    disk = _drive(doc, name)
    if disk is not None:
        doc.remove("source", at=disk)
        doc.remove("backingStore", at=disk)
        disk.set("type", "file")


def _remove(doc: Document, name: str) -> None:
    disk = _drive(doc, name)
    if disk is not None:
        remove_indented(disk)


def _put_disk_first(doc: Document) -> None:
    """The first disk gets the first place, the others keep their order behind it."""
    devices = [*doc.find_all("devices/disk"), *doc.find_all("devices/interface")]
    disk = next((each for each in devices if each.tag == "disk" and each.get("device") in (None, "disk")), None)
    if disk is None:
        return
    placed = [each for each in devices if doc.find("boot", at=each) is not None and each is not disk]
    if not placed and doc.find("os/boot") is not None:
        _put_first_by_kind(doc)
        return
    placed.sort(key=lambda each: int(doc.get("boot/@order", "99", at=each) or 99))
    for number, each in enumerate([disk, *placed]):
        doc.set("boot/@order", str(number + 1), at=each)


def _put_first_by_kind(doc: Document) -> None:
    """Hypervisors that know only kinds of device (``<boot dev='hd'/>``)."""
    entries = doc.find_all("os/boot")
    names = [entry.get("dev") or "" for entry in entries]
    ordered = ["hd", *(name for name in names if name != "hd")]
    for entry, name in zip(entries, ordered, strict=False):
        entry.set("dev", name)
