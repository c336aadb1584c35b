"""Metadata: which system was installed (libosinfo's note), and what other programs keep in the definition."""

from __future__ import annotations

from app.devices.description import Band, Field, Group, Section
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

OS_ID = Field("metadata/libosinfo:libosinfo/libosinfo:os/@id", N_("Installed system"),
    help=N_("libosinfo's name for it: http://debian.org/debian/12. It chooses the icon and good settings for new devices."),
              names="systems", words="osinfo libosinfo operating system")  # fmt: skip
_DATACENTER = Field(
    "vmware:datacenterpath", N_("VMware's data centre"), help=N_("Where the machine is in vCenter; told by libvirt."), folded=True
)


def _summary(document: Document, _element: Element) -> str:
    metadata = document.find("metadata")
    count = 0 if metadata is None else sum(isinstance(one.tag, str) for one in metadata)
    return ngettext("{count} entry", "{count} entries", count).format(count=count) if count else _("None")


METADATA = Group(
    "metadata", N_("Metadata"), "document-properties", Band.MACHINE,
    (Section(N_("Notes of programs"), (OS_ID, _DATACENTER), editor="metadata",
             help=N_("Programs keep their own notes in the definition. This program leaves the others' alone; “XML” shows them "
                     "all.")),),
    _summary,
    N_("What programs keep in the definition."),
)  # fmt: skip
