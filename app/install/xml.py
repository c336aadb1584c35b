"""The definition of a planned machine, as libvirt's formatdomain has it."""

from __future__ import annotations

from app.install import finish, placed, xml_devices
from app.install.element import element
from app.install.hardware import Hardware, choose
from app.install.placed import PlacedDisk
from app.install.plan import Acceleration, DiskKind, Firmware, Plan
from app.install.stage import From, Kernel, Stage
from app.install.survey import Abilities, Survey
from app.xmldoc import Element
from app.xmldoc.indent import indent_subtree
from app.xmldoc.paths import NAMESPACES, qualified
from app.xmldoc.writer import write

HYPERV = ("relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies", "tlbflush", "ipi", "reset")
"""Enlightenments that are on where the host has them; the others need care (evmcs) or a value (vendor_id)."""

_BOOT_DEVICES = {From.DISK: "hd", From.CD: "cdrom", From.NETWORK: "network"}


def domain_xml(
    plan: Plan, survey: Survey, *, disk_path: str = "", disks: tuple[PlacedDisk, ...] | None = None, stage: Stage | None = None
) -> str:
    """The persistent definition of ``plan`` as the installation begins; ``finish.final`` makes the lasting one of it.

    disks: where they lie; or ``disk_path``, the image of the plan's only disk ("" without).  stage: what it starts from, by
    default what the plan's source says.
    """
    accel = plan.accel.value
    abilities = survey.at(plan.platform.value, accel)
    hardware = choose(plan.system, abilities, accel, plan.firmware.value, virtio_ready=plan.virtio_ready)
    if disks is None:
        there = disk_path and plan.disk.value.kind is not DiskKind.NONE
        disks = (placed.of(plan.disk.value, disk_path),) if there else ()
    stage = stage or stage_of(plan)
    made = xml_devices.Devices(plan, survey, abilities, hardware, stage, disks)
    root = element("domain", type=accel.value)
    parts = [
        element("name", plan.name.value),
        element("title", plan.title) if plan.title else None,
        _metadata(plan, stage, made),
        element("memory", str(plan.memory.value), unit="MiB"),
        _memory_backing(plan) if not hardware.exe else None,
        element("vcpu", str(plan.vcpus.value)),
        _os(plan, abilities, hardware, stage),
        _features(plan, abilities, hardware),
        _cpu(plan, hardware),
        _clock(abilities, hardware),
        element("on_poweroff", "destroy"),
        element("on_reboot", "destroy" if stage.restarts else "restart"),
        element("on_crash", "destroy"),
        element("pm", element("suspend-to-mem", enabled="no"), element("suspend-to-disk", enabled="no")) if hardware.pm else None,
        made.all(),
        made.command_line(),
    ]
    root.extend(part for part in parts if part is not None)
    indent_subtree(root, "")
    return write(root)


def stage_of(plan: Plan) -> Stage:
    """What the plan's source starts from, before anything was copied."""
    from app.install.sources.discs import LocalIso  # noqa: PLC0415 (sources need plans)

    source = plan.source or LocalIso(plan.medium)
    return source.stage(plan)


def _metadata(plan: Plan, stage: Stage, made: xml_devices.Devices) -> Element | None:
    """The system's id, where virt-manager, cockpit and Boxes look for it, and what is to be done after the installation."""
    outer = element("metadata")
    if plan.system.name.id:
        prefix = "libosinfo"
        holder = outer.makeelement(qualified("libosinfo:libosinfo"), nsmap={prefix: NAMESPACES[prefix]})
        holder.append(holder.makeelement(qualified("libosinfo:os"), {"id": plan.system.name.id}))
        outer.append(holder)
    if stage.passing or any(cd.eject or cd.remove for cd, _name in made.cd_targets()):
        outer.append(finish.marker(stage, made.cd_targets()))
    return outer if len(outer) else None


def _memory_backing(plan: Plan) -> Element | None:
    """virtiofs reaches into the guest's memory, so that has to be shared (libvirt, kbase/virtiofs)."""
    if not plan.folders:
        return None
    return element("memoryBacking", element("source", type="memfd"), element("access", mode="shared"))


