"""What to do when the hypervisor cannot read the medium: said before, with ways out and exactly what each does."""

from __future__ import annotations

import shlex
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from app.i18n import _
from app.install.access import Access
from app.install.plan import Delivery, Way
from ui.dialogs.dialog_parts import breakable
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint


class AccessBox(QFrame):
    """Hidden while there is nothing to say.  changed: another way was chosen; ``delivery`` is it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._access: Access | None = None
        self._hint = Hint()
        self.grant = QRadioButton(_("&Give the hypervisor access to this one file"))
        self.copy = QRadioButton(_("Co&py the file to the host's storage pool"))
        self._commands = plain_label()
        self._commands.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._commands.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._commands.setWordWrap(True)
        self._commands.setIndent(self.fontMetrics().height() * 3 // 2)
        self._commands.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        for widget in (self._hint, self.grant, self._commands, self.copy):
            column.addWidget(widget)
        for button in (self.grant, self.copy):
            group.addButton(button)
            button.toggled.connect(self._toggled)
        self.hide()

    @property
    def delivery(self) -> Delivery:
        """The chosen way."""
        if self._access is None or self._access.ok:
            return Delivery()
        return Delivery(Way.GRANT, self._access) if self.grant.isChecked() else Delivery(Way.COPY)

    def show_access(self, access: Access | None) -> None:
        """Fits the box to what was found; access first where it is a way out, for it costs no space."""
        self._access = access
        self.setVisible(access is not None and not access.ok)
        if access is None or access.ok:
            return
        self._hint.say(access.text, "dialog-information" if access.remote else "dialog-warning")
        possible = bool(access.grants)
        self.grant.setVisible(possible)
        self._commands.setVisible(possible)
        self._commands.setText(breakable("\n".join(shlex.join(command) for command in access.commands)))
        self._commands.setToolTip(plain_tip(_("To take it back: {command}").format(command=access.undo)))
        self.grant.setText(_("&Give the user “{user}” access by running:").format(user=access.user.name if access.user else ""))
        self.copy.setText(_("U&pload it to the host") if access.remote else _("Co&py it to a storage pool of the host"))
        self.copy.setToolTip(plain_tip(Path(access.path).name))
        (self.grant if possible else self.copy).setChecked(True)

    def _toggled(self, on: bool) -> None:
        if on:
            self.changed.emit()
