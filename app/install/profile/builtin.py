"""The profiles that come with the program: few, and each change with a reason."""

from __future__ import annotations

from app.i18n import N_
from app.install.profile.profile import Addition, Edit, Profile

_X86 = ("x86_64", "i686")


def _memory(gib: int) -> tuple[Edit, ...]:
    size = str(gib << 20)
    return (
        Edit("memory/@unit", "KiB"), Edit("memory", size), Edit("currentMemory/@unit", "KiB"), Edit("currentMemory", size),
    )  # fmt: skip


_ENTROPY = (
    Edit("devices/rng/@model", "virtio"),
    Edit("devices/rng/backend/@model", "random"),
    Edit("devices/rng/backend", "/dev/urandom"),
)
"""A guest without it may wait for random numbers at its start."""

_DISCARD = Edit("driver/@discard", "unmap", each="devices/disk[@device='disk']")
"""What the guest deletes becomes free on the host."""

_AGENT = Addition(
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
    "devices/channel/target[@name='org.qemu.guest_agent.0']",
)

_SERIAL = Addition("<serial type='pty'/>", "devices/serial")

_HYPERV = tuple(
    Edit(f"features/hyperv/{name}/@state", "on", kvm=True)
    for name in ("relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies", "reset")
)
"""What Windows does by a call instead of by touching hardware; ``spinlocks`` needs its number too."""

PROFILES: tuple[Profile, ...] = (
    Profile(
        "server",
        N_("Small Linux server"),
        N_("One processor and 1 GiB, no sound, a serial console, restart after a crash and when it hangs."),
        (
            *_memory(1), Edit("vcpu", "1"), Edit("on_crash", "restart"), *_ENTROPY, _DISCARD,
            Edit("devices/sound", None), Edit("devices/watchdog/@model", "i6300esb"), Edit("devices/watchdog/@action", "reset"),
        ),
        (_SERIAL, _AGENT),
        _X86,
    ),
    Profile(
        "linux-desktop",
        N_("Linux desktop"),
        N_("Two processors and 4 GiB, an accelerated graphics card, sound, an exact pointer."),
        (
            *_memory(4), Edit("vcpu", "2"), *_ENTROPY, _DISCARD, Edit("devices/video/model/@type", "virtio"),
            Edit("devices/sound/@model", "ich9"), Edit("devices/input[@type='tablet']/@bus", "usb"),
        ),
        (_AGENT,),
        _X86,
    ),
    Profile(
        "windows-desktop",
        N_("Windows desktop"),
        N_("Four processors as cores, 8 GiB, the calls by which Windows works faster in a machine, its clock, sound."),
        (
            *_memory(8), Edit("vcpu", "4"), Edit("features/hyperv/@mode", "custom", kvm=True), *_HYPERV,
            Edit("features/hyperv/spinlocks/@retries", "8191", kvm=True), Edit("clock/@offset", "localtime"),
            Edit("clock/timer[@name='hypervclock']/@present", "yes", kvm=True), Edit("clock/timer[@name='hpet']/@present", "no"),
            Edit("cpu/topology/@sockets", "1"), Edit("cpu/topology/@cores", "4"), Edit("cpu/topology/@threads", "1"),
            Edit("devices/sound/@model", "ich9"), Edit("devices/input[@type='tablet']/@bus", "usb"), _DISCARD,
        ),
        (_AGENT,),
        _X86,
    ),
    Profile(
        "throw-away",
        N_("Throw-away machine"),
        N_("Its disks are fast and unsafe: a crash of the host may break them. For tests and builds."),
        (
            Edit("driver/@cache", "unsafe", each="devices/disk[@device='disk']"),
            Edit("driver/@io", None, each="devices/disk[@device='disk']"),  # "native" and "unsafe" exclude each other
            _DISCARD, Edit("on_crash", "destroy"),
        ),
    ),
)  # fmt: skip
