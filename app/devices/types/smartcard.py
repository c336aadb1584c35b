"""Smart cards (formatdomain, "Smartcard devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared import chardev
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.wording import word_of
from app.i18n import N_
from app.xmldoc.document import Document, Element

_MODE = Field(
    "@mode",
    N_("Which card"),
    Kind.CHOICE,
    N_("Whose card the guest sees."),
    (
        Choice("passthrough", N_("The viewer's"), N_("Of the reader at the viewer's computer")),
        Choice("host", N_("The host's")),
        Choice("host-certificates", N_("Certificates of the host"), N_("A card that is made of three certificates")),
    ),
    required=True,
)
_CERTIFICATES = only("@mode", "host-certificates")
_PASSED = only("@mode", "passthrough")
_TYPE = chardev.type_field("spicevmc", "tcp", "unix", "udp", "file", "dev", "pipe", "null", "pty")
_FIELDS = (
    _MODE,
    *(
        Field(f"certificate[{number}]", label, Kind.TEXT, N_("Its name in the database."), when=(_CERTIFICATES,))
        for number, label in enumerate((N_("First certificate"), N_("Second certificate"), N_("Third certificate")), 1)
    ),
    Field(
        "database",
        N_("Database of the certificates"),
        Kind.PATH,
        help=N_("A folder of the host with the certificates."),
        default="/etc/pki/nssdb",
        when=(_CERTIFICATES,),
    ),
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_MODE, document, element)


SMARTCARD = DeviceType(
    "smartcard",
    N_("Smart card"),
    "device-smartcard",
    Band.DEVICES,
    (
        Section(N_("Smart card"), _FIELDS),
        Section(
            N_("Connection of the card"),
            (Field("@type", _TYPE.label, Kind.CHOICE, _TYPE.help, _TYPE.choices, when=(_PASSED,)), *chardev.source()),
        ),
        address("ccid"),
        more(alias=False),
    ),
    _summary,
    N_("The guest sees a card reader with a card."),
    order=580,
    tag="smartcard",
    limit=1,
    variants=(
        Variant(
            "smartcard-passthrough",
            N_("Smart card: the viewer's"),
            "<smartcard mode='passthrough' type='spicevmc'/>",
            N_("Over SPICE."),
        ),
        Variant("smartcard-host", N_("Smart card: the host's"), "<smartcard mode='host'/>"),
        Variant(
            "smartcard-certificates",
            N_("Smart card: certificates of the host"),
            "<smartcard mode='host-certificates'><certificate>cert1</certificate><certificate>cert2</certificate>"
            "<certificate>cert3</certificate></smartcard>",
        ),
    ),
)
