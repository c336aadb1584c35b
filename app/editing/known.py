"""What the machines of all hosts have: names, MAC addresses, disks, host devices.  Read once, then by events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from app.model.records import ObjectKind
from app.virt import all_texts
from app.virt.host_devices import pci_address
from app.virt.session import SessionState
from app.virt.subscriptions import EventKind, VirEvent
from app.xmldoc.document import Document, Element

if TYPE_CHECKING:
    from app.hosts.host import Host


@dataclass(frozen=True, slots=True)
class Facts:
    """disks: those that no other machine may write to.  devices: host devices, as ``device_key`` names them."""

    name: str
    macs: frozenset[str] = frozenset()
    disks: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()


class Known:
    """The facts of one host's machines by UUID; good as far as they were read."""

    def __init__(self, host: Host) -> None:
        self.facts: dict[str, Facts] = {}
        self._host = host
        self._session = host.session
        host.session.events.connect(self._on_events)
        host.session.state_changed.connect(self._on_state)

    def _on_events(self, batch: tuple[VirEvent, ...]) -> None:
        """Forgets what may have changed; it is read again when it is asked for."""
        for event in batch:
            changed = event.event in (EventKind.DEVICE_ADDED, EventKind.DEVICE_REMOVED) or (
                event.event is EventKind.LIFECYCLE and event.code in (0, 1)  # defined, undefined
            )
            if event.kind is ObjectKind.DOMAIN and changed:
                self.facts.pop(event.key, None)

    def _on_state(self, _state: SessionState) -> None:
        self.facts.clear()

    async def refresh(self) -> bool:
        """Reads what is missing; whether that was anything."""
        machines = self._host.inventory.domains
        for gone in self.facts.keys() - machines.keys():
            del self.facts[gone]
        missing = [uuid for uuid in machines if uuid not in self.facts]
        if not missing or self._host.state is not SessionState.CONNECTED:
            return False
        for uuid, text in (await all_texts.read(self._session, missing)).items():
            self.facts[uuid] = facts_of(Document.parse(text))
        return True


_known: WeakKeyDictionary[Host, Known] = WeakKeyDictionary()


def known(host: Host) -> Known:
    """The one of a host."""
    found = _known.get(host)
    if found is None:
        found = _known[host] = Known(host)
    return found


def taken(hosts: Iterable[Host], own: str) -> dict[str, dict[str, str]]:
    """For ``Offers.taken``: which machine has a MAC, UUID, disk or name; not the one of UUID ``own``.

    Disks count on their own host only, and names too: those of the first host.
    """
    found: dict[str, dict[str, str]] = {"mac": {}, "uuid": {}, "disk": {}, "name": {}}
    for number, host in enumerate(hosts):
        for uuid, record in host.inventory.domains.items():
            if uuid == own:
                continue
            found["uuid"][uuid] = record.name
            facts = known(host).facts.get(uuid)
            found["mac"].update(dict.fromkeys(facts.macs if facts else (), record.name))
            if number == 0:
                found["name"][record.name] = record.name
                found["disk"].update(dict.fromkeys(facts.disks if facts else (), record.name))
    return found


def users_of_devices(host: Host, own: str) -> dict[str, str]:
    """Which machine has a device of the host."""
    machines = known(host).facts.items()
    return {device: facts.name for uuid, facts in machines if uuid != own for device in facts.devices}


def facts_of(document: Document) -> Facts:
    """From a definition."""
    disks = [disk for disk in document.find_all("devices/disk") if _exclusive(document, disk)]
    sources = [document.get(f"source/{at}", None, disk) for disk in disks for at in ("@file", "@dev")]
    devices = [key for one in document.find_all("devices/hostdev") if (key := device_key(document, one))]
    macs = [document.get("@address", None, mac) or "" for mac in document.find_all("devices/interface/mac")]
    return Facts(
        document.get("name") or "",
        frozenset(mac.lower() for mac in macs if mac),
        frozenset(source for source in sources if source),
        frozenset(devices),
    )


def _exclusive(document: Document, disk: Element) -> bool:
    shared = any(document.find(name, disk) is not None for name in ("readonly", "shareable"))
    return disk.get("device", "disk") not in ("cdrom", "floppy") and not shared


def device_key(document: Document, hostdev: Element) -> str:
    """"pci 0000:01:00.0", "usb 046d:c52b", "usb 1.4", "mdev UUID"; "" for other kinds."""
    kind = hostdev.get("type")
    address = document.find("source/address", hostdev)
    if kind == "pci" and address is not None:
        return f"pci {pci_address({str(name): str(value) for name, value in address.attrib.items()})}"
    if kind == "mdev" and address is not None:
        return f"mdev {address.get('uuid')}"
    if kind == "usb":
        vendor = document.get("source/vendor/@id", None, hostdev)
        if vendor:
            return usb_key(vendor, document.get("source/product/@id", "", hostdev) or "")
        if address is not None:
            return f"usb {address.get('bus')}.{address.get('device') or address.get('port')}"
    return ""


def usb_key(vendor: str, product: str) -> str:
    """By vendor and product, however they were written."""
    return f"usb {int(vendor or '0', 16):04x}:{int(product or '0', 16):04x}"
