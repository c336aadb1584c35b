"""The last section of every page: all that libvirt's schema has for what the page is about, also what no field above shows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.devices.description import Group
from app.editing.places import place_of
from app.i18n import _
from ui.details.heads import SectionHead
from ui.details.lay import Lay
from ui.details.subject import Subject
from ui.xml.inspector_view import InspectorView

HEIGHT_PX = 460


class InspectorFoot(QWidget):
    """Folded until it is wanted; the inspector is made then.  resized: it was opened or folded."""

    resized = Signal()

    def __init__(self, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent)
        self.subject = subject
        self.view: InspectorView | None = None
        self._head = SectionHead(_("All settings"), _help(subject), foldable=True, parent=self)
        self._head.folded_changed.connect(self._toggled)

    def open(self) -> None:
        """As by a press on its title."""
        if self._head.folded:
            self._head.toggle()

    def _toggled(self) -> None:
        if not self._head.folded and self.view is None:
            self.view = InspectorView(self.subject.session, self._place(), self)  # type: ignore[arg-type]
        if self.view is not None:
            self.view.setVisible(not self._head.folded)
        self.resized.emit()

    def _place(self) -> str:
        element = self.subject.element
        return "" if element is None or isinstance(self.subject.description, Group) else place_of(element)

    def refresh(self) -> bool:
        """Follows the page to another device of its kind; the inspector itself follows the session."""
        if self.view is not None:
            self.view.show_place(self._place())
        return False

    def height_for(self, lay: Lay, width: int) -> int:
        """The title, and room for the tree while it is open."""
        head = self._head.height_for(lay, width)
        self._head.setGeometry(0, 0, width, head)
        if self._head.folded or self.view is None:
            return head
        self.view.setGeometry(0, head + 4, width, HEIGHT_PX)
        return head + 4 + HEIGHT_PX


def _help(subject: Subject) -> str:
    if isinstance(subject.description, Group):
        return _("Everything that libvirt knows for a machine, with its own names; also what has no field on these pages.")
    return _("Everything that libvirt knows for this device, with its own names; also what has no field above.")
