"""Checks the text against libvirt's schema while one types: in a thread, a moment after the last key, the newest text wins."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import HostelryError
from app.xmldoc.schema import Schema, load
from app.xmldoc.schema.folding import Fold, fold_ranges
from app.xmldoc.schema.validate import Problem, Validator
from ui.aio import cancel_owned, spawn

PAUSE_MS = 250


class Checking(QObject):
    """checked: the problems of the newest text and what of it can be folded.  ready: the schema has been read.

    unavailable: why there is no schema here, in words; "" if there is one.
    """

    checked = Signal(list, list)
    ready = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.schema: Schema | None = None
        self.unavailable = ""
        self._validator: Validator | None = None
        self._text = ""
        self._busy = False
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._begin)

    def check(self, text: str, *, at_once: bool = False) -> None:
        """Checks ``text`` soon; an earlier text that was not checked yet is forgotten."""
        self._text = text
        self._soon.start(0 if at_once else PAUSE_MS)

    def end(self) -> None:
        """Checks nothing any more."""
        self._soon.stop()
        cancel_owned(self)

    def _begin(self) -> None:
        if not self._busy:
            self._busy = True
            spawn(self._work(), self, name="check the XML")

    async def _work(self) -> None:
        try:
            if self._validator is None and not self.unavailable:
                await self._load()
            text = self._text
            problems, folds = await asyncio.to_thread(_look, self._validator, text)
            if text == self._text:
                self.checked.emit(problems, folds)
            else:
                self._soon.start()
        finally:
            self._busy = False

    async def _load(self) -> None:
        try:
            self.schema = await asyncio.to_thread(load, "domain")
        except HostelryError as error:
            self.unavailable = str(error)
            return
        self._validator = Validator(self.schema)
        self.ready.emit()


def _look(validator: Validator | None, text: str) -> tuple[list[Problem], list[Fold]]:
    return validator.problems(text) if validator is not None else [], fold_ranges(text)
