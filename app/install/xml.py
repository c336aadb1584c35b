"""The definition of a planned machine, as libvirt's formatdomain has it."""

from __future__ import annotations

from app.install import xml_devices
from app.install.element import element
from app.install.hardware import Hardware, choose
from app.install.plan import Acceleration, Firmware, Plan
from app.install.survey import Abilities, Survey
from app.xmldoc import Element
from app.xmldoc.indent import indent_subtree
from app.xmldoc.paths import NAMESPACES, qualified
from app.xmldoc.writer import write

HYPERV = ("relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies", "tlbflush", "ipi", "reset")
"""Enlightenments that are on where the host has them; the others need care (evmcs) or a value (vendor_id)."""


def domain_xml(plan: Plan, survey: Survey, *, disk_path: str = "") -> str:
    """The persistent definition of ``plan``; ``disk_path`` is the image on the host ("" without a disk)."""
    accel = plan.accel.value
    abilities = survey.of(accel)
    hardware = choose(plan.system, abilities, accel, plan.firmware.value)
    root = element(
        "domain",
        element("name", plan.name.value),
        _metadata(plan),
        element("memory", str(plan.memory.value), unit="MiB"),
        element("vcpu", str(plan.vcpus.value)),
        _os(plan, abilities, hardware),
        _features(plan, abilities, hardware),
        _cpu(plan, hardware),
        _clock(abilities, hardware),
        element("on_poweroff", "destroy"),
        element("on_reboot", "restart"),
        element("on_crash", "destroy"),
        element("pm", element("suspend-to-mem", enabled="no"), element("suspend-to-disk", enabled="no")),
        xml_devices.devices(plan, survey, abilities, hardware, disk_path),
        type=accel.value,
    )
    indent_subtree(root, "")
    return write(root)


def _metadata(plan: Plan) -> Element | None:
    """The system's id, where virt-manager, cockpit and Boxes look for it."""
    if not plan.system.name.id:
        return None
    prefix = "libosinfo"
    outer = element("metadata")
    holder = outer.makeelement(qualified("libosinfo:libosinfo"), nsmap={prefix: NAMESPACES[prefix]})
    holder.append(holder.makeelement(qualified("libosinfo:os"), {"id": plan.system.name.id}))
    outer.append(holder)
    return outer


def _os(plan: Plan, abilities: Abilities, hardware: Hardware) -> Element:
    """Firmware by libvirt's own selection, both features named: a bare "efi" takes the build with enrolled keys,
    which starts signed media only."""
    machine = None if plan.accel.value is Acceleration.PRACTICE else hardware.machine
    kind = element("type", "hvm", arch=abilities.arch, machine=machine)
    if plan.firmware.value is Firmware.BIOS:
        return element("os", kind)
    secure = "yes" if plan.firmware.value is Firmware.UEFI_SECURE else "no"
    wanted = element(
        "firmware",
        element("feature", enabled=secure, name="enrolled-keys"),
        element("feature", enabled=secure, name="secure-boot"),
    )
    return element("os", kind, wanted if abilities.arch == "x86_64" else None, firmware="efi")


def _features(plan: Plan, abilities: Abilities, hardware: Hardware) -> Element | None:
    if plan.accel.value is Acceleration.PRACTICE:
        return element("features", element("acpi"))
    x86 = abilities.arch in ("x86_64", "i686")
    return element(
        "features",
        element("acpi") if x86 or plan.firmware.value is not Firmware.BIOS else None,
        element("apic") if x86 else None,
        _hyperv(abilities) if hardware.hyperv and abilities.hyperv else None,
        element("vmport", state="off") if x86 else None,
        element("smm", state="on") if plan.firmware.value is Firmware.UEFI_SECURE and x86 else None,
    )


def _hyperv(abilities: Abilities) -> Element:
    on = [name for name in HYPERV if name in abilities.hyperv]
    made = element("hyperv", mode="custom")
    for name in on:
        made.append(element(name, state="on", retries=8191 if name == "spinlocks" else None))
    return made


def _cpu(plan: Plan, hardware: Hardware) -> Element | None:
    """Cores of one socket: desktop Windows uses no more than two sockets, and every scheduler likes shared caches."""
    if plan.accel.value is Acceleration.PRACTICE:
        return None
    topology = element("topology", sockets=1, cores=plan.vcpus.value, threads=1)
    if not hardware.cpu_mode:
        return element("cpu", topology)
    return element("cpu", topology, mode=hardware.cpu_mode, check="none", migratable="on")


def _clock(abilities: Abilities, hardware: Hardware) -> Element:
    if abilities.arch not in ("x86_64", "i686"):
        return element("clock", offset="utc")
    return element(
        "clock",
        element("timer", name="rtc", tickpolicy="catchup"),
        element("timer", name="pit", tickpolicy="delay"),
        element("timer", name="hpet", present="no"),
        element("timer", name="hypervclock", present="yes") if hardware.hyperv and abilities.hyperv else None,
        offset="localtime" if hardware.localtime else "utc",
    )