def _os(plan: Plan, abilities: Abilities, hardware: Hardware, stage: Stage) -> Element:
    """Firmware by libvirt's own selection, both features named: a bare "efi" takes the build with enrolled keys,
    which starts signed media only."""
    machine = hardware.machine or None
    arch = None if plan.accel.value is Acceleration.VIRTUOZZO else abilities.arch
    kind = element("type", plan.platform.value.os_type, arch=arch, machine=machine)
    if hardware.exe:
        return element("os", kind, *_container(stage))
    uefi = plan.firmware.value is not Firmware.BIOS and hardware.boot_orders
    loader = _bhyve_loader(plan, abilities)
    order = (
        [] if hardware.boot_orders or stage.kernel else [element("boot", dev=_BOOT_DEVICES[way]) for way in _ways(stage, plan)]
    )
    features = _firmware_features(plan) if uefi and abilities.arch == "x86_64" else None
    return element("os", kind, loader, features, *_kernel(stage.kernel), *order, firmware="efi" if uefi else None)


def _ways(stage: Stage, plan: Plan) -> list[From]:
    """Paravirtualised Xen starts from its kernel or by pygrub and knows no such devices."""
    return list(stage.boot) if plan.platform.value.os_type == "hvm" else []


def _firmware_features(plan: Plan) -> Element:
    secure = "yes" if plan.firmware.value is Firmware.UEFI_SECURE else "no"
    return element(
        "firmware",
        element("feature", enabled=secure, name="enrolled-keys"),
        element("feature", enabled=secure, name="secure-boot"),
    )


def _bhyve_loader(plan: Plan, abilities: Abilities) -> Element | None:
    """bhyve starts by UEFI only where it should show a screen; libvirt does not choose its firmware (drvbhyve)."""
    if plan.accel.value is not Acceleration.BHYVE:
        return None
    path = next((path for path in abilities.loaders if "UEFI" in path), "")
    return element("loader", path, readonly="yes", type="pflash") if path else None


def _kernel(kernel: Kernel | None) -> list[Element]:
    if kernel is None:
        return []
    parts = (("kernel", kernel.kernel), ("initrd", kernel.initrd), ("cmdline", kernel.cmdline), ("dtb", kernel.dtb))
    return [element(tag, text) for tag, text in parts if text]


def _container(stage: Stage) -> list[Element]:
    """Virtuozzo's containers are started by their own init, which their template names."""
    container = stage.container
    if container is None or not container.init:
        return []
    return [element("init", container.init), *(element("initarg", text) for text in container.arguments)]


def _features(plan: Plan, abilities: Abilities, hardware: Hardware) -> Element | None:
    secure = plan.firmware.value is Firmware.UEFI_SECURE and abilities.x86 and hardware.vmport
    acpi = hardware.acpi or (plan.firmware.value is not Firmware.BIOS and hardware.boot_orders)
    made = element(
        "features",
        element("acpi") if acpi else None,
        element("apic") if hardware.apic else None,
        _hyperv(abilities) if hardware.hyperv and abilities.hyperv else None,
        element("vmport", state="off") if hardware.vmport else None,
        element("smm", state="on") if secure else None,
        element("privnet") if hardware.exe and plan.network.value.kind.value == "none" else None,
    )
    return made if len(made) else None


def _hyperv(abilities: Abilities) -> Element:
    on = [name for name in HYPERV if name in abilities.hyperv]
    made = element("hyperv", mode="custom")
    for name in on:
        made.append(element(name, state="on", retries=8191 if name == "spinlocks" else None))
    return made


def _cpu(plan: Plan, hardware: Hardware) -> Element | None:
    """Cores of one socket: desktop Windows uses no more than two sockets, and every scheduler likes shared caches."""
    topology = element("topology", sockets=1, cores=plan.vcpus.value, threads=1) if hardware.topology else None
    if not hardware.cpu_mode:
        return element("cpu", topology) if topology is not None else None
    return element("cpu", topology, mode=hardware.cpu_mode, check="none", migratable="on")


def _clock(abilities: Abilities, hardware: Hardware) -> Element:
    if not hardware.timers:
        return element("clock", offset="localtime" if hardware.localtime else "utc")
    return element(
        "clock",
        element("timer", name="rtc", tickpolicy="catchup"),
        element("timer", name="pit", tickpolicy="delay"),
        element("timer", name="hpet", present="no"),
        element("timer", name="hypervclock", present="yes") if hardware.hyperv and abilities.hyperv else None,
        offset="localtime" if hardware.localtime else "utc",
    )
