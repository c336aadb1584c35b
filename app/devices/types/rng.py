"""Random numbers of the host for the guest (formatdomain, "Random number generator device")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant, When
from app.devices.shared import chardev
from app.devices.shared.address import VIRTIO, address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.virtio import MODELS, options
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_BACKEND = Field(
    "backend/@model",
    N_("From"),
    Kind.CHOICE,
    N_("Where the random numbers come from."),
    (
        Choice("random", N_("Device of the host")),
        Choice("builtin", N_("The emulator")),
        Choice("egd", N_("Another program (EGD)")),
    ),
    required=True,
    offered="rng/backendModel",
    words="random entropy",
)
_EGD = only("backend/@model", "egd")
_TYPE = chardev.type_field("tcp", "unix", "udp", "file", "dev", "pipe", "pty", path="backend/@type")
_FIELDS = (
    _BACKEND,
    Field(
        "backend",
        N_("Device"),
        Kind.PATH,
        help=N_("/dev/urandom is right nearly always."),
        default="/dev/urandom",
        when=(only("backend/@model", "random"),),
    ),
    Field(
        "rate/@bytes",
        N_("At most"),
        Kind.INTEGER,
        N_("So that one guest does not use up the host's random numbers."),
        unit="bytes",
        minimum=1,
    ),
    Field(
        "rate/@period",
        N_("In each"),
        Kind.INTEGER,
        help=N_("The time in which so many bytes may be taken."),
        unit="ms",
        minimum=1,
        default="1000",
        when=(When("rate/@bytes", why=N_("First say how many bytes.")),),
    ),
)


def _summary(document: Document, element: Element) -> str:
    device = document.get("backend", "", element)
    word = word_of(_BACKEND, document, element)
    return _("{backend}: {device}").format(backend=word, device=device) if device else word


RNG = DeviceType(
    "rng",
    N_("Random numbers"),
    "device-rng",
    Band.DEVICES,
    (
        Section(N_("Random numbers"), _FIELDS),
        Section(
            N_("Connection to the program"),
            (
                Field("backend/@type", _TYPE.label, Kind.CHOICE, _TYPE.help, _TYPE.choices, when=(_EGD,)),
                *chardev.source("backend/"),
            ),
        ),
        address(*VIRTIO),
        more(
            Field(
                "@model",
                N_("Form of virtio"),
                Kind.CHOICE,
                N_("Only for old guests another than virtio."),
                MODELS,
                required=True,
                offered="rng/model",
            ),
            *options(),
        ),
    ),
    _summary,
    N_("Gives the guest good random numbers, so that it does not wait for them at its start."),
    order=610,
    tag="rng",
    keys=("alias/@name", "backend"),
    variants=(
        Variant(
            "rng",
            N_("Random numbers"),
            "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
            "",
            "rng/backendModel=random",
        ),
        Variant(
            "rng-builtin",
            N_("Random numbers: of the emulator"),
            "<rng model='virtio'><backend model='builtin'/></rng>",
            "",
            "rng/backendModel=builtin",
        ),
        Variant(
            "rng-egd",
            N_("Random numbers: of another program"),
            "<rng model='virtio'><backend model='egd' type='tcp'><source mode='connect' host='127.0.0.1' service='8000'/>"
            "</backend></rng>",
            "",
            "rng/backendModel=egd",
        ),
    ),
    hotplug=True,
)
