"""Options of virtio devices that change how the guest reaches them (formatdomain, "Virtio-related options")."""

from __future__ import annotations

from app.devices.description import Choice, Field, When
from app.devices.shared.switches import on_off
from app.i18n import N_

MODELS = (
    Choice("virtio", N_("virtio")),
    Choice(
        "virtio-transitional",
        N_("virtio, for old guests too"),
        N_("Works with guests that know only the first version of virtio."),
    ),
    Choice("virtio-non-transitional", N_("virtio 1.0 and newer only"), N_("Saves room on machines with PCI Express.")),
)


def options(*when: When) -> tuple[Field, ...]:
    """The four fields below ``driver``."""
    return (
        on_off(
            "driver/@iommu",
            N_("Through the machine's IOMMU"),
            N_("The guest reaches the device by the virtual IOMMU; needed by guests whose memory is encrypted."),
            when=when,
        ),
        on_off(
            "driver/@ats",
            N_("Address translation in the device"),
            N_("Lets the device keep translated addresses (ATS)."),
            when=when,
        ),
        on_off(
            "driver/@packed",
            N_("Packed queues"),
            N_("A newer form of the queues that needs less work on the processor."),
            when=when,
        ),
        on_off("driver/@page_per_vq", N_("A page for each queue"), N_("Each queue is notified by a page of its own."), when=when),
    )
