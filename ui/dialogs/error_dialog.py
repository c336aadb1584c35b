"""An error: what failed, why, what to do next; the raw text under Details."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialogButtonBox, QWidget

from app.actions.interface import Offer
from app.errors import HostelryError
from app.i18n import _
from ui.dialogs.dialog_parts import Fold, PlainDialog, copy_text

Role = QDialogButtonBox.ButtonRole


class ErrorDialog(PlainDialog):
    """Close is the default; ways out are buttons with verbs.  ``chosen`` is the id of one, or None."""

    def __init__(self, error: HostelryError, offers: Sequence[Offer] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent, _("It did not work"), "dialog-error")
        self.chosen: str | None = None
        self.add_text(error.what, strong=True)
        for text in (error.why, error.next_step):
            if text:
                self.add_text(text)
        self.fold = Fold(error.raw or _("There is no more detail."))
        self.fold.copy.clicked.connect(lambda: copy_text(as_text(error)))
        self.body.addWidget(self.fold)
        self.body.addStretch()
        for offer in offers:
            self._add(offer)
        close = self.add_button(_("Close"), Role.RejectRole, default=True)
        close.clicked.connect(self.reject)

    def _add(self, offer: Offer) -> None:
        button = self.add_button(offer.text, Role.ActionRole, hint=offer.hint)
        button.clicked.connect(lambda: self._choose(offer.id))

    def _choose(self, offer_id: str) -> None:
        self.chosen = offer_id
        self.accept()


def as_text(error: HostelryError) -> str:
    """Everything that is known of it, for the clipboard."""
    return "\n".join(part for part in (error.what, error.why, error.next_step, error.raw) if part)
