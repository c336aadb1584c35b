"""What every editor of a source answers, and what it works with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.actions.context import Context
from app.hosts.host import Host
from app.install.sources.source import Source
from app.install.survey import Survey
from ui.wizard.row import Hint


@dataclass(slots=True)
class Desk:
    """ctx, host; the survey of the host as far as it is known."""

    ctx: Context
    host: Host
    survey: Survey
    gathered: bool = False


class SourceEditor(QWidget):
    """Below the source's name, while that kind is chosen.

    changed: ``source`` is another one; None while something is missing, which ``lacking`` says in a sentence.
    file_ready: a file of this computer that is to be recognised like a dropped one.
    """

    changed = Signal()
    file_ready = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.source: Source | None = None
        self.lacking = ""
        self.hint = Hint()

    def begin(self) -> None:
        """It is shown: what has to be looked at is looked at in the background."""

    def follow_survey(self) -> None:
        """The host is known now, or known better."""

    def say(self, source: Source | None, lacking: str = "") -> None:
        """Another answer."""
        self.source, self.lacking = source, lacking
        self.changed.emit()
