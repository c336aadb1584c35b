"""The Qt half of ``app.actions.interface.UserInterface``: dialogs opened without nested loops, notices, clipboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from app.actions.delete_plan import DeletePlan, DeleteRequest
from app.actions.interface import Deleted, Notice, Offer, Question
from app.editing.history import Entry, History
from app.errors import HostelryError, Invalid
from app.i18n import _
from app.jobs.job import Job
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.settings import options
from app.settings.store import Settings
from app.virt.credentials import Answers, CredentialKind, CredentialRequest
from app.virt.uris import host_of
from ui.aio import ask
from ui.dialogs.credentials_dialog import CredentialsDialog
from ui.dialogs.delete_dialog import DeleteDialog
from ui.dialogs.dialog_parts import copy_text
from ui.dialogs.error_dialog import ErrorDialog
from ui.dialogs.host_key_dialog import HostKeyDialog
from ui.dialogs.job_dialog import JobDialog
from ui.dialogs.question_dialog import ChoiceDialog, QuestionDialog, TextDialog
from ui.folders import nearest
from ui.notify import Notifier

REMEMBERED = {options.CONFIRM_FORCE_OFF.key: options.CONFIRM_FORCE_OFF}
"""Questions with “Do not ask again”: the option which is turned off by it."""


class QtInterface:
    """Dialogs stand over the window that is in front, else over ``window``."""

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        jobs: JobRunner,
        notifier: Notifier,
        open_console: Callable[[DomainRef], None],
        *,
        open_settings: Callable[[DomainRef], None] = lambda _ref: None,
    ) -> None:
        self._window, self._settings, self._jobs = window, settings, jobs
        self._notifier, self._open_console, self._open_settings = notifier, open_console, open_settings
        self._signing_in = asyncio.Lock()

    async def confirm(self, question: Question) -> bool:
        """See ``UserInterface``."""
        dialog = QuestionDialog(question, self._parent())
        yes = await ask(dialog) == QDialog.DialogCode.Accepted
        option = REMEMBERED.get(question.remember)
        if yes and option is not None and dialog.remember.isChecked():
            self._settings.set(option, False)
        return yes

    async def choose(self, question: Question, offers: Sequence[Offer]) -> str | None:
        """See ``UserInterface``."""
        dialog = ChoiceDialog(question, offers, self._parent())
        await ask(dialog)
        return dialog.chosen

    async def ask_text(
        self, title: str, label: str, *, verb: str, value: str = "", check: Callable[[str], str] | None = None
    ) -> str | None:
        """See ``UserInterface``."""
        dialog = TextDialog(title, label, verb, self._parent(), value=value, check=check)
        return dialog.value if await ask(dialog) == QDialog.DialogCode.Accepted else None

    async def ask_password(self, title: str, label: str, *, verb: str = "") -> str | None:
        """See ``UserInterface``."""
        dialog = TextDialog(title, label, verb or _("Go on"), self._parent(), secret=True)
        return dialog.value if await ask(dialog) == QDialog.DialogCode.Accepted else None

    async def ask_credentials(self, request: CredentialRequest) -> Answers | None:
        """What a session asks while it opens: a ``CredentialAsker``."""
        async with self._signing_in:  # hosts that connect at the same time ask one after the other
            if request.host_key is not None:
                return await self._yes(HostKeyDialog(request.host_key, self._parent()))
            if request.questions[0].kind is CredentialKind.CONFIRM:
                title = _("Connect to {host}").format(host=host_of(request.uri))
                return await self._yes(QuestionDialog(Question(title, request.questions[0].prompt, _("Allow")), self._parent()))
            dialog = CredentialsDialog(request, self._parent())
            return dialog.answers() if await ask(dialog) == QDialog.DialogCode.Accepted else None

    @staticmethod
    async def _yes(dialog: QDialog) -> Answers | None:
        return ("yes",) if await ask(dialog) == QDialog.DialogCode.Accepted else None

    async def pick_file(self, title: str, *, filters: Sequence[str] = (), folder: Path | None = None) -> Path | None:
        """See ``UserInterface``."""
        dialog = self._file_dialog(title, filters, folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return await _picked(dialog)

    async def save_file(self, title: str, *, name: str, filters: Sequence[str] = ()) -> Path | None:
        """See ``UserInterface``."""
        proposed = Path(name)
        dialog = self._file_dialog(title, filters, proposed.parent if proposed.is_absolute() else None)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(proposed.suffix.lstrip("."))
        dialog.selectFile(proposed.name)
        return await _picked(dialog)

    async def show_delete(self, plan: DeletePlan) -> DeleteRequest | None:
        """See ``UserInterface``."""
        dialog = DeleteDialog(plan, self._parent())
        return dialog.request() if await ask(dialog) == QDialog.DialogCode.Accepted else None

    async def show_deleted(self, machines: Sequence[Deleted], history: History) -> Entry | None:
        """See ``UserInterface``."""
        from ui.details.dialogs.history_deleted import DeletedDialog  # noqa: PLC0415 (rarely needed)

        dialog = DeletedDialog(machines, history, self._parent())
        return dialog.entry if await ask(dialog) == QDialog.DialogCode.Accepted else None

    async def show_error(self, error: HostelryError, offers: Sequence[Offer] = ()) -> str | None:
        """See ``UserInterface``."""
        dialog = ErrorDialog(error, offers, self._parent())
        await ask(dialog)
        return dialog.chosen

    async def show_job(self, job: Job) -> None:
        """See ``UserInterface``."""
        await ask(JobDialog(job, self._jobs, self._parent()))

    async def offer(self, notice: Notice) -> str | None:
        """See ``UserInterface``."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        away = self._notifier.show(notice, lambda offer_id: None if answer.done() else answer.set_result(offer_id))
        try:
            return await answer
        finally:
            if answer.cancelled():
                away()

    def notify(self, notice: Notice) -> None:
        """See ``UserInterface``."""
        self._notifier.show(notice)

    def copy_text(self, text: str) -> None:
        """See ``UserInterface``."""
        copy_text(text)

    def copy_image(self, data: bytes) -> None:
        """See ``UserInterface``."""
        image = QImage.fromData(data)
        if image.isNull():
            raise Invalid(_("The picture cannot be copied."), why=_("It is in a format that this program cannot read."))
        QGuiApplication.clipboard().setImage(image)

    def open_console(self, ref: DomainRef) -> None:
        """See ``UserInterface``."""
        self._open_console(ref)

    def open_settings(self, ref: DomainRef) -> None:
        """See ``UserInterface``."""
        self._open_settings(ref)

    def _parent(self) -> QWidget:
        return QApplication.activeWindow() or self._window

    def _file_dialog(self, title: str, filters: Sequence[str], folder: Path | None) -> QFileDialog:
        dialog = QFileDialog(self._parent(), title)
        dialog.setNameFilters([*filters, _("All files (*)")])
        if folder is not None or not dialog.directory().exists():
            dialog.setDirectory(str(nearest(folder)))
        return dialog


async def _picked(dialog: QFileDialog) -> Path | None:
    accepted = await ask(dialog) == QDialog.DialogCode.Accepted
    files = dialog.selectedFiles() if accepted else []
    return Path(files[0]) if files else None
