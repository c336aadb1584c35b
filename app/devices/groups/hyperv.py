"""Hyper-V features: what makes Windows guests fast (formatdomain, "Hypervisor features")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, When
from app.devices.groups.terms import QEMU, X86, on_off
from app.i18n import N_, _, ngettext, pgettext
from app.xmldoc.document import Document, Element

_AT = "features/hyperv"
_NEWER = (10, 7, 0)
RECOMMENDED = (
    "relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies", "tlbflush", "ipi",
)  # fmt: skip
"""What Windows should have on any processor with KVM (QEMU's hyperv.rst, libosinfo); ``stimer`` needs the Hyper-V clock too.

The rest depends on the processor (evmcs: Intel, avic: with APICv) or is for tests.
"""

_EACH: tuple[tuple[str, str, str, tuple[int, int, int]], ...] = (
    ("relaxed", N_("Relaxed timing"), N_("Windows does not stop when the host makes it wait."), (1, 0, 0)),
    ("vapic", N_("Virtual APIC"), N_("Interrupts cost less."), (1, 1, 0)),
    ("vpindex", N_("Processor numbers"), N_("Needed by the next ones."), (1, 3, 3)),
    ("runtime", N_("Run time"), N_("Windows knows how long each processor really ran."), (1, 3, 3)),
    ("synic", N_("Synthetic interrupts"), N_("Needed by the timers."), (1, 3, 3)),
    (
        "stimer",
        N_("Synthetic timers"),
        N_("An idle Windows uses far less of the host. Switch the Hyper-V clock on too."),
        (1, 3, 3),
    ),
    ("frequencies", N_("Frequencies"), N_("Windows reads the clock's frequency instead of measuring it."), (4, 7, 0)),
    ("tlbflush", N_("TLB flush"), N_("Faster with several processors."), (4, 7, 0)),
    ("ipi", N_("Interrupts between processors"), N_("Faster with several processors."), (4, 10, 0)),
    ("reset", N_("Reset"), N_("Windows may restart the machine itself; rarely wanted."), (1, 3, 3)),
    ("reenlightenment", N_("Clock after migrations"), N_("For Hyper-V inside the guest that moves to another host."), (4, 7, 0)),
    ("evmcs", N_("Enlightened VMCS"), N_("Faster Hyper-V inside the guest; only with Intel's processors."), (4, 10, 0)),
    ("avic", N_("Hardware's virtual APIC"), N_("Uses APICv or AVIC together with the synthetic interrupts."), (8, 10, 0)),
    ("emsr_bitmap", N_("Enlightened MSR bitmap"), N_("Faster Hyper-V inside the guest."), _NEWER),
    ("xmm_input", N_("Calls with XMM registers"), N_("Makes other calls cheaper."), _NEWER),
)
_MODE = Field(f"{_AT}/@mode", N_("Which ones"), Kind.CHOICE,
    N_("All that the host has can be given at once; the machine then moves only to hosts with as many."),
              (Choice("custom", N_("Those that are on below")),
                  Choice("passthrough", N_("All that the host has"), N_("Since libvirt 8.0")),
               Choice("host-model", N_("All that libvirt finds on the host"), N_("Since libvirt 11.9"))), default="custom",
               offered="hyperv/mode", since=(8, 0, 0))  # fmt: skip
_CUSTOM = When(f"{_AT}/@mode", ("custom", None), N_("The host's are all on."))


def _on(name: str) -> When:
    return When(f"{_AT}/{name}/@state", ("on",), N_("The one that it belongs to is off."))


_SWITCHES = tuple(
    on_off(f"{_AT}/{name}/@state", label, text, when=(X86, _CUSTOM), since=since, folded=name not in RECOMMENDED,
        words="hyper-v enlightenment windows")
    for name, label, text, since in _EACH
)  # fmt: skip
_DETAILS = (
    on_off(f"{_AT}/spinlocks/@state", N_("Spinlocks"), N_("A waiting processor of the guest gives way."), when=(X86, _CUSTOM),
        since=(1, 1, 0), words="hyper-v enlightenment windows"),
    Field(f"{_AT}/spinlocks/@retries", N_("Spinlock tries"), Kind.INTEGER, N_("How often it tries before; at least 4095."),
        minimum=4095, maximum=2**32 - 1, default="4095",
          when=(_on("spinlocks"),), folded=True),
    on_off(f"{_AT}/stimer/direct/@state", N_("Direct timers"), N_("Timers interrupt directly."), when=(_on("stimer"),),
        since=(5, 7, 0), folded=True),
    on_off(f"{_AT}/tlbflush/direct/@state", N_("Direct TLB flush"), N_("For Hyper-V inside the guest."), when=(_on("tlbflush"),),
        since=(11, 0, 0), folded=True),
    on_off(f"{_AT}/tlbflush/extended/@state", N_("Extended TLB flush"), N_("Flushes parts of the memory only."),
        when=(_on("tlbflush"),), since=(11, 0, 0), folded=True),
    on_off(f"{_AT}/vendor_id/@state", N_("Maker's name"), N_("Tells another maker than Microsoft."), when=(X86, _CUSTOM),
        since=(1, 3, 3), folded=True, words="nvidia code 43"),
    Field(f"{_AT}/vendor_id/@value", N_("Which name"), help=N_("At most 12 characters."), pattern=r"[^,]{0,12}",
        pattern_help=N_("It has at most 12 characters and no comma."),
          when=(_on("vendor_id"),), since=(1, 3, 3), folded=True),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    mode = document.get(f"{_AT}/@mode")
    if mode in ("passthrough", "host-model"):
        return _("All that the host has")
    hyperv = document.find(_AT)
    count = 0 if hyperv is None else sum(one.get("state") == "on" for one in hyperv if isinstance(one.tag, str))
    return ngettext("{count} on", "{count} on", count).format(count=count) if count else pgettext("a switch", "Off")


HYPERV = Group(
    "hyperv", N_("For Windows (Hyper-V)"), "view-grid", Band.MACHINE,
    (Section(N_("Hyper-V features"), (_MODE, *_SWITCHES, *_DETAILS), editor="hyperv",
             help=N_("Windows believes that it runs on Hyper-V and uses its short cuts: it is faster, and quiet when idle.")),),
    _summary,
    N_("Makes Windows guests fast."),
    drivers=QEMU,
)  # fmt: skip
