"""Parts of the details view that are made when they are first wanted, as their modules are not needed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.editing.session import EditSession
    from ui.details.foot import InspectorFoot
    from ui.details.subject import Subject
    from ui.xml.xml_page import XmlPage


def xml_view(session: EditSession, parent: QWidget) -> XmlPage:
    """The XML tab: shows and edits ``session.text``."""
    from ui.xml.xml_page import XmlPage  # noqa: PLC0415

    return XmlPage(session, parent)


def foot(subject: Subject, parent: QWidget) -> InspectorFoot:
    """What stands below all sections of a page."""
    from ui.details.foot import InspectorFoot  # noqa: PLC0415

    return InspectorFoot(subject, parent)
