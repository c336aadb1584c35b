"""Memory balloon: memory that the guest gives back (formatdomain, "Memory balloon device")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import VIRTIO, address
from app.devices.shared.conditions import unless
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.shared.virtio import MODELS, options
from app.devices.wording import word_of
from app.i18n import N_
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("Without one libvirt adds it by itself."),
    (*MODELS, Choice("xen", "Xen"), Choice("none", N_("No balloon"))),
    required=True,
)
_SOME = unless("@model", "none")
_FIELDS = (
    _MODEL,
    on_off(
        "@autodeflate",
        N_("Give memory when the guest runs out"),
        N_("The balloon shrinks before the guest ends programs."),
        when=(_SOME,),
    ),
    on_off(
        "@freePageReporting",
        N_("Free memory goes to the host at once"),
        N_("The guest tells which pages it does not use."),
        when=(_SOME,),
    ),
    Field(
        "stats/@period",
        N_("Ask for figures every"),
        Kind.INTEGER,
        N_("How often the guest tells how much memory it uses."),
        unit="s",
        minimum=1,
        when=(_SOME,),
        live="balloon-period",
        default=N_("never"),
    ),
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_MODEL, document, element)


MEMBALLOON = DeviceType(
    "memballoon",
    N_("Memory balloon"),
    "device-memballoon",
    Band.DEVICES,
    (Section(N_("Memory balloon"), _FIELDS), address(*VIRTIO), more(*options(_SOME))),
    _summary,
    N_("Lets the host take memory from the running guest and give it back."),
    order=600,
    tag="memballoon",
    limit=1,
    keys=("@model",),
    variants=(
        Variant("memballoon", N_("Memory balloon"), "<memballoon model='virtio'><stats period='5'/></memballoon>"),
        Variant("memballoon-none", N_("No memory balloon"), "<memballoon model='none'/>", N_("Keeps libvirt from adding one.")),
    ),
)
