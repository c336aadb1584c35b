"""Confidential machine: memory that the host cannot read (formatdomain, "Launch Security", "Key Wrap")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, When
from app.devices.groups.terms import QEMU, S390, on_off, yes_no
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_AT = "launchSecurity"


def _for(*types: str) -> tuple[When, ...]:
    return (When(f"{_AT}/@type", types, N_("Another kind of protection is chosen.")),)


_TYPE = Field(
    f"{_AT}/@type", N_("Protection"), Kind.CHOICE, N_("Encrypts the guest's memory. It needs UEFI made for it; the machine "
                                                      "cannot be moved or saved, and the drives need iommu='on'."),
    (
        Choice("sev", N_("AMD SEV or SEV-ES")),
        Choice("sev-snp", N_("AMD SEV-SNP"), N_("Since libvirt 10.5")),
        Choice("tdx", N_("Intel TDX"), N_("Since libvirt 11.6")),
        Choice("s390-pv", N_("IBM Secure Execution"), N_("Since libvirt 7.6")),
    ),
    offered="launchSecurity/sectype", default=N_("none"), since=(4, 4, 0),
    words="SEV SNP TDX confidential encryption memory secure execution",
)  # fmt: skip
_AMD, _SNP = _for("sev", "sev-snp"), _for("sev-snp")
_COMMON = (
    Field(f"{_AT}/policy", N_("Policy"), help=N_("A number with bits that AMD or Intel describe; 0x0005 is SEV-ES without "
                                                 "debugging, 0x30000 SNP's usual one."),
          pattern=r"(0x)?[0-9a-fA-F]+", pattern_help=N_("This is a hexadecimal number: 0x0003."),
          when=_for("sev", "sev-snp", "tdx")),
    yes_no(f"{_AT}/@kernelHashes", N_("Kernel is measured too"),
        N_("With a kernel of the host: its hash becomes part of the measurement."), when=_AMD, since=(8, 0, 0)),
    Field(f"{_AT}/cbitpos", N_("Encryption bit"), Kind.INTEGER, N_("libvirt knows it by itself."), default=N_("the host's"),
        minimum=0, maximum=63, when=_AMD, folded=True),
    Field(f"{_AT}/reducedPhysBits", N_("Address bits that it costs"), Kind.INTEGER, N_("libvirt knows it by itself."),
        default=N_("the host's"), minimum=0, maximum=63, when=_AMD, folded=True),
    Field(f"{_AT}/dhCert", N_("Owner's key"), Kind.LINES, N_("The guest owner's Diffie-Hellman key, Base64."), when=_for("sev"),
        folded=True, words="attestation"),
    Field(f"{_AT}/session", N_("Owner's session"), Kind.LINES, N_("The guest owner's session blob, Base64."), when=_for("sev"),
        folded=True, words="attestation"),
    Field(f"{_AT}/handle", N_("Handle"), Kind.INTEGER,
        N_("Only for machines that share a key, which libvirt does not use any more."), minimum=0, when=_for("sev"), folded=True),
)  # fmt: skip
_NEWER = (
    yes_no(f"{_AT}/@authorKey", N_("Author's key"), N_("The identity has a key of its author."), when=_SNP, since=(10, 5, 0),
        folded=True),
    yes_no(f"{_AT}/@vcek", N_("Signed by the processor's own key"), N_("VCEK instead of VLEK."), when=_SNP, since=(10, 5, 0),
        folded=True),
    Field(f"{_AT}/guestVisibleWorkarounds", N_("Workarounds told to the guest"), help=N_("Base64, 16 bytes."), when=_SNP,
        since=(10, 5, 0), folded=True),
    Field(f"{_AT}/idBlock", N_("Identity"), Kind.LINES, N_("Base64, 96 bytes."), when=_SNP, since=(10, 5, 0), folded=True),
    Field(f"{_AT}/idAuth", N_("Identity's signature"), Kind.LINES, N_("Base64, 4096 bytes."), when=_SNP, since=(10, 5, 0),
        folded=True),
    Field(f"{_AT}/hostData", N_("Data for the report"), help=N_("Base64, 32 bytes that stand in the guest's report."), when=_SNP,
        since=(10, 5, 0), folded=True),
    Field(f"{_AT}/mrConfigId", N_("Configuration's identity"), help=N_("Base64, 48 bytes."), when=_for("tdx"), since=(11, 6, 0),
        folded=True),
    Field(f"{_AT}/mrOwner", N_("Owner's identity"), help=N_("Base64, 48 bytes."), when=_for("tdx"), since=(11, 6, 0),
        folded=True),
    Field(f"{_AT}/mrOwnerConfig", N_("Owner's configuration"), help=N_("Base64, 48 bytes."), when=_for("tdx"), since=(11, 6, 0),
        folded=True),
    Field(f"{_AT}/quoteGenerationService/@path", N_("Socket of the quote service"), Kind.PATH,
        N_("The host's Intel service that signs the guest's reports."),
          default="/var/run/tdx-qgs/qgs.socket", when=_for("tdx"), since=(11, 6, 0), folded=True),
)  # fmt: skip
_KEYS = tuple(
    on_off(f"keywrap/cipher[@name='{name}']/@state", label,
        N_("The guest may use protected keys of this cipher in the processor."), when=(S390,), since=(1, 2, 16),
        words="key wrap s390 cpacf")
    for name, label in (("aes", N_("Protected AES keys")), ("dea", N_("Protected DES keys")))
)  # fmt: skip


def _summary(document: Document, element: Element) -> str:
    return word_of(_TYPE, document, element) if document.get(f"{_AT}/@type") else _("Not protected")


CONFIDENTIAL = Group(
    "confidential", N_("Confidential machine"), "security-high", Band.MACHINE,
    (
        Section(N_("Protection from the host"), (_TYPE, *_COMMON)),
        Section(N_("Identity and reports"), _NEWER, folded=True),
        Section(N_("Keys of IBM Z"), _KEYS, folded=True),
    ),
    _summary,
    N_("Memory that even the host cannot read."),
    drivers=QEMU,
)  # fmt: skip
