"""Sound cards (formatdomain, "Sound devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Table, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("What card the guest sees."),
    (
        Choice("ich9", "Intel HDA (ICH9)", N_("For Q35")),
        Choice("ich6", "Intel HDA (ICH6)"),
        Choice("virtio", "virtio", since=(10, 4, 0)),
        Choice("usb", N_("USB sound card")),
        Choice("ac97", "AC97"),
        Choice("ich7", "Intel HDA (ICH7)"),
        Choice("es1370", "Ensoniq ES1370"),
        Choice("sb16", "Sound Blaster 16"),
        Choice("pcspk", N_("PC speaker")),
    ),
    required=True,
    words="audio hda",
)
_HDA = only("@model", "ich6", "ich9")
_FIELDS = (
    _MODEL,
    Table(
        "codec",
        N_("Connections"),
        (
            Field(
                "@type",
                N_("Kind"),
                Kind.CHOICE,
                help=N_("What is plugged in."),
                choices=(
                    Choice("duplex", N_("Line in and out")),
                    Choice("micro", N_("Microphone and speaker")),
                    Choice("output", N_("Line out only")),
                ),
                required=True,
            ),
        ),
        new="<codec type='duplex'/>",
        help=N_("What is plugged into the card; without a word line in and out."),
        when=(_HDA,),
    ),
    Field("audio/@id", N_("Played by"), Kind.INTEGER, N_("The number of the audio backend."), minimum=1),
    Field(
        "@streams",
        N_("Streams"),
        Kind.INTEGER,
        help=N_("One for playing and one for recording is usual."),
        minimum=1,
        when=(only("@model", "virtio"),),
        since=(10, 5, 0),
    ),
    on_off(
        "@multichannel", N_("More than two channels"), N_("For surround sound."), when=(only("@model", "usb"),), since=(9, 1, 0)
    ),
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_MODEL, document, element)


def _title(document: Document, element: Element) -> str:
    return _("Sound card {model}").format(model=element.get("model") or "").rstrip()


SOUND = DeviceType(
    "sound",
    N_("Sound card"),
    "device-sound",
    Band.DEVICES,
    (Section(N_("Sound card"), _FIELDS), address("pci", "usb", "isa"), more()),
    _summary,
    N_("The guest hears and records over it."),
    order=130,
    tag="sound",
    title=_title,
    variants=(
        Variant("sound-ich9", N_("Sound card: Intel HDA"), "<sound model='{hda}'/>", N_("Each current guest knows it.")),
        Variant("sound-usb", N_("Sound card: USB"), "<sound model='usb'/>"),
        Variant("sound-ac97", N_("Sound card: AC97"), "<sound model='ac97'/>", N_("For older guests.")),
        Variant("sound-sb16", N_("Sound card: Sound Blaster 16"), "<sound model='sb16'/>", N_("For very old guests.")),
    ),
)
