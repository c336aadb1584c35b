"""Installers and images from their publishers: a list to search, and the download as a job."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import HostelryError
from app.i18n import _
from app.install.background import in_thread
from app.install.catalogue import listing
from app.install.catalogue.cache import Cached
from app.install.catalogue.download import Wanted, fetch
from app.install.catalogue.listing import KIND_WORDS, Download
from app.jobs.job import Job, JobState
from ui.aio import spawn
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.wizard.sources.editor import Desk, SourceEditor

_LINES = 7
_SEARCH_MS = 120


class DownloadEditor(SourceEditor):
    """A download that is closed with the page goes on as a job, and the cache has it afterwards."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.words, self.list, self.old = QLineEdit(), QTreeWidget(), QCheckBox(_("A&lso systems without updates"))
        self.get, self.stop, self.progress = (
            QPushButton(icon("document-import"), _("&Download")),
            QPushButton(_("S&top")),
            QProgressBar(),
        )
        self.job: Job | None = None
        self._url = ""
        self._dress()
        self._arrange()
        self._search = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._search.timeout.connect(lambda: spawn(self._look(), self))
        self.words.textChanged.connect(lambda _text: self._search.start())
        self.old.toggled.connect(lambda _on: self._search.start())
        self.list.itemSelectionChanged.connect(self._selected)
        self.list.itemActivated.connect(lambda item, _column: self._begin_download() if item.data(0, _ROLE) else None)
        self.words.returnPressed.connect(self._begin_download)
        self.get.clicked.connect(lambda _checked=False: self._begin_download())
        self.stop.clicked.connect(lambda _checked=False: self._stop())

    def _dress(self) -> None:
        self.words.setPlaceholderText(_("Search, or an address (https://…)"))
        self.words.setAccessibleName(_("Search"))
        self.words.setClearButtonEnabled(True)
        self.old.setToolTip(_("Their makers have stopped repairing them"))
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.setAccessibleName(_("Downloads"))
        self.list.setFixedHeight(self.fontMetrics().height() * _LINES * 5 // 4)
        self.list.setUniformRowHeights(True)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, self.list.header().ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, self.list.header().ResizeMode.ResizeToContents)
        self.progress.setAccessibleName(_("Progress of the download"))
        self.progress.setTextVisible(False)
        for button in (self.get, self.stop):
            button.setAutoDefault(False)
        self.get.setEnabled(False)

    def _arrange(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.words, 1)
        top.addWidget(self.old)
        for widget, stretch in ((self.hint, 1), (self.progress, 1), (self.get, 0), (self.stop, 0)):
            below.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.list)
        column.addLayout(below)
        self._show_job(None)

    def begin(self) -> None:
        self.say(None, _("Choose what to download."))
        if not self.list.topLevelItemCount():
            self.hint.say(_("Reading the list…"))
            spawn(self._look(), self)
        self.words.setFocus()

    async def _look(self) -> None:
        words, old, arch = self.words.text().strip(), self.old.isChecked(), self.desk.survey.arch or "x86_64"
        if "://" in words:
            self._offer_address(words)
            return
        arch = "i686" if arch == "i386" else arch
        what = _("The list of downloads cannot be read.")
        try:
            found = await in_thread(lambda: listing.matching(arch, words, old=old), timeout_s=30.0, what=what)
        except HostelryError as error:
            self.hint.say(str(error), "dialog-error")
            return
        if words == self.words.text().strip():
            self._fill(found, unfold=bool(words))

    def _offer_address(self, url: str) -> None:
        """One that the user typed or dropped."""
        self.list.clear()
        item = QTreeWidgetItem([url, _("From this address")])
        item.setData(0, _ROLE, url)
        self.list.addTopLevelItem(item)
        self.list.setCurrentItem(item)

    def _fill(self, found: Iterable[Download], *, unfold: bool) -> None:
        """By system, in the order of the list: supported ones first, newest first."""
        with QSignalBlocker(self.list):
            self.list.clear()
            count = 0
            for system, entries in groupby(found, key=lambda entry: entry.system):
                top = QTreeWidgetItem([system.name, ""])
                top.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.list.addTopLevelItem(top)
                for entry in entries:
                    top.addChild(_line(entry))
                    count += 1
                top.setExpanded(unfold)
            first = self.list.topLevelItem(0)
            child = first.child(0) if unfold and first is not None else None
            if child is not None:
                self.list.setCurrentItem(child)
        self.hint.say("" if count else _("Nothing of that name is known. Give its address, or search for less."))
        self._selected()

    def chosen(self) -> str:
        """The address of the highlighted line, "" without."""
        item = self.list.currentItem()
        return str(item.data(0, _ROLE) or "") if item is not None and item.isSelected() else ""

    def _selected(self) -> None:
        self.get.setEnabled(bool(self.chosen()) and self.job is None)
        if self.chosen() and self.job is None:
            self.say(None, _("Download it first: press “Download”."))

    # the download

    def take_address(self, url: str) -> None:
        """A dropped address: it is fetched at once."""
        self.words.setText(url)
        self._search.stop()
        self._offer_address(url)
        self._begin_download()

    def _begin_download(self) -> None:
        url = self.chosen()
        if not url or self.job is not None:
            return
        found: list[Cached] = []

        async def work(job: Job) -> str:
            cached = await fetch(Wanted(url), job)
            found.append(cached)
            if cached.verified:
                return _("“{name}” is here; it has the publisher's checksum.").format(name=cached.path.name)
            return _("“{name}” is here; the publisher gives no checksum.").format(name=cached.path.name)

        name = url.rstrip("/").rpartition("/")[2] or url
        job = self.desk.ctx.jobs.run(_("Download “{name}”").format(name=name), work, subject=name)
        self.say(None, _("The download is still going on."))
        self._show_job(job)
        spawn(self._follow(job, found), self)

    async def _follow(self, job: Job, found: list[Cached]) -> None:
        state = await job.wait()
        self._show_job(None)
        if state is JobState.DONE and found:
            self.hint.say(job.result, "" if found[0].verified else "dialog-information")
            self.file_ready.emit(str(found[0].path))
        elif state is JobState.CANCELLED:
            self.hint.say(_("Stopped. “Download” goes on from where it was."), "dialog-information")
            self._selected()
        elif job.error is not None:
            self.hint.say(str(job.error), "dialog-error")
            self.hint.setToolTip(plain_tip(job.error.raw))
            self._selected()

    def _stop(self) -> None:
        if self.job is not None:
            self.desk.ctx.jobs.cancel(self.job)

    def _show_job(self, job: Job | None) -> None:
        self.job = job
        busy = job is not None
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        self.get.setVisible(not busy)
        questions: tuple[QWidget, ...] = (self.list, self.words, self.old)
        for question in questions:
            question.setEnabled(not busy)
        if job is not None:
            job.changed.connect(self._progressed)

    def _progressed(self, job: Job) -> None:
        if job is self.job:
            self.hint.say(job.text)
            self.progress.setRange(0, 0 if job.fraction is None else 1000)
            self.progress.setValue(round((job.fraction or 0) * 1000))


_ROLE = Qt.ItemDataRole.UserRole


def _line(entry: Download) -> QTreeWidgetItem:
    kind = _(KIND_WORDS[entry.kind])
    item = QTreeWidgetItem([f"{entry.title} ({entry.arch})", kind])
    item.setData(0, _ROLE, entry.url)
    safe = "" if entry.encrypted else "\n" + _("The connection is not encrypted.")
    item.setToolTip(0, plain_tip(entry.url + safe))
    return item
