"""Memory that is plugged in like a device (formatdomain, "Memory devices"): DIMM, NVDIMM, virtio memory, SGX."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.identity import more
from app.devices.shared.switches import yes_no
from app.devices.units import to_bytes
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODEL = Field(
    "@model",
    N_("Kind"),
    Kind.CHOICE,
    N_("What the guest sees."),
    (
        Choice("dimm", N_("Memory module (DIMM)"), N_("Can be plugged in while the machine runs")),
        Choice("virtio-mem", N_("Memory that grows and shrinks (virtio-mem)")),
        Choice("nvdimm", N_("Memory that lasts (NVDIMM)"), N_("Its content is a file of the host")),
        Choice("virtio-pmem", N_("Memory that lasts (virtio)"), N_("Its content is a file of the host")),
        Choice("sgx-epc", N_("Protected memory (Intel SGX)")),
    ),
    required=True,
    words="dimm hotplug",
)
_LASTS = only("@model", "nvdimm", "virtio-pmem")
_PLAIN = only("@model", "dimm", "virtio-mem", "sgx-epc")
_VIRTIO = only("@model", "virtio-mem")
_SIZES = (
    Field("target/size", N_("Size"), Kind.SIZE, N_("Of virtio memory: the most it can be."), has_unit=True, required=True),
    Field(
        "target/requested",
        N_("Wanted now"),
        Kind.SIZE,
        N_("How much of it the guest shall have; can be changed while it runs."),
        has_unit=True,
        when=(_VIRTIO,),
        live="device",
    ),
    Field(
        "target/current",
        N_("Now in the guest"),
        Kind.SIZE,
        N_("Written by libvirt while the machine runs."),
        has_unit=True,
        when=(_VIRTIO,),
        folded=True,
    ),
    Field(
        "target/block",
        N_("Smallest step"),
        Kind.SIZE,
        N_("In which it grows and shrinks: 2 MiB on most hosts."),
        has_unit=True,
        when=(_VIRTIO,),
    ),
    Field(
        "target/node",
        N_("NUMA cell of the guest"),
        Kind.INTEGER,
        N_("To which cell it is added."),
        minimum=0,
        when=(only("@model", "dimm", "nvdimm", "virtio-mem", "sgx-epc"),),
    ),
)
_SOURCE = (
    Field("source/path", N_("File or device"), Kind.PATH, N_("Of the host, with the content."), when=(_LASTS,)),
    Field(
        "source/alignsize",
        N_("Alignment"),
        Kind.SIZE,
        help=N_("The size is rounded to it; for devices of the host."),
        has_unit=True,
        when=(only("@model", "nvdimm"),),
        folded=True,
    ),
    Field(
        "source/pmem",
        N_("The file is on real lasting memory"),
        Kind.PRESENCE,
        N_("Then nothing is lost when the host loses power."),
        when=(only("@model", "nvdimm"),),
    ),
    Field(
        "source/pagesize",
        N_("Page size at the host"),
        Kind.SIZE,
        N_("For huge pages: 2 MiB or 1 GiB."),
        has_unit=True,
        when=(_PLAIN,),
    ),
    Field("source/nodemask", N_("NUMA cells of the host"), Kind.CPUSET, N_("From which it is taken."), when=(_PLAIN,)),
    Field(
        "target/label/size",
        N_("Room for labels"),
        Kind.SIZE,
        N_("In which the guest keeps its partition of the memory."),
        has_unit=True,
        when=(only("@model", "nvdimm"),),
    ),
    Field(
        "target/readonly",
        N_("Read only"),
        Kind.PRESENCE,
        help=N_("The guest cannot change the content."),
        when=(only("@model", "nvdimm"),),
    ),
    Field("uuid", N_("UUID"), Kind.UUID, N_("By which the guest knows the module; POWER needs it."), when=(_LASTS,), folded=True),
)
_RARE = (
    Field(
        "@access",
        N_("Shared with other programs"),
        Kind.CHOICE,
        N_("Without a word as the NUMA cell."),
        (Choice("shared", N_("Yes")), Choice("private", N_("No"))),
    ),
    yes_no(
        "@discard",
        N_("Throw the content away at the end"),
        N_("So that nothing is written back to the file."),
        when=(only("@model", "dimm", "nvdimm", "virtio-mem"),),
    ),
    yes_no(
        "target/@dynamicMemslots",
        N_("In small pieces for the host"),
        N_("Saves memory of the host."),
        when=(_VIRTIO,),
        since=(10, 1, 0),
    ),
    Field(
        "target/address/@base",
        N_("Address in the guest"),
        Kind.TEXT,
        help=N_("Where in the guest's memory it begins; libvirt chooses it."),
        when=(only("@model", "virtio-mem", "virtio-pmem"),),
        since=(9, 4, 0),
    ),
)


def _summary(document: Document, element: Element) -> str:
    size = to_bytes(document.get("target/size", "", element) or "", document.get("target/size/@unit", "KiB", element) or "KiB")
    amount = _("no size") if size is None else _("{size} MiB").format(size=size >> 20)
    return _("{model}, {size}").format(model=word_of(_MODEL, document, element), size=amount)


MEMORY_MODULE = DeviceType(
    "memory-module",
    N_("Memory module"),
    "device-memory",
    Band.DEVICES,
    (Section(N_("Memory module"), (_MODEL, *_SIZES, *_SOURCE)), address("dimm", "pci", "ccw"), more(*_RARE)),
    _summary,
    N_("Memory besides the machine's own, which can be added while it runs."),
    order=590,
    tag="memory",
    keys=("alias/@name", "address/@slot", "source/path"),
    variants=(
        Variant(
            "memory-dimm",
            N_("Memory module"),
            "<memory model='dimm'><target><size unit='MiB'>1024</size><node>0</node></target></memory>",
            N_("The machine needs slots and a NUMA cell."),
        ),
        Variant(
            "memory-virtio",
            N_("Memory that grows and shrinks"),
            "<memory model='virtio-mem'><target><size unit='MiB'>2048</size><node>0</node><block unit='MiB'>2</block>"
            "<requested unit='MiB'>1024</requested></target></memory>",
            N_("The machine needs slots and a NUMA cell."),
        ),
        Variant(
            "memory-nvdimm",
            N_("Memory that lasts (NVDIMM)"),
            "<memory model='nvdimm'><source><path>/var/lib/libvirt/images/{name}.nvdimm</path></source><target>"
            "<size unit='MiB'>1024</size><node>0</node>"
            "<label><size unit='KiB'>128</size></label></target></memory>",
        ),
        Variant(
            "memory-pmem",
            N_("Memory that lasts (virtio)"),
            "<memory model='virtio-pmem'><source><path>/var/lib/libvirt/images/{name}.pmem</path></source><target>"
            "<size unit='MiB'>1024</size></target></memory>",
        ),
        Variant(
            "memory-sgx",
            N_("Protected memory (Intel SGX)"),
            "<memory model='sgx-epc'><target><size unit='MiB'>64</size></target></memory>",
            "",
            "sgx",
        ),
    ),
    hotplug=True,
)
