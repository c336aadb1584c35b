"""What the bar's buttons do: show, apply, revert, pending changes, changes of others, new hardware, history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.actions.context import Notice, NoticeKind
from app.editing import restore
from app.editing.take_back import take_back
from app.errors import HostelryError
from app.i18n import _
from ui.aio import ask
from ui.details.row import FieldRow
from ui.dialogs.dialog_parts import copy_text

if TYPE_CHECKING:
    from app.editing.outcome import Outcome
    from app.editing.pending import Pending
    from ui.details.apply_bar import ApplyBar
    from ui.details.view import DetailsView

SCHEMA = "validate against schema"
"""In libvirt's error when a definition breaks the rules of its schema."""

Work = Callable[[], Awaitable[None]]


class Applying:
    """busy: something is being applied."""

    def __init__(self, view: DetailsView) -> None:
        self._view = view
        self.busy = False

    def answers(self, bar: ApplyBar) -> list[tuple[Any, Callable[[], Any]]]:
        """Each of the bar's signals with its work."""
        return [
            (bar.show_wanted, self.show_changes),
            (bar.apply_wanted, self.apply),
            (bar.revert_wanted, self.revert),
            (bar.pending_wanted, self.show_pending),
            (bar.merge_wanted, self.merge),
            (bar.theirs_wanted, self.take_theirs),
            (bar.correct_wanted, self.correct),
        ]

    async def correct(self) -> None:
        """To the field that must be corrected."""
        self._view.show_wrong()

    async def apply(self) -> bool:
        """Defines the machine anew and changes the running one where that works; one message tells.  False if it was refused."""
        view = self._view
        if self.busy or len(view.drafts):
            view.show_wrong()
            return False
        self.busy = True
        view.bar.told.forget()
        view.refresh_around()
        try:
            outcome = await view.session.apply(view.ctx.jobs)
        finally:
            self.busy = False
        view.refresh_around()
        if outcome.error is not None:
            self._show_refusal(outcome)
            await view.ctx.ui.show_error(outcome.error)
            return False
        self._tell(outcome)
        return True

    def _tell(self, outcome: Outcome) -> None:
        """In the bar, while it is seen."""
        view = self._view
        if view.isVisible():
            view.bar.tell(outcome.words(), well=outcome.ok)
            return
        name = view.session.document.get("name") or ""
        text = _("“{name}”: {what}").format(name=name, what=outcome.words())
        kind = NoticeKind.HINT if outcome.ok else NoticeKind.JOB_FAILED
        view.ctx.ui.notify(Notice(text, kind, key=f"details {view.session.ref.uuid}"))

    def _show_refusal(self, outcome: Outcome) -> None:
        """At the field that libvirt complains of, where that is known."""
        suspect = outcome.suspect
        if suspect is None:
            return
        for entry in self._view.list.entries.entries():
            inside = bool(entry.place) and (suspect.place == entry.place or suspect.place.startswith(f"{entry.place}/"))
            if not inside and (entry.place or suspect.description != entry.description.id):
                continue
            path = suspect.path.removeprefix(f"devices/{getattr(entry.description, 'tag', '')}/")
            self._view.list.choose(entry.key)
            form = self._view.form
            row = form.reveal(path) if form is not None else None
            if form is not None and isinstance(row, FieldRow):
                row.refuse(_refusal(outcome.error) if outcome.error is not None else "")
                form.arrange()
            return

    async def revert(self) -> None:
        """Without a question, as it can be undone."""
        self._view.drafts.clear()
        self._view.session.revert()
        self._view.pages.refresh()
        self._view.refresh_around()

    async def show_changes(self) -> None:
        """The difference, in words and as text; from there it can be applied."""
        from ui.details.dialogs.difference import DifferenceDialog  # noqa: PLC0415

        dialog = DifferenceDialog(self._view.session, self._view.window())
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            await self.apply()

    async def show_pending(self) -> None:
        """What waits for the next start."""
        from ui.details.dialogs.pending import PendingDialog  # noqa: PLC0415

        dialog = PendingDialog(self._view.session, self._view.window())
        await ask(dialog)
        if dialog.revert is not None:
            await self._take_back(dialog.revert)
        elif dialog.restart:
            await self._restart()

    async def _take_back(self, wanted: tuple[Pending, ...]) -> None:
        """The definition gets back what runs; applied at once if nothing else was edited."""
        session = self._view.session
        live, alone = session.live, not session.edited
        if live is None:
            return
        pending = wanted or session.pending
        session.edit(_("Revert pending changes"), lambda document: take_back(document, live, pending))
        if alone and session.edited:
            await self.apply()

    async def _restart(self) -> None:
        from app.actions.context import Selection  # noqa: PLC0415
        from ui.details.restarting import restart  # noqa: PLC0415

        await restart(self._view.ctx, Selection(domains=(self._view.session.ref,)))

    async def merge(self) -> None:
        """Takes in what others changed; asks about settings that both changed."""
        from ui.details.dialogs.merging import MergeDialog  # noqa: PLC0415

        session = self._view.session
        conflicts = session.merge()
        if conflicts:
            dialog = MergeDialog(conflicts, self._view.window())
            if await ask(dialog) == QDialog.DialogCode.Accepted:
                for conflict, side in dialog.choices():
                    session.resolve(conflict, side)
        self._view.refresh_around()

    async def take_theirs(self) -> None:
        """Gives up the edits here."""
        self._view.drafts.clear()
        self._view.session.revert()
        await self._view.session.reload()

    async def add_hardware(self, kind: str = "") -> None:
        """The dialog with every kind of device; ``kind``: the id of the one that is looked for."""
        from ui.details.dialogs.adding import AddDialog  # noqa: PLC0415

        view = self._view
        dialog = AddDialog(view.session, view.window(), kind=kind)
        if await ask(dialog) != QDialog.DialogCode.Accepted:
            return
        dialog.put_into(view.session)
        view.refresh_around()
        added = [entry for entry in view.list.entries.entries() if entry.description is dialog.kind]
        if added:
            view.list.choose(added[-1].key)
            view.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if dialog.at_once:
            await self.apply()

    async def show_history(self) -> None:
        """Earlier definitions."""
        from ui.details.dialogs.history import HistoryDialog  # noqa: PLC0415

        view = self._view
        dialog = HistoryDialog(view.session, view.window())
        await dialog.load()
        if await ask(dialog) != QDialog.DialogCode.Accepted or not dialog.chosen:
            return
        if view.session.gone:
            await self._bring_back(dialog.chosen)
        else:
            restore.restore_as_edit(view.session, dialog.chosen)

    async def _bring_back(self, xml: str) -> None:
        """Defines the machine again, and shows it as any other."""
        view = self._view
        try:
            await restore.bring_back(view.session.host, xml)
        except HostelryError as error:
            await view.ctx.ui.show_error(error)
            return
        await view.session.reload()

    def copy_command(self) -> None:
        """The edits as commands for a terminal."""
        from app.editing.command import commands  # noqa: PLC0415

        try:
            lines = commands(self._view.session)
        except HostelryError as error:
            self._view.ctx.ui.notify(Notice(str(error)))
            return
        copy_text("\n".join(f"# {one.words}\n{one.line}" for one in lines))
        self._view.ctx.ui.notify(Notice(_("The changes were copied as commands."), key="copied"))


def _refusal(error: HostelryError) -> str:
    """libvirt's own sentence says most at the field; that of a schema is about the whole definition."""
    if not error.raw or SCHEMA in error.raw:
        return _("libvirt's rules for definitions do not allow this value here.") if error.raw else str(error)
    return _("libvirt refuses this: {reason}").format(reason=error.raw.strip())
