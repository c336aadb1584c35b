"""Disks: image files, disks of the host, volumes, network storage (formatdomain, "Hard drives, floppy disks, CDROMs")."""

from __future__ import annotations

from app.devices.description import Band, DeviceType, Section, Variant
from app.devices.shared.address import address
from app.devices.shared.disk_driver import DRIVER, FORMAT
from app.devices.shared.disk_driver import RARE as DRIVER_RARE
from app.devices.shared.disk_guest import BACKING, BUS, IDENTITY, RARE, READ_ONLY, SHAREABLE, TARGET, TRANSIENT
from app.devices.shared.disk_kinds import place
from app.devices.shared.disk_source import rare, source
from app.devices.shared.encryption import encryption
from app.devices.shared.identity import BOOT, more
from app.devices.shared.iotune import IOTUNE
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element


def _summary(document: Document, element: Element) -> str:
    return _("{format}, {bus}: {place}").format(
        format=document.get("driver/@type", "raw", element),
        bus=word_of(BUS, document, element) or _("any bus"),
        place=place(document, element) or _("no source"),
    )


def _title(document: Document, element: Element) -> str:
    return _("Disk {name}").format(name=document.get("target/@dev", "", element))


def _network(kind: str, name: str, about: str, source_xml: str) -> Variant:
    return Variant(
        f"disk-{kind}",
        name,
        "<disk type='network' device='disk'><driver name='qemu' type='raw' discard='unmap'/>"
        f"{source_xml}<target dev='{{target}}' bus='{{bus}}'/></disk>",
        about,
    )


_HOST = "<host name='storage.example.org'/></source>"
_VARIANTS = (
    Variant(
        "disk-file",
        N_("Disk: image file"),
        "<disk type='file' device='disk'><driver name='qemu' type='qcow2' discard='unmap'/><source file='{image}'/>"
        "<target dev='{target}' bus='{bus}'/></disk>",
        N_("A file on the host."),
    ),
    Variant(
        "disk-volume",
        N_("Disk: volume of a storage pool"),
        "<disk type='volume' device='disk'><driver name='qemu' type='qcow2' discard='unmap'/>"
        "<source pool='{pool}' volume='{name}.qcow2'/><target dev='{target}' bus='{bus}'/></disk>",
    ),
    Variant(
        "disk-block",
        N_("Disk: disk of the host"),
        "<disk type='block' device='disk'><driver name='qemu' type='raw' cache='none' io='native' discard='unmap'/>"
        "<source dev='{block}'/><target dev='{target}' bus='{bus}'/></disk>",
        N_("A whole disk, partition or logical volume."),
    ),
    _network(
        "rbd", N_("Disk: Ceph"), N_("An image of a Ceph cluster (RBD)."), f"<source protocol='rbd' name='pool/image'>{_HOST}"
    ),
    _network(
        "iscsi",
        N_("Disk: iSCSI"),
        N_("A unit of an iSCSI target."),
        f"<source protocol='iscsi' name='iqn.2020-01.org.example:target/1'>{_HOST}",
    ),
    _network("nbd", N_("Disk: NBD"), N_("An export of an NBD server."), f"<source protocol='nbd' name='export'>{_HOST}"),
    _network(
        "gluster",
        N_("Disk: GlusterFS"),
        N_("A file of a GlusterFS volume."),
        f"<source protocol='gluster' name='volume/disk.img'>{_HOST}",
    ),
    _network(
        "nfs",
        N_("Disk: NFS"),
        N_("A file of an NFS server, which the machine itself opens."),
        "<source protocol='nfs' name='/export/disk.img'><host name='storage.example.org'/><identity user='+0' group='+0'/>"
        "</source>",
    ),
    Variant(
        "disk-https",
        N_("Disk: web server"),
        "<disk type='network' device='disk'><driver name='qemu' type='raw'/><source protocol='https' name='images/disk.img'>"
        "<host name='www.example.org' port='443'/><ssl verify='yes'/></source><target dev='{target}' bus='{bus}'/>"
        "<readonly/></disk>",
        N_("A file that is read from a web server; the guest cannot write to it."),
    ),
    Variant(
        "disk-nvme",
        N_("Disk: NVMe disk of the host"),
        "<disk type='nvme' device='disk'><driver name='qemu' type='raw'/><source type='pci' managed='yes' namespace='1'>"
        "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source><target dev='{target}' bus='{bus}'/></disk>",
        N_("The machine uses the NVMe controller past the host's system: fastest, and the host cannot use it meanwhile."),
    ),
    Variant(
        "disk-vhostuser",
        N_("Disk: another program (vhost-user)"),
        "<disk type='vhostuser' device='disk'><driver name='qemu' type='raw'/><source type='unix' path='/run/vhost-blk.sock'/>"
        "<target dev='{virtio}' bus='virtio'/></disk>",
        N_("A program such as SPDK; the machine's memory must be shared."),
    ),
    Variant(
        "disk-dir",
        N_("Disk: folder of the host"),
        "<disk type='dir' device='disk'><driver name='qemu' type='fat'/><source dir='/srv/files'/>"
        "<target dev='{target}' bus='{bus}'/><readonly/></disk>",
        N_("The guest sees the folder's files on a FAT disk."),
    ),
)

DISK = DeviceType(
    "disk",
    N_("Disk"),
    "drive-harddisk",
    Band.STORAGE,
    (
        Section(N_("Disk"), (*source(), FORMAT, BUS, TARGET, BOOT[0], READ_ONLY, SHAREABLE, *TRANSIENT), editor="disk"),
        DRIVER,
        IOTUNE,
        IDENTITY,
        encryption(),
        BACKING,
        address("pci", "drive", "usb", "ccw", "virtio-mmio", "spapr-vio"),
        more(*RARE, *rare(), *DRIVER_RARE),
    ),
    _summary,
    N_("A disk on which the guest keeps its system and data."),
    order=10,
    tag="disk",
    match=lambda element: element.get("device", "disk") not in ("cdrom", "floppy", "lun"),
    title=_title,
    keys=("target/@dev", "alias/@name"),
    variants=_VARIANTS,
    hotplug=True,
)
