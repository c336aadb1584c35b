"""Overview: what the machine is called, what it is for, and by what others know it (formatdomain, "General metadata")."""

from __future__ import annotations

from app.devices.description import Band, Field, Group, Kind, Section, Table, When
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

OURS = "metadata/hostelry:hostelry"
"""Our own element in the definition; libvirt keeps it and hands it to every program that asks."""

_LIVE = "metadata:hostelry"
_DEFINED = When(
    "uuid",
    negate=True,
    why=N_("A machine that exists is renamed by “Rename” in its menu, so that its disks and snapshots follow."),
)
_KEPT = When("uuid", negate=True, why=N_("A machine keeps its UUID; a clone of it gets its own."))

TITLE = Field("title", N_("Title"), help=N_("One line that lists may show beside the name. It may have blanks."),
    live="metadata:title",
              pattern=r"[^\n]+", pattern_help=N_("A title is one line."))  # fmt: skip
NOTES = Field(f"{OURS}/hostelry:notes", N_("Notes"), Kind.LINES,
              N_("What this machine is for and who to ask about it, in Markdown. They are kept in its definition and travel "
                 "with it."),
              live=_LIVE, words="markdown comment documentation")  # fmt: skip
_NAMES = (
    Field("name", N_("Name"), help=N_("By it the machine is known to libvirt and in every list."), required=True,
        when=(_DEFINED,),
          pattern=r"[^\n/]*[^\n/\s][^\n/]*", pattern_help=N_("A name has no slash and is not blank."), words="rename hostname"),
    TITLE,
    Field("description", N_("Description"), Kind.LINES, N_("Free text that virsh and other programs show too."),
        live="metadata:description"),
)  # fmt: skip
_LOOKS = (
    Field(f"{OURS}/hostelry:icon", N_("Icon"), help=N_("The name of an icon of the desktop's theme, or an emoji, shown in lists "
                                                       "instead of the system's."),
          default=N_("by the operating system"), live=_LIVE),
    Table(f"{OURS}/hostelry:tag", N_("Tags"),
          (Field("", N_("Tag"), help=N_("A word by which lists can be filtered: production, web, jane."), required=True,
              live=_LIVE,
                 pattern=r"[^\s,]+", pattern_help=N_("A tag is one word.")),),
          new="<hostelry:tag xmlns:hostelry='https://hostelry.github.io/xmlns/1'>new</hostelry:tag>", key="", live=_LIVE,
          help=N_("Kept in the machine's definition; other programs leave them alone."), words="labels categories"),
)  # fmt: skip
_IDENTITY = (
    Field("uuid", N_("UUID"), Kind.UUID, N_("libvirt tells machines apart by it; the guest sees it as its hardware's."),
        when=(_KEPT,), taken="uuid"),
    Field("genid", N_("Generation ID"), Kind.UUID,
          N_("Changes when the machine is set back to a snapshot or copied, so that the guest (an Active Directory server for "
             "one) notices."),
          since=(4, 4, 0), folded=True, words="VM generation id vmgenid"),
    Field("@id", N_("Number while it runs"), Kind.INTEGER, N_("Given by libvirt at each start."), folded=True,
          when=(When("@id", negate=True, why=N_("libvirt gives it."),),)),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    return document.get("title") or document.get("name") or _("No name")


OVERVIEW = Group(
    "overview", N_("Overview"), "computer", Band.MACHINE,
    (
        Section(N_("Name"), _NAMES),
        Section(N_("Notes"), (NOTES,), editor="notes"),
        Section(N_("In lists"), _LOOKS),
        Section(N_("Identity"), _IDENTITY),
    ),
    _summary,
    N_("What the machine is called and what it is for."),
)  # fmt: skip
