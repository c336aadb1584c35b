"""Parallel ports (formatdomain, "Parallel port")."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Section, Variant
from app.devices.shared import chardev
from app.devices.shared.address import address
from app.devices.shared.identity import more
from app.devices.types.serial import PORT, TTY, TYPE, describe
from app.i18n import N_, _
from app.xmldoc.document import Document, Element


def _title(document: Document, element: Element) -> str:
    number = document.get("target/@port", None, element)
    return _("Parallel port {number}").format(number=int(number) + 1) if number and number.isdecimal() else _("Parallel port")


PARALLEL = DeviceType(
    "parallel",
    N_("Parallel port"),
    "device-parallel",
    Band.DEVICES,
    (Section(N_("Parallel port"), (TYPE, *chardev.source(), PORT)), address("isa"), more(TTY)),
    describe,
    N_("For old printers and devices."),
    order=230,
    tag="parallel",
    title=_title,
    keys=("target/@port", "alias/@name"),
    variants=(
        Variant("parallel-pty", N_("Parallel port"), "<parallel type='pty'/>"),
        Variant(
            "parallel-dev",
            N_("Parallel port: port of the host"),
            "<parallel type='dev'><source path='/dev/parport0'/></parallel>",
        ),
        Variant(
            "parallel-file",
            N_("Parallel port: written to a file"),
            "<parallel type='file'><source path='/var/log/libvirt/parallel-{name}.log'/></parallel>",
        ),
    ),
)
