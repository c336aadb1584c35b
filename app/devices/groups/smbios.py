"""Hardware information: what the guest reads as its maker and serial numbers (formatdomain, "SMBIOS System Information")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table
from app.devices.groups.terms import QEMU
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODE = Field("os/smbios/@mode", N_("Where it comes from"), Kind.CHOICE,
    N_("What dmidecode shows in the guest. Some software takes it for its licence."),
              (Choice("emulate", N_("QEMU's own")),
                  Choice("host", N_("Copied from the host"), N_("The guest then knows the host's serial numbers")),
               Choice("sysinfo", N_("What is written below"))), default=N_("QEMU's own"),
               words="DMI dmidecode serial number manufacturer")  # fmt: skip

_WORDS: dict[str, str] = {
    "vendor": N_("Maker"), "version": N_("Version"), "date": N_("Date"), "release": N_("Release"), "manufacturer": N_("Maker"),
    "product": N_("Product"),
    "serial": N_("Serial number"), "uuid": N_("UUID"), "sku": N_("Stock-keeping number"), "family": N_("Family"),
    "asset": N_("Asset tag"), "location": N_("Place"),
}  # fmt: skip
_NAMES = {
    "bios": ("vendor", "version", "date", "release"),
    "system": ("manufacturer", "product", "version", "serial", "uuid", "sku", "family"),
    "baseBoard": ("manufacturer", "product", "version", "serial", "asset", "location"),
    "chassis": ("manufacturer", "version", "serial", "asset", "sku"),
}


def _entries(part: str, label: str) -> Table:
    names = _NAMES[part]
    return Table(
        f"sysinfo[@type='smbios']/{part}/entry", label,
        (
            Field("@name", N_("What"), Kind.CHOICE, N_("Which of the facts it is."),
                tuple(Choice(name, _WORDS[name]) for name in names), required=True),
            Field("", N_("Text"), help=N_("What the guest reads.")),
        ),
        new=f"<entry name='{names[0]}'/>", key="@name", limit=len(names), words="sysinfo smbios dmi",
    )  # fmt: skip


_STRINGS = Table("sysinfo[@type='smbios']/oemStrings/entry", N_("OEM strings"),
                 (Field("", N_("Text"), help=N_("A text that a program in the guest knows to look for.")),),
                 new="<entry>text</entry>",
                 help=N_("A way to hand texts to a guest."), folded=True)  # fmt: skip
_FWCFG = Table(
    "sysinfo[@type='fwcfg']/entry", N_("Firmware settings (fw_cfg)"),
    (
        Field("@name", N_("Name"), help=N_("Begins with opt/, then your domain: opt/org.example/key."), required=True),
        Field("", N_("Text"), help=N_("The value; leave it empty if a file has it.")),
        Field("@file", N_("File"), Kind.PATH, N_("A file of the host whose content is the value.")),
    ),
    new="<entry name='opt/org.example/key'>value</entry>", key="@name",
    help=N_("Read by firmware and systems, for example Ignition of Fedora CoreOS (opt/com.coreos/config)."), folded=True,
    words="ignition fw_cfg coreos",
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    mode = document.get("os/smbios/@mode")
    return next((_(choice.words) for choice in _MODE.choices if choice.value == mode), "") or _("QEMU's own")


SMBIOS = Group(
    "smbios", N_("Hardware information"), "dialog-information", Band.MACHINE,
    (
        Section(N_("Source"), (_MODE,)),
        Section(N_("Texts"), (
            _entries("system", N_("System")), _entries("bios", N_("BIOS")), _entries("baseBoard", N_("Board")),
            _entries("chassis", N_("Case")), _STRINGS,
        ), help=N_("Used with “What is written below”.")),
        Section(N_("For firmware and Ignition"), (_FWCFG,), folded=True),
    ),
    _summary,
    N_("Maker, product and serial numbers that the guest sees."),
    drivers=QEMU,
)  # fmt: skip
