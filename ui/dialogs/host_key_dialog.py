"""An SSH host that is not known yet: its key's fingerprint, to be compared and accepted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget

from app.i18n import _
from app.virt.credentials import HostKey
from ui.dialogs.dialog_parts import PlainDialog

Role = QDialogButtonBox.ButtonRole


class HostKeyDialog(PlainDialog):
    """Accepted: the key is the host's, ssh remembers it.  Cancel is the default: nobody accepts a key by a stray Return."""

    def __init__(self, key: HostKey, parent: QWidget | None = None) -> None:
        super().__init__(parent, _("Unknown host"), "dialog-warning")
        self.add_text(_("Is this really “{host}”?").format(host=key.host), strong=True)
        self.add_text(
            _("This computer has not been connected to it before. Its key ({type}) has this fingerprint:").format(
                type=key.key_type
            )
        )
        self.fingerprint = self._fingerprint(key.fingerprint)
        self.add_text(
            _(
                "Compare it with the one that the host's administrator gives you, or that this command shows there:"
                " ssh-keygen -lf /etc/ssh/ssh_host_{type}_key.pub"
            ).format(type=key.key_type.lower())
        )
        self.add_text(_("Once accepted, the key is remembered, and a host with another key is refused."))
        self.body.addStretch()
        self.no = self.add_button(_("Cancel"), Role.RejectRole, default=True)
        self.yes = self.add_button(_("Accept and connect"), Role.AcceptRole, hint=_("Adds the key to ~/.ssh/known_hosts"))
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)

    def _fingerprint(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        label.setAccessibleName(_("Fingerprint"))
        label.setAccessibleDescription(text)
        self.body.addWidget(label)
        return label
