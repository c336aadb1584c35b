"""Cryptography that the host does for the guest (formatdomain, "Crypto"), since libvirt 9.1."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import VIRTIO, address
from app.devices.shared.identity import more
from app.devices.wording import word_of
from app.i18n import N_
from app.xmldoc.document import Document, Element

_BACKEND = Field(
    "backend/@model",
    N_("Done by"),
    Kind.CHOICE,
    N_("What computes at the host."),
    (Choice("builtin", N_("The emulator")), Choice("lkcf", N_("The host's kernel"))),
    required=True,
    offered="crypto/backendModel",
)
_FIELDS = (
    _BACKEND,
    Field("backend/@queues", N_("Queues"), Kind.INTEGER, help=N_("As many as processors is a good choice."), minimum=1),
    Field(
        "@model",
        N_("Model"),
        Kind.CHOICE,
        help=N_("What the guest sees."),
        choices=(Choice("virtio", "virtio"),),
        required=True,
        offered="crypto/model",
    ),
    Field(
        "@type",
        N_("Kind"),
        Kind.CHOICE,
        help=N_("Who emulates it."),
        choices=(Choice("qemu", "QEMU"),),
        required=True,
        offered="crypto/type",
    ),
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_BACKEND, document, element)


CRYPTO = DeviceType(
    "crypto",
    N_("Cryptography"),
    "device-crypto",
    Band.DEVICES,
    (Section(N_("Cryptography"), _FIELDS), address(*VIRTIO), more()),
    _summary,
    N_("The host encrypts and decrypts for the guest."),
    order=680,
    since=(9, 1, 0),
    tag="crypto",
    variants=(
        Variant(
            "crypto",
            N_("Cryptography"),
            "<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>",
            "",
            "crypto/backendModel=builtin",
            since=(9, 1, 0),
        ),
        Variant(
            "crypto-lkcf",
            N_("Cryptography: the host's kernel"),
            "<crypto model='virtio' type='qemu'><backend model='lkcf'/></crypto>",
            "",
            "crypto/backendModel=lkcf",
            since=(9, 1, 0),
        ),
    ),
    hotplug=True,
)
