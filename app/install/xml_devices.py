"""The devices of a planned machine."""

from __future__ import annotations

from app.install import firmware as firmwares
from app.install.element import element
from app.install.hardware import Hardware
from app.install.media import MediumKind
from app.install.plan import Acceleration, DiskKind, NetworkKind, Plan
from app.install.survey import Abilities, Survey
from app.xmldoc import Element

ROOT_PORTS = 14
"""As virt-manager and virt-install: about seven are used, the rest are for devices added while the machine runs."""

STATS_PERIOD_S = 5
_FREE_PAGES_SINCE = 6_009_000


def devices(plan: Plan, survey: Survey, abilities: Abilities, hardware: Hardware, disk_path: str) -> Element:
    """``<devices>``: boots from the disk, and from the CD while the disk is empty, so that nothing is changed after the
    installation."""
    practice = plan.accel.value is Acceleration.PRACTICE
    made = element("devices", element("emulator", abilities.emulator) if abilities.emulator else None)
    parts = [_disk(plan, hardware, disk_path), _cdrom(plan, hardware), _interface(plan, hardware)]
    if not practice:
        parts += [*_controllers(hardware), *_terminals(hardware), element("input", type="tablet", bus="usb")]
    parts += [_graphics(survey, abilities, practice), _video(hardware)]
    if not practice:
        parts += [_tpm(plan, abilities), _rng(hardware, abilities), _balloon(hardware, survey)]
    made.extend(part for part in parts if part is not None)
    return made


def _disk(plan: Plan, hardware: Hardware, path: str) -> Element | None:
    disk = plan.disk.value
    if disk.kind is DiskKind.NONE or not path:
        return None
    block = path.startswith("/dev/")
    return element(
        "disk",
        element(
            "driver",
            name="qemu",
            type=disk.format,
            discard="unmap",
            cache="none" if block else None,
            io="native" if block else None,
        ),
        element("source", dev=path) if block else element("source", file=path),
        element("target", dev="vda" if hardware.disk_bus == "virtio" else _ata_name(hardware.disk_bus, 0), bus=hardware.disk_bus),
        element("boot", order=1),
        type="block" if block else "file",
        device="disk",
    )


def _cdrom(plan: Plan, hardware: Hardware) -> Element:
    """A drive is there even without a medium: one can be inserted at any time."""
    medium = plan.medium
    iso = medium.path if medium is not None and medium.kind is MediumKind.ISO else ""
    block = iso.startswith("/dev/")
    source = (element("source", dev=iso) if block else element("source", file=iso)) if iso else None
    index = 0 if hardware.disk_bus == "virtio" or plan.disk.value.kind is DiskKind.NONE else 1
    boot = 1 if plan.disk.value.kind is DiskKind.NONE else 2
    return element(
        "disk",
        element("driver", name="qemu", type="raw"),
        source,
        element("target", dev=_ata_name(hardware.cd_bus, index), bus=hardware.cd_bus),
        element("readonly"),
        element("boot", order=boot),
        type="block" if block else "file",
        device="cdrom",
    )


def _ata_name(bus: str, index: int) -> str:
    """IDE disks are hda, hdb ...; SATA and SCSI ones sda, sdb ..."""
    return f"{'hd' if bus == 'ide' else 'sd'}{chr(ord('a') + index)}"


def _controllers(hardware: Hardware) -> list[Element]:
    made = [element("controller", type="usb", model=hardware.usb_model, ports=15 if hardware.usb_model == "qemu-xhci" else None)]
    if hardware.scsi_controller:
        made.append(element("controller", type="scsi", model="virtio-scsi"))
    if "q35" in hardware.machine:
        made.append(element("controller", type="pci", index=0, model="pcie-root"))
        made += [element("controller", type="pci", index=i + 1, model="pcie-root-port") for i in range(ROOT_PORTS)]
    return made


def _interface(plan: Plan, hardware: Hardware) -> Element | None:
    network = plan.network.value
    model = element("model", type=hardware.nic_model)
    if network.kind is NetworkKind.NETWORK:
        return element("interface", element("source", network=network.source), model, type="network")
    if network.kind is NetworkKind.BRIDGE:
        return element("interface", element("source", bridge=network.source), model, type="bridge")
    return element("interface", model, type="user") if network.kind is NetworkKind.USER else None


def _terminals(hardware: Hardware) -> list[Element]:
    """The serial console, and the channel of the guest agent."""
    made = [
        element("serial", element("target", port=0), type="pty"),
        element("console", element("target", type="serial", port=0), type="pty"),
    ]
    if hardware.channels:
        made.append(element("channel", element("target", type="virtio", name="org.qemu.guest_agent.0"), type="unix"))
    return made


def _graphics(survey: Survey, abilities: Abilities, practice: bool) -> Element | None:
    """VNC that only this user's connection reaches: on a UNIX socket in libvirt's own folder; on hosts behind SSH on the
    host's loopback address, to which SSH forwards."""
    if practice:
        return element("graphics", type="vnc", port=-1, autoport="yes")
    if abilities.graphics and "vnc" not in abilities.graphics:
        return None
    if survey.local:
        return element("graphics", element("listen", type="socket"), type="vnc")
    return element("graphics", element("listen", type="address", address="127.0.0.1"), type="vnc", port=-1, autoport="yes")


def _video(hardware: Hardware) -> Element:
    return element("video", element("model", type=hardware.video, heads=1 if hardware.video == "virtio" else None, primary="yes"))


def _tpm(plan: Plan, abilities: Abilities) -> Element | None:
    if not firmwares.wants_tpm(plan.system, plan.firmware.value, abilities):
        return None
    model = "tpm-crb" if "tpm-crb" in abilities.tpm_models else "tpm-tis"
    return element("tpm", element("backend", type="emulator", version="2.0"), model=model)


def _rng(hardware: Hardware, abilities: Abilities) -> Element | None:
    if not hardware.rng or (abilities.rng_models and "virtio" not in abilities.rng_models):
        return None
    return element("rng", element("backend", "/dev/urandom", model="random"), model="virtio")


def _balloon(hardware: Hardware, survey: Survey) -> Element:
    if not hardware.balloon:
        return element("memballoon", model="none")
    reporting = "on" if survey.libvirt_version >= _FREE_PAGES_SINCE else None
    return element("memballoon", element("stats", period=STATS_PERIOD_S), model="virtio", freePageReporting=reporting)
