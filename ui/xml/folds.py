"""Which elements of the text are folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.xmldoc.schema.folding import Fold

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit


class Folds(QObject):
    """Lines from 0.  changed: lines were hidden or shown."""

    changed = Signal()

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self.starts: dict[int, Fold] = {}
        self._folded: set[int] = set()

    def set_ranges(self, ranges: list[Fold]) -> None:
        """What can be folded now; what was folded stays so if it begins in the same line."""
        self.starts = {fold.first_line: fold for fold in ranges}
        kept = self._folded & self.starts.keys()
        if kept != self._folded:
            self._folded = kept
            self._show()

    def is_folded(self, line: int) -> bool:
        """Whether the element that begins there is folded."""
        return line in self._folded

    def toggle(self, line: int) -> None:
        """Folds or unfolds what begins in ``line``."""
        self._folded ^= {line} & self.starts.keys()
        self._show()

    def fold_all(self, *, inside: str = "devices") -> None:
        """Folds everything below the root, and each device."""
        outer = {line for line in self.starts if line > 0 and self.starts[line].name != inside}
        self._folded = {line for line in outer if not any(self._holds(other, line) for other in outer if other != line)}
        self._show()

    def unfold_all(self) -> None:
        """Shows everything."""
        self._folded = set()
        self._show()

    def reveal(self, line: int) -> None:
        """Unfolds what hides ``line``."""
        hiding = {start for start in self._folded if self._holds(start, line)}
        if hiding:
            self._folded -= hiding
            self._show()

    def _holds(self, start: int, line: int) -> bool:
        fold = self.starts[start]
        return fold.first_line < line <= fold.last_line

    def _show(self) -> None:
        document = self._editor.document()
        hidden = {
            line for start in self._folded for line in range(self.starts[start].first_line + 1, self.starts[start].last_line + 1)
        }
        block = document.begin()
        while block.isValid():
            block.setVisible(block.blockNumber() not in hidden)
            block = block.next()
        document.markContentsDirty(0, document.characterCount())
        self.changed.emit()
