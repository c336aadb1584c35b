"""Questions: one verb, several ways, a line of text, a password."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QCommandLinkButton, QDialogButtonBox, QLineEdit, QWidget

from app.actions.interface import Offer, Question
from app.i18n import _
from ui.dialogs.dialog_parts import PlainDialog, name_list
from ui.icons import icon
from ui.plain import label as plain_label

Role = QDialogButtonBox.ButtonRole


class QuestionDialog(PlainDialog):
    """A question with one verb.  With ``danger`` the button that does nothing is the default and has the focus."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent, question.title, "dialog-warning" if question.danger else "dialog-question")
        self.add_text(question.text, strong=True)
        if question.detail:
            self.add_text(question.detail)
        if question.items:
            self.body.addWidget(name_list(question.items, _("Concerned")))
        self.remember = QCheckBox(_("Do not ask again"))
        self.remember.setVisible(bool(question.remember))
        self.body.addWidget(self.remember)
        self.body.addStretch()
        self.no = self.add_button(_("Cancel"), Role.RejectRole, default=question.danger)
        self.yes = self.add_button(question.verb, Role.AcceptRole, default=not question.danger)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)


class ChoiceDialog(PlainDialog):
    """Several ways to go on, each a large button with its hint; ``chosen`` is the id, or None."""

    def __init__(self, question: Question, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent, question.title, "dialog-question")
        self.chosen: str | None = None
        self.add_text(question.text, strong=True)
        if question.detail:
            self.add_text(question.detail)
        if question.items:
            self.body.addWidget(name_list(question.items, _("Concerned")))
        for offer in offers:
            self._add(offer)
        cancel = self.add_button(_("Cancel"), Role.RejectRole)
        cancel.clicked.connect(self.reject)

    def _add(self, offer: Offer) -> None:
        button = QCommandLinkButton(offer.text, offer.hint)
        button.setIcon(icon("dialog-warning" if offer.danger else "go-next"))
        button.setAccessibleName(offer.text)
        button.setAccessibleDescription(offer.hint)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._choose(offer.id))
        self.body.addWidget(button)

    def _choose(self, offer_id: str) -> None:
        self.chosen = offer_id
        self.accept()


class TextDialog(PlainDialog):
    """A line of text, checked as it is typed; a password is not shown and never prefilled."""

    def __init__(
        self,
        title: str,
        label: str,
        verb: str,
        parent: QWidget | None = None,
        *,
        value: str = "",
        check: Callable[[str], str] | None = None,
        secret: bool = False,
    ) -> None:
        super().__init__(parent, title, "dialog-password" if secret else "edit-rename")
        self._check, self._first = check, value
        caption = plain_label(label)
        self.field = QLineEdit(value)
        self.field.setMinimumWidth(self.fontMetrics().averageCharWidth() * 45)
        if secret:
            self.field.setEchoMode(QLineEdit.EchoMode.Password)
        caption.setBuddy(self.field)
        self.body.addWidget(caption)
        self.body.addWidget(self.field)
        self.problem = self.add_text("")
        self.no = self.add_button(_("Cancel"), Role.RejectRole)
        self.yes = self.add_button(verb, Role.AcceptRole, default=True)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        self.field.textChanged.connect(self._look)
        self.field.selectAll()
        self.field.setFocus()
        self._look(value)

    @property
    def value(self) -> str:
        """What was typed."""
        return self.field.text()

    def accept(self) -> None:
        """Return in the field accepts only what is right."""
        if self.yes.isEnabled():
            super().accept()

    def _look(self, text: str) -> None:
        problem = self._check(text) if self._check else ""
        self.problem.setText(problem if text != self._first else "")
        self.field.setAccessibleDescription(problem)
        self.yes.setEnabled(not problem)
        self.yes.setToolTip(problem)
