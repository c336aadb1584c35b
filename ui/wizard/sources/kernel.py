"""Direct kernel boot: the kernel, its initial file system and its arguments."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from app.i18n import _
from app.install.sources.plain import DirectKernel
from ui.wizard.sources.editor import Desk, SourceEditor
from ui.wizard.sources.path_line import PathLine


class KernelEditor(SourceEditor):
    """Files of this computer go to the host unless they are said to be there."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.kernel = PathLine(_("Kernel"), "/boot/vmlinuz")
        self.initrd = PathLine(_("Initial file system"), "/boot/initrd.img")
        self.dtb = PathLine(_("Device tree"), "")
        self.dtb.setToolTip(_("For boards that are described by a file (libvirt: dtb); empty for all others"))
        self.arguments = QLineEdit()
        self.arguments.setPlaceholderText("console=ttyS0 root=/dev/vda1")
        self.arguments.setAccessibleName(_("Arguments of the kernel"))
        self.there = QCheckBox(_("These are &paths on the host"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("&Kernel:"), self.kernel)
        form.addRow(_("&Initial file system:"), self.initrd)
        form.addRow(_("&Arguments:"), self.arguments)
        form.addRow(_("Device &tree:"), self.dtb)
        form.addRow("", self.there)
        for line in (self.kernel, self.initrd, self.dtb):
            line.edited.connect(self._edited)
        self.arguments.textEdited.connect(lambda _text: self._edited())
        self.there.toggled.connect(lambda _on: self._edited())
        self.follow_survey()

    def begin(self) -> None:
        self._edited()

    def follow_survey(self) -> None:
        """On this computer both are the same."""
        self.there.setVisible(not self.desk.survey.local)

    def _edited(self) -> None:
        kernel = self.kernel.path()
        if not kernel:
            self.say(None, _("Give the kernel's file (often called vmlinuz)."))
            return
        on_host = self.there.isChecked() and not self.desk.survey.local
        self.say(DirectKernel(kernel, self.initrd.path(), self.arguments.text().strip(), self.dtb.path(), on_host))
