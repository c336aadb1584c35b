"""All kinds of source, as rows for whoever offers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.i18n import N_, _
from app.install.sources.discs import HostIso, LocalIso
from app.install.sources.images import CloudImage, DiskImage, HostImage
from app.install.sources.machine import Clone
from app.install.sources.plain import AContainer, DirectKernel, Nothing, Pxe, Tree
from app.install.sources.source import Source
from app.install.survey import Survey

WhyNot = Callable[[Survey], str]


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One kind.  words, tip: for people; icon: theme name; source: its class.

    wants: what the user gives: "file" of this computer, "disc" or "volume" of the host, "url", "machine", "catalogue",
    "fields" (see the class), "" nothing.  why_not: a sentence why this host cannot do it, or "".
    """

    id: str
    words: str
    tip: str
    icon: str
    source: type[Source]
    wants: str
    why_not: WhyNot


def _whole(survey: Survey) -> str:
    """Needs whole machines."""
    if survey.offers and not any(offer.os_type != "exe" for offer in survey.offers):
        return _("This host runs containers only.")
    return ""


def _containers(survey: Survey) -> str:
    if any(offer.os_type == "exe" for offer in survey.offers):
        return ""
    return _("This host runs no containers. Add a connection to LXC or Virtuozzo.")


def _pools(survey: Survey) -> str:
    return _whole(survey) or ("" if any(pool.active for pool in survey.pools) else _("No storage pool of this host is on."))


def _existing(survey: Survey) -> str:
    return "" if survey.names else _("There is no machine on this host yet.")


def _network(survey: Survey) -> str:
    if _whole(survey):
        return _whole(survey)
    if survey.session and not survey.bridges:
        return _("Machines of your own have user mode networks, which reach no PXE server.")
    return ""


KINDS = (
    SourceKind(
        "iso", N_("ISO file"), N_("Install from an image of a disc on this computer"), "media-optical", LocalIso, "file", _whole
    ),
    SourceKind(
        "host-iso",
        N_("ISO on the host"),
        N_("Install from an ISO in a storage pool of the host"),
        "folder-open",
        HostIso,
        "disc",
        _pools,
    ),
    SourceKind(
        "drive",
        N_("CD drive of the host"),
        N_("Install from the disc in a drive of the host"),
        "drive-optical",
        HostIso,
        "disc",
        _whole,
    ),
    SourceKind(
        "image",
        N_("Disk image"),
        N_("Use, copy or convert a disk with a system on it"),
        "drive-harddisk",
        DiskImage,
        "file",
        _whole,
    ),
    SourceKind(
        "volume",
        N_("Volume of the host"),
        N_("Use or copy a volume of a storage pool"),
        "drive-harddisk",
        HostImage,
        "volume",
        _pools,
    ),
    SourceKind(
        "cloud",
        N_("Cloud image"),
        N_("A ready system that is told user and keys at its first start"),
        "computer-new",
        CloudImage,
        "file",
        _whole,
    ),
    SourceKind(
        "download",
        N_("Download"),
        N_("Fetch an installer or cloud image from its publisher"),
        "document-import",
        Source,
        "catalogue",
        _whole,
    ),
    SourceKind(
        "tree",
        N_("Installer in the network"),
        N_("An installation tree by its address (HTTP, HTTPS, FTP)"),
        "network-server",
        Tree,
        "url",
        _whole,
    ),
    SourceKind(
        "pxe", N_("Network boot"), N_("Ask a PXE server in the network what to start"), "network-connect", Pxe, "", _network
    ),
    SourceKind(
        "kernel",
        N_("Linux kernel"),
        N_("Start a kernel and its initial file system directly"),
        "system-run",
        DirectKernel,
        "fields",
        _whole,
    ),
    SourceKind(
        "clone",
        N_("Another machine"),
        N_("Copy a machine, or make one that stands on its disks"),
        "edit-copy",
        Clone,
        "machine",
        _existing,
    ),
    SourceKind(
        "container",
        N_("Container"),
        N_("Run a program or a system in a folder, with the host's kernel"),
        "utilities-terminal",
        AContainer,
        "fields",
        _containers,
    ),
    SourceKind("none", N_("No medium"), N_("An empty machine, for whatever comes later"), "computer", Nothing, "", _whole),
)
"""In the order in which they are offered."""


def kind(source_id: str) -> SourceKind:
    """The row of that id."""
    return next(row for row in KINDS if row.id == source_id)
