"""TPM: keeps keys and measures what started (formatdomain, "TPM device")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import yes_no
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_EMULATED = only("backend/@type", "emulator")
_EXTERNAL = only("backend/@type", "external")
_KIND = Field(
    "backend/@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("An emulated TPM can move with the machine; the host's own cannot."),
    (
        Choice("emulator", N_("Emulated (swtpm)")),
        Choice("passthrough", N_("The host's own")),
        Choice("external", N_("Of another program")),
    ),
    required=True,
    offered="tpm/backendModel",
    words="swtpm bitlocker",
)
_MODEL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("What the guest sees."),
    (
        Choice("tpm-crb", "CRB", N_("For TPM 2.0")),
        Choice("tpm-tis", "TIS", N_("For TPM 1.2 and 2.0")),
        Choice("tpm-spapr", "sPAPR (POWER)"),
        Choice("spapr-tpm-proxy", N_("sPAPR proxy (POWER)")),
    ),
    offered="tpm/model",
)
_VERSION = Field(
    "backend/@version",
    N_("Version"),
    Kind.CHOICE,
    N_("Windows 11 needs 2.0."),
    (Choice("2.0", "2.0"), Choice("1.2", N_("1.2 (old)"))),
    default="2.0",
    when=(_EMULATED,),
    offered="tpm/backendVersion",
)
_FIELDS = (
    _KIND,
    _MODEL,
    _VERSION,
    yes_no(
        "backend/@persistent_state",
        N_("Keep its content when the machine is undefined"),
        N_("Keys stay in the TPM even for a machine that is not kept."),
        when=(_EMULATED,),
    ),
    Field(
        "backend/encryption/@secret",
        N_("Encrypted with the secret"),
        Kind.UUID,
        N_("The secret of libvirt that encrypts the TPM's content on the host."),
        names="secrets",
        when=(_EMULATED,),
        words="encryption",
    ),
    Field(
        "backend/device/@path",
        N_("Device of the host"),
        Kind.PATH,
        help=N_("The TPM that the machine gets for itself."),
        default="/dev/tpm0",
        when=(only("backend/@type", "passthrough"),),
    ),
    Field(
        "backend/source/@type",
        N_("Place of the TPM"),
        Kind.CHOICE,
        N_("A socket of the program, or where an emulated TPM keeps its content."),
        (
            Choice("unix", N_("Unix socket")),
            Choice("dir", N_("Folder"), since=(10, 10, 0)),
            Choice("file", N_("File"), since=(10, 10, 0)),
        ),
        when=(only("backend/@type", "external", "emulator"),),
    ),
    Field(
        "backend/source/@path",
        N_("Path"),
        Kind.PATH,
        help=N_("Of the socket, folder or file."),
        when=(only("backend/@type", "external", "emulator"),),
    ),
    Field(
        "backend/source/@mode",
        N_("Role"),
        Kind.CHOICE,
        help=N_("Who makes the connection."),
        choices=(Choice("connect", N_("The machine connects")),),
        when=(_EXTERNAL,),
    ),
)
_BANKS = tuple(
    Field(
        f"backend/active_pcr_banks/{name}",
        label,
        Kind.PRESENCE,
        N_("A set of registers with this checksum, turned on at the next start."),
        when=(_EMULATED,),
        words="pcr bank",
    )
    for name, label in (("sha1", "SHA-1"), ("sha256", "SHA-256"), ("sha384", "SHA-384"), ("sha512", "SHA-512"))
)
_PROFILE = (
    Field(
        "backend/profile/@source",
        N_("Profile"),
        Kind.TEXT,
        N_("Which functions a new TPM has: local:restricted."),
        when=(_EMULATED,),
        since=(10, 10, 0),
    ),
    Field(
        "backend/profile/@name", N_("Profile in use"), Kind.TEXT, N_("Written by libvirt."), when=(_EMULATED,), since=(10, 10, 0)
    ),
    Field(
        "backend/profile/@removeDisabled",
        N_("Without what the host forbids"),
        Kind.CHOICE,
        help=N_("Algorithms that the host does not allow are taken out of the profile."),
        choices=(Choice("check", N_("Only where it is needed")), Choice("fips-host", N_("On hosts with FIPS"))),
        when=(_EMULATED,),
        since=(10, 10, 0),
    ),
    Field(
        "backend/@debug",
        N_("Detail of the log"),
        Kind.INTEGER,
        help=N_("A higher number writes more."),
        minimum=0,
        when=(_EMULATED,),
        since=(10, 1, 0),
    ),
)


def _summary(document: Document, element: Element) -> str:
    kind = word_of(_KIND, document, element)
    if element.find("backend[@type='emulator']") is None:
        return kind
    return _("{kind}, version {version}").format(kind=kind, version=document.get("backend/@version", "2.0", element))


TPM = DeviceType(
    "tpm",
    "TPM",
    "device-tpm",
    Band.DEVICES,
    (
        Section("TPM", _FIELDS),
        Section(N_("Registers (PCR)"), _BANKS, folded=True),
        address("spapr-vio"),
        more(*_PROFILE, index=False),
    ),
    _summary,
    N_("Keeps keys, and measures what was started; Windows 11 and disk encryption want it."),
    order=620,
    tag="tpm",
    keys=("backend/@type", "@model"),
    limit=2,
    variants=(
        Variant(
            "tpm-emulator",
            N_("TPM: emulated"),
            "<tpm model='{tpm}'><backend type='emulator' version='2.0'/></tpm>",
            N_("Version 2.0, kept with the machine."),
            "tpm/backendModel=emulator",
        ),
        Variant(
            "tpm-passthrough",
            N_("TPM: the host's own"),
            "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
            "",
            "tpm/backendModel=passthrough",
        ),
        Variant(
            "tpm-external",
            N_("TPM: of another program"),
            "<tpm model='{tpm}'><backend type='external'><source type='unix' mode='connect' path='/run/swtpm.sock'/>"
            "</backend></tpm>",
            "",
            "tpm/backendModel=external",
        ),
    ),
)
