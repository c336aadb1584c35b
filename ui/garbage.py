"""Python's cycle collector runs in the UI thread only.

It would run in whatever thread allocates, and a widget that is part of a cycle would then be deleted by a
worker thread ("Timers cannot be stopped from another thread", or a crash).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000

FULL_AFTER = 1
"""Middle collections before a full one.  A closed page is found by a full one only, and there are no many small ones, as one a
second is the most; full ones are short once what the start made is frozen.
"""


class Garbage(QObject):
    """Collects by a timer what Python's own thresholds say is due; exists as long as its parent."""

    _due = False

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        young, middle, _old = gc.get_threshold()
        self._limits = (young, middle, FULL_AFTER)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @classmethod
    def large(cls) -> None:
        """Something large was let go, such as a page with its console: a full collection is due, though few objects are new."""
        cls._due = True

    @staticmethod
    def settle() -> None:
        """The start is over: what is alive now stays, so that later collections need not look at it.

        A full collection took as long as there are objects, 16 ms without machines and 25 ms with 5,000.  None is made
        before: the timer's small ones have found what the start left, some hundred objects.
        """
        gc.freeze()

    def _look(self) -> None:
        if Garbage._due:
            Garbage._due = False
            gc.collect()
            return
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._limits[generation]:
                gc.collect(generation)
                return
