"""What a host asks while its connection opens: user name, password."""

from __future__ import annotations

from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from app.i18n import _
from app.virt.credentials import Credential, CredentialKind, CredentialRequest
from app.virt.uris import suggested_label
from ui.dialogs.dialog_parts import PlainDialog
from ui.plain import label as plain_label
from ui.plain import tip as plain_tip

Role = QDialogButtonBox.ButtonRole


class CredentialsDialog(PlainDialog):
    """One field for each question; passwords are not shown."""

    def __init__(self, request: CredentialRequest, parent: QWidget | None = None) -> None:
        super().__init__(parent, _("Sign in"), "dialog-password")
        self.add_text(_("“{host}” asks who you are.").format(host=_(suggested_label(request.uri))), strong=True)
        if request.again:
            self.add_text(_("The answer before was not accepted. Try again."))
        form = QFormLayout()
        self.fields = [self._field(form, question) for question in request.questions]
        self.body.addLayout(form)
        self.body.addStretch()
        cancel = self.add_button(_("Cancel"), Role.RejectRole)
        cancel.clicked.connect(self.reject)
        self.yes = self.add_button(_("Sign in"), Role.AcceptRole, default=True)
        self.yes.clicked.connect(self.accept)
        empty = [field for field in self.fields if not field.text()]
        if empty:
            empty[0].setFocus()

    def answers(self) -> tuple[str, ...]:
        """One text for each question, in order."""
        return tuple(field.text() for field in self.fields)

    def _field(self, form: QFormLayout, question: Credential) -> QLineEdit:
        field = QLineEdit(question.default)
        field.setMinimumWidth(self.fontMetrics().averageCharWidth() * 35)
        if question.kind is CredentialKind.PASSWORD:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setToolTip(plain_tip(question.challenge))
        prompt = plain_label(question.prompt.rstrip(": ") + ":" if question.prompt else _("Answer:"))
        prompt.setBuddy(field)
        form.addRow(prompt, field)
        return field
