"""What came of applying changes, one by one; nothing is half done in silence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.editing.plan import Change
from app.errors import HostelryError
from app.i18n import _, ngettext


class Fate(Enum):
    """What became of one change."""

    NOW = "now"
    """In the definition, and the running machine has it."""
    NEXT = "next"
    """In the definition; the running machine takes it with its next start."""
    DEFINED = "defined"
    """In the definition of a machine that is off."""
    REFUSED = "refused"
    """Nowhere."""


@dataclass(frozen=True, slots=True)
class Result:
    """text: a sentence.  error: why it is not in the running machine, or nowhere."""

    change: Change
    fate: Fate
    text: str
    error: HostelryError | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """error: why nothing was applied; then the edits are as they were.  suspect: the change that it is about, if known.

    dropped: places that libvirt does not know and left out of the definition.  uuid: of a machine that was new.
    """

    results: tuple[Result, ...] = ()
    error: HostelryError | None = None
    suspect: Change | None = None
    dropped: tuple[str, ...] = ()
    uuid: str = ""

    @property
    def ok(self) -> bool:
        """Everything went as it was planned."""
        return self.error is None and not any(result.error for result in self.results)

    @property
    def problems(self) -> tuple[Result, ...]:
        """Those which did not go as planned."""
        return tuple(result for result in self.results if result.error is not None)

    def words(self) -> str:
        """One message about all of it."""
        if self.error is not None:
            return str(self.error)
        parts = [text for fate in Fate if (text := self._count(fate))]
        if self.dropped:
            listed = ", ".join(self.dropped[:5]) + (" …" if len(self.dropped) > 5 else "")
            parts.append(_("libvirt does not know this and left it out: {places}.").format(places=listed))
        parts += [f"{result.change.words}: {result.error}" for result in self.problems]
        return "\n".join(parts) or _("Nothing was to be changed.")

    def _count(self, fate: Fate) -> str:
        count = sum(result.fate is fate for result in self.results)
        if not count:
            return ""
        if fate is Fate.NOW:
            text = ngettext("{count} change took effect now.", "{count} changes took effect now.", count)
        elif fate is Fate.REFUSED:
            text = ngettext("{count} change was refused.", "{count} changes were refused.", count)
        elif fate is Fate.NEXT:
            text = ngettext(
                "{count} change takes effect at the next start.", "{count} changes take effect at the next start.", count
            )
        else:
            text = ngettext("{count} change was saved.", "{count} changes were saved.", count)
        return text.format(count=count)
