"""NVRAM of POWER machines (formatdomain, "NVRAM device"); that of UEFI is a setting of the firmware."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Variant
from app.devices.shared.address import address
from app.i18n import N_, _
from app.xmldoc.document import Document, Element


def _summary(document: Document, element: Element) -> str:
    register = document.get("address/@reg", None, element)
    return _("register {register}").format(register=register) if register else _("default register")


NVRAM = DeviceType(
    "nvram",
    N_("NVRAM (POWER)"),
    "device-nvram",
    Band.DEVICES,
    (address("spapr-vio"),),
    _summary,
    N_("Settings of the firmware of POWER machines."),
    order=930,
    tag="nvram",
    keys=(),
    limit=1,
    variants=(Variant("nvram", N_("NVRAM (POWER)"), "<nvram/>"),),
)
