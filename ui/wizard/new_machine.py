"""New machine: one page with everything that is recommended, ready to be made by one key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.actions.context import Context
from app.errors import HostelryError, Invalid
from app.hosts.host import Host
from app.i18n import _
from app.install import access, check, defaults, networks, osinfo, recent
from app.install.background import in_thread
from app.install.create import create
from app.install.gather import gather
from app.install.media import Medium, MediumKind, recognise
from app.install.plan import Delivery, DiskKind, Plan, Problem, Recommended, Way
from app.install.survey import Survey
from app.jobs.job import Job, JobState
from app.model.records import DomainRef
from ui.aio import spawn
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.widgets.fitting_scroll import FittingScroll, Page
from ui.wizard.access_box import AccessBox
from ui.wizard.form import Form
from ui.wizard.medium_card import MediumCard
from ui.wizard.row import Hint

MEDIA_FILTER = "(*.iso *.img *.qcow2 *.qcow *.raw *.vmdk *.vdi *.vhd *.vhdx *.qed)"
_GATHER_S = 20.0


class NewMachineDialog(QDialog):
    """``NewMachineDialog(ctx, host, path).open()``: shown at once; what the host and the medium are fills in when known.

    Closing it while the machine is being made leaves the job in the task list; an error then comes as a message.
    """

    def __init__(self, ctx: Context, host: Host, path: str | Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._host = ctx, host
        self._survey = Survey(label=host.label)
        self._gathered = False
        self._plan: Plan = defaults.recommend(None, self._survey)
        self._path = ""
        self._tried = False
        self.job: Job | None = None
        self._build()
        self._connect()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._show_plan()
        spawn(self._load(str(path) if path else ""), self)

    @property
    def plan(self) -> Plan:
        """The machine as the page stands now."""
        return self._plan

    @property
    def ready(self) -> bool:
        """Whether host and medium have been examined."""
        return self._gathered and (not self._path or self._plan.medium is not None)

    # building

    def _build(self) -> None:
        self.setWindowTitle(_("New machine on {host}").format(host=self._host.label))
        self.card, self.access, self.form, self.error = MediumCard(), AccessBox(), Form(), Hint()
        self.details = plain_label()
        self.progress, self.step = QProgressBar(), plain_label()
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setTextVisible(False)
        self.buttons = QDialogButtonBox()
        self.start = self.buttons.addButton(_("Create and s&tart"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.only = self.buttons.addButton(_("Create &only"), QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.start.setDefault(True)
        for button in (self.only, self.cancel):
            button.setAutoDefault(False)
        self.only.setToolTip(_("Makes the machine and leaves it off"))
        self._arrange()

    def _arrange(self) -> None:
        page = Page()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(self.fontMetrics().height() * 3 // 4)
        parts: tuple[QWidget, ...] = (self.card, self.access, self.form)
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
        self.card.chosen.connect(self.set_medium)
        self.card.cleared.connect(lambda: self.set_medium(""))
        self.card.browse.connect(lambda: spawn(self._browse(), self))
        self.card.set_recent(recent.listed(self._ctx.settings))
        self.access.changed.connect(self._delivery_chosen)
        self.form.edited.connect(self._edited)
        self.form.os.picked.connect(lambda os_id: spawn(self._system_picked(os_id), self))
        self.start.clicked.connect(lambda: self._create(start=True))
        self.only.clicked.connect(lambda: self._create(start=False))
        self.cancel.clicked.connect(self._cancelled)

    # what the host and the medium are

    async def _load(self, path: str) -> None:
        """Host and medium side by side; each shows as soon as it is known."""
        if path:
            self.set_medium(path)
        self.form.os.set_names(await in_thread(osinfo.names, timeout_s=_GATHER_S, what=_("The list of systems cannot be read.")))
        await self._gather()
        hint = await in_thread(osinfo.missing, timeout_s=_GATHER_S, what="")
        if hint and not self.card.hint.text:
            self.card.hint.say(hint, "dialog-information")

    async def _gather(self) -> None:
        try:
            self._survey = await gather(self._host)
        except HostelryError as error:
            self.error.say(str(error), "dialog-error")
            return
        again, self._gathered = self._gathered, True
        self._recommend(self._plan.medium, same=again)

    def set_medium(self, path: str) -> None:
        """Another medium; "" for none."""
        self._path = path
        self.access.show_access(None)
        if not path:
            self.card.show_nothing()
            self._recommend(None)
            return
        self.card.show_looking(path)
        spawn(self._recognise(path), self)

    async def _recognise(self, path: str) -> None:
        try:
            medium = await recognise(path)
            found = await access.check(self._host, path) if medium.kind is not MediumKind.UNKNOWN else None
        except HostelryError as error:
            if path == self._path:
                self.card.show_problem(path, str(error))
                self._recommend(Medium(path, MediumKind.UNKNOWN, problem=str(error)))
            return
        if path != self._path:
            return  # another one was chosen meanwhile
        if medium.kind is MediumKind.UNKNOWN:
            self.card.show_problem(path, medium.problem)
        else:
            self.card.show_medium(medium)
        self.access.show_access(found)
        self._recommend(medium)

    def _recommend(self, medium: Medium | None, *, same: bool = False) -> None:
        """A fresh plan that keeps what the user chose.  same: medium and host are as before; else disk and system start anew."""
        chosen = {name: getattr(self._plan, name) for name in self._plan.chosen if same or name not in ("disk", "os")}
        system = self._plan.os.value if "os" in chosen else None
        fresh = defaults.recommend(medium, self._survey, system)
        self._plan = replace(fresh, **chosen, chosen=frozenset(chosen))
        self._delivery_chosen()

    async def _system_picked(self, os_id: str) -> None:
        system = await in_thread(lambda: osinfo.system(os_id), timeout_s=_GATHER_S, what=_("The system's needs cannot be read."))
        self._plan = defaults.with_system(self._plan, system, self._survey)
        self._show_plan()

    # what the user does

    def _edited(self, name: str) -> None:
        try:
            value = self.form.read(name)
        except Invalid:
            self._say()
            return
        self._plan = self._plan.choose(name, value)
        if name == "network":
            reason = next((choice.reason for choice in networks.choices(self._survey) if choice.value == value), "")
            self._plan = replace(self._plan, network=Recommended(value, reason))
        if name == "accel":
            self._plan = replace(
                self._plan, firmware=defaults.recommend(self._plan.medium, replace(self._survey, accel=value)).firmware
            )
        if name in ("accel", "disk"):
            self._show_plan()
        self._say()

    def _delivery_chosen(self) -> None:
        """An ISO is delivered; a disk image that cannot be used in place is copied instead."""
        delivery = self.access.delivery
        medium = self._plan.medium
        if medium is not None and medium.kind is MediumKind.DISK and delivery.way is Way.COPY:
            disk = replace(self._plan.disk.value, kind=DiskKind.COPY)
            self._plan = replace(self._plan, disk=Recommended(disk, _("The hypervisor gets its own copy.")))
            delivery = Delivery()
        self._plan = replace(self._plan, delivery=delivery)
        self._show_plan()

    async def _browse(self) -> None:
        folder = Path(self._path).parent if self._path else None
        filters = (_("ISO files and disk images {patterns}").format(patterns=MEDIA_FILTER),)
        path = await self._ctx.ui.pick_file(_("Choose a medium"), filters=filters, folder=folder)
        if path is not None:
            self.set_medium(str(path))

    def _show_plan(self) -> None:
        medium, plan = self._plan.medium, self._plan
        text = medium.system_text if medium is not None and "os" not in plan.chosen else _(plan.system.name.name)
        self.form.show_plan(plan, self._survey, text)
        self._say()

    def _problems(self) -> list[Problem]:
        return check.problems(self._plan, self._survey)

    def _say(self) -> None:
        self.form.say(self._plan, self._problems(), tried=self._tried)

    # making it

    def _create(self, *, start: bool) -> None:
        if self.form.os.commit():
            return  # Return in that field chooses the system; the values change, and another Return makes the machine
        self._tried = True
        self._say()
        wrong = self.form.first_wrong(self._problems())
        if wrong or not self.ready:
            self._point_at(wrong)
            return
        plan, host, ref = self._plan, self._host, list[DomainRef]()

        async def work(job: Job) -> str:
            ref.append(await create(host, plan, job, start=start))
            return _("“{name}” was made.").format(name=plan.name.value)

        title = _("Make the machine “{name}”").format(name=plan.name.value)
        self.job = self._ctx.jobs.run(title, work, subject=plan.name.value, host_id=host.id)
        self._show_job(self.job)
        spawn(_finish(self._ctx, self.job, _Outcome(plan, ref, start), self), self._ctx.jobs)

    def _point_at(self, field: str) -> None:
        """The cursor goes to what is wrong, or the reason why one has to wait is said."""
        if field == "medium":
            self.card.button.setFocus()
        elif field:
            self.form.rows[field].editor.setFocus()
        else:
            self.error.say(_("The host or the medium is still being examined. Try again in a moment."), "dialog-information")

    def _show_job(self, job: Job | None) -> None:
        """Progress in place of the answers, which stay readable."""
        running = job is not None and not job.over
        self.progress.setVisible(running)
        self.step.setVisible(running)
        answers: tuple[QWidget, ...] = (self._scroll, self.start, self.only)
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


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was asked for, and the machine once it is made."""

    plan: Plan
    ref: list[DomainRef]
    start: bool


async def _finish(ctx: Context, job: Job, outcome: _Outcome, dialog: NewMachineDialog) -> None:
    """After the job: console and recent media, or the error on the page, or in a message if the page is closed."""
    state = await job.wait()
    if state is JobState.DONE and outcome.ref:
        if outcome.plan.medium is not None:
            recent.remember(ctx.settings, outcome.plan.medium.path)
        _close(dialog)
        if outcome.start:
            ctx.ui.open_console(outcome.ref[0])
    elif _is_open(dialog):
        dialog.job_failed(job)
    elif job.error is not None and state is JobState.FAILED:
        await ctx.ui.show_error(job.error)


def _is_open(dialog: NewMachineDialog) -> bool:
    return isValid(dialog) and dialog.isVisible()


def _close(dialog: NewMachineDialog) -> None:
    if _is_open(dialog):
        dialog.accept()
