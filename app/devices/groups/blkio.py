"""Drive tuning: the machine's share of the host's drives (formatdomain, "Block I/O Tuning")."""

from __future__ import annotations

from app.devices.description import Band, Field, Group, Kind, Section, Table
from app.devices.groups.terms import CGROUPS
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_WEIGHT = Field("blkiotune/weight", N_("Weight"), Kind.INTEGER,
                N_("When the host's drives are busy, a machine with 1000 gets twice as much as one with 500. The host's "
                   "scheduler must be BFQ."),
                minimum=10, maximum=1000, default=N_("the host's usual weight"), live="blkio:weight",
                words="blkio cgroup priority")  # fmt: skip
_DEVICES = Table(
    "blkiotune/device", N_("For single drives of the host"),
    (
        Field("path", N_("Drive"), Kind.PATH, N_("A whole drive, not a partition: /dev/sda"), names="block-devices",
            required=True, live="blkio:path"),
        Field("weight", N_("Weight"), Kind.INTEGER, N_("On this drive."), minimum=10, maximum=1000, live="blkio:device_weight"),
        Field("read_iops_sec", N_("Reads in a second"), Kind.INTEGER, N_("At most; empty: no limit."), minimum=0, unit="IOPS",
            since=(1, 2, 2), live="blkio:device_read_iops_sec"),
        Field("write_iops_sec", N_("Writes in a second"), Kind.INTEGER, N_("At most; empty: no limit."), minimum=0, unit="IOPS",
            since=(1, 2, 2), live="blkio:device_write_iops_sec"),
        Field("read_bytes_sec", N_("Read in a second"), Kind.SIZE, N_("At most; empty: no limit."), scale="bytes",
            since=(1, 2, 2), live="blkio:device_read_bytes_sec"),
        Field("write_bytes_sec", N_("Written in a second"), Kind.SIZE, N_("At most; empty: no limit."), scale="bytes",
            since=(1, 2, 2), live="blkio:device_write_bytes_sec"),
    ),
    new="<device><path>/dev/sda</path><weight>500</weight></device>", key="path", words="blkio throttle limit iops bandwidth",
    help=N_("Limits that all drives of the machine share, as far as they lie on this drive of the host."),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    weight, count = document.get("blkiotune/weight"), len(document.find_all("blkiotune/device"))
    drives = ngettext("{count} drive of the host", "{count} drives of the host", count).format(count=count)
    if weight:
        return (
            _("Weight {weight}, {drives}").format(weight=weight, drives=drives)
            if count
            else _("Weight {weight}").format(weight=weight)
        )
    return drives if count else _("Nothing special")


BLKIO = Group(
    "blkio", N_("Drive tuning"), "drive-harddisk", Band.STORAGE,
    (Section(N_("Share"), (_WEIGHT, _DEVICES), help=N_("How the host's drives are divided among its machines. Limits of a "
                                                       "single drive are on the drive's own page.")),),
    _summary,
    N_("The machine's share of the host's drives."),
    drivers=CGROUPS,
)  # fmt: skip
