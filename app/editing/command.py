"""The command line that would do the same as a pending change: virsh where it has a word for it, else virt-xml.

Nothing of it holds a password; a device that has one is given without it, and that is said.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.devices.units import to_bytes
from app.devices.values import read
from app.editing.deltas import WHOLE, Delta
from app.editing.passwords import is_secret, without_passwords
from app.editing.places import place_of
from app.editing.plan import Change, Plan, Way
from app.i18n import _
from app.xmldoc.document import Document, Element
from app.xmldoc.paths import NAMESPACES

if TYPE_CHECKING:
    from app.editing.session import EditSession

HERE = "END_OF_XML"


@dataclass(frozen=True, slots=True)
class Command:
    """words: what it does.  line: for a shell; of several lines where XML is handed over.  note: what it leaves out, or ""."""

    words: str
    line: str
    note: str = ""


def commands(edit: EditSession) -> list[Command]:
    """One for each change that is not applied yet; those which one command does together are one."""
    return list(dict.fromkeys(commands_of(edit.plan(), edit.host.uri)))


def commands_of(plan: Plan, uri: str) -> Iterator[Command]:
    """uri: of the connection."""
    name = plan.old.get("name") or plan.new.get("name") or ""
    for change in plan.changes:
        yield _Maker(plan, uri, name, change).command()


class _Maker:
    """One change's command."""

    def __init__(self, plan: Plan, uri: str, name: str, change: Change) -> None:
        self._plan, self._uri, self._name, self._change = plan, uri, name, change
        self._flags = ["--config", "--live"] if change.way is Way.NOW else ["--config"]

    def command(self) -> Command:
        change = self._change
        if change.old is None or change.new is None:
            whole = change.new if change.new is not None else change.old
            parent = whole.getparent() if whole is not None else None
            if whole is not None and parent is not None and parent.tag == "devices" and change.setting is None:
                return self._device(whole, added=change.new is not None)
        if any(is_secret(one, delta.attribute) for delta in change.deltas for one in (delta.old, delta.new)):
            line = self._line(["edit", self._name])
            return Command(change.words, line, _("The password is not shown: set it in the editor."))
        argv = self._virsh()
        if argv is not None:
            return Command(change.words, self._line(argv))
        return Command(change.words, shlex.join(["virt-xml", "--connect", self._uri, self._name, "--edit", *self._virt_xml()]))

    def _line(self, argv: list[str]) -> str:
        """Of a virsh command with its words; a machine may be called like an option."""
        verb, name, *rest = argv
        return shlex.join(["virsh", "-c", self._uri, verb, *(["--domain"] if name.startswith("-") else []), name, *rest])

    # -- virsh ---------------------------------------------------------------------------------

    def _virsh(self) -> list[str] | None:
        name, _colon, part = self._change.live_name.partition(":")
        if (medium := self._medium()) is not None:
            return medium
        make = {
            "vcpus": self._vcpus, "memory": self._memory, "scheduler": self._scheduler, "memtune": self._memtune,
            "blkio": self._blkio, "numa": self._numa, "pin": self._pin, "metadata": self._metadata,
            "disk-iotune": self._disk_limits, "interface-link": self._link,
        }.get(name)  # fmt: skip
        return make(part) if make is not None else None

    @property
    def _value(self) -> str | None:
        field = self._change.setting.field if self._change.setting is not None else None
        new = self._change.new
        return read(self._plan.new, field, new) if field is not None and new is not None else None

    def _vcpus(self, _part: str) -> list[str]:
        count = self._plan.new.get("vcpu/@current") or self._plan.new.get("vcpu") or "1"
        return ["setvcpus", self._name, count, *self._flags]

    def _memory(self, _part: str) -> list[str] | None:
        size = to_bytes(self._plan.new.get("currentMemory") or "", self._plan.new.get("currentMemory/@unit") or "KiB")
        return None if size is None else ["setmem", self._name, str(size // 1024), *self._flags]

    def _scheduler(self, part: str) -> list[str] | None:
        return None if self._value is None else ["schedinfo", self._name, "--set", f"{part}={self._value}", *self._flags]

    def _memtune(self, part: str) -> list[str] | None:
        said = self._value
        if said is not None and not said.isdecimal():
            return None
        value = "-1" if said is None else str(int(said) // 1024)
        return ["memtune", self._name, f"--{part.replace('_', '-')}", value, *self._flags]

    def _blkio(self, part: str) -> list[str] | None:
        if part == "weight":
            return None if self._value is None else ["blkiotune", self._name, "--weight", self._value, *self._flags]
        row, document = self._row()
        limit = f"{document.get('path', '', row)},{self._value or 0}"
        option = {"device_weight": "--device-weights"}.get(part, f"--{part.replace('_', '-')}")
        return ["blkiotune", self._name, option, limit, *self._flags]

    def _numa(self, _part: str) -> list[str] | None:
        return None if self._value is None else ["numatune", self._name, "--nodeset", self._value, *self._flags]

    def _pin(self, part: str) -> list[str] | None:
        if part == "emulator":
            cpus = self._plan.new.get("cputune/emulatorpin/@cpuset")
            return None if cpus is None else ["emulatorpin", self._name, cpus, *self._flags]
        if self._change.new is None:
            return None
        row, document = self._row()
        verb, key = ("iothreadpin", "@iothread") if part == "iothread" else ("vcpupin", "@vcpu")
        return [verb, self._name, document.get(key, "", row) or "", document.get("@cpuset", "", row) or "", *self._flags]

    def _row(self) -> tuple[Element | None, Document]:
        return (self._change.new, self._plan.new) if self._change.new is not None else (self._change.old, self._plan.old)

    def _metadata(self, part: str) -> list[str] | None:
        if part not in ("title", "description"):
            return None
        text = self._plan.new.get(part) or ""
        title = ["--title"] if part == "title" else []
        return ["desc", self._name, *title, *self._flags, "--new-desc", text]

    def _disk_limits(self, _part: str) -> list[str] | None:
        disk = self._change.new
        tune = self._plan.new.find("iotune", disk) if disk is not None else None
        if disk is None or tune is None:
            return None
        limits = [f"--{str(one.tag).replace('_', '-')}={(one.text or '').strip()}" for one in tune if isinstance(one.tag, str)]
        return ["blkdeviotune", self._name, self._plan.new.get("target/@dev", "", disk) or "", *limits, *self._flags]

    def _link(self, _part: str) -> list[str] | None:
        card = self._change.new
        mac = self._plan.new.get("mac/@address", None, card) if card is not None else None
        if card is None or mac is None:
            return None
        flags = ["--config"] if self._change.way is not Way.NOW else []
        return ["domif-setlink", self._name, mac, self._plan.new.get("link/@state", "up", card) or "up", *flags]

    def _medium(self) -> list[str] | None:
        disk, path = self._change.new, self._change.path
        if disk is None or disk.tag != "disk" or disk.get("device") not in ("cdrom", "floppy") or not path.startswith(
            "devices/disk/source"
        ):
            return None
        target = self._plan.new.get("target/@dev", "", disk) or ""
        source = self._plan.new.get("source/@file", None, disk) or self._plan.new.get("source/@dev", None, disk)
        if source is None:
            return ["change-media", self._name, target, "--eject", *self._flags]
        return ["change-media", self._name, target, source, "--update", *self._flags]

    # -- devices and the rest ------------------------------------------------------------------

    def _device(self, element: Element, *, added: bool) -> Command:
        document = self._plan.new if added else self._plan.old
        xml = document.fragment(element)
        clean = without_passwords(xml).strip()
        note = _("The password is not shown; the device is added without it.") if added and clean != xml.strip() else ""
        verb = "attach-device" if added else "detach-device"
        line, end = self._line([verb, self._name, "/dev/stdin", *self._flags]), HERE
        while end in clean.splitlines():  # a comment, or a text of several lines: the rest would be commands
            end += "_"
        return Command(self._change.words, f"{line} <<'{end}'\n{clean}\n{end}", note)

    def _virt_xml(self) -> list[str]:
        """virt-xml sets any place by XPath; a comma in a value is doubled (virt-xml(1), OPTION STRING)."""
        found: list[str] = []
        for delta in self._change.deltas:
            found += ["--xml", _assignment(delta)]
        return found


def _assignment(delta: Delta) -> str:
    path = _xpath(delta)
    if delta.after is None:
        return f"xpath.delete={path}"
    if delta.attribute == WHOLE:
        return f"xpath.create={path}"
    return f"xpath.set={path},xpath.value={delta.after.replace(',', ',,')}"


def _xpath(delta: Delta) -> str:
    place = place_of(delta.element)
    for prefix, uri in NAMESPACES.items():
        place = place.replace(f"{{{uri}}}".replace("/", "\x1f"), f"{prefix}:")
    whole_goes = delta.after is None and delta.new is None
    attribute = delta.attribute if delta.attribute not in ("", WHOLE) and not whole_goes else ""
    return f"./{place}" + (f"/@{attribute}" if attribute else "")


