"""IOMMU of the guest, which keeps its devices to their own memory (formatdomain, "IOMMU devices")."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import on_off
from app.devices.wording import word_of
from app.i18n import N_
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "@model",
    N_("Model"),
    Kind.CHOICE,
    N_("What the guest sees."),
    (
        Choice("intel", "Intel VT-d"),
        Choice("virtio", "virtio"),
        Choice("smmuv3", "SMMUv3 (ARM)"),
        Choice("amd", "AMD-Vi", since=(11, 5, 0)),
    ),
    required=True,
)
_INTEL = only("@model", "intel")
_FIELDS = (
    _MODEL,
    on_off(
        "driver/@intremap",
        N_("Interrupts too"),
        N_("Needed for more than 255 processors; the machine's interrupt controller must be split."),
        when=(only("@model", "intel", "amd"),),
    ),
    on_off(
        "driver/@caching_mode",
        N_("For devices that are passed through"),
        N_("Needed when the guest itself gives devices of the host to its programs."),
        when=(_INTEL,),
    ),
    on_off("driver/@eim", N_("Many processors"), N_("More than 255 processors can get interrupts."), when=(_INTEL,)),
    on_off(
        "driver/@iotlb",
        N_("Devices keep addresses"),
        N_("For virtio devices with address translation of their own."),
        when=(only("@model", "intel", "amd"),),
    ),
    Field(
        "driver/@aw_bits",
        N_("Width of addresses"),
        Kind.INTEGER,
        help=N_("39 or 48; libvirt asks the emulator otherwise."),
        unit="bit",
        minimum=32,
        maximum=64,
        when=(_INTEL,),
    ),
    on_off(
        "driver/@dma_translation",
        N_("Translate addresses"),
        N_("“Off” makes a guest's IOMMU that only remaps interrupts."),
        when=(_INTEL,),
        since=(10, 7, 0),
    ),
    on_off(
        "driver/@passthrough",
        N_("Pass through mode"),
        N_("Devices see the host's addresses as they are."),
        when=(only("@model", "amd"),),
        since=(11, 5, 0),
    ),
    on_off(
        "driver/@xtsup",
        N_("Many processors (x2APIC)"),
        N_("More than 255 processors can get interrupts."),
        when=(only("@model", "amd"),),
        since=(11, 5, 0),
    ),
)


def _summary(document: Document, element: Element) -> str:
    return word_of(_MODEL, document, element)


IOMMU = DeviceType(
    "iommu",
    N_("IOMMU"),
    "device-iommu",
    Band.DEVICES,
    (Section(N_("IOMMU"), _FIELDS), address("pci"), more()),
    _summary,
    N_("Keeps the guest's devices to the memory that they may use."),
    order=650,
    tag="iommu",
    keys=("@model",),
    limit=1,
    variants=(
        Variant(
            "iommu-intel",
            N_("IOMMU: Intel"),
            "<iommu model='intel'><driver intremap='on'/></iommu>",
            N_("For machines of type Q35."),
        ),
        Variant("iommu-virtio", N_("IOMMU: virtio"), "<iommu model='virtio'/>"),
        Variant("iommu-smmuv3", N_("IOMMU: SMMUv3"), "<iommu model='smmuv3'/>", N_("For ARM machines.")),
        Variant("iommu-amd", N_("IOMMU: AMD"), "<iommu model='amd'/>", N_("Since libvirt 11.5.")),
    ),
)
