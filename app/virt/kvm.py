"""KVM or emulation for new machines: found out, not assumed.

libvirt offers ``kvm`` wherever /dev/kvm opens; that an operating system runs on it is another matter (KVM inside a
virtual machine without processor support under it).  So the verdict takes domain capabilities, the processor's
flags and the loaded modules together, and the result of the functional probe (``kvm_probe``) where it was run.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.i18n import N_, _
from app.virt.capabilities import domain_capabilities, host_capabilities
from app.virt.kvm_probe import probe
from app.virt.session import Session

__all__ = ["Accel", "AccelChoice", "AccelKind", "LocalFacts", "judge_local", "local_facts", "probe", "verdict"]


class AccelKind(Enum):
    """How a guest's processor is run; the value is libvirt's domain type."""

    KVM = "kvm"
    EMULATION = "qemu"


class AccelChoice(Enum):
    """A connection's setting: by what was found out, or always one."""

    AUTO = "auto"
    KVM = "kvm"
    EMULATION = "emulation"


@dataclass(frozen=True, slots=True)
class Accel:
    """The verdict.  reason: one line for people, translated.  probed: it was tried, not only concluded."""

    kind: AccelKind
    reason: str
    probed: bool = False

    @property
    def virt_type(self) -> str:
        """For ``<domain type='...'>``."""
        return self.kind.value

    @classmethod
    def unknown(cls) -> Accel:
        """Before the host was asked."""
        return cls(AccelKind.EMULATION, _("Not known yet: the host is not connected."))


@dataclass(frozen=True, slots=True)
class LocalFacts:
    """What this computer's kernel says.  arch: ``uname -m``; modules: names under /sys/module that begin with kvm."""

    arch: str = ""
    flags: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    device: bool = False


def local_facts(root: Path = Path("/")) -> LocalFacts:
    """Reads /proc, /sys and /dev of this computer; blocking, a few milliseconds."""
    try:
        cpuinfo = (root / "proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        cpuinfo = ""
    flags = next((line.split(":", 1)[1] for line in cpuinfo.splitlines() if line.startswith(("flags", "Features"))), "")
    modules = root / "sys/module"
    names = (
        frozenset(entry.name for entry in modules.iterdir() if entry.name.startswith("kvm")) if modules.is_dir() else frozenset()
    )
    import platform  # noqa: PLC0415 - rarely needed

    return LocalFacts(platform.machine(), frozenset(flags.split()), names, (root / "dev/kvm").exists())


def judge_local(facts: LocalFacts) -> str:
    """Why KVM would not run an operating system on this computer, to translate; "" if nothing speaks against it."""
    if not facts.device:
        return N_("This computer has no /dev/kvm: virtualisation is off in its firmware, or the kvm module is not loaded.")
    if facts.arch not in ("x86_64", "i686", "i386"):
        return ""
    if facts.modules and not facts.modules & {"kvm_intel", "kvm_amd"}:
        return N_("This computer's KVM works without processor virtualisation, and operating systems do not start on it.")
    if facts.flags and not facts.flags & {"vmx", "svm"}:
        return N_("This computer's processor offers no virtualisation (vmx or svm), so KVM cannot run an operating system.")
    return ""


async def verdict(session: Session, choice: AccelChoice = AccelChoice.AUTO, *, probed: bool | None = None) -> Accel:
    """KVM or emulation for new machines on this host.  probed: the functional probe's result, if it was run."""
    if choice is AccelChoice.KVM:
        return Accel(AccelKind.KVM, _("Chosen in this connection's settings."))
    if choice is AccelChoice.EMULATION:
        return Accel(AccelKind.EMULATION, _("Chosen in this connection's settings."))
    if probed is True:
        return Accel(AccelKind.KVM, _("KVM was tried on this host and works."), probed=True)
    if probed is False:
        return Accel(AccelKind.EMULATION, _("KVM was tried on this host and does not run an operating system."), probed=True)
    return await _concluded(session)


async def _concluded(session: Session) -> Accel:
    if not await _offered(session):
        return Accel(AccelKind.EMULATION, _("The host's hypervisor does not offer KVM."))
    if not session.is_local:
        return Accel(AccelKind.KVM, _("The host offers KVM."))
    facts = await session.call(lambda _conn: local_facts(), background=True)
    against = judge_local(facts)
    if against:
        return Accel(AccelKind.EMULATION, _(against))
    return Accel(AccelKind.KVM, _("This computer offers KVM, and its processor supports it."))


async def _offered(session: Session) -> bool:
    host = await host_capabilities(session)
    guest = host.guest()
    if guest is None or "kvm" not in guest.virt_types:
        return False
    return await domain_capabilities(session, host.arch, "", "kvm") is not None
