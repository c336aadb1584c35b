"""Where other parts of the program put themselves into the details view.

``xml_view``: makes the XML tab (a widget that shows and edits ``session.text``).  ``foot``: makes the block below all sections
of a page (a widget with ``subject``, ``refresh() -> bool`` and ``height_for(lay, width)``).  None: there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.editing.session import EditSession
    from ui.details.subject import Subject

xml_view: Callable[[EditSession, QWidget], QWidget] | None = None
foot: Callable[[Subject, QWidget], QWidget] | None = None
