"""VSOCK: sockets between guest and host without a network (formatdomain, "Vsock")."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import VIRTIO, address
from app.devices.shared.conditions import unless
from app.devices.shared.identity import more
from app.devices.shared.switches import yes_no
from app.devices.shared.virtio import MODELS, options
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_FIELDS = (
    yes_no("cid/@auto", N_("Number chosen by libvirt"), N_("A free one, at each start.")),
    Field(
        "cid/@address",
        N_("Number"),
        Kind.INTEGER,
        N_("By which programs of the host reach the guest."),
        minimum=3,
        maximum=4294967295,
        when=(unless("cid/@auto", "yes", why=N_("libvirt chooses it.")),),
        words="cid",
    ),
)


def _summary(document: Document, element: Element) -> str:
    if document.get("cid/@auto", "", element) == "yes":
        return _("automatic number")
    return _("number {number}").format(number=document.get("cid/@address", "?", element))


VSOCK = DeviceType(
    "vsock",
    N_("VSOCK"),
    "device-vsock",
    Band.DEVICES,
    (
        Section(N_("VSOCK"), _FIELDS),
        address(*VIRTIO),
        more(
            Field(
                "@model",
                N_("Form of virtio"),
                Kind.CHOICE,
                N_("Only for old guests another than virtio."),
                MODELS,
                default="virtio",
            ),
            *options(),
        ),
    ),
    _summary,
    N_("Programs of guest and host talk to each other without a network."),
    order=670,
    tag="vsock",
    keys=(),
    limit=1,
    variants=(Variant("vsock", N_("VSOCK"), "<vsock model='virtio'><cid auto='yes'/></vsock>"),),
    hotplug=True,
)
