"""What libvirt itself says of a running machine beside what the definition says (checked with libvirt 9 by the lab's guests).

None of it waits for the next start.
"""

from __future__ import annotations

import re

from app.editing.deltas import WHOLE, Delta
from app.xmldoc.document import Document, Element


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_ALWAYS = _any(
    (
        r"@id", r".*/alias(/.*)?", r"seclabel(/.*)?", r"metadata(/.*)?", r"resource(/.*)?", r"cpu/@check", r"cpu/@migratable",
        r"devices/(disk|filesystem|interface)/source/@(index|portid)", r"devices/disk/target/@tray",
        r"devices/disk/(backingStore|mirror)(/.*)?", r"devices/disk/source/(reservations|privateData)(/.*)?",
        r"devices/(console/@tty|console/target/@port|.*/target/@state)", r"devices/memory/target/current(/.*)?",
        r"devices/graphics/@(socket|fd|passwdValidTo|connected)", r"devices/interface/@type",
        r"devices/(serial|parallel|console|channel)/source/seclabel(/.*)?", r"devices/memballoon/@autodeflate",
    )
)  # fmt: skip
"""Whatever stands on either side."""

_LIVE_ONLY = _any(
    (
        r"devices/interface/(source|actual)(/.*)?", r"devices/interface/target(/@dev)?",
        r"devices/interface/(backend|virtualport|vlan)(/.*)?",
        r"devices/(serial|parallel|console|channel|rng|redirdev|smartcard|tpm)/(source|backend)(/.*)?",
        r"devices/(serial|parallel|console|channel)/(@tty|target/@(name|state|type|port)|target/model/@name)",
        r"devices/graphics/(@(port|tlsPort|websocket|listen|autoport)|listen(/.*)?|gl/@rendernode)",
        r"devices/(filesystem/(binary|source|target)|shmem|vsock|hostdev)/.*",
        r"devices/[a-z]+/driver(/@(name|iommu|queues))?", r"devices/[a-z]+/address(/.*)?",
        r"devices/disk/(source/@(file|index)|driver/@.*)", r"devices/disk/source", r"os/(nvram|loader|firmware)(/.*)?",
        r"os/@firmware", r"genid", r"cpu/.*", r"cpu", r"features/(acpi|apic|pae|gic|smm)(/.*)?", r"launchSecurity/.*",
        r"devices/tpm/backend/.*", r"devices/audio(/.*)?", r"vcpus(/.*)?", r"clock/.*/@.*", r"vcpu/@(placement|current)",
        r"devices/video/model/(acceleration|@.*)", r"iothreadids(/.*)?", r"devices/memory/(target/address|alias)(/.*)?",
    )
)  # fmt: skip
"""Where the definition says nothing."""


def is_added(place: str, delta: Delta, live: Document) -> bool:
    """Whether a difference (old: running, new: definition) is libvirt's own doing.  place: names only, as in ``Pending.path``."""
    if _ALWAYS.fullmatch(place):
        return True
    if delta.after is None and _LIVE_ONLY.fullmatch(place):
        return not _medium_stays(place, delta)
    if _firmware(place, live):
        return True
    return _port(place, delta) or _medium(place, delta) or _host_cpu(place, delta) or _generated(place, delta)


def _medium_stays(place: str, delta: Delta) -> bool:
    """A disc that is only in the running machine is none of libvirt's additions."""
    return place.startswith("devices/disk/source") and delta.attribute in ("file", "dev", WHOLE)


def _port(place: str, delta: Delta) -> bool:
    """Ports that libvirt picks when it starts the machine."""
    if not re.fullmatch(r"devices/graphics/(@(port|tlsPort|websocket|listen)|listen(/.*)?)", place):
        return False
    graphics = delta.new if delta.new is not None else delta.old
    while graphics is not None and graphics.tag != "graphics":
        graphics = graphics.getparent()
    automatic = graphics is not None and (graphics.get("autoport") == "yes" or graphics.get("port") in (None, "-1"))
    return delta.after in (None, "-1", "0") or (automatic and delta.attribute in ("port", "tlsPort", "websocket"))


def _medium(place: str, delta: Delta) -> bool:
    """An empty drive has no format; and the guest may open the tray: the drive is empty until somebody closes it."""
    if place == "devices/disk/driver/@type":
        holder = delta.element.getparent()
        return holder is not None and holder.find("source") is None
    if not place.startswith("devices/disk/source") or delta.before is not None:
        return False
    disk = delta.new.getparent() if delta.new is not None else None
    return disk is not None and disk.get("device") in ("cdrom", "floppy") and _tray_open(disk, delta)


def _tray_open(_disk: Element, delta: Delta) -> bool:
    target = None if delta.old is None else delta.old.find("target")
    return target is not None and target.get("tray") == "open"


def _host_cpu(place: str, delta: Delta) -> bool:
    """host-model becomes a model with features when the machine starts; a named model gets features that it implies."""
    if not re.fullmatch(r"cpu(/.*)?", place):
        return False
    if place == "cpu/model/@fallback" and delta.before == "forbid" and delta.after in (None, "allow"):
        return True
    cpu = delta.element
    while cpu.tag != "cpu" and (parent := cpu.getparent()) is not None:
        cpu = parent
    return cpu.get("mode") in ("host-model", "maximum") and not place.startswith(("cpu/topology", "cpu/numa", "cpu/cache"))


def _firmware(place: str, live: Document) -> bool:
    """libvirt has chosen a firmware when it started the machine, which then names its file."""
    return (place == "os/@firmware" or place.startswith("os/firmware/")) and live.find("os/loader") is not None


def _generated(place: str, delta: Delta) -> bool:
    """Asked for by an empty element."""
    return place == "genid" and not delta.after
