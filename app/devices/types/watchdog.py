"""Watchdog: does something when the guest does not answer any more (formatdomain, "Watchdog devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.identity import more
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "@model", N_("Model"), Kind.CHOICE,
    N_("What the guest sees; it needs a driver for it."),
    (
        Choice("i6300esb", N_("Intel 6300ESB (PCI)")),
        Choice("itco", N_("Intel TCO (part of Q35)"), since=(9, 1, 0)),
        Choice("ib700", N_("iBASE 700 (ISA)")),
        Choice("diag288", N_("diag288 (s390)")),
    ),
    required=True,
)  # fmt: skip
_ACTION = Field(
    "@action", N_("When the guest hangs"), Kind.CHOICE,
    N_("Done when the guest has not reset the watchdog in time."),
    (
        Choice("reset", N_("Reset it")),
        Choice("shutdown", N_("Shut it down"), N_("A guest that hangs does not react to that")),
        Choice("poweroff", N_("Force it off")),
        Choice("pause", N_("Pause it")),
        Choice("dump", N_("Write its memory to a file, and go on")),
        Choice("inject-nmi", N_("Interrupt it (NMI)")),
        Choice("none", N_("Nothing")),
    ),
    default="reset",
)  # fmt: skip


def _summary(document: Document, element: Element) -> str:
    return _("{model}: {action}").format(
        model=word_of(_MODEL, document, element), action=word_of(_ACTION, document, element)
    )  # fmt: skip


WATCHDOG = DeviceType(
    "watchdog", N_("Watchdog"), "device-watchdog", Band.DEVICES,
    (Section(N_("Watchdog"), (_MODEL, _ACTION)), address("pci"), more()),
    _summary,
    N_("Acts when the guest's system hangs."),
    order=630,
    tag="watchdog",
    keys=("alias/@name", "@model"),
    variants=(Variant("watchdog", N_("Watchdog"), "<watchdog model='i6300esb' action='reset'/>"),),
    hotplug=True,
)  # fmt: skip
