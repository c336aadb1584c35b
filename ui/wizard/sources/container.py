"""A container: one program, or a whole system in a folder."""

from __future__ import annotations

import shlex

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.i18n import _
from app.install.sources.plain import AContainer
from ui.wizard.sources.editor import Desk, SourceEditor


class ContainerEditor(SourceEditor):
    """Virtuozzo's containers come from its templates; elsewhere a program is run."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.program, self.root, self.template = QLineEdit("/bin/sh"), QLineEdit(), QLineEdit()
        self.program.setToolTip(_("With its arguments; /sbin/init starts a whole system (libvirt: init)"))
        self.root.setToolTip(_("A folder of the host that is the container's “/”; empty: the host's own files"))
        self.root.setPlaceholderText("/var/lib/machines/web")
        self.template.setToolTip(_("Name of a Virtuozzo template; then no program is needed"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("&Program:"), self.program)
        form.addRow(_("F&older:"), self.root)
        form.addRow(_("&Template:"), self.template)
        form.addRow(self.hint)
        for line in (self.program, self.root, self.template):
            line.textEdited.connect(lambda _text: self._edited())
        self._form = form
        self.follow_survey()

    def begin(self) -> None:
        self._edited()

    def follow_survey(self) -> None:
        """Templates are Virtuozzo's."""
        self._form.setRowVisible(self.template, self.desk.survey.driver.lower() in ("vz", "virtuozzo"))

    def _edited(self) -> None:
        try:
            words = shlex.split(self.program.text())
        except ValueError:
            self.say(None, _("A quotation mark has no partner in the program's arguments."))
            return
        template = self.template.text().strip()
        if not words and not template:
            self.say(None, _("Give the program that the container runs, such as /bin/sh."))
            return
        self.say(AContainer(words[0] if words else "", tuple(words[1:]), self.root.text().strip(), template))
