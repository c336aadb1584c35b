"""New machine: one page with everything that is recommended, ready to be made by one key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QVBoxLayout, QWidget

from app.actions.context import Context
from app.errors import HostelryError, Invalid
from app.hosts.host import Host
from app.i18n import _
from app.install import discs_of_host, osinfo, recent
from app.install.background import in_thread
from app.install.choices import Acceleration, Platform
from app.install.gather import gather, learn
from app.install.plan import Plan, Problem
from app.install.profile.store import ProfileStore
from app.install.survey import Survey
from app.jobs.job import Job
from app.model.changes import Change
from app.model.records import ObjectKind
from app.virt import networks, storage
from ui.aio import ask, spawn
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.widgets.fitting_scroll import FittingScroll, Page
from ui.wizard import making
from ui.wizard.command_fold import CommandFold
from ui.wizard.draft import Draft
from ui.wizard.first_start.section import FirstStart
from ui.wizard.form import Form
from ui.wizard.making import Order
from ui.wizard.medium_card import dropped
from ui.wizard.profiles import without_sizes
from ui.wizard.row import Hint
from ui.wizard.source_part import SourcePart
from ui.wizard.sources.chooser import FILES
from ui.wizard.sources.editor import Desk

_GATHER_S = 20.0
_SOON_MS = 150


class NewMachineDialog(QDialog):
    """``NewMachineDialog(ctx, host, path).open()``: shown at once; what the host and the medium are fills in when known.

    path: a file of this computer, or an address.  Closing the page while the machine is being made leaves the job in the task
    list; an error then comes as a message.
    """

    def __init__(self, ctx: Context, host: Host, path: str | Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._host = ctx, host
        self._desk = Desk(ctx, host, Survey(label=host.label))
        self._draft = Draft(self._desk.survey)
        self._tried = False
        self.job: Job | None = None
        self._build()
        self._connect()
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._show_plan()
        spawn(self._load(str(path) if path else ""), self)

    @property
    def plan(self) -> Plan:
        """The machine as the page stands now."""
        return self._draft.plan

    @property
    def survey(self) -> Survey:
        """The host, as far as it is known."""
        return self._desk.survey

    @property
    def ready(self) -> bool:
        """Whether host and medium have been examined."""
        return self._desk.gathered and (not self.source.path or self.plan.medium is not None)

    # building

    def _build(self) -> None:
        self.setWindowTitle(_("New machine on {host}").format(host=self._host.label))
        self.source = SourcePart(self._desk, self._draft, self)
        self.card, self.access, self.sources = self.source.card, self.source.access, self.source.chooser
        self.form, self.error = Form(), Hint()
        self.first, self.command = FirstStart(), CommandFold(self._host.uri)
        self.details = plain_label()
        self.progress, self.step = QProgressBar(), plain_label()
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setTextVisible(False)
        self.buttons = QDialogButtonBox()
        self.start = self.buttons.addButton(_("Create and s&tart"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.edit = self.buttons.addButton(_("Create and e&dit…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.only = self.buttons.addButton(_("Create &only"), QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.start.setDefault(True)
        for button in (self.edit, self.only, self.cancel):
            button.setAutoDefault(False)
        self.only.setToolTip(_("Makes the machine and leaves it off"))
        self.edit.setToolTip(_("Shows every setting of the machine before it is made"))
        self._arrange()

    def _arrange(self) -> None:
        page = Page()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(self.fontMetrics().height() * 3 // 4)
        parts: tuple[QWidget, ...] = (self.card, self.access, self.form, self.first, self.command)
        for part in parts:
            inner.addWidget(part)
        inner.addStretch(1)
        self._scroll = FittingScroll(page)
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        self._scroll.wanted.connect(self._fit_soon.start)
        column = QVBoxLayout(self)
        column.addWidget(self._scroll, 1)
        below: tuple[QWidget, ...] = (self.step, self.progress, self.error)
        for widget in below:
            column.addWidget(widget)
        column.addWidget(self.buttons)
        self._show_job(None)
        self.resize(self.fontMetrics().averageCharWidth() * 100, self.fontMetrics().height() * 36)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Grows with its answers, as far as the screen allows; never shrinks under the pointer."""
        lacking = self._scroll.height_for(self._scroll.viewport().width()) - self._scroll.viewport().height()
        most = self.screen().availableGeometry().height() * 9 // 10
        height = min(self.height() + lacking, most)
        if self.isVisible() and height > self.height():
            self.resize(self.width(), height)

    def _connect(self) -> None:
        self.source.changed.connect(self._show_plan)
        self.source.platform_wanted.connect(lambda: spawn(self._learn_platform(), self))
        self.card.set_recent(recent.listed(self._ctx.settings))
        self.form.edited.connect(self._edited)
        self.form.os.picked.connect(lambda os_id: spawn(self._system_picked(os_id), self))
        self.first.edited.connect(self._first_edited)
        self.start.clicked.connect(lambda: self._create(start=True))
        self.only.clicked.connect(lambda: self._create(start=False))
        self.edit.clicked.connect(lambda: spawn(self._create_and_edit(), self))
        self.cancel.clicked.connect(self._cancelled)
        self._gather_soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._gather_soon.timeout.connect(lambda: spawn(self._gather(), self))
        link = self._host.inventory.changed.connect(self._inventory_changed)
        self.finished.connect(lambda _code: link.disconnect())

    def _inventory_changed(self, change: Change) -> None:
        """Networks and pools that come late, or are made meanwhile, are offered too."""
        if change.kind in (ObjectKind.NETWORK, ObjectKind.POOL) and self.job is None:
            self._gather_soon.start()

    # what the host is

    async def _load(self, path: str) -> None:
        """Host and medium side by side; each shows as soon as it is known."""
        if path:
            self.set_address(path) if "://" in path else self.set_medium(path)
        what = _("The list of systems cannot be read.")
        self.form.os.set_names(await in_thread(osinfo.names, timeout_s=_GATHER_S, what=what))
        await self._gather()
        hint = await in_thread(osinfo.missing, timeout_s=_GATHER_S, what="")
        if hint and not self.card.hint.text:
            self.card.hint.say(hint, "dialog-information")
        profiles = await in_thread(lambda: ProfileStore().all(), timeout_s=_GATHER_S, what=_("Your profiles cannot be read."))
        self.form.more.set_profiles(profiles)
        await self._find_discs()

    async def _gather(self) -> None:
        try:
            survey = await self._survey_of_host()
        except HostelryError as error:
            self.error.say(str(error), "dialog-error")
            return
        again, self._desk.gathered = self._desk.gathered, True
        self._desk.survey = replace(survey, discs=self._desk.survey.discs)
        self._draft.set_survey(self._desk.survey, same=again)
        self.sources.follow_survey()
        self.source.deliver()

    async def _survey_of_host(self) -> Survey:
        """Right after connecting the lists of networks and pools may still be on their way: then they are asked for."""
        survey, session = await gather(self._host), self._host.session
        if not survey.networks:
            survey = replace(survey, networks=tuple(await networks.list_records(session)))
        if not survey.pools:
            survey = replace(survey, pools=tuple(await storage.list_records(session)))
        return survey

    async def _find_discs(self) -> None:
        """Drivers for Windows, among the discs of the host; nothing waits for them."""
        survey = await discs_of_host.find(self._host, self._desk.survey)
        if survey.discs != self._desk.survey.discs:
            self._desk.survey = replace(self._desk.survey, discs=survey.discs)
            self._draft.set_survey(self._desk.survey, same=True)
            self._show_plan()

    def set_medium(self, path: str) -> None:
        """Another file of this computer; "" for none."""
        self.source.set_medium(path)

    def set_address(self, url: str) -> None:
        """A dropped address: a file is downloaded, a folder is looked at for an installer."""
        self.source.set_address(url)

    async def _learn_platform(self) -> None:
        """A container is a kind of machine that the host has not been asked about."""
        platform, accel = self.plan.platform.value, self.plan.accel.value
        survey = await self._learnt(platform, accel) if self._desk.gathered else None
        if survey is not None and survey is not self._draft.survey:
            self._draft.set_survey(survey, same=True)
            self._show_plan()

    async def _learnt(self, platform: Platform, accel: Acceleration) -> Survey | None:
        try:
            survey = await learn(self._host, self._desk.survey, platform, accel)
        except HostelryError as error:
            self.error.say(str(error), "dialog-error")
            return None
        self._desk.survey = survey
        return survey

    async def _system_picked(self, os_id: str) -> None:
        await self._draft.set_system(os_id)
        self._show_plan()

    # what the user does

    def _edited(self, name: str) -> None:
        if name in ("platform", "accel"):
            spawn(self._platform_chosen(), self)
            return
        try:
            value = self.form.read(name)
        except Invalid:
            self._say()
            return
        if name == "profile" and value is not None:
            self._draft.plan = without_sizes(self.plan, value)
        else:
            self._draft.choose(name, value)
        if name in ("disk", "network", "profile"):
            self._show_plan()
        self._say()

    async def _platform_chosen(self) -> None:
        """What the other kind of machine can do is asked first."""
        more = self.form.more
        platform, now = more.platform.value(), more.accel.currentData()
        accel = more.platform.accel(now)
        survey = await self._learnt(platform, accel)
        if survey is not None:
            self._draft.survey = survey
            self._draft.set_platform(platform, accel)
            self._show_plan()

    def _first_edited(self) -> None:
        self._draft.choose("seed", self.first.seed())
        self._say()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """The whole page takes what the card takes."""
        if dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.card.dropEvent(event)

    # showing

    def _show_plan(self) -> None:
        medium, plan = self.plan.medium, self.plan
        text = medium.system_text if medium is not None and "os" not in plan.chosen else _(plan.system.name.name)
        self.form.show_plan(plan, self.survey, text)
        self.first.show_plan(plan)
        self._draft.choose("seed", self.first.seed())
        self._say()

    def _problems(self) -> list[Problem]:
        return [*self._draft.problems(), *self.first.problems()]

    def _say(self) -> None:
        problems = self._problems()
        self.form.say(self.plan, problems, tried=self._tried)
        self.form.fold.say(self.form.more.summary(self.plan))
        told = [one for one in problems if one.field == "medium" and (self._tried or not one.blocks)]
        self.first.say([one for one in problems if one.field == "seed"], tried=self._tried)
        if self.sources.kind not in FILES or self._draft.lacking:
            sign = "dialog-error" if told and told[0].blocks else "dialog-warning"
            self.card.hint.say(told[0].text if told else "", sign if told else "")
        elif told and self.plan.medium is not None and not self.plan.medium.problem:
            self.card.hint.say(told[0].text, "dialog-warning")
        self.command.show_plan(self.plan, self.survey)

    # making it

    def _may_make(self) -> bool:
        """Points at what stands in the way, if something does."""
        if self.form.os.commit():
            return False  # Return in that field chooses the system; the values change, and another Return makes the machine
        self._tried = True
        self.first.commit()
        self._draft.choose("seed", self.first.seed())
        self._say()
        wrong = self.form.first_wrong(self._problems())
        if wrong or not self.ready:
            self._point_at(wrong)
            return False
        return True

    def _create(self, *, start: bool) -> None:
        if self._may_make():
            self.job = making.run(self._ctx, self._host, Order(self.plan, start, self.first.wish()), self)
            self._show_job(self.job)

    async def _create_and_edit(self) -> None:
        """The page stays below the editor, for whoever comes back from there."""
        from ui.wizard.editing import edit_new  # noqa: PLC0415 (the details view is not needed for the page)

        if not self._may_make():
            return
        try:
            dialog = edit_new(self._ctx, self._host, Order(self.plan, False, self.first.wish()), self.survey, self)
        except HostelryError as error:
            self.error.say(str(error), "dialog-error")
            return
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self.first.forget_secrets()
            self.accept()

    def _point_at(self, field: str) -> None:
        """The cursor goes to what is wrong, or the reason why one has to wait is said."""
        if field == "medium":
            (self.sources.kinds if self.sources.kind not in FILES else self.card.button).setFocus()
        elif field == "seed":
            self.first.reveal()
        elif field:
            if field in self.form.more.rows:
                self.form.fold.set_open(True)
            self.form.rows[field].editor.setFocus()
        else:
            self.error.say(_("The host or the medium is still being examined. Try again in a moment."), "dialog-information")

    def _show_job(self, job: Job | None) -> None:
        """Progress in place of the answers, which stay readable."""
        running = job is not None and not job.over
        self.progress.setVisible(running)
        self.step.setVisible(running)
        answers: tuple[QWidget, ...] = (self._scroll, self.start, self.edit, self.only)
        for widget in answers:
            widget.setEnabled(not running)
        self.cancel.setText(_("&Stop") if running else _("&Cancel"))
        if job is not None and running:
            self.error.say("")
            job.changed.connect(self._progressed)

    def _progressed(self, job: Job) -> None:
        self.step.setText(job.text)
        self.progress.setRange(0, 0 if job.fraction is None else 1000)
        self.progress.setValue(round((job.fraction or 0) * 1000))

    def job_failed(self, job: Job) -> None:
        """The page stays as it was, with what went wrong, so that one answer can be changed and tried again."""
        self._show_job(None)
        text = str(job.error) if job.error else _("Making the machine was stopped.")
        self.error.say(f"{text} {job.result}".strip(), "dialog-error" if job.error else "dialog-information")
        self.error.setToolTip(plain_tip(job.error.raw if job.error else ""))
        spawn(self._gather(), self)

    def _cancelled(self) -> None:
        if self.job is not None and not self.job.over:
            self._ctx.jobs.cancel(self.job)
        else:
            self.reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's cross never stops the job."""
        event.accept()
        super().closeEvent(event)
