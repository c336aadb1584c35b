"""Sources that ask nothing: no medium, and start from the network."""

from __future__ import annotations

from app.install.sources.plain import Nothing, Pxe
from ui.wizard.sources.editor import SourceEditor


class NothingEditor(SourceEditor):
    """An empty machine."""

    def begin(self) -> None:
        self.say(Nothing())


class PxeEditor(SourceEditor):
    """The first network card asks."""

    def begin(self) -> None:
        self.say(Pxe())
