"""Which connection the first start opens, and why: the best one that this user can use now."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.i18n import N_
from app.virt.daemon import DaemonState, find_program, look

SYSTEM = "qemu:///system"
SESSION = "qemu:///session"
PRACTICE = "test:///default"

EMULATORS = ("qemu-system-x86_64", "qemu-system-aarch64", "qemu-kvm", "kvm")
LIBEXEC_KVM = "/usr/libexec/qemu-kvm"


@dataclass(frozen=True, slots=True)
class DefaultConnection:
    """The choice.  why: one line; better: how to get the better one, "" if this is the best; both to translate.

    can_start_daemon: a button may start the system's libvirt.
    """

    uri: str
    why: str
    better: str = ""
    can_start_daemon: bool = False


def choose() -> DefaultConnection:
    """Looks at this computer; blocking, but only a few system calls (well under a millisecond)."""
    return decide(look(), root=os.geteuid() == 0, qemu=has_qemu())


def has_qemu(names: Sequence[str] = EMULATORS) -> bool:
    """True if a QEMU is installed."""
    return any(find_program(name) for name in names) or Path(LIBEXEC_KVM).exists()


def decide(daemon: DaemonState, *, root: bool, qemu: bool) -> DefaultConnection:
    """The rule, apart from looking.  root: libvirt has no session for it."""
    if daemon.running and daemon.allowed:
        return DefaultConnection(SYSTEM, N_("This computer's libvirt runs and you may use it."))
    if daemon.installed and not root and qemu:
        return _session(daemon)
    if daemon.installed:
        return DefaultConnection(
            PRACTICE,
            N_("libvirt is installed on this computer but does not run, so a practice host is shown."),
            N_("Start libvirt to work with real machines."),
            can_start_daemon=root or daemon.systemd,
        )
    return DefaultConnection(
        PRACTICE,
        N_("libvirt is not installed on this computer, so a practice host is shown."),
        N_("Install libvirt and QEMU for machines on this computer, or add a connection to another one."),
    )


def _session(daemon: DaemonState) -> DefaultConnection:
    if daemon.running:
        return DefaultConnection(
            SESSION,
            N_("You may not use this computer's system libvirt, so your own machines are shown."),
            N_("For the system's machines join the “libvirt” group (sudo usermod -aG libvirt $USER) and log in again."),
        )
    return DefaultConnection(
        SESSION,
        N_("This computer's system libvirt does not run, so your own machines are shown."),
        N_("Start libvirt for machines with bridged networks that start with the computer."),
        can_start_daemon=daemon.systemd,
    )
