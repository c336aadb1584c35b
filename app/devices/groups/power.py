"""Power and events: sleeping, and what happens when the guest ends or fails (formatdomain, "Events configuration")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section
from app.devices.groups.terms import yes_no
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_ENDS = (
    Choice("destroy", N_("Switch it off")),
    Choice("restart", N_("Start it again")),
    Choice("preserve", N_("Keep it for a look"), N_("It stays stopped and must be forced off")),
    Choice("rename-restart", N_("Start it again under another name"), N_("Only Xen")),
)
_POWEROFF = Field(
    "on_poweroff",
    N_("When the guest shuts down"),
    Kind.CHOICE,
    N_("With QEMU, “Start it again” cannot be together with switching off at a restart."),
    _ENDS,
    default="destroy",
    words="lifecycle",
)
_EVENTS = (
    _POWEROFF,
    Field("on_reboot", N_("When the guest restarts"), Kind.CHOICE,
        N_("Installers switch off here, so that the machine starts anew from its disk."), _ENDS, default=N_("start it again"),
        words="lifecycle"),
    Field("on_crash", N_("When the guest crashes"), Kind.CHOICE,
        N_("The guest must have a panic device, so that the host learns of it."),
          (*_ENDS, Choice("coredump-destroy", N_("Write its memory to a file, and switch it off")),
              Choice("coredump-restart", N_("Write its memory to a file, and start it again"))),
          default="destroy", words="panic pvpanic coredump"),
    Field("on_lockfailure", N_("When its drives' locks are lost"), Kind.CHOICE,
        N_("Only with a lock manager (virtlockd, sanlock)."),
          (Choice("poweroff", N_("Switch it off")), Choice("restart", N_("Start it again")), Choice("pause", N_("Pause it")),
              Choice("ignore", N_("Nothing"))),
          default=N_("as the lock manager does"), since=(1, 0, 0), folded=True),
)  # fmt: skip
_SLEEP = (
    yes_no("pm/suspend-to-mem/@enabled", N_("Can sleep (S3)"),
        N_("The guest may suspend to memory. Guests that fall asleep seem to hang; “Wake up” wakes them."), since=(0, 10, 2),
        words="suspend standby S3"),
    yes_no("pm/suspend-to-disk/@enabled", N_("Can hibernate (S4)"), N_("The guest may suspend to its disk and switch off."),
        since=(0, 10, 2), words="hibernate S4"),
)  # fmt: skip


def _summary(document: Document, element: Element) -> str:
    return _("At shutdown: {what}").format(what=word_of(_POWEROFF, document, element))


POWER = Group(
    "power", N_("Power and events"), "system-shutdown", Band.MACHINE,
    (Section(N_("What happens"), _EVENTS), Section(N_("Sleep"), _SLEEP)),
    _summary,
    N_("What happens when the guest shuts down, restarts or crashes."),
)  # fmt: skip
