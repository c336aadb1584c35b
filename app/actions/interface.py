"""How actions talk to the user: a Protocol, so that they run without a window in tests and from a command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.errors import HostelryError
from app.model.records import DomainRef

if TYPE_CHECKING:
    from app.actions.delete_plan import DeletePlan, DeleteRequest
    from app.editing.history import Entry, History
    from app.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Question:
    """Asks before something happens.  Every text is translated and whole.

    title: the window's title.  text: the question ("Force off “web1”?").
    detail: what will happen, and whether it can be undone.  items: names that it concerns, listed below.
    verb: on the button that says yes ("Force off").
    danger: data may be lost; then the other button is the default one.
    remember: key of a setting under which "Do not ask again" is kept; empty: always asked.
    """

    title: str
    text: str
    verb: str
    detail: str = ""
    items: Sequence[str] = ()
    danger: bool = False
    remember: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A machine that is no more.  entries: its definitions, newest first."""

    uuid: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One of several ways to go on: an id for the program, a verb for the button, a hint for its tooltip."""

    id: str
    text: str
    hint: str = ""
    danger: bool = False


class NoticeKind(Enum):
    """What a notification is about; each but OFFER can be turned off by a setting (``notify-<value>``)."""

    JOB_DONE = "job-done"
    JOB_FAILED = "job-failed"
    MACHINE_STOPPED = "machine-stopped"
    OFFER = "offer"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message which does not stop the work: inline while the window is in front, else the desktop's.

    text: one sentence.  detail: a second one or empty.  offers: buttons; the answer is the id of one.
    key: a later notice with the same key replaces this one.
    """

    text: str
    kind: NoticeKind = NoticeKind.HINT
    detail: str = ""
    offers: Sequence[Offer] = ()
    key: str = ""


class UserInterface(Protocol):
    """Everything that an action may ask or say.  All on the event loop's thread; closing a dialog is a "no"."""

    async def confirm(self, question: Question) -> bool:
        """True if the user pressed the verb."""

    async def choose(self, question: Question, offers: Sequence[Offer]) -> str | None:
        """The chosen one's id; None when closed or cancelled.  ``question.verb`` is not used."""

    async def ask_text(
        self, title: str, label: str, *, verb: str, value: str = "", check: Callable[[str], str] | None = None
    ) -> str | None:
        """A line of text; ``check`` gives what is wrong with it, or an empty string. None when cancelled."""

    async def ask_password(self, title: str, label: str, *, verb: str = "") -> str | None:
        """A secret, not shown as it is typed; None when cancelled."""

    async def pick_file(self, title: str, *, filters: Sequence[str] = (), folder: Path | None = None) -> Path | None:
        """An existing file; filters as Qt's ("Disc images (*.iso)")."""

    async def save_file(self, title: str, *, name: str, filters: Sequence[str] = ()) -> Path | None:
        """Where to write; the dialog has asked before overwriting."""

    async def show_delete(self, plan: DeletePlan) -> DeleteRequest | None:
        """What to delete of what was found; None when cancelled."""

    async def show_deleted(self, machines: Sequence[Deleted], history: History) -> Entry | None:
        """Which definition of a deleted machine is brought back; None when cancelled."""

    async def show_error(self, error: HostelryError, offers: Sequence[Offer] = ()) -> str | None:
        """Says what failed, why and what next; gives the id of an offered way out, or None."""

    async def show_job(self, job: Job) -> None:
        """A job's details: its rows, result, raw error."""

    async def offer(self, notice: Notice) -> str | None:
        """A notice with buttons, awaited: an offer's id, or None when dismissed.  Cancelling it takes it away."""

    def notify(self, notice: Notice) -> None:
        """A notice without an answer."""

    def copy_text(self, text: str) -> None:
        """To the clipboard."""

    def copy_image(self, data: bytes) -> None:
        """An image file's bytes (PNG, PPM) to the clipboard; raises Invalid if it is none."""

    def open_console(self, ref: DomainRef) -> None:
        """Opens the machine's tab on its console, or shows it if it is open."""

    def open_settings(self, ref: DomainRef) -> None:
        """Opens the machine's tab on its settings; a console that is shown stays."""
