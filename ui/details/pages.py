"""The right side of the details view: one form for each kind of entry, made at its first use and shown again ever after."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.editing.places import at_place
from ui.details import seams
from ui.details.entries import Entry
from ui.details.form import Folds, Form
from ui.details.subject import BaseText, Drafts, Edited, Subject


class DetailPages(QStackedWidget):
    """edited: a text was typed that is no value yet, or was corrected."""

    edited = Signal()
    go = Signal(str)

    def __init__(self, session: Edited, drafts: Drafts, base: BaseText, folds: Folds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._drafts, self._base, self._folds = session, drafts, base, folds
        self.forms: dict[str, Form] = {}
        self._subjects: dict[str, Subject] = {}
        self.tab_after: QWidget | None = None
        """What has the keyboard before the page."""

    def show_entry(self, entry: Entry) -> Form | None:
        """Its page in front; None if the document has its element no more."""
        subject = self._subject(entry)
        if subject is None:
            return None
        form = self.forms.get(entry.description.id)
        if form is None:
            form = self._make(entry, subject)
        elif form.subject is not subject:
            form.show_subject(subject)
        else:
            form.refresh()
        if form.head is not None:
            form.head.show_title(entry.title)
        self.setCurrentWidget(form)
        return form

    def _subject(self, entry: Entry) -> Subject | None:
        known = self._subjects.get(entry.key)
        element = at_place(self._session.document, entry.place)
        if element is None:
            return None
        if known is None or known.description is not entry.description or known.element is not element:
            known = Subject(self._session, entry.description, element, self._drafts, self._base)
            self._subjects[entry.key] = known
        else:
            known.refresh()
        return known

    def _make(self, entry: Entry, subject: Subject) -> Form:
        form = Form(entry.description, subject, self._folds)
        form.edited.connect(self.edited)
        form.go.connect(self.go)
        form.add_foot(seams.foot(subject, form.content))
        self.forms[entry.description.id] = form
        self.addWidget(form)
        if self.tab_after is not None:
            form.tabs.start_after(self.tab_after, form)
        return form

    @property
    def form(self) -> Form | None:
        """The page in front."""
        found = self.currentWidget()
        return found if isinstance(found, Form) else None

    def refresh(self) -> None:
        """The document or what the host offers has changed: the page in front shows it; the others when they are shown."""
        if self.form is not None:
            self.form.subject.refresh()
            self.form.refresh()

    def forget_elements(self) -> None:
        """Elements were added, removed or moved: places mean others now."""
        self._subjects.clear()
