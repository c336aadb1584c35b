"""Create and edit: the details editor on a machine that is not defined yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QVBoxLayout, QWidget

from app.actions.context import Context
from app.editing.merge import merge
from app.editing.outcome import Outcome
from app.editing.session import EditSession
from app.hosts.host import Host
from app.i18n import _
from app.install import preview
from app.install.plan import Plan
from app.install.sources.discs import LocalIso
from app.install.sources.edited import Edited
from app.install.survey import Survey
from app.jobs.job import Job
from app.jobs.runner import JobRunner
from app.xmldoc import Document
from ui.aio import spawn
from ui.details.view import DetailsView
from ui.wizard.making import Order, run
from ui.wizard.row import Hint

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent


class NewSession(EditSession):
    """Applying it makes the machine: storage first, then the definition."""

    make: Callable[[], None] | None = None

    async def apply(self, jobs: JobRunner, *, live: bool = True, validate: bool = True, force: bool = False) -> Outcome:
        if self.make is not None:
            self.make()
        return Outcome()


class EditNewDialog(QDialog):
    """Accepted when the machine was made; rejected to go back to the page, which is as it was."""

    def __init__(self, ctx: Context, host: Host, order: Order, xml: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._host, self._order, self._base = ctx, host, order, xml
        self.setWindowTitle(_("New machine “{name}”").format(name=order.plan.name.value))
        self.session = cast("NewSession", NewSession.for_new(host, xml, hosts=ctx.hosts.hosts))
        self.session.base = xml
        self.session.make = lambda: self._create(start=False)
        self.view = DetailsView(self.session, ctx, self)
        for part in (self.view.beside, self.view.history, self.view.command):
            part.hide()
        self.view.bar.apply.setText(_("&Create"))
        self.error, self.progress = Hint(), QProgressBar()
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.job: Job | None = None
        self._buttons()
        self.finished.connect(lambda _code: self.session.close())
        self.resize(self.fontMetrics().averageCharWidth() * 130, self.fontMetrics().height() * 42)
        spawn(self.view.load(), self)
        self.session.refresh_offers()

    def _buttons(self) -> None:
        box = QDialogButtonBox()
        self.start = box.addButton(_("Create and s&tart"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.only = box.addButton(_("Create &only"), QDialogButtonBox.ButtonRole.ActionRole)
        self.back = box.addButton(_("&Back"), QDialogButtonBox.ButtonRole.RejectRole)
        self.start.setDefault(True)
        for button in (self.only, self.back):
            button.setAutoDefault(False)
        self.start.clicked.connect(lambda _checked=False: self._create(start=True))
        self.only.clicked.connect(lambda _checked=False: self._create(start=False))
        self.back.clicked.connect(lambda _checked=False: self._go_back())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(self.view, 1)
        below = QVBoxLayout()  # the editor reaches the window's edges, what is below it does not
        below.setContentsMargins(8, 0, 8, 0)
        for widget in (self.progress, self.error, box):
            below.addWidget(widget)
        column.addLayout(below)

    def plan(self) -> Plan:
        """The plan with the edits in its source."""
        plan, base, ours = self._order.plan, self._base, self.session.text

        def combine(final: str) -> str:
            merged = merge(Document.parse(base), Document.parse(ours), Document.parse(final))
            return merged.document.to_text()

        name = Document.parse(ours).get("name") or plan.name.value
        source = Edited(plan.source or LocalIso(plan.medium), combine, plan.profile)
        return replace(plan.choose("name", name), source=source, profile=None)

    def _create(self, *, start: bool) -> None:
        if self.job is not None and not self.job.over:
            return
        if self.session.broken or len(self.view.drafts):
            self.view.show_wrong()
            self.error.say(_("A setting, or the text of the definition, is not valid. Correct it first."), "dialog-error")
            return
        self.error.say("")
        order = replace(self._order, plan=self.plan(), start=start, settings=not start)
        self.job = run(self._ctx, self._host, order, self)
        self._show_job(self.job)
        self.job.changed.connect(self._progressed)

    def _show_job(self, job: Job | None) -> None:
        busy = job is not None
        self.progress.setVisible(busy)
        for widget in (self.view, self.start, self.only):
            widget.setEnabled(not busy)
        self.back.setText(_("&Stop") if busy else _("&Back"))

    def _progressed(self, job: Job) -> None:
        self.progress.setRange(0, 0 if job.fraction is None else 1000)
        self.progress.setValue(round((job.fraction or 0) * 1000))
        if not job.over:
            self.error.say(job.text)

    def job_failed(self, job: Job) -> None:
        """The edits stay."""
        self._show_job(None)
        text = str(job.error) if job.error else _("Making the machine was stopped.")
        self.error.say(text, "dialog-error" if job.error else "dialog-information")

    def _go_back(self) -> None:
        if self.job is not None and not self.job.over:
            self._ctx.jobs.cancel(self.job)
        else:
            self.reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's cross never stops the job."""
        event.accept()
        super().closeEvent(event)


def edit_new(ctx: Context, host: Host, order: Order, survey: Survey, parent: QWidget) -> EditNewDialog:
    """The editor for what the page has; raises ``HostelryError`` where there is no definition to show."""
    return EditNewDialog(ctx, host, order, preview.definition(order.plan, survey), parent)
