"""Conditions and the usual two-way settings that several groups share."""

from __future__ import annotations

from typing import Any

from app.devices.description import Field, Kind, When
from app.i18n import N_

X86 = When("/os/type/@arch", ("x86_64", "i686", None), N_("Only x86 machines have it."))
ARM = When("/os/type/@arch", ("aarch64", "armv7l", "armv6l"), N_("Only Arm machines have it."), hide=True)
PPC = When("/os/type/@arch", ("ppc64", "ppc64le"), N_("Only POWER machines have it."), hide=True)
S390 = When("/os/type/@arch", ("s390x",), N_("Only IBM Z (s390x) machines have it."), hide=True)
KVM = When("/@type", ("kvm",), N_("Only machines that run under KVM have it."))
QEMU_KIND = When("/@type", ("kvm", "qemu", "hvf"), N_("Only QEMU's machines have it."))
XEN = When("/@type", ("xen",), N_("Only Xen's machines have it."), hide=True)
CONTAINER = When("/@type", ("lxc",), N_("Only containers have it."), hide=True)

QEMU = frozenset({"QEMU"})
LXC = frozenset({"LXC"})
CGROUPS = frozenset({"QEMU", "LXC", "Test", "CH"})
"""Drivers that share out the host's processors, memory and drives by control groups."""


def on_off(path: str, label: str, help: str = "", **more: Any) -> Field:
    """libvirt's ``on`` and ``off``."""
    return Field(path, label, Kind.SWITCH, help, on="on", off="off", **more)


def yes_no(path: str, label: str, help: str = "", **more: Any) -> Field:
    """libvirt's ``yes`` and ``no``."""
    return Field(path, label, Kind.SWITCH, help, **more)


def presence(path: str, label: str, help: str = "", **more: Any) -> Field:
    """An element that says all by being there."""
    return Field(path, label, Kind.PRESENCE, help, **more)
