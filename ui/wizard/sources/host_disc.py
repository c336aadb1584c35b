"""A disc that is on the host already: an ISO in one of its pools, or what is in a CD drive."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import _
from app.install import discs_of_host, osinfo
from app.install.background import in_thread
from app.install.likeness import from_file_name
from app.install.sizes import format_size
from app.install.sources.discs import HostIso
from app.install.survey import HostDisc
from ui.aio import spawn
from ui.icons import icon
from ui.wizard.sources.editor import Desk, SourceEditor


class HostDiscEditor(SourceEditor):
    """drives: shows CD drives instead of ISO files."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, drives: bool = False) -> None:
        super().__init__(desk, parent)
        self._drives = drives
        self.discs = QComboBox()
        self.discs.setAccessibleName(_("CD drive") if drives else _("ISO file"))
        self.discs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.discs.setMinimumContentsLength(20)
        self.again = QToolButton()
        self.again.setIcon(icon("view-refresh"))
        self.again.setToolTip(_("Look again"))
        self.again.setAccessibleName(_("Look again"))
        row = QHBoxLayout()
        row.addWidget(self.discs, 1)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.hint)
        self.discs.activated.connect(lambda _index: self._chosen())
        self.again.clicked.connect(lambda _checked=False: self.begin())

    def begin(self) -> None:
        self.say(None, _("Choose a drive.") if self._drives else _("Choose an ISO file of the host."))
        self.discs.clear()
        self.hint.say(_("Looking at the host…"))
        if self.desk.gathered:
            spawn(self._find(), self)

    def follow_survey(self) -> None:
        if self.source is None:
            self.begin()

    async def _find(self) -> None:
        try:
            survey = await discs_of_host.find(self.desk.host, self.desk.survey)
        except HostelryError as error:
            self.hint.say(str(error), "dialog-error")
            return
        self.desk.survey = replace(self.desk.survey, discs=survey.discs)
        self._show([disc for disc in survey.discs if bool(disc.pool) is not self._drives])

    def _show(self, discs: list[HostDisc]) -> None:
        self.discs.clear()
        for disc in discs:
            self.discs.addItem(icon("drive-optical" if self._drives else "media-optical"), _words(disc), disc)
        self.discs.setEnabled(bool(discs))
        nothing = _("No pool of the host has an ISO file. Put one into a pool and refresh, or use a file of this computer.")
        if self._drives:
            nothing = _("The host has no CD drive.")
        self.hint.say("" if discs else nothing)
        if discs:
            self._chosen()
        else:
            self.say(None, nothing)

    def _chosen(self) -> None:
        disc = self.discs.currentData()
        if isinstance(disc, HostDisc):
            self.say(HostIso(disc))
            if disc.pool:
                spawn(self._recognise(disc), self)

    async def _recognise(self, disc: HostDisc) -> None:
        """The file itself may be out of reach; its name says enough for most."""
        name = PurePosixPath(disc.path).stem
        system = await in_thread(lambda: from_file_name(name), timeout_s=20.0, what=_("The list of systems cannot be read."))
        if system is not osinfo.GENERIC and self.discs.currentData() == disc:
            self.say(HostIso(disc, system))


def _words(disc: HostDisc) -> str:
    if not disc.pool:
        return f"{disc.path} ({disc.title})" if disc.title else disc.path
    size = format_size(disc.size)
    return _("{title} ({size}, pool “{pool}”)").format(title=PurePosixPath(disc.path).name, size=size, pool=disc.pool)
