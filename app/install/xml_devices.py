"""The devices of a planned machine."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.install import firmware as firmwares
from app.install import interfaces
from app.install.element import element
from app.install.hardware import Hardware
from app.install.placed import PlacedDisk
from app.install.plan import Acceleration, Graphics, Plan
from app.install.stage import Cd, From, Stage
from app.install.survey import Abilities, Survey
from app.xmldoc import Element

STATS_PERIOD_S = 5
_FREE_PAGES_SINCE = 6_009_000
_VNC_AUDIO_SINCE = 7_002_000
_PREFIX = {"ide": "hd", "virtio": "vd", "xen": "xvd", "fdc": "fd"}
"""Names of disks by their bus; SATA, SCSI and USB ones are sda, sdb ..."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Writes ``<devices>``: boots from the disk, and from the CD while the disk is empty, so that nothing needs to be changed
    after the installation from a CD."""

    plan: Plan
    survey: Survey
    abilities: Abilities
    hardware: Hardware
    stage: Stage
    disks: tuple[PlacedDisk, ...] = ()

    def all(self) -> Element:
        """The whole element."""
        hardware, emulator = self.hardware, self.abilities.emulator
        made = element("devices", element("emulator", emulator) if emulator else None)
        parts: list[Element | None] = [*self._disks(), *self._cds(), *self._folders(), *interfaces.elements(self)]
        if hardware.usb_model or hardware.scsi_controller or hardware.root_ports:
            parts += self._controllers()
        parts += [*self._terminals(), *self._inputs(), *self._screen(), self._tpm(), self._rng(), self._balloon()]
        made.extend(part for part in parts if part is not None)
        return made

    def command_line(self) -> Element | None:
        """What QEMU is told beside libvirt: port forwards of its own user network."""
        return interfaces.command_line(self)

    @property
    def emulated(self) -> bool:
        """QEMU's machines, of which libvirt knows everything."""
        return self.hardware.driver == "qemu" and self.hardware.boot_orders and bool(self.hardware.machine)

    # disks

    def _bus(self, disk: PlacedDisk) -> str:
        return disk.bus or self.hardware.disk_bus

    def _names(self) -> list[str]:
        """Of the disks, then of the CD drives: numbered by prefix."""
        drives = ("fdc" if cd.floppy else self.hardware.cd_bus for cd in self.cds)
        buses = [*(self._bus(disk) for disk in self.disks), *drives]
        count: dict[str, int] = {}
        names = []
        for bus in buses:
            prefix = _PREFIX.get(bus, "sd")
            names.append(f"{prefix}{chr(ord('a') + count.get(prefix, 0))}")
            count[prefix] = count.get(prefix, 0) + 1
        return names

    @property
    def cds(self) -> tuple[Cd, ...]:
        """The drives: the source's, then the disc of drivers, then seeds and answers.  None where the machine has none."""
        if not self.hardware.cd_bus:
            return ()
        drivers = (Cd(self.plan.drivers.value),) if self.plan.drivers.value else ()
        return (*self.stage.cds, *drivers, *self.plan.extra_cds)

    def cd_targets(self) -> list[tuple[Cd, str]]:
        """Each drive with its name."""
        return list(zip(self.cds, self._names()[len(self.disks) :], strict=True))

    def _order(self, way: From, number: int = 0) -> Element | None:
        """The place in the boot order; only the first of each kind has one, and further discs come at the end."""
        if not self.hardware.boot_orders or number:
            return None
        ways = [each for each in self.stage.boot if each is not From.DISK or self.disks]
        return element("boot", order=ways.index(way) + 1) if way in ways else None

    def order_of_network(self) -> Element | None:
        """For the first adapter, where the machine starts from the network."""
        return self._order(From.NETWORK)

    def _disks(self) -> list[Element]:
        return [self._disk(disk, self._names()[number], number) for number, disk in enumerate(self.disks)]

    def _disk(self, disk: PlacedDisk, name: str, number: int) -> Element:
        qemu = self.hardware.driver == "qemu"
        driver = element(
            "driver",
            name="qemu",
            type=disk.format,
            discard="unmap" if disk.sparse else None,
            cache="none" if disk.block else None,
            io="native" if disk.block else None,
        )
        secret = (
            element("encryption", element("secret", type="passphrase", uuid=disk.secret), format="luks") if disk.secret else None
        )
        return element(
            "disk",
            driver if qemu else element("driver", type=disk.format) if disk.format != "raw" else None,
            element("source", secret, dev=disk.path) if disk.block else element("source", secret, file=disk.path),
            element("target", dev=name, bus=self._bus(disk)),
            self._order(From.DISK, number),
            type="block" if disk.block else "file",
            device="disk",
        )

    def _cds(self) -> list[Element]:
        return [self._cd(cd, name, number) for number, (cd, name) in enumerate(self.cd_targets())]

    def _cd(self, cd: Cd, name: str, number: int) -> Element:
        """A drive is there even without a medium: one can be inserted at any time."""
        block = cd.path.startswith("/dev/")
        source = (element("source", dev=cd.path) if block else element("source", file=cd.path)) if cd.path else None
        return element(
            "disk",
            element("driver", name="qemu", type="raw") if self.hardware.driver == "qemu" else None,
            source,
            element("target", dev=name, bus="fdc" if cd.floppy else self.hardware.cd_bus),
            element("readonly"),
            self._order(From.CD, number),
            type="block" if block else "file",
            device="floppy" if cd.floppy else "cdrom",
        )

    def _folders(self) -> list[Element]:
        """A container's root, and folders that the guest shares with the host."""
        made = []
        container = self.stage.container
        if container is not None and container.template:
            made.append(
                element("filesystem", element("source", name=container.template), element("target", dir="/"), type="template")
            )
        elif container is not None and container.root:
            made.append(
                element(
                    "filesystem",
                    element("source", dir=container.root),
                    element("target", dir="/"),
                    type="mount",
                    accessmode="passthrough",
                )
            )
        for folder in self.plan.folders:
            made.append(self._folder(folder.path, folder.tag))
        return made

    def _folder(self, path: str, tag: str) -> Element:
        if self.hardware.exe:
            return element("filesystem", element("source", dir=path), element("target", dir=f"/{tag.lstrip('/')}"), type="mount")
        virtiofs = element("driver", type="virtiofs", queue=1024)
        fast = not self.abilities.folders or "virtiofs" in self.abilities.folders
        access = "passthrough" if fast else "mapped"
        return element(
            "filesystem",
            virtiofs if fast else None,
            element("source", dir=path),
            element("target", dir=tag),
            type="mount",
            accessmode=access,
        )

    # other devices

    def _controllers(self) -> list[Element]:
        hardware = self.hardware
        made = []
        if hardware.usb_model:
            made += _usb(hardware.usb_model)
        if hardware.scsi_controller:
            made.append(element("controller", type="scsi", model="virtio-scsi"))
        if hardware.root_ports:
            made.append(element("controller", type="pci", index=0, model="pcie-root"))
            made += [element("controller", type="pci", index=i + 1, model="pcie-root-port") for i in range(hardware.root_ports)]
        return made

    def _terminals(self) -> list[Element]:
        """The serial console, and the channels of the agents."""
        made = list(_CONSOLES.get(self.hardware.console, _no_console)(self.plan.name.value))
        if not self.hardware.channels:
            return made
        made.append(element("channel", element("target", type="virtio", name="org.qemu.guest_agent.0"), type="unix"))
        agent = element("target", type="virtio", name="com.redhat.spice.0")
        if self._graphics is Graphics.SPICE:
            made.append(element("channel", agent, type="spicevmc"))
        elif self._graphics is Graphics.VNC and "qemu-vdagent" in self.abilities.channels:
            clipboard = element("source", element("clipboard", copypaste="yes"), element("mouse", mode="server"))
            made.append(element("channel", clipboard, agent, type="qemu-vdagent"))
        return made

    def _inputs(self) -> list[Element]:
        made = []
        if self.hardware.tablet:
            made.append(element("input", type="tablet", bus="usb"))
        if self.hardware.keyboard:
            made.append(element("input", type="keyboard", bus="usb"))
        return made if self._graphics is not Graphics.NONE else []

    @property
    def _graphics(self) -> Graphics:
        """What the plan says, as far as the machine has a screen and the host can show one."""
        wanted, offered = self.plan.graphics.value, self.abilities.graphics
        if not self.hardware.screen:
            return Graphics.NONE
        if wanted is Graphics.NONE or not offered or wanted.value in offered:
            return wanted
        return Graphics.VNC if "vnc" in offered else Graphics.NONE

    def _screen(self) -> list[Element]:
        if not self.hardware.screen:
            return []
        if self._graphics is Graphics.NONE:
            return [element("video", element("model", type="none"))] if self.emulated else []
        made = [*self._sound(), self._server()]
        video = self.hardware.video
        heads = 1 if video == "virtio" else None
        made.append(
            element("video", element("model", type=video, heads=heads, primary="yes" if self.hardware.driver == "qemu" else None))
        )
        if self._graphics is Graphics.SPICE and self.abilities.redirection and self.hardware.usb_model:
            made += [element("redirdev", bus="usb", type="spicevmc") for _number in range(2)]
        return made

    def _sound(self) -> list[Element]:
        if not self.hardware.sound or self.survey.libvirt_version < _VNC_AUDIO_SINCE:
            return []
        backend = "spice" if self._graphics is Graphics.SPICE else "none"
        return [element("sound", model=self.hardware.sound), element("audio", id=1, type=backend)]

    def _server(self) -> Element:
        """A screen that only this user's connection reaches: on a UNIX socket in libvirt's own folder; on hosts behind SSH on
        the host's loopback address, to which SSH forwards."""
        kind = self._graphics.value
        audio = element("audio", id=1) if kind == "vnc" and self._sound() else None
        if self.plan.accel.value is Acceleration.PRACTICE:
            return element("graphics", type=kind, port=-1, autoport="yes")
        if self.survey.local and self.emulated:
            compression = element("image", compression="off") if kind == "spice" else None
            return element("graphics", element("listen", type="socket"), compression, audio, type=kind)
        return element(
            "graphics", element("listen", type="address", address="127.0.0.1"), audio, type=kind, port=-1, autoport="yes"
        )

    def _tpm(self) -> Element | None:
        model = self.hardware.tpm_model
        if not model or not firmwares.wants_tpm(self.plan.system, self.plan.firmware.value, self.abilities):
            return None
        return element("tpm", element("backend", type="emulator", version="2.0"), model=model)

    def _rng(self) -> Element | None:
        models = self.abilities.rng_models
        if not self.hardware.rng or (models and "virtio" not in models):
            return None
        return element("rng", element("backend", "/dev/urandom", model="random"), model="virtio")

    def _balloon(self) -> Element | None:
        if self.hardware.balloon != "virtio":
            return element("memballoon", model=self.hardware.balloon) if self.hardware.balloon else None
        reporting = "on" if self.survey.libvirt_version >= _FREE_PAGES_SINCE else None
        return element("memballoon", element("stats", period=STATS_PERIOD_S), model="virtio", freePageReporting=reporting)


