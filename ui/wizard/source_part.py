"""Where the machine comes from: card, chooser and access box of the page, and what they make of the draft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import HostelryError
from app.i18n import _
from app.install import access
from app.install.access import Access
from app.install.media import Medium, MediumKind, recognise
from app.install.plan import Delivery, DiskKind, Recommended, Way
from app.install.sources import table
from app.install.sources.discs import LocalIso
from ui.aio import spawn
from ui.wizard import addresses
from ui.wizard.access_box import AccessBox
from ui.wizard.draft import Draft, source_of
from ui.wizard.medium_card import MediumCard
from ui.wizard.sources.chooser import FILES, SourceChooser
from ui.wizard.sources.download import DownloadEditor
from ui.wizard.sources.editor import Desk
from ui.wizard.sources.tree import TreeEditor

MEDIA_FILTER = "(*.iso *.img *.qcow2 *.qcow *.raw *.vmdk *.vdi *.vhd *.vhdx *.qed)"


class SourcePart(QObject):
    """changed: the draft's plan is another.  platform_wanted: its kind of machine has not been asked about yet.

    path: of the file that is being looked at or was recognised; "" for other sources.
    """

    changed = Signal()
    platform_wanted = Signal()

    def __init__(self, desk: Desk, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self.draft = desk, draft
        self.path, self._wanted = "", ""
        self._medium: Medium | None = None
        self._access: Access | None = None
        self.card, self.access, self.chooser = MediumCard(), AccessBox(), SourceChooser(desk)
        self.chooser.show_kind("none")
        self.card.column.addWidget(self.chooser)
        self.card.chosen.connect(self.set_medium)
        self.card.address.connect(self.set_address)
        self.card.cleared.connect(lambda: self.set_medium(""))
        self.card.browse.connect(lambda: spawn(self._browse(), self))
        self.chooser.kind_chosen.connect(self._kind_chosen)
        self.chooser.changed.connect(self._source_changed)
        self.chooser.file_ready.connect(self.set_medium)
        self.access.changed.connect(self.deliver)

    def set_medium(self, path: str) -> None:
        """Another file of this computer; "" for none."""
        if not path:
            self.chooser.choose("none")
            return
        self.path = path
        self.draft.lacking = ""
        self.access.show_access(None)
        self.card.show_looking(path)
        spawn(self._recognise(path), self)

    def set_address(self, url: str) -> None:
        """A dropped address: a file is downloaded, a folder is looked at for an installer."""
        editor = self.chooser.choose(addresses.kind_of(url))
        if isinstance(editor, DownloadEditor):
            editor.take_address(url)
        elif isinstance(editor, TreeEditor):
            editor.url.setText(url)
            editor.look_up()

    async def _recognise(self, path: str) -> None:
        try:
            medium = await recognise(path)
            found = await access.check(self._desk.host, path) if medium.kind is not MediumKind.UNKNOWN else None
        except HostelryError as error:
            if path == self.path:
                self.card.show_problem(path, str(error))
                self._take_medium(Medium(path, MediumKind.UNKNOWN, problem=str(error)))
            return
        if path != self.path:
            return  # another one was chosen meanwhile
        if medium.kind is MediumKind.UNKNOWN:
            self.card.show_problem(path, medium.problem)
        else:
            self.card.show_medium(medium)
        self.access.show_access(found)
        self._medium, self._access = (medium if found else None), found
        self._take_medium(medium)

    def _take_medium(self, medium: Medium) -> None:
        source = source_of(medium, self._wanted)
        kind = "iso" if medium.kind is not MediumKind.DISK else next(row.id for row in table.KINDS if row.source is type(source))
        self.chooser.show_kind(kind)
        self.draft.set_source(source)
        self.deliver()

    def _kind_chosen(self, kind: str) -> None:
        """The last file comes back where the kind takes it; everything else begins anew."""
        medium = self._medium
        self._wanted = kind if kind in FILES else ""
        if medium is not None and kind in FILES and (kind == "iso") is (medium.kind is MediumKind.ISO):
            self.path = medium.path
            self.draft.lacking = ""
            self.card.show_medium(medium)
            self.access.show_access(self._access)
            self.draft.set_source(source_of(medium, kind))
            self.deliver()
            return
        self.path = ""
        self.access.show_access(None)
        row = table.kind(kind)
        if kind == "none":
            self.card.show_nothing()
        else:
            detail = _("Drop it here, or choose it.") if kind in FILES else _(row.tip)
            self.card.show_kind(row.icon, _(row.words), detail)
        self.draft.lacking = _("Choose a file, or drop one here.") if kind in FILES else ""
        self.draft.set_source(LocalIso(None))
        self.draft.choose("delivery", Delivery())
        self.changed.emit()

    def _source_changed(self) -> None:
        """The editor in front has another answer."""
        editor = self.chooser.editor
        if editor is None:
            return
        self.path = ""
        self.draft.lacking = editor.lacking
        source = editor.source
        if source is not None:
            self.draft.set_source(source, same=type(source) is type(self.draft.plan.source) and self.chooser.kind != "clone")
            self.platform_wanted.emit()
        self.changed.emit()

    def deliver(self) -> None:
        """An ISO is delivered; a disk image that cannot be used in place is copied instead."""
        delivery, plan = self.access.delivery, self.draft.plan
        if plan.medium is not None and plan.medium.kind is MediumKind.DISK and delivery.way is Way.COPY:
            if plan.disk.value.kind is not DiskKind.COPY:
                disk = replace(plan.disk.value, kind=DiskKind.COPY)
                self.draft.plan = replace(plan, disk=Recommended(disk, _("The hypervisor gets its own copy.")))
            delivery = Delivery()
        self.draft.choose("delivery", delivery)
        self.changed.emit()

    async def _browse(self) -> None:
        folder = Path(self.path).parent if self.path else None
        filters = (_("ISO files and disk images {patterns}").format(patterns=MEDIA_FILTER),)
        path = await self._desk.ctx.ui.pick_file(_("Choose a medium"), filters=filters, folder=folder)
        if path is not None:
            self.set_medium(str(path))
