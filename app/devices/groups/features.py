"""Features of the machine: ACPI, KVM's and Xen's, those of Arm and POWER (formatdomain, "Hypervisor features")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, When
from app.devices.groups.terms import ARM, CONTAINER, KVM, PPC, QEMU_KIND, X86, XEN, on_off, presence, yes_no
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_USUAL = (
    presence("features/acpi", N_("ACPI"), N_("Needed to shut the guest down by its power button, and by all but very old "
                                             "systems."), words="power button"),
    presence("features/apic", N_("APIC"), N_("Interrupts for several processors; every x86 system of today needs it."),
        when=(X86,)),
    on_off("features/apic/@eoi", N_("Faster end of interrupts"), N_("KVM's short cut; for tests."), when=(X86,), folded=True),
    presence("features/pae", N_("PAE"), N_("More than 4 GiB for 32-bit systems."), when=(X86,)),
    on_off("features/smm/@state", N_("System management mode"), N_("Secure Boot needs it."), when=(X86,), since=(2, 1, 0),
        words="SMM secure boot"),
    Field("features/smm/tseg", N_("Memory for it"), Kind.SIZE,
        N_("More is needed for machines with very many processors or terabytes of memory."), has_unit=True, scale="MiB",
          default="16 MiB", minimum=1 << 20, when=(X86,
              When("features/smm/@state", ("on",), N_("System management mode is off."))), since=(4, 5, 0), folded=True,
              words="TSEG"),
    on_off("features/pmu/@state", N_("Performance counters"), N_("The guest can use perf."), since=(1, 2, 12),
        words="PMU perf vPMU"),
    on_off("features/vmport/@state", N_("VMware's port"),
        N_("Lets QEMU answer on VMware's I/O port; off hides a sign of a virtual machine."), when=(X86,), since=(1, 2, 16)),
    on_off("features/vmcoreinfo/@state", N_("Kernel's notes for dumps"),
        N_("A dump of the guest's memory can then be read with crash."), when=(QEMU_KIND,), since=(4, 4, 0)),
    on_off("features/ps2/@state", N_("PS/2 keyboard and mouse"), N_("Off takes the controller away; needs a USB keyboard then."),
        when=(X86,), since=(10, 7, 0), folded=True),
    Field("features/ioapic/@driver", N_("I/O APIC by"), Kind.CHOICE, N_("An IOMMU with interrupt remapping needs QEMU's."),
          (Choice("kvm", N_("KVM")), Choice("qemu", N_("QEMU"))), default=N_("KVM"), when=(X86,), since=(3, 4, 0), folded=True,
          words="split irqchip intremap"),
    Field("features/msrs/@unknown", N_("Unknown processor registers"), Kind.CHOICE,
        N_("What happens when the guest touches a model-specific register that KVM does not know."),
          (Choice("ignore", N_("Nothing")), Choice("fault", N_("The guest gets an error"))),
          default=N_("as the host's KVM is set"), when=(X86,), since=(5, 1, 0), folded=True, words="MSR"),
    yes_no("features/async-teardown/@enabled", N_("Give memory back later"),
        N_("Stopping a large machine ends sooner; the host frees the memory behind it."), when=(QEMU_KIND,),
           since=(9, 6, 0), folded=True),
)  # fmt: skip
_KVM = (
    on_off("features/kvm/hidden/@state", N_("Hide KVM"),
        N_("The guest does not see that it runs under KVM; old drivers of graphics cards refused to otherwise."), when=(KVM,),
           since=(1, 2, 8), words="nvidia code 43 hypervisor hidden"),
    on_off("features/kvm/hint-dedicated/@state", N_("Processors are its own"),
        N_("Tells the guest that its processors are pinned, so that it spins instead of yielding."), when=(KVM,),
        since=(5, 7, 0)),
    on_off("features/kvm/poll-control/@state", N_("The guest polls itself"),
        N_("Lets the guest wait busily, which answers faster and uses more processor time."), when=(KVM,), since=(6, 10, 0)),
    on_off("features/kvm/pv-ipi/@state", N_("Faster interrupts between processors"),
        N_("Linux guests use KVM's own call for it."), when=(KVM,), since=(7, 10, 0)),
    on_off("features/kvm/dirty-ring/@state", N_("Ring of changed pages"),
        N_("Keeps track of changed memory in a ring: better for migrations of large machines."), when=(KVM,), since=(8, 0, 0)),
    Field("features/kvm/dirty-ring/@size", N_("Ring's size"), Kind.INTEGER, N_("A power of two from 1024 to 65,536."),
        minimum=1024, maximum=65536,
          when=(When("features/kvm/dirty-ring/@state", ("on",), N_("There is no ring.")),), since=(8, 0, 0), folded=True),
    on_off("features/pvspinlock/@state", N_("Paravirtual locks"),
        N_("Linux guests yield when a lock is held by a processor that does not run."), words="pvspinlock"),
    Field("features/tcg/tb-cache", N_("Emulation's code cache"), Kind.SIZE,
        N_("Memory for translated code when there is no KVM; more can be faster."), has_unit=True, scale="MiB",
          when=(When("/@type", ("qemu",), N_("Only machines that are emulated have it.")),), since=(7, 10, 0), folded=True,
          words="TCG translation block"),
)  # fmt: skip
_XEN = (
    on_off("features/hap/@state", N_("Hardware-assisted paging"), N_("Faster memory management where the processor has it."),
        words="HAP EPT NPT"),
    presence("features/hap", N_("Hardware-assisted paging is set"), N_("Older definitions say it without on or off."),
        folded=True),
    presence("features/viridian", N_("Viridian"), N_("Xen's help for Windows guests."), when=(XEN,)),
    on_off("features/xen/e820_host/@state", N_("The host's memory map"), N_("Needed for PCI devices in paravirtualised guests."),
        when=(XEN,), since=(6, 3, 0)),
    on_off("features/xen/passthrough/@state", N_("PCI devices can be passed through"), N_("IOMMU mappings are made."),
        when=(XEN,), since=(6, 3, 0)),
    Field("features/xen/passthrough/@mode", N_("Mappings"), Kind.CHOICE, N_("How the IOMMU's tables are kept."),
          (Choice("sync_pt", N_("Of their own")), Choice("share_pt", N_("Shared with the processor's"))), when=(XEN,),
          since=(6, 3, 0), folded=True),
    presence("features/privnet", N_("Network of its own"),
        N_("The container does not see the host's network even without a card."), when=(CONTAINER,)),
)  # fmt: skip
_FIX = (Choice("broken", N_("No protection")), Choice("workaround", N_("By software")), Choice("fixed", N_("By hardware")))
_POWER = (
    Field("features/hpt/@resizing", N_("Page table can grow"), Kind.CHOICE, N_("Needed to add much memory while it runs."),
          (Choice("enabled", N_("If the host can")), Choice("disabled", N_("No")),
              Choice("required", N_("Yes; otherwise it does not start"))), when=(PPC,), since=(3, 10, 0), words="HPT"),
    Field("features/hpt/maxpagesize", N_("Largest page"), Kind.SIZE, N_("That the guest may use."), has_unit=True, when=(PPC,),
        since=(4, 5, 0), folded=True),
    on_off("features/htm/@state", N_("Transactional memory"), N_("Of POWER8 and 9."), when=(PPC,), since=(4, 6, 0)),
    on_off("features/nested-hv/@state", N_("Virtual machines inside"), N_("KVM within the guest."), when=(PPC,),
        since=(4, 10, 0)),
    on_off("features/ccf-assist/@state", N_("Count cache flush"), N_("Help against Spectre."), when=(PPC,), since=(5, 9, 0),
        folded=True),
    Field("features/cfpc/@value", N_("Cache flush on privilege change"), Kind.CHOICE,
        N_("Protection that the guest is told of."), _FIX, when=(PPC,), since=(6, 3, 0), folded=True),
    Field("features/sbbc/@value", N_("Speculation barrier"), Kind.CHOICE, N_("Protection that the guest is told of."), _FIX,
        when=(PPC,), since=(6, 3, 0), folded=True),
    Field("features/ibs/@value", N_("Indirect branch speculation"), Kind.CHOICE, N_("Protection that the guest is told of."),
          (*_FIX[:2], Choice("fixed-ibs", N_("By hardware: serialised")),
              Choice("fixed-ccd", N_("By hardware: count cache off")), Choice("fixed-na", N_("Not affected"))),
          when=(PPC,), since=(6, 3, 0), folded=True),
)  # fmt: skip
_ARM = (
    Field("features/gic/@version", N_("Interrupt controller"), Kind.CHOICE,
        N_("Version of Arm's GIC; 2 serves at most 8 processors."),
          (Choice("host", N_("The host's")), Choice("2", N_("2")), Choice("3", N_("3")), Choice("4", N_("4"))),
          offered="gic/version", when=(ARM,), since=(1, 2, 16), words="GIC"),
    on_off("features/ras/@state", N_("Memory errors are told"), N_("The guest gets reports of the host's hardware errors."),
        when=(ARM,), since=(10, 4, 0), folded=True, words="RAS"),
    on_off("features/aia/@state", N_("Advanced interrupts (RISC-V)"), N_("RISC-V's AIA."),
           when=(When("/os/type/@arch", ("riscv64", "riscv32"), N_("Only RISC-V machines have it.")),), since=(11, 1, 0),
           folded=True),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    features = document.find("features")
    count = 0 if features is None else sum(isinstance(one.tag, str) for one in features)
    return ngettext("{count} set", "{count} set", count).format(count=count) if count else _("None set")


FEATURES = Group(
    "features", N_("Features"), "preferences-system", Band.MACHINE,
    (
        Section(N_("Usual"), _USUAL),
        Section(N_("KVM"), _KVM),
        Section(N_("Arm and RISC-V"), _ARM, folded=True),
        Section(N_("POWER"), _POWER, folded=True),
        Section(N_("Xen and containers"), _XEN, folded=True),
    ),
    _summary,
    N_("What the machine's hardware and hypervisor offer to the guest."),
)  # fmt: skip