def _usb(model: str) -> list[Element]:
    """The controller; USB 2 of the ICH9 has three companions for slower devices (libvirt, formatdomain)."""
    if model != "ich9-ehci1":
        return [element("controller", type="usb", model=model, ports=15 if model == "qemu-xhci" else None)]
    made = [element("controller", type="usb", index=0, model=model)]
    for number in range(3):
        companion = element(
            "controller", element("master", startport=2 * number), type="usb", index=0, model=f"ich9-uhci{number + 1}"
        )
        made.append(companion)
    return made


def _no_console(_name: str) -> list[Element]:
    return []


def _serial(_name: str) -> list[Element]:
    return [
        element("serial", element("target", port=0), type="pty"),
        element("console", element("target", type="serial", port=0), type="pty"),
    ]


def _of_type(kind: str) -> list[Element]:
    return [element("console", element("target", type=kind, port=0), type="pty")]


def _nmdm(name: str) -> list[Element]:
    """FreeBSD's pair of terminals, which has to be named."""
    stem = re.sub(r"[^A-Za-z0-9]", "", name) or "guest"
    source = element("source", master=f"/dev/nmdm{stem}A", slave=f"/dev/nmdm{stem}B")
    return [element("serial", source, element("target", port=0), type="nmdm")]


_CONSOLES = {
    "serial": _serial,
    "sclp": lambda _name: _of_type("sclp"),
    "xen": lambda _name: _of_type("xen"),
    "lxc": lambda _name: _of_type("lxc"),
    "nmdm": _nmdm,
}
"""The first console by what the hypervisor has."""
