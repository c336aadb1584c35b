"""Operating system and firmware: BIOS or UEFI, chipset, direct kernel boot (formatdomain, "Operating system booting")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import QEMU_KIND, XEN, yes_no
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_EFI = When("os/@firmware", ("efi",), N_("It is chosen with “UEFI, chosen by libvirt”."))
_LOADER = When("os/loader", why=N_("There is no firmware file."))

FIRMWARE = Field(
    "os/@firmware", N_("Firmware"), Kind.CHOICE,
    N_("The program that starts the machine. libvirt looks for a fitting file on its host. An installed system seldom starts "
       "with the other kind."),
    (
        Choice("bios", N_("BIOS, chosen by libvirt"), N_("For old systems; starts fastest")),
        Choice("efi", N_("UEFI, chosen by libvirt"), N_("For Secure Boot, Windows 11, large drives")),
    ),
    offered="os/firmware", default=N_("the machine type's own, or the file below"), since=(5, 2, 0),
    words="OVMF AAVMF SeaBIOS EDK2",
)  # fmt: skip
_FEATURES = (
    yes_no("os/firmware/feature[@name='secure-boot']/@enabled", N_("Secure Boot"),
           N_("The firmware starts only signed systems. It needs “Enrolled keys” to have an effect, and SMM on x86."),
           when=(_EFI,), since=(7, 2, 0)),
    yes_no("os/firmware/feature[@name='enrolled-keys']/@enabled", N_("Enrolled keys"),
           N_("The variables come with the keys of Microsoft and the distributions, so that Secure Boot is in force at once."),
           when=(_EFI,), since=(7, 2, 0)),
)  # fmt: skip
_FORMATS = (Choice("raw", N_("Raw")), Choice("qcow2", N_("qcow2"), N_("Lets snapshots hold the variables")))
_FILES = (
    Field("os/loader", N_("Firmware file"), Kind.PATH, N_("A file of the host; leave it empty to let libvirt choose."),
        folded=True, words="OVMF_CODE.fd loader"),
    Field("os/loader/@type", N_("Firmware's memory"), Kind.CHOICE, N_("How the file is put into the machine."),
          (Choice("rom", N_("Read-only memory (BIOS)")), Choice("pflash", N_("Flash memory (UEFI)"))), offered="os/loader/type",
          folded=True),
    yes_no("os/loader/@readonly", N_("Firmware is read-only"), N_("UEFI writes its variables into a file of its own then."),
        offered="os/loader/readonly", folded=True),
    yes_no("os/loader/@secure", N_("Firmware needs SMM"), N_("For firmware files built with Secure Boot; SMM must be on."),
        offered="os/loader/secure",
           since=(2, 1, 0), folded=True),
    yes_no("os/loader/@stateless", N_("Firmware without variables"),
        N_("It forgets its settings at each start; for confidential machines."),
           since=(8, 6, 0), folded=True),
    Field("os/loader/@format", N_("Firmware file's format"), Kind.CHOICE, N_("Of the firmware file."), _FORMATS, default="raw",
        since=(9, 2, 0), folded=True),
    Field("os/nvram", N_("File of UEFI's variables"), Kind.PATH,
          N_("Holds boot entries and keys. “Reset the firmware's variables” when starting makes it anew from the template."),
          default=N_("made by libvirt"), folded=True, words="NVRAM varstore OVMF_VARS.fd reset"),
    Field("os/nvram/@template", N_("Template of the variables"), Kind.PATH,
        N_("Copied when the machine has no file of variables yet."),
          default=N_("the firmware's own"), folded=True),
    Field("os/nvram/@templateFormat", N_("Template's format"), Kind.CHOICE, N_("Of the template."), _FORMATS, since=(10, 10, 0),
        folded=True),
    Field("os/nvram/@format", N_("Format of the variables' file"), Kind.CHOICE, N_("Of the file of variables."), _FORMATS,
        default="raw", since=(9, 2, 0), folded=True),
    Field("os/nvram/@type", N_("Where the variables are"), Kind.CHOICE, N_("Other places than a file are set in “Everything”."),
          (Choice("file", N_("File")), Choice("block", N_("Block device")), Choice("network", N_("Network storage")),
              Choice("volume", N_("Volume of a pool"))),
          since=(8, 5, 0), folded=True),
    Field("os/nvram/source/@file", N_("Source of the variables: file"), Kind.PATH, N_("Used with “File” above."),
        since=(8, 5, 0), folded=True),
    Field("os/nvram/source/@dev", N_("Source of the variables: device"), Kind.PATH, N_("Used with “Block device” above."),
        since=(8, 5, 0), folded=True),
    *(Field(f"os/nvram/source/{path}", label, help=text,
        when=(When("os/nvram/@type", kinds, N_("The variables are elsewhere."), hide=True),), since=(8, 5, 0), folded=True)
      for path, label, text, kinds in (
          ("@pool", N_("Source of the variables: pool"), N_("Name of the storage pool."), ("volume",)),
          ("@volume", N_("Source of the variables: volume"), N_("Name of the volume in it."), ("volume",)),
          ("@protocol", N_("Source of the variables: protocol"), N_("Such as iscsi, nbd or rbd."), ("network",)),
          ("@name", N_("Source of the variables: name"), N_("Of the export or image on the server."), ("network",)),
          ("host/@name", N_("Source of the variables: server"), N_("Its name or address."), ("network",)),
          ("host/@port", N_("Source of the variables: port"), N_("Its port, if it is not the usual one."), ("network",)),
      )),
)  # fmt: skip
_MACHINE = (
    Field("@type", N_("Run by"), Kind.CHOICE, N_("KVM uses the host's processor; emulation works everywhere and is many times "
                                                 "slower."),
          (Choice("kvm", N_("KVM")), Choice("qemu", N_("QEMU without KVM (emulation)")),
              Choice("hvf", N_("Hypervisor.framework (macOS)")), Choice("xen", N_("Xen")),
           Choice("lxc", N_("LXC (container)")), Choice("bhyve", N_("bhyve")), Choice("vz", N_("Virtuozzo")),
           Choice("test", N_("Test driver"))),
          required=True, words="accelerator hypervisor virtualisation type"),
    Field("devices/emulator", N_("Emulator program"), Kind.PATH,
          N_("The program of the host that is the machine. Another one than the host's usual: an own build of QEMU, perhaps."),
          names="emulators", default=N_("the host's usual one"), folded=True, words="qemu-system binary emulator path"),
    Field("os/type/@machine", N_("Machine type (chipset)"), Kind.CHOICE,
          N_("The board that QEMU imitates. Q35 has PCI Express; i440FX is the older one. Changing it after the installation "
             "may disturb Windows' activation."),
          names="machines", default=N_("the host's usual one"), pattern=r"[a-zA-Z0-9_.\-]+",
          words="pc q35 i440fx virt pseries chipset"),
    Field("os/type/@arch", N_("Architecture"), Kind.CHOICE,
        N_("Of the guest's processor. Another than the host's is always emulated."),
          (Choice("x86_64", N_("x86, 64 bit")), Choice("i686", N_("x86, 32 bit")), Choice("aarch64", N_("Arm, 64 bit")),
              Choice("armv7l", N_("Arm, 32 bit")),
           Choice("ppc64", N_("POWER")), Choice("ppc64le", N_("POWER, little-endian")), Choice("riscv64", N_("RISC-V, 64 bit")),
           Choice("s390x", N_("IBM Z")), Choice("loongarch64", N_("LoongArch, 64 bit"))), names="architectures"),
    Field("os/type", N_("Kind of guest"), Kind.CHOICE, N_("Whether the guest believes to be on real hardware."),
          (Choice("hvm", N_("Full machine")), Choice("xen", N_("Xen, paravirtualised")),
              Choice("linux", N_("Xen, paravirtualised (older word)")),
           Choice("xenpvh", N_("Xen, PVH")), Choice("exe", N_("Container"))), required=True, folded=True),
)  # fmt: skip
_KERNEL = (
    Field("os/kernel", N_("Kernel"), Kind.PATH, N_("A file of the host that is started instead of what is on the drives."),
        words="direct kernel boot vmlinuz"),
    Field("os/initrd", N_("Initial RAM disk"), Kind.PATH, N_("Handed to the kernel."), words="initrd initramfs"),
    Field("os/cmdline", N_("Kernel's arguments"), help=N_("For example: console=ttyS0 root=/dev/vda1"),
        words="append command line"),
    Field("os/dtb", N_("Device tree"), Kind.PATH, N_("Describes the hardware to the kernel, mostly on Arm."), folded=True,
        words="dtb fdt"),
    Field("os/shim", N_("Shim"), Kind.PATH, N_("A signed loader before the kernel, for Secure Boot with a kernel of the host."),
        since=(11, 2, 0), folded=True),
    Field("os/root", N_("Root device"), help=N_("Only for Xen: which device has the root file system."), when=(XEN,),
        folded=True),
)  # fmt: skip
_TABLES = Table(
    "os/acpi/table", N_("ACPI tables"),
    (
        Field("", N_("File"), Kind.PATH, N_("A file of the host with the table."), required=True),
        Field("@type", N_("Kind"), Kind.CHOICE, N_("A SLIC table carries Windows licences of a computer's maker."),
              (Choice("slic", N_("SLIC")), Choice("raw", N_("One table, as it is"), N_("Since libvirt 11.2")),
                  Choice("rawset", N_("Several tables"), N_("Since libvirt 11.2")),
               Choice("msdm", N_("MSDM"), N_("Since libvirt 11.2"))), required=True),
    ),
    new="<table type='slic'>/var/lib/libvirt/slic.bin</table>", key="@type", when=(QEMU_KIND,),
    help=N_("Given to the guest as the firmware's own."), folded=True, words="SLIC MSDM Windows licence",
)  # fmt: skip
_BIOS = (
    yes_no("os/bios/@useserial", N_("BIOS on the serial line"),
        N_("The BIOS shows its messages on the first serial line as well."), when=(QEMU_KIND,), folded=True),
    Field("os/bios/@rebootTimeout", N_("Try again when nothing starts"), Kind.INTEGER,
          N_("How long the BIOS waits before it starts over; −1: never."), unit="ms", minimum=-1, maximum=65535, folded=True),
)  # fmt: skip
_XEN_LOADER = (
    Field("bootloader", N_("Boot loader program"), Kind.PATH,
        N_("A program of the host that takes the kernel out of the guest's drive: pygrub."), folded=True),
    Field("bootloader_args", N_("Its arguments"), help=N_("Handed to that program."), folded=True),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    if document.get("os/kernel"):
        return _("Kernel of the host")
    machine = document.get("os/type/@machine") or document.get("os/type/@arch") or ""
    uefi = document.get("os/@firmware") == "efi" or document.get("os/loader/@type") == "pflash"
    if document.get("os/type") == "exe":
        return _("Container")
    return (
        (_("UEFI, {machine}") if uefi else _("BIOS, {machine}")).format(machine=machine)
        if machine
        else (_("UEFI") if uefi else _("BIOS"))
    )


OS = Group(
    "os", N_("System and firmware"), "application-menu", Band.MACHINE,
    (
        Section(N_("Firmware"), (FIRMWARE, *_FEATURES, *_FILES), editor="firmware"),
        Section(N_("Machine"), _MACHINE),
        Section(N_("Start a kernel of the host"), _KERNEL, folded=True,
                help=N_("Starts a kernel file without any boot loader: for tests, and for guests without a boot drive.")),
        Section(N_("BIOS and ACPI"), (*_BIOS, _TABLES), folded=True),
        Section(N_("Xen's boot loader"), _XEN_LOADER, folded=True),
    ),
    _summary,
    N_("Firmware, chipset and architecture; starting a kernel directly."),
)  # fmt: skip
