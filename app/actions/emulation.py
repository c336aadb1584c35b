"""A definition for KVM made into one for emulation: what TCG refuses is taken out, the rest stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Unsupported
from app.i18n import _
from app.xmldoc.document import Document

KVM_ONLY = {
    "features/hyperv": "Hyper-V",
    "features/kvm": "KVM",
    "features/ioapic": "I/O APIC",
    "clock/timer[@name='kvmclock']": "kvmclock",
    "clock/timer[@name='hypervclock']": "hypervclock",
    "cpu/cache": "CPU cache",
    "cpu/maxphysaddr": "CPU address width",
}
"""Elements that QEMU or libvirt accept with KVM only (QEMU: "Hyper-V enlightenments require KVM"), and their short names."""


@dataclass(frozen=True, slots=True)
class Emulated:
    """The new definition, and what was changed in it, in sentences."""

    xml: str
    changes: tuple[str, ...]


def is_kvm(xml: str) -> bool:
    """Whether the definition asks for KVM."""
    return Document.parse(xml).root.get("type") == "kvm"


def for_emulation(xml: str) -> Emulated:
    """The same machine without KVM; raises Unsupported for one that cannot be emulated."""
    document = Document.parse(xml)
    if document.find("launchSecurity") is not None:
        raise Unsupported(_("This machine cannot be emulated."), why=_("Its memory is encrypted by the host's processor."))
    document.set("@type", "qemu")
    changes = [_("KVM is not used: the processor is emulated, which is slow.")]
    changes += _cpu(document)
    removed = [short for path, short in KVM_ONLY.items() if document.remove(path)]
    if removed:
        changes.append(_("Settings that need KVM are taken out: {names}.").format(names=", ".join(removed)))
    return Emulated(document.to_text(), tuple(changes))


def _cpu(document: Document) -> list[str]:
    """``maximum`` is the best that the emulator has (libvirt 7.1); the host's own processor needs KVM."""
    mode = document.get("cpu/@mode")
    if mode in ("host-passthrough", "host-model"):
        document.set("cpu/@mode", "maximum")
        for name in ("cpu/@check", "cpu/@match", "cpu/model", "cpu/vendor"):
            document.remove(name)
        while document.remove("cpu/feature"):
            pass
        return [_("The processor becomes the best that the emulator has, instead of the host's.")]
    if mode == "custom" or document.find("cpu/model") is not None:
        # The emulator has fewer features than most named processors; they are left out rather than refused.
        document.set("cpu/@check", "none")
        return [_("Processor features which the emulator has not are left out.")]
    return []
