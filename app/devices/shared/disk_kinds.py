"""Kinds of a disk's source, and words for where it is (formatdomain, "Hard drives, floppy disks, CDROMs")."""

from __future__ import annotations

from app.devices.description import Choice
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

KINDS = (
    Choice("file", N_("Image file")),
    Choice("block", N_("Disk of the host"), N_("A whole disk, partition or logical volume")),
    Choice("volume", N_("Volume of a storage pool")),
    Choice("network", N_("Network storage"), N_("Ceph, iSCSI, NBD, GlusterFS, a web server, …")),
    Choice("nvme", N_("NVMe disk of the host"), N_("The machine uses the controller itself, past the host's system")),
    Choice("vhostuser", N_("Another program (vhost-user)"), N_("A program of the host, such as SPDK, is the disk")),
    Choice("vhostvdpa", N_("vDPA device"), since=(9, 8, 0)),
    Choice("dir", N_("Folder, shown as a FAT disk")),
)
PROTOCOLS = (
    Choice("rbd", N_("Ceph (RBD)")),
    Choice("iscsi", "iSCSI"),
    Choice("nbd", "NBD"),
    Choice("gluster", "GlusterFS"),
    Choice("nfs", "NFS"),
    Choice("https", "HTTPS"),
    Choice("http", "HTTP"),
    Choice("ftps", "FTPS"),
    Choice("ftp", "FTP"),
    Choice("ssh", "SSH", since=(9, 8, 0)),
    Choice("tftp", "TFTP"),
    Choice("sheepdog", "Sheepdog"),
    Choice("vxhs", "VxHS"),
)
FORMATS = (
    Choice("qcow2", "qcow2", N_("Grows with its content; snapshots, backing images, encryption")),
    Choice("raw", N_("raw"), N_("The content as it is: fastest")),
    Choice("vmdk", "vmdk (VMware)"),
    Choice("vdi", "vdi (VirtualBox)"),
    Choice("vpc", "vpc (Virtual PC)"),
    Choice("vhd", "vhd (Xen)"),
    Choice("qed", "qed"),
    Choice("qcow", "qcow"),
    Choice("cow", "cow"),
    Choice("luks", "luks"),
    Choice("fat", N_("fat (from a folder)")),
    Choice("iso", "iso"),
    Choice("dmg", "dmg"),
    Choice("bochs", "bochs"),
    Choice("cloop", "cloop"),
    Choice("ploop", "ploop"),
    Choice("dir", "dir"),
)


def place(document: Document, disk: Element) -> str:
    """Where the content of ``disk`` is, as short as can be; "" if nothing is in."""
    source = document.find("source", disk)
    if source is None:
        return ""
    if source.get("protocol"):
        hosts = [host.get("name") or host.get("socket") or "" for host in document.find_all("host", source)]
        name = str(source.get("name") or "").removeprefix("/")
        return f"{source.get('protocol')}://{hosts[0]}/{name}" if hosts else f"{source.get('protocol')}:{name}"
    if source.get("volume"):
        return f"{source.get('pool') or ''}/{source.get('volume')}"
    if source.get("namespace"):
        return _("NVMe namespace {number}").format(number=source.get("namespace"))
    return next((str(source.get(name)) for name in ("file", "dev", "dir", "path") if source.get(name)), "")
